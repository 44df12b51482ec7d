"""The named queries: each runs on both engines with its defaults and gives the same rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.database.store import Store, named_queries
from tests.conftest import Database, contents

FOLDER = Path(__file__).resolve().parents[3] / "graph" / "database" / "queries"


@pytest.mark.parametrize("name", sorted(p.stem for p in FOLDER.glob("*.cypher")))
def test_it_says_what_it_is(name: str) -> None:
    query = named_queries()[name]
    assert query.title
    assert query.title_en
    assert query.description
    assert set(query.parameters) == set(re.findall(r"\$(\w+)", query.cypher))
    assert all(query.parameters.values())


def test_what_lies_in_a_region_is_written_once() -> None:
    walk = "[:PART_OF*0..6]"
    written = [path.name for path in sorted(FOLDER.rglob("*.cypher")) if walk in path.read_text(encoding="utf-8")]
    assert written == [
        "regions_above.cypher",
        "regions_inside.cypher",
        "region_places.cypher",
    ]  # the last for many regions
    assert not any("include" in query.cypher for query in named_queries().values())
    assert sum(walk in query.cypher for query in named_queries().values()) > 20


@pytest.mark.parametrize("name", named_queries())
@pytest.mark.neo4j
def test_it_gives_the_same_rows_on_both_engines(databases: Callable[[str], Database], name: str) -> None:
    query = named_queries()[name]
    found = []
    for backend in ("embedded", "neo4j"):
        rows = databases(backend).shipped().read(query.cypher, **_defaults(name))
        found.append([_comparable(row) for row in rows])
    if "LIMIT" in query.cypher and "ORDER BY" not in query.cypher:
        found = [sorted(rows, key=_text) for rows in found]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", named_queries())
def test_it_finds_something_in_the_shipped_graph(shipped_embedded: Store, name: str) -> None:
    rows = shipped_embedded.run_named(name, **_defaults(name))
    # data/coverage.csv declares what has been surveyed, which may be nothing; no reported values or inflows ship.
    if name not in ("surveyed_segments", "target_observations", "region_inflows"):
        assert rows


def _defaults(name: str) -> dict[str, Any]:
    return dict(named_queries()[name].parameters)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _comparable(value: Any) -> Any:
    """Collected lists have no order of their own."""
    if isinstance(value, dict):
        return {k: _comparable(v) for k, v in value.items() if k != "loaded_at"}  # when each was filled
    if isinstance(value, list):
        return sorted((_comparable(v) for v in value), key=_text)
    return value


@pytest.mark.neo4j
def test_the_shipped_graph_is_the_same_on_both_engines(databases: Callable[[str], Database]) -> None:
    """Node for node, relationship for relationship, property for property."""
    one, other = (contents(databases(name).shipped()) for name in ("embedded", "neo4j"))
    assert one[0].keys() == other[0].keys()
    assert one[1].keys() == other[1].keys()
    assert one == other
    assert len(one[0]) > 1000

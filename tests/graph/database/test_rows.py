"""Every row type holds against its query: the columns, and the type of every value that the shipped data give."""

from __future__ import annotations

import re
from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from graph.database.rows import QueryRow
from graph.database.store import Store, named_queries


@pytest.mark.parametrize("name", sorted(QueryRow.of_query))
def test_a_row_type_has_the_columns_of_its_query_and_their_types(shipped_embedded: Store, name: str) -> None:
    kind, query = QueryRow.of_query[name], named_queries()[name]
    declared = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    assert _columns(query.cypher) == declared  # the engine names no columns where there are no rows
    hints = get_type_hints(kind)
    for row in shipped_embedded.run_named(name, **query.parameters):
        assert row.keys() == declared
        assert asdict(kind.of(row)) == row  # type: ignore[call-overload]
        for column, value in row.items():
            assert _is(value, hints[column]), f"{name}.{column}: {value!r} is no {hints[column]}"


def _columns(cypher: str) -> set[str]:
    """The names of what a query returns: the last word of each item."""
    returned = cypher.rpartition("RETURN ")[2].partition("ORDER BY")[0]
    while (flat := re.sub(r"\([^()]*\)", "", returned)) != returned:
        returned = flat
    return {re.split(r"[\s.]+", item.strip())[-1] for item in returned.removeprefix("DISTINCT ").split(",")}


def _is(value: Any, wanted: Any) -> bool:
    if get_origin(wanted) in (Union, UnionType):
        return any(_is(value, part) for part in get_args(wanted))
    if get_origin(wanted) is list:
        return isinstance(value, list) and all(_is(item, get_args(wanted)[0]) for item in value)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return isinstance(value, dict) and value.keys() == hints.keys() and all(_is(value[n], hints[n]) for n in hints)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is wanted

"""What the quality checks find, and that the shipped graph has no serious fault."""

from __future__ import annotations

from graph.database.store import Store
from graph.database.writing import load
from graph.schema import (
    Chain,
    Clause,
    Document,
    Firm,
    HasSegment,
    LocatedIn,
    PartOf,
    Region,
    Segment,
    Supplies,
)
from services import quality
from tests.conftest import facts_of


def found(store: Store, name: str) -> list[str]:
    return [place.id for place in next(f for f in quality.check(store) if f.name == name).places]


def test_the_shipped_graph_has_no_serious_finding(shipped: Store) -> None:
    serious = {f.name: f.places for f in quality.check(shipped) if f.serious}
    assert serious == {name: [] for name in serious}
    assert serious.keys() >= {"unknown", "uncited", "cycles"}


def test_every_source_that_a_fact_cites_is_on_record(shipped: Store) -> None:
    known = {row["id"] for row in shipped.read("MATCH (d) WHERE d:Document OR d:Clause RETURN d.id AS id")}
    facts = shipped.read("MATCH (n) WHERE n.sources IS NOT NULL RETURN n.id AS id, n.sources AS sources")
    facts += shipped.read("MATCH ()-[r]->() WHERE r.sources IS NOT NULL RETURN r.id AS id, r.sources AS sources")
    assert len(facts) > 1000
    assert {s: f["id"] for f in facts for s in f["sources"] if s not in known} == {}


def test_every_fact_of_the_domain_has_a_source(shipped: Store) -> None:
    internal = ["Dataset", "LoadState"]
    without = shipped.read(
        "MATCH (n) WHERE n.sources IS NULL AND NOT labels(n)[0] IN $internal RETURN n.id AS id", internal=internal
    )
    without += shipped.read("MATCH ()-[r]->() WHERE r.sources IS NULL RETURN r.id AS id")
    assert without == []


def test_each_defect_is_found_where_it_is(store: Store) -> None:
    load(
        store,
        [
            facts_of(
                "bad",
                Chain(id="chain:a", name="甲链", sources=["doc:nobody"]),
                *(Segment(id=f"seg:a/{n}", name=f"环节{n}", position="upstream", order=1) for n in (1, 2, 3)),
                *(HasSegment(start="chain:a", end=f"seg:a/{n}") for n in (1, 2, 3)),
                Supplies(start="seg:a/1", end="seg:a/2"),
                Supplies(start="seg:a/2", end="seg:a/1"),
                Supplies(start="seg:a/3", end="seg:a/1", essential=False),
                Firm(id="firm:one", name="同名公司", confidence="low"),
                Firm(id="firm:two", name="另一家", aliases=["同名公司"]),
                LocatedIn(start="firm:one", end="region:404"),
                Region(id="region:lonely", name="孤岛", level="circle"),
            )
        ],
    )
    assert found(store, "unknown") == ["region:404"]
    assert found(store, "uncited") == ["doc:nobody"]
    assert found(store, "cycles") == ["chain:a"]
    assert found(store, "names") == ["同名公司"]
    assert found(store, "orphans") == ["firm:two", "region:lonely"]
    assert found(store, "empty") == ["seg:a/1", "seg:a/2", "seg:a/3"]
    assert found(store, "unsure") == ["firm:one"]


def test_a_sound_graph_passes(store: Store) -> None:
    load(
        store,
        [
            facts_of(
                "good",
                Document(id="doc:a", name="文件", sources=["doc:a"]),
                Clause(id="clause:a/1", name="一", sources=["clause:a/1"]),
                PartOf(start="clause:a/1", end="doc:a", sources=["clause:a/1"]),
                Chain(id="chain:a", name="链", sources=["clause:a/1"]),
                Segment(id="seg:a/1", name="料", position="upstream", order=1),
                Segment(id="seg:a/2", name="件", position="upstream", order=2),
                *(HasSegment(start="chain:a", end=f"seg:a/{n}") for n in (1, 2)),
                Supplies(start="seg:a/1", end="seg:a/2"),
                Supplies(start="seg:a/2", end="seg:a/1", essential=False),
            )
        ],
    )
    assert {f.name: f.places for f in quality.check(store) if f.name != "empty" and f.places} == {}

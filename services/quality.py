"""Data quality of the graph: what a careful person would look at before trusting a report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import networkx as nx

from graph.database.projection import segment_graph
from graph.database.store import Store
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, label_of


@dataclass(frozen=True)
class Place:
    """Where a defect was found: the id or name concerned, how many refer to it, and some that do."""

    id: str
    references: int
    by: list[str]


@dataclass
class Finding:
    """One kind of defect (``reports.words.DEFECT_NAMES``) and where it was found."""

    name: str
    places: list[Place] = field(default_factory=list)
    serious: bool = False


def check(store: Store) -> list[Finding]:
    """All findings, the serious ones first; a finding without places is a check that passed."""
    findings = [
        Finding("unknown", _placeholders(store) + _unknown_references(store), serious=True),
        Finding("uncited", _unknown_sources(store), serious=True),
        Finding("cycles", _cycles(store), serious=True),
        Finding("names", _same_names(store)),
        Finding("orphans", _orphans(store)),
        Finding("empty", _empty_segments(store)),
        Finding("unsure", _unsure(store)),
    ]
    return sorted(findings, key=lambda f: not f.serious)


def _places(store: Store, cypher: str, **parameters: object) -> list[Place]:
    return [Place(**row) for row in store.read(cypher, **parameters)]


def _placeholders(store: Store) -> list[Place]:
    return _places(
        store,
        "MATCH (n {placeholder: true})-[r]-(m) "
        "RETURN n.id AS id, count(r) AS references, collect(DISTINCT m.id)[0..3] AS by ORDER BY id",
    )


def _unknown_references(store: Store) -> list[Place]:
    """Properties of relationships that hold the id of something that is not on record."""
    rows = []
    for kind, model in RELATIONSHIP_TYPES.items():
        for name in model.references:
            references = store.read(
                f"MATCH ()-[r:{kind}]->() WHERE r.{name} IS NOT NULL RETURN DISTINCT r.{name} AS id, r.id AS by"
            )
            known = _on_record(store, {row["id"] for row in references})
            rows += [Place(r["id"], 1, [r["by"]]) for r in references if r["id"] not in known]
    return rows


def _on_record(store: Store, ids: set[str]) -> set[str]:
    known: set[str] = set()
    for label in {label_of(i) for i in ids}:
        known |= {
            r["id"] for r in store.read(f"MATCH (n:{label}) WHERE n.id IN $ids RETURN n.id AS id", ids=sorted(ids))
        }
    return known


def _unknown_sources(store: Store) -> list[Place]:
    known = {row["id"] for row in store.read("MATCH (d) WHERE d:Document OR d:Clause RETURN d.id AS id")}
    used: dict[str, list[str]] = defaultdict(list)
    for row in store.read("MATCH (n) WHERE n.sources IS NOT NULL RETURN n.id AS id, n.sources AS sources"):
        for source in row["sources"]:
            used[source].append(row["id"])
    for row in store.read("MATCH ()-[r]->() WHERE r.sources IS NOT NULL RETURN r.id AS id, r.sources AS sources"):
        for source in row["sources"]:
            used[source].append(row["id"])
    return [
        Place(source, len(ids), sorted(ids)[:3])
        for source, ids in sorted(used.items())
        if source.partition(":")[0] in ("doc", "clause") and source not in known
    ]


def _cycles(store: Store) -> list[Place]:
    """Cycles of essential inputs that have no substitute: such a chain could never start."""
    rows = []
    for chain in store.read("MATCH (c:Chain)-[:HAS_SEGMENT]->() RETURN DISTINCT c.id AS id ORDER BY id"):
        graph = segment_graph(store, chain["id"])
        needed: nx.DiGraph[str] = nx.DiGraph()
        needed.add_edges_from(
            (a, b) for a, b, d in graph.edges(data=True) if d.get("essential", True) and not d.get("group")
        )
        rows += [
            Place(chain["id"], len(members), sorted(members))
            for members in nx.strongly_connected_components(needed)
            if len(members) > 1
        ]
    return rows


def _same_names(store: Store) -> list[Place]:
    rows = []
    for label in ("Firm", "Region", "Department", "Park", "Chain", "Product", "Platform"):
        rows += _places(
            store,
            f"MATCH (n:{label}) UNWIND [n.name] + coalesce(n.aliases, []) AS name "
            "WITH name, collect(DISTINCT n.id) AS ids WHERE size(ids) > 1 "
            "RETURN name AS id, size(ids) AS references, ids AS by ORDER BY id",
        )
    return rows


def _orphans(store: Store) -> list[Place]:
    internal = [label for label, node_type in NODE_TYPES.items() if node_type.internal or label == "Document"]
    return _places(
        store,
        "MATCH (n) WHERE NOT (n)--() AND NOT labels(n)[0] IN $internal "
        "RETURN n.id AS id, 0 AS references, [n.name] AS by ORDER BY id",
        internal=internal,
    )


def _empty_segments(store: Store) -> list[Place]:
    return _places(
        store,
        "MATCH (s:Segment) WHERE NOT (s)<-[:OPERATES_IN]-() RETURN s.id AS id, 0 AS references, [s.name] AS by ORDER BY id",
    )


def _unsure(store: Store) -> list[Place]:
    nodes = _places(
        store, "MATCH (n {confidence: 'low'}) RETURN n.id AS id, 1 AS references, [n.name] AS by ORDER BY id"
    )
    return nodes + _places(
        store,
        "MATCH ()-[r {confidence: 'low'}]->() RETURN r.id AS id, 1 AS references, [coalesce(r.note, '')] AS by ORDER BY id",
    )

"""What is on record of policy documents: which there are, what their clauses state, and what one dataset says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from graph.database.store import Store
from graph.facts import Stated
from graph.schema import (
    BOOKKEEPING,
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    Dataset,
    Document,
    Method,
    Node,
    label_of,
)
from graph.statements import Properties, combine, separate

#: Parts, sections, subsections, items and what is below them.
_DEEPEST = 8


class KnownDocument(NamedTuple):
    """A document on record, with all names of those who issued it."""

    document: Document
    issuers: list[str]


def known_documents(store: Store, without: Sequence[str] = ()) -> list[KnownDocument]:
    """The documents that datasets state.

    Parameters
    ----------
    without: ids of datasets that do not count: those about to be loaded anew.
    """
    rows = store.read(
        "MATCH (d:Document) OPTIONAL MATCH (d)-[:ISSUED_BY]->(i:Department) "
        "RETURN properties(d) AS p, collect([i.name, i.full_name] + coalesce(i.aliases, [])) AS names ORDER BY p.id"
    )
    documents = []
    for row in rows:
        document = _node("Document", row["p"], without)
        if isinstance(document, Document):
            names = [name for every in row["names"] for name in every or [] if name]
            documents.append(KnownDocument(document, sorted(set(names))))
    # Of two that are one document, that which was entered by hand comes first.
    return sorted(documents, key=lambda known: known.document.method != Method.CURATED)


def stated_in(store: Store, document: str, without: Sequence[str] = ()) -> Stated:
    """A document, its clauses, and all that these state.

    Parameters
    ----------
    document: its id.
    without: ids of datasets that do not count.
    """
    stated = Stated()
    clauses = store.read(
        f"MATCH (c:Clause)-[:PART_OF*1..{_DEEPEST}]->(:Document {{id: $id}}) "
        "RETURN DISTINCT 'Clause' AS label, properties(c) AS p",
        id=document,
    )
    ids = [row["p"]["id"] for row in clauses]
    said = store.read(
        "UNWIND $clauses AS clause MATCH (:Clause {id: clause})<-[:STATED_IN]-(n) "
        "RETURN DISTINCT labels(n)[0] AS label, properties(n) AS p",
        clauses=ids,
    )
    _add_nodes(stated, [*clauses, *said], without)
    for kind, start, members in (
        ("PART_OF", "Clause", ids),
        *((k, "Document", [document]) for k in ("ISSUED_BY", "APPLIES_TO", "CITES")),
        *(
            (k, label, [i for i, n in stated.nodes.items() if n.label() == label])
            for k, label in (("CONCERNS", "Task"), ("CONCERNS", "Measure"), ("SETS", "Task"), ("MEASURES", "Target"))
        ),
    ):
        _add_relationships(
            stated,
            kind,
            store.read(
                f"UNWIND $ids AS id MATCH (a:{start} {{id: id}})-[r:{kind}]->(b) RETURN a.id AS start, b.id AS end, properties(r) AS p",
                ids=members,
            ),
            without,
        )
    for label in ("Task", "Measure"):
        _add_relationships(
            stated,
            "RESPONSIBLE_FOR",
            store.read(
                f"UNWIND $ids AS id MATCH (b:{label} {{id: id}})<-[r:RESPONSIBLE_FOR]-(a) RETURN a.id AS start, b.id AS end, properties(r) AS p",
                ids=[i for i, n in stated.nodes.items() if n.label() == label],
            ),
            without,
        )
    for kind in ("LEADS", "CARRIES"):
        _add_relationships(
            stated,
            kind,
            store.read(
                f"MATCH (a)-[r:{kind}]->(b) WHERE any(s IN r.sources WHERE s IN $clauses) RETURN a.id AS start, b.id AS end, properties(r) AS p",
                clauses=ids,
            ),
            without,
        )
    return stated


def stated_by(store: Store, dataset: str) -> Stated:
    """All that one dataset says; of what others state too, its own words."""
    stated = Stated()
    for label, node_type in NODE_TYPES.items():
        if not node_type.internal:
            rows = store.read(
                f"MATCH (n:{label}) WHERE $dataset IN n.datasets RETURN properties(n) AS p", dataset=dataset
            )
            _add_nodes(stated, [{"label": label, **row} for row in rows], only=dataset)
    for kind in RELATIONSHIP_TYPES:
        _add_relationships(
            stated,
            kind,
            store.read(
                f"MATCH (a)-[r:{kind}]->(b) WHERE $dataset IN r.datasets RETURN a.id AS start, b.id AS end, properties(r) AS p",
                dataset=dataset,
            ),
            only=dataset,
        )
    return stated


def names_of(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What nodes are called."""
    by_label: dict[str, list[str]] = {}
    for node in ids:
        by_label.setdefault(label_of(node), []).append(node)
    return {
        row["id"]: row["name"]
        for label, members in by_label.items()
        for row in store.read(
            f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN n.id AS id, n.name AS name", ids=members
        )
    }


def dataset_digest(store: Store, dataset: str) -> str | None:
    """The checksum of the file that a dataset was loaded from; None if it is not loaded."""
    rows = store.read("MATCH (d:Dataset {id: $id}) RETURN d.sha256 AS sha256", id=dataset)
    return rows[0]["sha256"] if rows else None


def extracted_datasets(store: Store, document: str) -> list[Dataset]:
    """The datasets read out of files that state this document."""
    rows = store.read(
        "MATCH (d:Document {id: $id}) MATCH (s:Dataset) WHERE s.id IN d.datasets AND s.method = $method "
        "RETURN properties(s) AS p ORDER BY p.id",
        id=document,
        method=Method.EXTRACTED.value,
    )
    return [Dataset.model_validate(_plain(row["p"])) for row in rows]


def _add_nodes(stated: Stated, rows: Iterable[dict[str, Any]], without: Sequence[str] = (), only: str = "") -> None:
    for row in rows:
        node = _node(row["label"], row["p"], without, only)
        if node is not None:
            stated.nodes[node.id] = node


def _add_relationships(
    stated: Stated, kind: str, rows: Iterable[dict[str, Any]], without: Sequence[str] = (), only: str = ""
) -> None:
    for row in rows:
        properties = _said(row["p"], without, only)
        if properties is not None:
            properties.pop("id")
            one = RELATIONSHIP_TYPES[kind].model_validate({"start": row["start"], "end": row["end"], **properties})
            stated.relationships[one.id] = one


def _node(label: str, properties: Properties, without: Sequence[str] = (), only: str = "") -> Node | None:
    own = _said(properties, without, only)
    return None if own is None else NODE_TYPES[label].model_validate(own)


def _said(properties: Properties, without: Sequence[str], only: str = "") -> Properties | None:
    """What the datasets that count say together; None if they say nothing."""
    statements = {d: s for d, s in separate(properties).items() if d not in without and (not only or d == only)}
    return _plain(combine(statements)) if statements else None


def _plain(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if name not in BOOKKEEPING}

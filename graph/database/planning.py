"""What a load has to change: what datasets now say, set against what is on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from neo4j import ManagedTransaction

from graph.database.changes import Change, changed, in_order
from graph.facts import Facts
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, Dataset, OperatesIn, label_of
from graph.settings import settings
from graph.statements import Properties, combine, separate


def plan(tx: ManagedTransaction, facts: Sequence[Facts], removed: Sequence[str]) -> list[Change]:
    """Every difference between what is on record and what will be, as changes in order.

    Parameters
    ----------
    facts: what datasets now say; what they said before is replaced.
    removed: ids of datasets that say nothing any more.
    """
    known = _known_datasets(tx, [*(f.dataset.id for f in facts), *removed])
    reloaded = sorted(known)
    relationships = _plan_relationships(tx, facts, removed, known, reloaded)
    nodes = _plan_nodes(tx, facts, removed, known, reloaded, relationships)
    changes = relationships + nodes
    changes += _plan_datasets(facts, removed, known)
    return in_order(changes)


def _plan_relationships(
    tx: ManagedTransaction,
    facts: Sequence[Facts],
    removed: Sequence[str],
    known: dict[str, Properties],
    reloaded: list[str],
) -> list[Change]:
    stated: dict[str, dict[str, Properties]] = defaultdict(dict)
    ends: dict[str, tuple[str, str, str]] = {}
    for fact in facts:
        for rel_id, relationship in fact.relationships.items():
            stated[rel_id][fact.dataset.id] = relationship.properties()
            ends[rel_id] = (relationship.type(), relationship.start, relationship.end)
    on_record: dict[str, Properties] = {}
    for kind in sorted({t for d in known.values() for t in d.get("types", [])}):
        for row in _run(tx, _STATED_RELATIONSHIPS.format(type=RELATIONSHIP_TYPES[kind].type()), datasets=reloaded):
            on_record[row["p"]["id"]] = row["p"]
            ends[row["p"]["id"]] = (kind, row["start"], row["end"])
    missing = [rel_id for rel_id in stated if rel_id not in on_record]
    on_record |= _relationships_on_record(tx, missing, ends)
    changes = []
    for rel_id in on_record.keys() | stated.keys():
        before = on_record.get(rel_id)
        after = _restated(before, stated.get(rel_id, {}), {*reloaded, *removed})
        if changed(before, after):
            kind, start, end = ends[rel_id]
            changes.append(Change(kind, rel_id, before, after, start, end))
    return changes


def _plan_nodes(
    tx: ManagedTransaction,
    facts: Sequence[Facts],
    removed: Sequence[str],
    known: dict[str, Properties],
    reloaded: list[str],
    relationships: list[Change],
) -> list[Change]:
    stated: dict[str, dict[str, Properties]] = defaultdict(dict)
    for fact in facts:
        for node_id, node in fact.nodes.items():
            stated[node_id][fact.dataset.id] = node.properties()
    on_record: dict[str, Properties] = {}
    for label in sorted({label for d in known.values() for label in d.get("labels", [])}):
        for row in _run(
            tx,
            f"MATCH (n:{NODE_TYPES[label].label()}) WHERE any(d IN n.datasets WHERE d IN $datasets) "
            "RETURN properties(n) AS p",
            datasets=reloaded,
        ):
            on_record[row["p"]["id"]] = row["p"]
    ends = {e for c in relationships for e in (c.start, c.end) if e is not None}
    on_record |= _nodes_on_record(tx, [i for i in (stated.keys() | ends) if i not in on_record])

    gone = {c.id for c in relationships if c.after is None}
    needed = {e for c in relationships if c.after is not None for e in (c.start, c.end) if e is not None}
    affected = on_record.keys() | stated.keys() | ends
    after = {i: _restated(on_record.get(i), stated.get(i, {}), {*reloaded, *removed}) for i in affected}
    stated_no_more = [i for i, properties in after.items() if properties is None and i not in needed]
    still_held = _held_by_others(tx, [i for i in stated_no_more if i in on_record], gone)
    changes = []
    for node_id in affected:
        before, now = on_record.get(node_id), after[node_id]
        if now is None and (node_id in needed or node_id in still_held):
            now = _placeholder(node_id)
        if changed(before, now):
            changes.append(Change(label_of(node_id), node_id, before, now))
    return changes


def _plan_datasets(facts: Sequence[Facts], removed: Sequence[str], known: dict[str, Properties]) -> list[Change]:
    """The Dataset nodes: what was loaded, when, from where. Untouched where nothing changed."""
    changes = []
    for fact in facts:
        stated = fact.dataset.model_copy(
            update={
                "labels": sorted({label_of(i) for i in fact.nodes}),
                "types": sorted({r.type() for r in fact.relationships.values()}),
                "evidence": _newest_evidence(fact),
                "node_count": len(fact.nodes),
                "relationship_count": len(fact.relationships),
            }
        )
        before = known.get(fact.dataset.id)
        after = {**stated.properties(), "datasets": [fact.dataset.id], "loaded_at": now()}
        if before is not None and {**before, "loaded_at": ""} == {**after, "loaded_at": ""}:
            continue
        changes.append(Change(Dataset.label(), fact.dataset.id, before, after))
    for dataset_id in removed:
        if dataset_id in known:
            changes.append(Change(Dataset.label(), dataset_id, known[dataset_id], None))
    return changes


def _newest_evidence(fact: Facts) -> str | None:
    """A date that lies ahead is a slip, and would make all other evidence look stale; it is passed over."""
    dates = (r.as_of for r in fact.relationships.values() if isinstance(r, OperatesIn) and r.as_of)
    return max((d for d in dates if d <= now()), default=None)


def _restated(before: Properties | None, stated: dict[str, Properties], replaced: set[str]) -> Properties | None:
    """The properties once the replaced datasets say what they say now; None if no dataset says anything."""
    statements = {d: s for d, s in separate(before or {}).items() if d not in replaced} | stated
    return combine(statements) if statements else None


def _placeholder(node_id: str) -> Properties:
    """A node that relationships need and that no dataset describes."""
    return {"id": node_id, "name": node_id.partition(":")[2], "datasets": [], "placeholder": True}


# --- reading what is on record -------------------------------------------------------------------------

_STATED_RELATIONSHIPS = (
    "MATCH (a)-[r:{type}]->(b) WHERE any(d IN r.datasets WHERE d IN $datasets) "
    "RETURN a.id AS start, b.id AS end, properties(r) AS p"
)


def _run(tx: ManagedTransaction, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
    result = tx.run(cypher, parameters)
    keys = result.keys()
    # Not result.data(): it looks through every value for nodes and paths, and there are none.
    return [dict(zip(keys, record.values(), strict=True)) for record in result]


def _known_datasets(tx: ManagedTransaction, ids: Sequence[str]) -> dict[str, Properties]:
    rows = _run(tx, "MATCH (d:Dataset) WHERE d.id IN $ids RETURN properties(d) AS p", ids=list(ids))
    return {row["p"]["id"]: row["p"] for row in rows}


def _nodes_on_record(tx: ManagedTransaction, ids: Sequence[str]) -> dict[str, Properties]:
    nodes: dict[str, Properties] = {}
    for label, members in _by(label_of, ids).items():
        if not _run(tx, f"MATCH (n:{label}) RETURN n.id AS id LIMIT 1"):
            continue
        for batch in batched(members, settings.batch_rows):
            rows = _run(tx, f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN properties(n) AS p", ids=batch)
            nodes |= {row["p"]["id"]: row["p"] for row in rows}
    return nodes


def _relationships_on_record(
    tx: ManagedTransaction, ids: Sequence[str], ends: dict[str, tuple[str, str, str]]
) -> dict[str, Properties]:
    relationships: dict[str, Properties] = {}
    for (kind, label), members in _by(lambda i: (ends[i][0], label_of(ends[i][1])), ids).items():
        if not _run(tx, f"MATCH (:{label})-[r:{kind}]->() RETURN r.id AS id LIMIT 1"):
            continue
        cypher = (
            f"UNWIND $rows AS row MATCH (:{label} {{id: row.start}})-[r:{kind} {{id: row.id}}]->() "
            "RETURN properties(r) AS p"
        )
        for batch in batched(members, settings.batch_rows):
            rows = _run(tx, cypher, rows=[{"id": i, "start": ends[i][1]} for i in batch])
            relationships |= {row["p"]["id"]: row["p"] for row in rows}
    return relationships


def _held_by_others(tx: ManagedTransaction, ids: Sequence[str], gone: set[str]) -> set[str]:
    """Which of these nodes have a relationship that is not about to go."""
    held: set[str] = set()
    for label, members in _by(label_of, ids).items():
        cypher = (
            f"UNWIND $ids AS id MATCH (n:{label} {{id: id}})-[r]-() RETURN id, collect(DISTINCT r.id) AS relationships"
        )
        for batch in batched(members, settings.batch_rows):
            held |= {row["id"] for row in _run(tx, cypher, ids=batch) if not gone.issuperset(row["relationships"])}
    return held


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of up to ``size`` items."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _by(key: Callable[[str], Any], items: Iterable[str]) -> dict[Any, list[str]]:
    groups: dict[Any, list[str]] = defaultdict(list)
    for item in sorted(items):
        groups[key(item)].append(item)
    return groups


def now() -> str:
    """The time, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")

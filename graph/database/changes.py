"""Changes to the graph: each with what was there before and what is there after, so that it can be undone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from neo4j import ManagedTransaction

from graph.errors import StoreError
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, label_of
from graph.statements import Properties


@dataclass(frozen=True)
class Change:
    """One node or relationship as it was and as it will be; None is "not there".

    Parameters
    ----------
    kind: label or relationship type.
    id: id of the node or relationship.
    start, end: ids of a relationship's ends; None for a node.
    """

    kind: str
    id: str
    before: Properties | None
    after: Properties | None
    start: str | None = None
    end: str | None = None

    @property
    def action(self) -> str:
        """created, updated or removed."""
        return "created" if self.before is None else "removed" if self.after is None else "updated"

    def inverse(self) -> Change:
        """The change that undoes this one."""
        return Change(self.kind, self.id, self.after, self.before, self.start, self.end)

    def to_json(self) -> str:
        """One line of a journal."""
        return json.dumps([self.kind, self.id, self.before, self.after, self.start, self.end], ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Change:
        """The change that ``to_json`` wrote."""
        return cls(*json.loads(line))

    @property
    def _phase(self) -> int:
        """Nodes come before the relationships that need them, and go after these."""
        if self.start is None:
            return 3 if self.after is None else 0
        return 2 if self.after is None else 1

    @property
    def _group(self) -> tuple[int, str, str, str, str]:
        """Changes of one group are one statement."""
        ends = (label_of(self.start), label_of(self.end)) if self.start and self.end else ("", "")
        return self._phase, self.action, self.kind, *ends


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changes in an order in which they can be applied, the same for the same set."""
    return sorted(changes, key=lambda c: (c._group, c.id))


def tally(changes: Iterable[Change]) -> dict[str, Counter[str]]:
    """How many of each label or type are created, updated, removed."""
    counts: dict[str, Counter[str]] = {"created": Counter(), "updated": Counter(), "removed": Counter()}
    for change in changes:
        counts[change.action][change.kind] += 1
    return counts


def apply(tx: ManagedTransaction, changes: Sequence[Change], batch_rows: int) -> None:
    """Apply changes, given ``in_order``, in one transaction.

    Raises:
        StoreError: the database did not find or make as many as it was told to (someone else wrote).
    """
    for group, members in groupby(changes, key=lambda c: c._group):
        statement = _statement(*group)
        rows = [{"id": c.id, "start": c.start, "end": c.end, "props": c.after} for c in members]
        for first in range(0, len(rows), batch_rows):
            batch = rows[first : first + batch_rows]
            record = tx.run(statement, rows=batch).single()
            done = record["n"] if record else 0
            if done != len(batch):
                raise StoreError(f"{group[1]} {group[2]}: {len(batch)} expected, {done} done; nothing was changed")


def _statement(phase: int, action: str, kind: str, start_label: str, end_label: str) -> str:
    """The Cypher of one group; labels and types are checked against the schema, values are parameters."""
    if phase in (0, 3):
        label = NODE_TYPES[kind].label()
        match = f"UNWIND $rows AS row MATCH (n:{label} {{id: row.id}})"
        return {
            "created": f"UNWIND $rows AS row CREATE (n:{label}) SET n = row.props RETURN count(n) AS n",
            "updated": f"{match} SET n = row.props RETURN count(n) AS n",
            "removed": f"{match} WITH n DELETE n RETURN count(*) AS n",
        }[action]
    rel = RELATIONSHIP_TYPES[kind].type()
    start, end = NODE_TYPES[start_label].label(), NODE_TYPES[end_label].label()
    match = (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}})-[r:{rel} {{id: row.id}}]->(:{end} {{id: row.end}})"
    )
    return {
        "created": (
            f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
            f"CREATE (a)-[r:{rel}]->(b) SET r = row.props RETURN count(r) AS n"
        ),
        "updated": f"{match} SET r = row.props RETURN count(r) AS n",
        "removed": f"{match} WITH r DELETE r RETURN count(*) AS n",
    }[action]


def changed(before: Properties | None, after: Properties | None) -> bool:
    """Whether there is anything to do (lists and numbers as the database gives them back)."""
    return bool(_comparable(before) != _comparable(after))


def _comparable(properties: Properties | None) -> Any:
    return (
        None
        if properties is None
        else {k: list(v) if isinstance(v, (list, tuple)) else v for k, v in properties.items()}
    )

"""What differs between the databases that Liantu talks to; what is the same for all is Cypher, and stands elsewhere.

A further database is a further :class:`Dialect` here, and a line in ``graph.database.store`` that says when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neo4j import Session

from graph.errors import QueryError
from graph.language import say
from graph.schema import NODE_TYPES


@dataclass(frozen=True)
class Dialect:
    """How one kind of database wants to be spoken to.

    Parameters
    ----------
    name: as the settings and messages call it.
    keeps_time: it ends a query after the driver's timeout; where it does not, ``embedded.terminate_query`` has to.
    reads_are_harmless: a session that may only read can do nothing else; where it can, the plan is looked at first.
    loads_queue: loads at one time wait for each other in the database; where they do not, they wait at a file.
    conflict: pattern of errors after which a transaction is run again although the driver does not class them as transient.
    refuses_writes: pattern of errors of a session that may only read.
    took_too_long: pattern of errors of a query that was ended.
    """

    name: str
    keeps_time: bool
    reads_are_harmless: bool
    loads_queue: bool
    conflict: str = ""
    refuses_writes: str = r"AccessMode|not allowed to|(?i:read access mode)"
    took_too_long: str = r"Timeout|(?i:timed out|terminated)"

    def is_conflict(self, error: Exception) -> bool:
        """Whether the transaction may succeed when it is run again."""
        return bool(self.conflict and re.search(self.conflict, str(error), re.IGNORECASE))


NEO4J = Dialect("neo4j", keeps_time=True, reads_are_harmless=False, loads_queue=True)
ARCADEDB = Dialect(
    "embedded",
    keeps_time=False,
    reads_are_harmless=True,
    # Its transactions find out only when they commit that another was at work, and may then report a duplicate instead.
    loads_queue=False,
    conflict=r"concurrent modification|please retry|ConcurrentModification",
)


def constraint_statements() -> list[str]:
    """Cypher that makes every label's id unique, and finds nodes by name and what else is looked up."""
    unique = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in NODE_TYPES
    ]
    names = [
        f"CREATE INDEX {label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"
        for label, node_type in NODE_TYPES.items()
        for name in ("name", *node_type.indexed)
    ]
    return unique + names


def read_only() -> str:
    """What a query that would write is told."""
    return say("这里只能查询，不能写入", "queries here are read-only: nothing may be written")


# --- what a READ session of a Neo4j server lets through --------------------------------------------

#: Procedures that only tell of the graph.
_HARMLESS_PROCEDURES = ("db.labels", "db.relationshipTypes", "db.propertyKeys", "db.schema.", "db.index.fulltext.query")
_HARMLESS_SHOWS = ("ShowConstraints", "ShowIndexes", "ShowFunctions", "ShowProcedures")
_SIDE_EFFECTS = ("LoadCSV", "TerminateTransactions")


def refuse_side_effects(session: Session, cypher: str, parameters: Mapping[str, Any] | None) -> None:
    """Refuse files, addresses, other users' business: the server's own plan is asked (EXPLAIN), not the text.

    Raises:
        QueryError: the plan reads files or addresses, calls a procedure that is not known to be harmless, or administers.
    """
    body = re.sub(r"^\s*(EXPLAIN|PROFILE)\b", "", cypher, flags=re.IGNORECASE)
    summary = session.run(f"EXPLAIN {body}", dict(parameters or {})).consume()
    operators = list(_operators(summary.plan or {}))
    for operator, details in operators:
        forbidden_call = operator == "ProcedureCall" and not details.startswith(_HARMLESS_PROCEDURES)
        if operator in _SIDE_EFFECTS or forbidden_call:
            raise QueryError(say(f"不允许的操作：{operator} {details}", f"not allowed here: {operator} {details}"))
        if operator.startswith("Show") and operator not in _HARMLESS_SHOWS:
            raise QueryError(say(f"不允许的操作：{operator}", f"not allowed here: {operator}"))
    shows = any(operator in _HARMLESS_SHOWS for operator, _ in operators)
    if summary.query_type != "r" and not shows:
        raise QueryError(read_only())


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if plan:
        yield str(plan["operatorType"]).partition("@")[0], str(plan.get("args", {}).get("Details", ""))
        for child in plan.get("children", []):
            yield from _operators(child)

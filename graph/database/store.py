"""The one client of the database: the official driver, whatever it talks to.

``Store.open()`` talks to the server that ``NEO4J_URI`` names (a Neo4j server, a cluster by
``neo4j://``, Aura by ``neo4j+s://``) or else to the embedded engine. Reading goes through an account
or session that the database itself keeps from writing.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from random import uniform
from threading import Thread, Timer
from typing import Any, TypeVar
from uuid import uuid4

import neo4j
from neo4j import GraphDatabase, ManagedTransaction, Query
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConstraintError,
    CypherSyntaxError,
    DriverError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
)
from neo4j.graph import Node as DriverNode
from neo4j.graph import Path as DriverPath
from neo4j.graph import Relationship as DriverRelationship

from graph.database import embedded
from graph.database.dialect import ARCADEDB, NEO4J, Dialect, constraint_statements, read_only, refuse_side_effects
from graph.database.rows import DataDate, QueryRow
from graph.errors import EngineError, NotFoundError, QueryError, StoreError
from graph.language import say
from graph.schema import NODE_TYPES
from graph.settings import settings

T = TypeVar("T")
R = TypeVar("R", bound=QueryRow)
Row = dict[str, Any]

_QUERIES = Path(__file__).with_name("queries")


@dataclass
class QueryResult:
    """Rows of a user's query, and the nodes and relationships among its values."""

    columns: list[str]
    rows: list[Row]
    truncated: bool = False
    seconds: float = 0.0
    nodes: dict[str, Row] = field(default_factory=dict)
    relationships: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A node that a name, alias or id means."""

    id: str
    name: str
    label: str


@dataclass(frozen=True)
class Backend:
    """Where the database is, how it is spoken to and logged in to."""

    dialect: Dialect
    uri: str
    database: str | None
    writer: tuple[str, str] | None
    reader: tuple[str, str] | None
    #: Ends the reader's query whose text holds a mark, where the dialect does not keep the driver's timeout.
    terminate: Callable[[str], None] | None = None


class Store:
    """A graph database that holds the ontology of ``graph.schema``."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._writer = GraphDatabase.driver(backend.uri, auth=backend.writer, **_DRIVER_OPTIONS)
        self._reader = (
            self._writer
            if backend.reader in (None, backend.writer)
            else GraphDatabase.driver(backend.uri, auth=backend.reader, **_DRIVER_OPTIONS)
        )

    @classmethod
    def open(cls, home: Path | None = None) -> Store:
        """The store that the settings name; starts the embedded engine if it has to.

        Raises:
            StoreError: the server cannot be reached or refuses the login.
            EngineError: the embedded engine cannot start.
        """
        backend = _configured_backend(home)
        with _readable_errors():
            store = cls(backend)
            store._writer.verify_connectivity()
        return store

    def close(self) -> None:
        """Close the connections; the engine stays up."""
        self._reader.close()
        self._writer.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> None:
        """Make the constraints and indexes of the ontology, where they are missing."""
        with _readable_errors(), self._session(write=True) as session:
            for statement in constraint_statements():
                session.run(statement).consume()

    def read(self, cypher: str, **parameters: Any) -> list[Row]:
        """All rows of one of our own queries, read-only, values made plain."""
        with _readable_errors(), self._session(write=False) as session:
            result = session.run(cypher, parameters)
            keys = result.keys()
            return [{key: _plain(record[key]) for key in keys} for record in result]

    def run_named(self, name: str, **parameters: Any) -> list[Row]:
        """All rows of a query of ``queries/``."""
        return self.read(named_queries()[name].cypher, **parameters)

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        seconds: float | None = None,
        rows: int | None = None,
    ) -> QueryResult:
        """A user's query: read-only by the database's own means, with timeout and row limit.

        Parameters
        ----------
        cypher: the query as typed; values come in through ``parameters`` only.
        seconds, rows: limits; the settings' by default.

        Raises:
            QueryError: wrong syntax, an attempt to write, or too slow.
        """
        limit = rows or settings.query_rows
        allowed = seconds or settings.query_seconds
        started = time.monotonic()
        with (
            _readable_query_errors(self.backend.dialect, allowed),
            self._session(write=False) as session,
            self._watched(cypher, allowed) as (marked, end),
        ):
            if not self.backend.dialect.reads_are_harmless:
                refuse_side_effects(session, cypher, parameters)
            answer = session.run(Query(marked, timeout=allowed), dict(parameters or {}))
            result = QueryResult(columns=list(answer.keys()), rows=[])
            for record in answer:
                result.truncated = len(result.rows) == limit
                if result.truncated:
                    break
                if time.monotonic() - started > allowed:
                    end(answer)
                    raise QueryError(_too_slow(allowed))
                result.rows.append({key: _plain(record[key], result) for key in result.columns})
            if result.truncated:
                end(answer)
        result.seconds = time.monotonic() - started
        return result

    @contextmanager
    def _watched(self, cypher: str, seconds: float) -> Iterator[tuple[str, Callable[[neo4j.Result], None]]]:
        """The query with a mark by which it is ended in time, and what ends it at once.

        The embedded engine would compute the rows that are not wanted any more before it lets go of the connection.
        """
        terminate = self.backend.terminate
        if terminate is None:
            yield cypher, lambda _: None
            return
        mark = uuid4().hex

        def end(answer: neo4j.Result) -> None:
            Thread(target=_quietly(terminate), args=[mark], daemon=True).start()  # it waits until the query has noticed
            with suppress(Neo4jError):  # that it was ended
                answer.consume()

        timer = Timer(seconds, _quietly(terminate), [mark])
        timer.daemon = True
        timer.start()
        try:
            yield f"{cypher}\n// {mark}", end
        finally:
            timer.cancel()

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run ``work`` in one transaction; it is run again where the database asks for a retry."""
        with _readable_errors():
            for attempt in range(_ATTEMPTS):
                try:
                    with self._session(write=True) as session:
                        return session.execute_write(work)
                except Neo4jError as error:
                    if attempt == _ATTEMPTS - 1 or not self.backend.dialect.is_conflict(error):
                        raise
                    time.sleep(uniform(0.05, 0.2) * (attempt + 1))
        raise AssertionError("unreachable")

    def rows(self, kind: type[R], /, **parameters: Any) -> list[R]:
        """All rows of the named query that ``kind`` is a row of.

        Parameters
        ----------
        kind: a class of ``graph.database.rows``.
        """
        return [kind.of(row) for row in self.run_named(kind.query, **parameters)]

    def data_date(self) -> str | None:
        """The date of the newest evidence on firms: what the reports call the date of the data."""
        return self.rows(DataDate)[0].newest

    def is_empty(self) -> bool:
        """Whether nothing has been loaded yet."""
        return not self.read("MATCH (d:Dataset) RETURN d.id LIMIT 1")

    def find(self, text: str, *labels: str) -> Match:
        """The one node of these labels that a name, alias or id means.

        Raises:
            NotFoundError: none, or several; the message lists what is near.
        """
        matches = self._matches(text, labels)
        if len(matches) == 1:
            return matches[0]
        kinds = " / ".join(NODE_TYPES[label].zh for label in labels)
        if matches:
            names = "，".join(f"{m.name}（{m.id}）" for m in matches[:_MOST_NAMED])
            names += f" …… {len(matches)}" if len(matches) > _MOST_NAMED else ""
            raise NotFoundError(say(f"“{text}”可指多个{kinds}：{names}", f"{text!r} may mean several: {names}"))
        near = "，".join(name for label in labels for name in self._near(text, label))
        hint = say(f"；相近的有：{near}", f"; near it: {near}") if near else ""
        raise NotFoundError(say(f"没有名为“{text}”的{kinds}{hint}", f"no {'/'.join(labels)} is called {text!r}{hint}"))

    def _matches(self, text: str, labels: tuple[str, ...]) -> list[Match]:
        text = text.strip()
        matches: dict[str, Match] = {}
        for exact in (True, False):
            for label in labels:
                where = (
                    "n.id = $text OR n.id = $prefixed OR n.name = $text OR $text IN n.aliases OR n.code = $text"
                    if exact
                    else "n.name STARTS WITH $text OR toLower(coalesce(n.name_en, '')) = toLower($text)"
                )
                cypher = f"MATCH (n:{label}) WHERE {where} RETURN n.id AS id, n.name AS name, '{label}' AS label"
                for row in self.read(cypher, text=text, prefixed=f"{NODE_TYPES[label].prefix}:{text}"):
                    matches[row["id"]] = Match(**row)
            if matches:
                break
        return [matches[i] for i in sorted(matches)]

    def _near(self, text: str, label: str) -> list[str]:
        from rapidfuzz import fuzz, process

        names = [row["name"] for row in self.read(f"MATCH (n:{label}) RETURN n.name AS name ORDER BY n.id")]
        return [name for name, _, _ in process.extract(text, names, scorer=fuzz.ratio, limit=3, score_cutoff=40)]

    def _session(self, *, write: bool) -> neo4j.Session:
        return (self._writer if write else self._reader).session(
            database=self.backend.database,
            default_access_mode=neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS,
            fetch_size=1000,
        )


_ATTEMPTS = 8
_SCALARS = frozenset({str, int, float, bool})
_MOST_NAMED = 10
_DRIVER_OPTIONS: dict[str, Any] = {
    "connection_acquisition_timeout": 30,
    "connection_timeout": 15,
    "max_transaction_retry_time": 30,
    "notifications_min_severity": "OFF",
    "user_agent": "liantu",
}


@dataclass(frozen=True)
class NamedQuery:
    """A query of ``queries/``: its file name, titles, description, parameters with defaults."""

    name: str
    title: str
    title_en: str
    description: str
    parameters: dict[str, str | list[str]]
    cypher: str


@cache
def named_queries() -> dict[str, NamedQuery]:
    """The queries of ``queries/`` by name, in the order of their names."""
    return {path.stem: _read_named_query(path) for path in sorted(_QUERIES.glob("*.cypher"))}


def _read_named_query(path: Path) -> NamedQuery:
    """Parse the head of a query file: ``// title:``, ``// title_en:``, ``// description:``, ``// param NAME = DEFAULT`` (text, or a list or map as JSON)."""
    text = path.read_text(encoding="utf-8")
    head = dict(re.findall(r"^// (title|title_en|description): *(.+)$", text, re.MULTILINE))
    written = re.findall(r"^// param (\w+) *= *(.*?) *$", text, re.MULTILINE)
    parameters = {name: json.loads(value) if value[:1] in ("[", "{") else value for name, value in written}
    return NamedQuery(
        path.stem, head["title"], head["title_en"], head.get("description", ""), parameters, _statement(text)
    )


def _statement(text: str) -> str:
    """What a query file says, without its head; ``// include NAME`` stands for what ``queries/parts/NAME.cypher`` says."""
    included = re.sub(
        r"^// include (\w+)$",
        lambda line: _statement((_QUERIES / "parts" / f"{line[1]}.cypher").read_text(encoding="utf-8")),
        text,
        flags=re.MULTILINE,
    )
    return "\n".join(line for line in included.splitlines() if not line.startswith("//")).strip()


def _configured_backend(home: Path | None) -> Backend:
    if settings.neo4j_uri and home is None:
        password = settings.neo4j_password.get_secret_value() if settings.neo4j_password else ""
        reader = (
            (settings.neo4j_read_user, settings.neo4j_read_password.get_secret_value())
            if settings.neo4j_read_user and settings.neo4j_read_password
            else None
        )
        return Backend(NEO4J, settings.neo4j_uri, settings.neo4j_database, (settings.neo4j_user, password), reader)
    engine = embedded.start(home)
    return Backend(
        ARCADEDB,
        engine.uri,
        embedded.DATABASE,
        (embedded.WRITER, engine.writer_password),
        (embedded.READER, engine.reader_password),
        partial(embedded.terminate_query, engine),
    )


def _quietly(terminate: Callable[[str], None]) -> Callable[[str], None]:
    """For a thread of its own: an engine that is gone has no query to end."""

    def run(mark: str) -> None:
        with suppress(EngineError, OSError):
            terminate(mark)

    return run


def _plain(value: Any, collect: QueryResult | None = None) -> Any:
    """A driver value as plain Python; nodes and relationships are also gathered in ``collect``."""
    if value is None or type(value) in _SCALARS:  # nearly all values: whole graphs are read through here
        return value
    if isinstance(value, DriverNode):
        row = {**dict(value), "_label": next(iter(value.labels), "")}
        if collect is not None:
            collect.nodes[_node_id(value)] = row
        return row
    if isinstance(value, DriverRelationship):
        ends = [_node_id(n) if n is not None else "" for n in value.nodes]
        row = {**dict(value), "_type": value.type, "_start": ends[0], "_end": ends[1]}
        if collect is not None:
            collect.relationships[str(value.get("id", value.element_id))] = row
        return row
    if isinstance(value, DriverPath):
        return [_plain(part, collect) for part in (*value.nodes, *value.relationships)]
    if isinstance(value, (list, tuple)):
        return [_plain(item, collect) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, collect) for key, item in value.items()}
    return value.iso_format() if hasattr(value, "iso_format") else value


def _node_id(node: DriverNode) -> str:
    return str(node.get("id", node.element_id))


@contextmanager
def _readable_errors() -> Iterator[None]:
    """Driver errors as one readable line."""
    try:
        yield
    except AuthError as error:
        raise StoreError(
            say(
                "数据库拒绝登录：请检查 NEO4J_USER 与 NEO4J_PASSWORD",
                "the database refuses the login: check NEO4J_USER and NEO4J_PASSWORD",
            )
        ) from error
    except ServiceUnavailable as error:
        text = " ".join(str(error).split())
        raise StoreError(say(f"连不上数据库：{text}", f"cannot reach the database: {text}")) from error
    except ConstraintError as error:
        raise StoreError(
            say(f"数据库约束不允许：{error.message}", f"a constraint forbids it: {error.message}")
        ) from error
    except (Neo4jError, DriverError) as error:
        raise StoreError(say(f"数据库出错：{error}", f"database error: {error}")) from error


@contextmanager
def _readable_query_errors(dialect: Dialect, seconds: float) -> Iterator[None]:
    try:
        yield
    except CypherSyntaxError as error:
        raise QueryError(say(f"语法错误：{error.message}", f"syntax error: {error.message}")) from error
    except Forbidden as error:
        raise QueryError(read_only()) from error
    except (ClientError, Neo4jError) as error:
        text = f"{error.code} {error.message}"
        if re.search(dialect.refuses_writes, text):
            raise QueryError(read_only()) from error
        if re.search(dialect.took_too_long, text):
            raise QueryError(_too_slow(seconds)) from error
        raise QueryError(say(f"查询出错：{error.message}", f"the query failed: {error.message}")) from error
    except (DriverError, ValueError, OverflowError) as error:  # the last two: of values that Bolt cannot carry
        raise QueryError(say(f"查询出错：{error}", f"the query failed: {error}")) from error


def _too_slow(seconds: float) -> str:
    return say(f"查询超过 {seconds:g} 秒，已停止", f"the query took more than {seconds:g} s and was stopped")

"""Loading: ``liantu build``, a large made-up graph, the plain way beside it, and Neo4j's own bulk importer."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.databases import Database, environment, fresh_home, liantu, server_backend, timed
from benchmarks.synthetic import write_csvs
from graph.database import embedded
from graph.database.store import Store
from graph.database.writing import load
from graph.facts import Facts
from graph.schema import Node, Relationship, label_of
from tests.neo4j_server import Neo4jServer, admin_import

_SAMPLE = 1_000
#: The slow ways are sampled for this long at most.
_SAMPLE_SECONDS = 20.0


@dataclass(frozen=True)
class Build:
    """``liantu build`` on nothing, and again; medians of several runs."""

    rows: int
    first: float
    again: float
    engine_start: float | None = None


def build_embedded(times: int) -> Build:
    """Build data/ in a fresh home each time; starting the engine is part of it."""
    firsts, starts, agains, rows = [], [], [], 0
    for _ in range(times):
        with fresh_home() as home:
            starts.append(timed(partial(embedded.start, home)))
        with fresh_home() as home:
            firsts.append(liantu(environment(home), "build"))
            agains.append(liantu(environment(home), "build"))
            with Store.open(home) as store:
                rows = sum(Database("", store, {}).counts())
    return Build(rows, median(firsts), median(agains), median(starts))


def build_server(database: Database, times: int) -> Build:
    """Build data/ in a server that is up, emptied each time."""
    firsts, agains, rows = [], [], 0
    for _ in range(times):
        database.wipe()
        firsts.append(liantu(database.environment, "build"))
        agains.append(liantu(database.environment, "build"))
        rows = sum(database.counts())
    database.wipe()
    return Build(rows, median(firsts), median(agains))


@dataclass(frozen=True)
class BulkLoad:
    """The normal loader on a large graph."""

    rows: int
    first: float
    again: float


def load_large(database: Database, facts: Facts) -> BulkLoad:
    """Load the facts into the empty database, and once more."""
    database.store.prepare()
    first = timed(lambda: load(database.store, [facts]))
    counts = database.counts()
    if counts != (len(facts.nodes), len(facts.relationships)):
        raise AssertionError(f"{counts} in the database, not {len(facts.nodes)} and {len(facts.relationships)}")
    again = timed(lambda: load(database.store, [facts]))
    return BulkLoad(len(facts), first, again)


@dataclass(frozen=True)
class RowByRow:
    """Seconds a node and a relationship, one statement each, and what that makes of the whole graph."""

    nodes_sampled: int
    relationships_sampled: int
    per_node: float
    per_relationship: float

    def whole(self, facts: Facts, *, indexed: bool) -> float:
        """Seconds for all facts.

        Without an index a statement reads every node of the label: while the nodes are being loaded there are half
        as many of them on average as at the end, while the relationships are being loaded there are all.
        """
        growing = 1.0 if indexed else 0.5
        return len(facts.nodes) * self.per_node * growing + len(facts.relationships) * self.per_relationship


def row_by_row(database: Database, facts: Facts) -> RowByRow:
    """Copies of a random sample into the large graph: MERGE by id, a statement and a transaction each."""
    rng = random.Random(1)
    nodes = rng.sample(list(facts.nodes.values()), _SAMPLE)
    relationships = rng.sample(list(facts.relationships.values()), _SAMPLE)
    mark = f"~{rng.getrandbits(32):x}{time.monotonic_ns():x}"
    done_nodes, node_seconds = _statements(database.store, [_merge_node(n, mark) for n in nodes])
    done_rels, rel_seconds = _statements(database.store, [_merge_relationship(r, mark) for r in relationships])
    return RowByRow(done_nodes, done_rels, node_seconds / done_nodes, rel_seconds / done_rels)


def _statements(store: Store, statements: Sequence[tuple[str, dict[str, object]]]) -> tuple[int, float]:
    """Run each by itself, in auto-commit; how many were done and in how many seconds."""
    done, began = 0, time.perf_counter()
    with store._session(write=True) as session:  # the plain way, not the store's own
        for cypher, parameters in statements:
            session.run(cypher, parameters).consume()
            done += 1
            if time.perf_counter() - began > _SAMPLE_SECONDS:
                break
    return done, time.perf_counter() - began


def _merge_node(node: Node, mark: str) -> tuple[str, dict[str, object]]:
    new = node.id + mark
    return f"MERGE (n:{node.label()} {{id: $id}}) SET n += $props", {
        "id": new,
        "props": {**node.properties(), "id": new},
    }


def _merge_relationship(r: Relationship, mark: str) -> tuple[str, dict[str, object]]:
    cypher = (
        f"MATCH (a:{label_of(r.start)} {{id: $start}}) MATCH (b:{label_of(r.end)} {{id: $end}}) "
        f"MERGE (a)-[r:{r.type()} {{id: $id}}]->(b) SET r += $props"
    )
    new = r.id + mark
    return cypher, {"start": r.start, "end": r.end, "id": new, "props": {**r.properties(), "id": new}}


def drop_constraints(database: Database) -> None:
    """Take the constraints away, and with them the indexes on id."""
    names = [row["name"] for row in database.store.read("SHOW CONSTRAINTS")]
    for name in names:
        with database.store._session(write=True) as session:
            session.run(f"DROP CONSTRAINT `{name}` IF EXISTS").consume()


@dataclass(frozen=True)
class AdminImport:
    """``neo4j-admin database import full`` of the same graph."""

    write_csvs: float
    import_files: float
    constraints: float


def bulk_import(facts: Facts) -> AdminImport:
    """Write the CSV files, import them into a stopped database, start it and make the constraints."""
    with tempfile.TemporaryDirectory(prefix="liantu-import-", ignore_cleanup_errors=True) as folder:
        home, csvs = Path(folder) / "home", Path(folder) / "csv"
        began = time.perf_counter()
        nodes, relationships = write_csvs(facts, csvs)
        written = time.perf_counter()
        admin_import(home, nodes, relationships)
        imported = time.perf_counter()
        with Neo4jServer(home=home) as server, Store(server_backend(server)) as store:
            constraints = timed(lambda: _prepare_and_wait(store))
            counts = Database("", store, {}).counts()
        if counts != (len(facts.nodes), len(facts.relationships)):
            raise AssertionError(f"neo4j-admin imported {counts}")
    return AdminImport(written - began, imported - written, constraints)


def _prepare_and_wait(store: Store) -> None:
    store.prepare()
    store.read("CALL db.awaitIndexes(600)")

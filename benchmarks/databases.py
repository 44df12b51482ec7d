"""The two databases that are measured, each started empty in a directory of its own and gone at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

from graph.database import embedded
from graph.database.dialect import NEO4J
from graph.database.store import Backend, Store
from graph.settings import settings
from tests.neo4j_server import Neo4jServer, pinned_version

TOP = Path(__file__).resolve().parents[1]
#: The tests' server is small; the graphs here are not. The embedded engine runs with its shipped settings.
_NEO4J_SETTINGS = {"server.memory.pagecache.size": "512m"}


@dataclass
class Database:
    """A running database with the environment in which ``liantu`` opens it."""

    title: str
    store: Store
    environment: dict[str, str]

    def counts(self) -> tuple[int, int]:
        """Nodes (without the store's books) and relationships in it."""
        nodes = self.store.read("MATCH (n) WHERE NOT n:Dataset AND NOT n:LoadState RETURN count(n) AS n")[0]["n"]
        return nodes, self.store.read("MATCH ()-[r]->() RETURN count(r) AS n")[0]["n"]

    def wipe(self) -> None:
        """Delete everything; constraints stay."""
        while self.store.write(
            lambda tx: tx.run("MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n").single(strict=True)[
                "n"
            ]
        ):
            pass


def command(*arguments: str) -> list[str]:
    """The ``liantu`` command line of this checkout."""
    return [sys.executable, str(TOP / "cli.py"), *arguments]


def liantu(where: Mapping[str, str], *arguments: str) -> float:
    """Run the command in a process of its own; its wall seconds."""
    began = time.perf_counter()
    subprocess.run(command(*arguments), env=dict(where), cwd=TOP, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty home that the settings name meanwhile; its engine is stopped at the end."""
    before, uri = settings.home, settings.neo4j_uri
    with tempfile.TemporaryDirectory(prefix="liantu-benchmark-", ignore_cleanup_errors=True) as folder:
        settings.home, settings.neo4j_uri = Path(folder), None
        try:
            yield settings.home
        finally:
            embedded.stop(settings.home)
            settings.home, settings.neo4j_uri = before, uri


@contextmanager
def embedded_engine() -> Iterator[Database]:
    """The embedded engine in a fresh home."""
    with fresh_home() as home, Store.open(home) as store:
        yield Database(f"Embedded engine (ArcadeDB {version('arcadedb-embedded')})", store, environment(home))


@contextmanager
def neo4j_server() -> Iterator[Database]:
    """A Neo4j server on loopback.

    Raises:
        Neo4jUnavailable: no Java, or the jars cannot be had.
    """
    with fresh_home() as home, Neo4jServer(settings=_NEO4J_SETTINGS) as server, Store(server_backend(server)) as store:
        access = {"NEO4J_URI": server.uri, "NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
        yield Database(f"Neo4j {pinned_version()} (Community)", store, environment(home) | access)


def server_backend(server: Neo4jServer) -> Backend:
    """How the store logs in to a server of the tests."""
    return Backend(NEO4J, server.uri, None, (server.user, server.password), None)


def environment(home: Path) -> dict[str, str]:
    """This process's environment without the user's settings of Liantu, and with this home."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("LIANTU_", "NEO4J_"))}
    return {**own, "LIANTU_HOME": str(home)}


BACKENDS: dict[str, Callable[[], AbstractContextManager[Database]]] = {
    "embedded": embedded_engine,
    "neo4j": neo4j_server,
}


@dataclass
class Table:
    """One table of figures, and what must be known to read it."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"## {self.title}", "", *self.notes, ""] if self.notes else [f"## {self.title}", ""]
        lines.append("| " + " | ".join(self.columns) + " |")
        lines.append("|---" + "|---:" * (len(self.columns) - 1) + "|")
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"


def timed(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_of(times: int, work: Callable[[], object]) -> float:
    """Median wall seconds of several calls."""
    return median(timed(work) for _ in range(times))


def figure(number: float) -> str:
    """A number with two or three digits that mean something."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"

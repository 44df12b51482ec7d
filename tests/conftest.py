"""Both databases are real: the embedded engine and a Neo4j, each started once for all tests of a worker.

``store`` is an empty graph, ``shipped`` holds data/; each comes once for every backend. ``LIANTU_TEST_BACKENDS``
(``embedded``, ``neo4j`` or both, divided by a comma) names the backends to run on, ``LIANTU_TEST_REQUIRE`` the markers
whose tests may not be skipped. Without Java or Maven the tests of Neo4j are skipped and say why.

Where several workers share the tests (``make test``), one of them has all tests of Neo4j, so that there is one server,
and otherwise those of a file stay together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["LIANTU_ENGINE_QUICK_START"] = "1"  # the graphs of tests are small, the engines many
os.environ["COLUMNS"] = "240"  # before the command's consoles are made: no line of a table is folded

import networkx as nx
import pytest
from pydantic import SecretStr

from graph.database import embedded
from graph.database.dialect import NEO4J
from graph.database.projection import whole_graph
from graph.database.store import Backend, Store
from graph.database.writing import LoadResult, load
from graph.facts import Facts
from graph.schema import Dataset, Fact
from graph.settings import settings
from loaders.sources import read_sources
from tests.browser import Browser, BrowserUnavailable, launch
from tests.neo4j_server import Neo4jServer, Neo4jUnavailable
from tests.run_guard import Guard

_WANTED = os.environ.get("LIANTU_TEST_BACKENDS", "embedded,neo4j").split(",")
_BACKENDS = [
    pytest.param("embedded", id="embedded"),
    pytest.param("neo4j", id="neo4j", marks=pytest.mark.neo4j),
]
_SHIPPED, _ANYTHING = "shipped", "anything"
#: Fixtures after which data/ is in the database.
_HOLD_SHIPPED = {"shipped", "shipped_embedded", "filled", "ready"}
#: What needs a database: these fixtures, and the tests of the database itself (``make quick`` leaves them out).
_STARTS_ENGINE = {"databases", "home", "empty_home"}
_DATABASE_TESTS = Path(__file__).parent / "graph" / "database"
#: What takes longest begins first, so that no worker is left alone with it at the end.
_LONGEST = ("neo4j", "test_app_tools", "test_app_pages", "test_document_review", "test_kill", "test_gap_report")


#: Begins the reason of a skip where a test needs material that does not ship.
NO_MATERIAL = "未适用：库旁没有"
#: Markers whose tests must run: where this is set (CI), a skip is a failure.
_REQUIRED = [m for m in os.environ.get("LIANTU_TEST_REQUIRE", "").split(",") if m]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that CI must run may not be skipped for want of Java, Maven or Chromium; material beside the repository may be absent."""
    report = yield
    if (
        report.skipped
        and any(item.get_closest_marker(m) for m in _REQUIRED)
        and NO_MATERIAL not in str(report.longrepr)
    ):
        report.outcome = "failed"
    return report


_GUARD = pytest.StashKey[Guard]()


def pytest_configure(config: pytest.Config) -> None:
    """One guard for a run; its workers are among those that are guarded."""
    if not hasattr(config, "workerinput"):
        config.stash[_GUARD] = Guard()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing that the tests started runs on."""
    guard = config.stash.get(_GUARD, None)
    if guard is not None and (ended := guard.finish()):
        print(f"\nstill running after the tests, ended now: {', '.join(ended)}", file=sys.stderr)


@pytest.hookimpl(tryfirst=True)  # before -m picks by the markers that are added here
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a group together, the longest group first, and there the tests of data/ before the others."""
    items.sort(key=_place)
    for item in items:
        if not _STARTS_ENGINE.isdisjoint(getattr(item, "fixturenames", ())) or _DATABASE_TESTS in item.path.parents:
            item.add_marker("database")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What shares a database or a server goes to one worker, in the order that was made above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)


def _group(nodeid: str) -> str:
    """The tests of Neo4j, known by their names so that one worker has the server, else those of a file."""
    file = nodeid.partition("::")[0]
    return "neo4j" if "neo4j" in nodeid or "both_engines" in nodeid else Path(file).stem


def _place(item: pytest.Item) -> tuple[int, str, bool]:
    """Loading data/ anew takes seconds: on Neo4j it is there for all tests that want it, elsewhere for those of a file."""
    group = _group(item.nodeid)
    rank = _LONGEST.index(group) if group in _LONGEST else len(_LONGEST)
    return rank, group, _HOLD_SHIPPED.isdisjoint(getattr(item, "fixturenames", ()))


@dataclass
class Database:
    """A running database, and what its graph holds just now: to load data/ anew for every test would be slow."""

    store: Store
    #: What another process needs to open the same graph.
    environment: dict[str, str]
    content: str = _ANYTHING
    shipped_facts: Callable[[], list[Facts]] = field(default=list)

    def empty(self) -> Store:
        """The store without a node; the test may do with it what it likes."""
        wipe(self.store)
        self.content = _ANYTHING
        return self.store

    def shipped(self) -> Store:
        """The store with data/ in it; the test does not change it."""
        if self.content != _SHIPPED:
            load(self.empty(), self.shipped_facts())
            self.content = _SHIPPED
        return self.store


def wipe(store: Store) -> None:
    """Delete every node; constraints stay."""
    store.write(lambda tx: tx.run("MATCH (n) DETACH DELETE n").consume())


@pytest.fixture(scope="session", autouse=True)
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing that the user of this machine has set, and nothing in the user's own directory."""
    settings.home = home = tmp_path_factory.mktemp("home")
    settings.neo4j_uri = None
    settings.language = "zh"
    settings.engine_heap = "1g"
    yield home
    embedded.stop(home)


@pytest.fixture(scope="session")
def shipped_facts() -> Callable[[], list[Facts]]:
    """The facts of data/, read once."""
    read: list[Facts] = []

    def facts() -> list[Facts]:
        if not read:
            read.extend(read_sources([settings.data]))
        return read

    return facts


@pytest.fixture(scope="session")
def databases(session_home: Path, shipped_facts: Callable[[], list[Facts]]) -> Iterator[Callable[[str], Database]]:
    """The databases by name, each started when it is first wanted."""
    started: dict[str, Database] = {}
    server = Neo4jServer()

    def database(name: str) -> Database:
        if name not in _WANTED:
            pytest.skip(f"LIANTU_TEST_BACKENDS leaves {name} out")
        if name not in started:
            started[name] = _embedded(session_home) if name == "embedded" else _neo4j(server, session_home)
            started[name].shipped_facts = shipped_facts
        return started[name]

    yield database
    for one in started.values():
        one.store.close()
    server.stop()


def _embedded(home: Path) -> Database:
    return Database(Store.open(home), {"LIANTU_HOME": str(home), "NEO4J_URI": ""})


def _neo4j(server: Neo4jServer, home: Path) -> Database:
    try:
        server.start()
    except Neo4jUnavailable as error:
        pytest.skip(str(error))
    backend = Backend(NEO4J, server.uri, None, (server.user, server.password), None)
    access = {"NEO4J_URI": server.uri, "NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
    return Database(Store(backend), {"LIANTU_HOME": str(home), **access})


@pytest.fixture(params=_BACKENDS)
def database(request: pytest.FixtureRequest, databases: Callable[[str], Database]) -> Database:
    """Each backend in turn."""
    return databases(request.param)


@pytest.fixture
def store(database: Database) -> Store:
    """An empty graph, on each backend."""
    return database.empty()


@pytest.fixture
def shipped(database: Database) -> Store:
    """The graph of data/, on each backend; not to be changed."""
    return database.shipped()


@pytest.fixture
def embedded_store(databases: Callable[[str], Database]) -> Store:
    """An empty graph on the embedded engine, where the backend makes no difference."""
    return databases("embedded").empty()


@pytest.fixture
def shipped_embedded(databases: Callable[[str], Database]) -> Store:
    """The graph of data/ on the embedded engine, where the backend makes no difference; not to be changed."""
    return databases("embedded").shipped()


@pytest.fixture
def configured(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The settings name this backend, so that ``Store.open()`` and the command open it."""
    access = database.environment
    monkeypatch.setattr(settings, "neo4j_uri", access["NEO4J_URI"] or None)
    if access["NEO4J_URI"]:
        monkeypatch.setattr(settings, "neo4j_user", access["NEO4J_USER"])
        monkeypatch.setattr(settings, "neo4j_password", SecretStr(access["NEO4J_PASSWORD"]))
    return database


@pytest.fixture
def environment() -> Callable[[Database], dict[str, str]]:
    """The environment of a process of its own that opens the same graph."""

    def of(database: Database) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LIANTU_", "NEO4J_"))}
        return {**inherited, **database.environment, "LIANTU_ENGINE_HEAP": settings.engine_heap}

    return of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a fresh profile; what its pages did wrong gathers in it."""
    try:
        with launch(accept_downloads=True) as running:
            yield running
    except BrowserUnavailable as missing:
        pytest.skip(str(missing))


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def liantu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run the command in this process: ``liantu("gaps", "-c", "锂电")``."""
    import cli
    from graph.language import use_language

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["liantu", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            use_language("zh")
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@contextmanager
def in_english() -> Iterator[None]:
    """What is said inside is said in English."""
    from graph.language import use_language

    use_language("en")
    try:
        yield
    finally:
        use_language("zh")


# --- making and comparing graphs ---------------------------------------------------------------------


def facts_of(name: str, *stated: Fact) -> Facts:
    """A dataset that states these facts."""
    facts = Facts(Dataset(id=f"dataset:{name}", name=name))
    facts.add(*stated)
    return facts


Graph = tuple[dict[str, dict[str, Any]], dict[str, tuple[str, str, dict[str, Any]]]]


def contents(store: Store) -> Graph:
    """All nodes and relationships with all their properties, to compare."""
    return plain(whole_graph(store))


def plain(graph: nx.MultiDiGraph) -> Graph:
    """A graph as plain dictionaries: what pytest can show the differences of."""
    nodes = {node: dict(data) for node, data in graph.nodes(data=True)}
    relationships = {key: (start, end, dict(data)) for start, end, key, data in graph.edges(keys=True, data=True)}
    return nodes, relationships


def books(store: Store) -> list[dict[str, Any]]:
    """What the store notes of its datasets, without the time of loading; and no other internal node but the lock."""
    rows = store.read("MATCH (d:Dataset) RETURN properties(d) AS p ORDER BY d.id")
    return [{k: v for k, v in row["p"].items() if k != "loaded_at"} for row in rows]


def said(result: LoadResult) -> dict[str, dict[str, int]]:
    """A load's counts as plain dictionaries."""
    return {what: dict(getattr(result, what)) for what in ("created", "updated", "removed")}


def load_each(store: Store, sources: Iterable[Facts]) -> None:
    """One load after the other."""
    for source in sources:
        load(store, [source])


def path_of(folder: Path, name: str, text: str) -> Path:
    """A file with that text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path

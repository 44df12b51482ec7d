"""The embedded engine: one per directory, on loopback, survives kill -9 of anybody, keeps what it acknowledged."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from graph.database import embedded
from graph.database.embedded import DATABASE, READER, Engine, attach, start, stop
from graph.database.store import Store
from graph.database.writing import load
from graph.errors import EngineError
from graph.schema import Firm
from graph.settings import settings
from tests.conftest import Database, contents, facts_of

TOP = Path(__file__).resolve().parents[3]
FACTS = facts_of("some", Firm(id="firm:a", name="甲公司"), Firm(id="firm:b", name="乙公司"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory of this module's own; its engine may be stopped and killed."""
    home = tmp_path_factory.mktemp("engine")
    yield home
    stop(home)


@pytest.fixture
def running(databases: Callable[[str], Database]) -> Engine:
    """The engine of the other tests; not to be stopped."""
    store = databases("embedded").store
    engine = attach(settings.home)
    assert engine is not None
    assert engine.uri == store.backend.uri
    return engine


def process(code: str, home: Path) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LIANTU_", "NEO4J_"))}
    environment |= {"LIANTU_HOME": str(home), "LIANTU_ENGINE_HEAP": "512m"}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=TOP,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(pid: int) -> None:
    victim = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    victim.wait(timeout=20)


# --- one engine for all -----------------------------------------------------------------------------


def test_it_starts_and_stops(home: Path) -> None:
    stop(home)
    assert attach(home) is None
    engine = start(home)
    assert engine.complete
    assert engine.is_alive()
    assert attach(home) == engine
    assert start(home) == engine  # a second start attaches
    assert stop(home)
    assert not engine.is_alive()
    assert not (home / "engine.json").exists()
    assert attach(home) is None
    assert not stop(home)


def test_two_processes_that_start_at_once_get_one_engine(home: Path) -> None:
    stop(home)
    code = "from graph.database import embedded; print(embedded.start().pid, embedded.start().bolt_port)"
    two = [process(code, home), process(code, home)]
    printed = [p.communicate(timeout=120) for p in two]
    assert [err for _, err in printed] == ["", ""]
    engine = attach(home)
    assert engine is not None
    assert [out for out, _ in printed] == [f"{engine.pid} {engine.bolt_port}\n"] * 2
    assert engine.is_alive()  # its starter has ended


def test_what_one_process_writes_another_reads(home: Path) -> None:
    with Store.open(home) as store:
        load(store, [FACTS])
    code = "from graph.database.store import Store\nwith Store.open() as s: print(s.read('MATCH (f:Firm) RETURN f.id AS id ORDER BY id'))"
    out, err = process(code, home).communicate(timeout=120)
    assert (out, err) == ("[{'id': 'firm:a'}, {'id': 'firm:b'}]\n", "")


# --- death ------------------------------------------------------------------------------------------


def test_a_client_that_dies_in_a_transaction_leaves_nothing(home: Path) -> None:
    with Store.open(home) as store:
        load(store, [FACTS])
        before = contents(store)
        code = """
from graph.database.store import Store
def work(tx):
    tx.run("CREATE (:Firm {id: 'firm:half', name: 'x'})").consume()
    tx.run("MATCH (f:Firm {id: 'firm:a'}) SET f.name = 'x'").consume()
    print('in the middle', flush=True)
    input()
Store.open().write(work)
"""
        client = process(code, home)
        assert client.stdout is not None
        assert client.stdout.readline() == "in the middle\n"
        client.kill()
        client.communicate()
        assert attach(home) == start(home)
        assert contents(store) == before
        load(store, [facts_of("more", Firm(id="firm:c", name="丙公司"))])  # nothing is locked
        assert set(contents(store)[0]) == {"firm:a", "firm:b", "firm:c"}


def test_what_was_acknowledged_survives_the_engine(home: Path) -> None:
    engine = start(home)
    with Store.open(home) as store:
        load(store, [FACTS, facts_of("late", Firm(id="firm:late", name="末"))])
        before = contents(store)
        kill(engine.pid)
    assert (home / "engine.json").exists()
    assert attach(home) is None  # the dead engine's state file is noticed
    with Store.open(home) as store:
        assert contents(store) == before
    again = attach(home)
    assert again is not None
    assert again.pid != engine.pid
    assert again.writer_password != engine.writer_password


def test_a_state_file_with_the_pid_of_someone_else_is_noticed(home: Path) -> None:
    """Pids are used again: the process must be the one that was started. It must not be stopped either."""
    stop(home)
    mine = Engine(os.getpid(), 1.0, 1, 2, "a", "b", complete=True)
    (home / "engine.json").write_text(json.dumps(asdict(mine)), encoding="utf-8")
    assert attach(home) is None
    assert not stop(home)
    (home / "engine.json").write_text(json.dumps(asdict(mine)), encoding="utf-8")
    assert start(home).pid != os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_spoilt_state_file_is_no_engine(tmp_path: Path, text: str) -> None:
    (tmp_path / "engine.json").write_text(text, encoding="utf-8")
    assert attach(tmp_path) is None
    assert not stop(tmp_path)


def test_a_half_started_engine_is_replaced(home: Path) -> None:
    """Whoever started it died before database and users were set up."""
    with Store.open(home) as store:
        load(store, [FACTS])
        before = contents(store)
    half = attach(home)
    assert half is not None
    embedded._write_state(home, replace(half, complete=False))
    assert attach(home) is None
    whole = start(home)
    assert whole.complete
    assert whole.pid != half.pid
    assert not half.is_alive()
    with Store.open(home) as store:
        assert contents(store) == before


# --- what can be wrong ------------------------------------------------------------------------------


def test_a_home_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    for place in (taken, taken / "below"):
        with pytest.raises(EngineError) as error:
            start(place)
        assert str(error.value).startswith(f"目录 {place} 不可写（")
        assert str(error.value).endswith("用 LIANTU_HOME 指定别处")


def test_an_engine_that_cannot_start_says_why_and_blocks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(settings, "engine_heap", "1nonsense")
        with pytest.raises(EngineError) as error:
            start(tmp_path)
    assert str(error.value).startswith("引擎未能启动：")
    assert str(tmp_path / "engine.log") in str(error.value)
    assert "Invalid maximum heap size" in (tmp_path / "engine.log").read_text()
    assert attach(tmp_path) is None
    engine = start(tmp_path)
    assert engine.complete
    stop(tmp_path)


# --- who may do what ----------------------------------------------------------------------------------


def test_only_the_owner_can_read_the_state_file(running: Engine) -> None:
    assert stat.S_IMODE((settings.home / "engine.json").stat().st_mode) == 0o600
    assert not (settings.home / "engine" / "root-password").exists()
    assert not list(settings.home.glob("engine.json.*"))


def test_no_password_in_the_command_line(running: Engine) -> None:
    java = psutil.Process(running.pid)
    seen = " ".join([*java.cmdline(), *(f"{k}={v}" for k, v in java.environ().items())])
    assert running.writer_password not in seen
    assert running.reader_password not in seen
    assert len(running.writer_password) >= 20
    log = (settings.home / "engine.log").read_text(encoding="utf-8", errors="replace")
    assert running.writer_password not in log


def test_it_listens_on_loopback_only(running: Engine) -> None:
    listening = [c.laddr for c in psutil.Process(running.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert {a.ip.removeprefix("::ffff:") for a in listening} == {"127.0.0.1"}
    assert {a.port for a in listening} == {running.bolt_port, running.http_port}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (n:Firm {id: 'firm:x'})",
        "MERGE (n:Firm {id: 'firm:x'})",
        "MATCH (n:Firm) SET n.name = 'x'",
        "MATCH (n:Firm) REMOVE n.name",
        "MATCH (n:Firm) DELETE n",
        "MATCH (n:Firm) DETACH DELETE n",
        "CREATE CONSTRAINT wanted IF NOT EXISTS FOR (n:Wanted) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX wanted FOR (n:Wanted) ON (n.name)",
        "DROP CONSTRAINT firm_id",
        "CREATE (n:Wanted {id: 'x'})",
    ],
)
def test_the_reader_may_only_read(running: Engine, embedded_store: Store, statement: str) -> None:
    """Refused by the engine itself, whatever the session says it wants."""
    load(embedded_store, [FACTS])
    before = contents(embedded_store)
    with GraphDatabase.driver(running.uri, auth=(READER, running.reader_password)) as driver:
        with driver.session(database=DATABASE) as session:
            assert session.run("MATCH (f:Firm) RETURN count(f) AS n").single(strict=True)["n"] == 2
        with driver.session(database=DATABASE) as session, pytest.raises(Neo4jError):
            session.run(statement).consume()
    assert contents(embedded_store) == before
    assert embedded_store.read("MATCH (n:Wanted) RETURN n") == []
    assert "wanted" not in {r["name"] for r in embedded_store.read("SHOW CONSTRAINTS YIELD name RETURN name")}


def test_nobody_gets_in_without_a_password(running: Engine) -> None:
    for auth in (None, ("root", ""), ("root", "playwithdata"), (READER, running.writer_password)):
        with GraphDatabase.driver(running.uri, auth=auth) as driver, pytest.raises(Neo4jError):
            driver.verify_connectivity()
            driver.execute_query("RETURN 1", database_=DATABASE)

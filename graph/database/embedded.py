"""The embedded engine: ArcadeDB over a data directory, in a child process, behind a Bolt endpoint.

The first process that needs the graph starts the engine; others attach to it through a state file
(pid, port, passwords; mode 0600). It stays up until ``stop()`` (``liantu stop``), survives the death
of whoever started it, and what it acknowledged survives its own. It listens on loopback only.

ArcadeDB ships in the ``arcadedb-embedded`` package together with the Java runtime that it needs.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from graph.errors import EngineError
from graph.language import say
from graph.settings import settings

DATABASE = "liantu"
WRITER, READER = "root", "reader"

#: Enforced by the engine itself: the reader may read records and nothing else.
_GROUPS = {
    "version": 1,
    "databases": {
        "*": {
            "groups": {
                "admin": {
                    "access": ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
                    "resultSetLimit": -1,
                    "readTimeout": -1,
                    "types": {"*": {"access": ["createRecord", "readRecord", "updateRecord", "deleteRecord"]}},
                },
                "reader": {
                    "access": [],
                    "resultSetLimit": -1,
                    "readTimeout": -1,
                    "types": {"*": {"access": ["readRecord"]}},
                },
            }
        }
    },
}


@dataclass(frozen=True)
class Engine:
    """A running engine: where it is and how to log in."""

    pid: int
    created: float
    bolt_port: int
    http_port: int
    writer_password: str
    reader_password: str
    #: False until database and users are set up; a starter that died in between leaves it so.
    complete: bool = False

    @property
    def uri(self) -> str:
        """Bolt address, on loopback."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    def is_alive(self) -> bool:
        """Whether the process is still the one that was started (a pid may be used again)."""
        try:
            process = psutil.Process(self.pid)
            return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - self.created) < 1.0
        except psutil.NoSuchProcess:
            return False

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/api/v1/ready", timeout=2) as answer:
                return bool(answer.status == 204)
        except OSError:
            return False


def attach(home: Path | None = None) -> Engine | None:
    """The engine that runs over ``home``, or None.

    Raises:
        EngineError: an engine is there but does not answer.
    """
    home = home or settings.home
    engine = _read_state(home)
    if engine is None or not engine.complete or not engine.is_alive():
        return None
    _wait(engine.is_ready, engine.is_alive, home)
    return engine


def start(home: Path | None = None) -> Engine:
    """The engine over ``home``: the running one, or a new one.

    Raises:
        EngineError: Python too old, no permission to write, no engine package, or the start failed.
    """
    home = home or settings.home
    _check_machine(home)
    try:
        # One starter at a time; the others wait and then attach.
        with FileLock(home / "engine.lock", timeout=settings.engine_start_seconds):
            running = attach(home)
            if running is None:
                stop(home)  # half started by a process that died
                running = _launch(home)
            return running
    except Timeout as error:
        raise EngineError(
            say(
                f"另一个进程正在启动 {home} 上的引擎，等待超时",
                f"another process is starting the engine over {home}; gave up waiting",
            )
        ) from error


def stop(home: Path | None = None) -> bool:
    """Stop the engine over ``home`` in an orderly way; False if none was running.

    It is looked for among the processes, so one whose state file was lost is found too.
    """
    home = home or settings.home
    running = [
        p for p in psutil.process_iter(["cmdline"]) if _root_option(home / "engine") in (p.info["cmdline"] or ())
    ]
    for process in running:
        process.terminate()
    for process in psutil.wait_procs(running, timeout=20)[1]:
        process.kill()
        process.wait(timeout=10)
    _state_file(home).unlink(missing_ok=True)
    return bool(running)


def _root_option(engine_dir: Path) -> str:
    """The option that tells one engine's process from another's."""
    return f"-Darcadedb.server.rootPath={engine_dir}"


def _check_machine(home: Path) -> None:
    if sys.version_info < (3, 11):  # pyproject says so too, but not to a bare checkout
        raise EngineError(say("需要 Python 3.11 或更新", "Python 3.11 or later is needed"))
    if find_spec("arcadedb_embedded") is None:
        raise EngineError(
            say(
                "未安装 arcadedb-embedded：请运行 pip install -e .，或用 NEO4J_URI 指定服务器",
                "arcadedb-embedded is not installed: run pip install -e . or set NEO4J_URI",
            )
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise EngineError(
            say(
                f"目录 {home} 不可写（{error.strerror}）；用 LIANTU_HOME 指定别处",
                f"cannot write to {home} ({error.strerror}); set LIANTU_HOME to another directory",
            )
        ) from error


def _launch(home: Path) -> Engine:
    engine_dir = home / "engine"
    config = engine_dir / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "server-groups.json").write_text(json.dumps(_GROUPS), encoding="utf-8")
    # Users are made anew at every start, with new passwords.
    (config / "server-users.jsonl").unlink(missing_ok=True)
    password, reader_password = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
    bolt_port, http_port = _free_ports(2)
    # In a file of mode 0600: a command line can be read by every user of the machine.
    password_file = engine_dir / "root-password"
    _write_private(password_file, password)
    command = _command(engine_dir, bolt_port, http_port, password_file)
    with (home / "engine.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            cwd=engine_dir,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    created = psutil.Process(child.pid).create_time()
    engine = Engine(child.pid, created, bolt_port, http_port, password, reader_password)
    _write_state(home, engine)
    _wait(engine.is_ready, lambda: child.poll() is None, home)
    password_file.unlink(missing_ok=True)
    _make_database(engine, engine_dir)
    engine = replace(engine, complete=True)
    _write_state(home, engine)
    return engine


def _command(engine_dir: Path, bolt_port: int, http_port: int, password_file: Path) -> list[str]:
    spec = find_spec("arcadedb_embedded")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    java = package / "jre" / "bin" / ("java.exe" if os.name == "nt" else "java")
    options = {
        "server.name": "liantu",
        "server.rootPasswordPath": password_file,
        # production mode would hide every error text from the client
        "server.mode": "development",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": http_port,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": "127.0.0.1",
        "bolt.port": bolt_port,
        "serverMetrics": "false",
        "studio.enabled": "false",
        # a query may read the graph and nothing else: no files, no addresses, no other languages
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
        "polyglotEngineEnabled": "false",
        "queryMaxRangeSize": 1_000_000,
    }
    return [
        str(java),
        f"-Xmx{settings.engine_heap}",
        *(["-XX:TieredStopAtLevel=1"] if settings.engine_quick_start else []),
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        _root_option(engine_dir),
        *(f"-Darcadedb.{name}={value}" for name, value in options.items()),
        "-cp",
        str(package / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def terminate_query(engine: Engine, mark: str) -> None:
    """End the reader's query whose text holds this mark, if it still runs.

    The engine ignores the driver's timeout, and its own ``command.timeout`` would hold for loads too.
    It cannot end a query that computes inside a single row.
    """
    for query in _command_server(engine, "list queries").get("result", []):
        if query.get("user") == READER and mark in query.get("text", ""):
            _command_server(engine, f"terminate query {query['id']}")


def _make_database(engine: Engine, engine_dir: Path) -> None:
    if not (engine_dir / "databases" / DATABASE).is_dir():
        _command_server(engine, f"create database {DATABASE}")
    reader = {"name": READER, "password": engine.reader_password, "databases": {DATABASE: ["reader"]}}
    _command_server(engine, f"create user {json.dumps(reader)}")


def _command_server(engine: Engine, command: str) -> dict[str, Any]:
    token = base64.b64encode(f"{WRITER}:{engine.writer_password}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{engine.http_port}/api/v1/server",
        data=json.dumps({"command": command}).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        raise EngineError(
            say(f"引擎拒绝命令（HTTP {error.code}）", f"the engine refused a command (HTTP {error.code})")
        ) from error


def _wait(ready: Callable[[], bool], alive: Callable[[], bool], home: Path) -> None:
    deadline = time.monotonic() + settings.engine_start_seconds
    while not ready():
        if not alive() or time.monotonic() > deadline:
            raise EngineError(
                say(
                    f"引擎未能启动：{_last_log_line(home)}（详见 {home / 'engine.log'}）",
                    f"the engine did not start: {_last_log_line(home)} (see {home / 'engine.log'})",
                )
            )
        time.sleep(0.1)


def _last_log_line(home: Path) -> str:
    try:
        lines = (home / "engine.log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def _state_file(home: Path) -> Path:
    return home / "engine.json"


def _read_state(home: Path) -> Engine | None:
    try:
        return Engine(**json.loads(_state_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_state(home: Path, engine: Engine) -> None:
    partial = home / f"engine.json.{os.getpid()}"
    _write_private(partial, json.dumps(asdict(engine)))
    partial.replace(_state_file(home))


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)

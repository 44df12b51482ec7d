"""A real Neo4j for the tests: fetched once by Maven, started on loopback, gone afterwards.

``with Neo4jServer() as server:`` gives ``server.uri``, ``server.user`` and ``server.password``. The version
is pinned in ``tests/neo4j/pom.xml``. Run by hand, ``python tests/neo4j_server.py`` starts one, prints how to
reach it and waits for Ctrl-C.

Environment:

* ``NEO4J_TEST_URI`` (with ``NEO4J_TEST_USER``, ``NEO4J_TEST_PASSWORD``): use that server, start nothing.
* ``LIANTU_NEO4J_CACHE``: where the jars are kept; default: the user's cache folder.
* ``JAVA_HOME``: the Java to use; else the ``java`` on the path. Neo4j 5.26 needs 17 or 21.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.etree import ElementTree

from filelock import FileLock
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError, ServiceUnavailable
from platformdirs import user_cache_dir

POM = Path(__file__).parent / "neo4j" / "pom.xml"
JAVA_VERSIONS = (17, 21)
INITIAL_PASSWORD = "neo4j"
START_SECONDS = 120.0
STOP_SECONDS = 30.0
FETCH_SECONDS = 1800.0

#: What Neo4j's own start script passes to Java, less what only matters to long-running servers: the optimising compiler
#: would take as much time again as a start and a first load.
JAVA_OPTIONS = (
    "-Xms256m",
    "-Xmx1g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-OmitStackTraceInFastThrow",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
)

#: Waits for the end of its input, which comes when the process that started it ends, however it ends;
#: then stops the server's process group and removes its home.
GUARD = """
import os, shutil, signal, sys, time
group, home = int(sys.argv[1]), sys.argv[2]
sys.stdin.read()
try:
    os.killpg(group, signal.SIGTERM)
    for _ in range(100):
        time.sleep(0.1)
        os.killpg(group, 0)
    os.killpg(group, signal.SIGKILL)
except OSError:
    pass
if home:
    shutil.rmtree(home, ignore_errors=True)
"""


class Neo4jUnavailable(RuntimeError):
    """No Neo4j can be had here; the message is one line that says why."""


def pinned_version() -> str:
    """The Neo4j version that the pom pins."""
    found = ElementTree.parse(POM).findtext(".//{*}neo4j.version")
    if not found:
        raise Neo4jUnavailable(f"{POM.name} pins no neo4j.version")
    return found


def cache_folder() -> Path:
    """Where the jars of the pinned version are kept."""
    base = os.environ.get("LIANTU_NEO4J_CACHE") or user_cache_dir("liantu", appauthor=False)
    return Path(base) / f"neo4j-{pinned_version()}"


def find_java() -> str:
    """The Java to run Neo4j with: from JAVA_HOME, else from the path.

    Raises:
        Neo4jUnavailable: there is none, or none of a version that Neo4j 5.26 runs on.
    """
    home = os.environ.get("JAVA_HOME")
    candidates = [shutil.which("java", path=str(Path(home) / "bin")) if home else None, shutil.which("java")]
    seen: list[str] = []
    for java in filter(None, candidates):
        major = java_major(java)
        if major in JAVA_VERSIONS:
            return java
        seen.append(f"{java} is {major or 'of an unknown version'}")
    wanted = " or ".join(map(str, JAVA_VERSIONS))
    raise Neo4jUnavailable(f"Neo4j needs Java {wanted}: {'; '.join(dict.fromkeys(seen)) or 'no java found'}")


def java_major(java: str) -> int | None:
    """The major version of a Java, None if it does not say."""
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(found[1]) if found else None


def fetch_jars() -> Path:
    """The folder with the jars of the pinned version, fetched by Maven the first time.

    Raises:
        Neo4jUnavailable: Maven is missing or cannot fetch them.
    """
    target = cache_folder()
    if target.is_dir():
        return target
    mvn = shutil.which("mvn")
    if mvn is None:
        raise Neo4jUnavailable(f"Neo4j {pinned_version()} is not in {target.parent} and there is no mvn to fetch it")
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock", timeout=FETCH_SECONDS):
        if not target.is_dir():  # another run may have fetched it meanwhile
            with tempfile.TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as folder:
                part = Path(folder) / "jars"
                _copy_dependencies(mvn, part)
                part.rename(target)
    return target


def _copy_dependencies(mvn: str, into: Path) -> None:
    command = [mvn, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={into}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Neo4jUnavailable(f"Maven did not fetch Neo4j {pinned_version()}: {error}") from error
    if done.returncode != 0 or not any(into.glob("neo4j-server-*.jar")):
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        reason = lines[0] if lines else f"exit code {done.returncode}"
        raise Neo4jUnavailable(f"Maven did not fetch Neo4j {pinned_version()}: {reason}")


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(home: Path, port: int) -> dict[str, str]:
    """neo4j.conf: Bolt on loopback and nothing else, small, silent towards the outside."""
    return {
        "server.directories.data": str(home / "data"),
        "server.directories.logs": str(home / "logs"),
        "server.bolt.enabled": "true",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": "64m",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "db.tx_log.rotation.retention_policy": "keep_none",
        "db.tx_log.preallocate": "false",
    }


def write_configuration(home: Path, port: int, extra: Mapping[str, str] | None = None) -> None:
    """Lay out a home: neo4j.conf (``extra`` overrides it) and the folders that it names."""
    for name in ("conf", "data", "logs"):
        (home / name).mkdir(parents=True, exist_ok=True)
    settings = {**configuration(home, port), **(extra or {})}
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")


def admin(home: Path, *arguments: str) -> str:
    """Run ``neo4j-admin`` on a home and return what it prints.

    Raises:
        RuntimeError: it failed; the message holds what it printed.
    """
    command = [find_java(), "-Xmx1g", *JAVA_OPTIONS[2:], "-cp", str(fetch_jars() / "*"), "org.neo4j.cli.AdminTool"]
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    if done.returncode != 0:
        raise RuntimeError(f"neo4j-admin {' '.join(arguments[:2])} failed ({done.returncode}): {output.strip()}")
    return output


def admin_import(home: Path, node_csvs: Iterable[Path], rel_csvs: Iterable[Path]) -> str:
    """Fill the database of a stopped home with ``neo4j-admin database import full``; returns its report.

    The files carry their header (``id:ID,:LABEL,name,…`` and ``:START_ID,:TYPE,:END_ID,…``). Afterwards
    start the home with ``Neo4jServer(home=home)``.
    """
    if not (home / "conf" / "neo4j.conf").exists():
        write_configuration(home, free_port())
    files = [f"--nodes={path.resolve()}" for path in node_csvs]
    files += [f"--relationships={path.resolve()}" for path in rel_csvs]
    options = ["--overwrite-destination", "--id-type=string", "--multiline-fields=true"]
    report = f"--report-file={home / 'import.report'}"
    return admin(home, "database", "import", "full", *options, report, "neo4j", *files)


class Neo4jServer:
    """A Neo4j server for as long as the ``with`` block lasts.

    Args:
        home: an existing home to run and to keep (see ``admin_import``); default: a new one, removed at the end.
        settings: lines of neo4j.conf that override the defaults.
    """

    def __init__(self, home: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        self.uri = os.environ.get("NEO4J_TEST_URI", "")
        self.user = os.environ.get("NEO4J_TEST_USER", "neo4j")
        self.password = os.environ.get("NEO4J_TEST_PASSWORD", "")
        self._settings = dict(settings or {})
        self._given_home = home
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server, rather than being told where one is."""
        return self._process is not None

    def start(self) -> Self:
        """Start the server and wait until Bolt answers.

        Raises:
            Neo4jUnavailable: Java or Maven is missing, or the server does not come up.
        """
        if self.uri:
            return self
        java, jars = find_java(), fetch_jars()
        try:
            self._launch(java, jars)
            self._await_bolt(time.monotonic() + START_SECONDS)
            self._own_password()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop what ``start`` started; safe to call at any time, more than once."""
        process, self._process = self._process, None
        if process is not None:
            _end_group(process)
            self.uri = ""
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.kill()
            guard.communicate()
        home, self._home = self._home, None
        if home is not None and home != self._given_home:
            shutil.rmtree(home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _launch(self, java: str, jars: Path) -> None:
        home = self._home = (self._given_home or Path(tempfile.mkdtemp(prefix="liantu-neo4j-"))).resolve()
        port = free_port()
        write_configuration(home, port, self._settings)
        self.user, self.password = "neo4j", _password_of(home) or INITIAL_PASSWORD
        command = [java, *JAVA_OPTIONS, "-cp", str(jars / "*"), "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
        with (home / "logs" / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=home,
                start_new_session=True,
            )
        self.uri = f"bolt://127.0.0.1:{port}"
        self._guard = _start_guard(self._process.pid, "" if self._given_home else str(home))

    def _await_bolt(self, deadline: float) -> None:
        assert self._process is not None
        with GraphDatabase.driver(self.uri, auth=(self.user, self.password)) as driver:
            while True:
                try:
                    return driver.verify_connectivity()
                except (ServiceUnavailable, Neo4jError, OSError) as error:
                    if self._process.poll() is not None:
                        raise Neo4jUnavailable(f"Neo4j ended while starting: {self._last_words()}") from error
                    if time.monotonic() > deadline:
                        raise Neo4jUnavailable(f"Neo4j did not answer in {START_SECONDS:.0f} s: {error}") from error
                time.sleep(0.2)

    def _own_password(self) -> None:
        """At the first start: a random password instead of the initial one, without another Java for neo4j-admin."""
        assert self._home is not None
        kept = self._home / "password"
        if kept.exists():
            return
        change = "ALTER CURRENT USER SET PASSWORD FROM $initial TO $own"
        own = secrets.token_urlsafe(18)
        with GraphDatabase.driver(self.uri, auth=(self.user, self.password)) as driver:
            driver.execute_query(change, initial=self.password, own=own, database_="system")
        kept.touch(mode=0o600)
        kept.write_text(own, encoding="utf-8")
        self.password = own

    def _last_words(self) -> str:
        """The line of the console log that best says what went wrong."""
        assert self._home is not None
        log = (self._home / "logs" / "console.log").read_text(encoding="utf-8", errors="replace")
        lines = [line.strip() for line in log.splitlines() if line.strip()]
        errors = [line for line in lines if re.search(r"ERROR|Exception|Error", line)]
        return next(iter(errors or lines[-1:]), "no output")


def _password_of(home: Path) -> str | None:
    """The home's password, None before its first start."""
    kept = home / "password"
    return kept.read_text(encoding="utf-8") if kept.exists() else None


def _start_guard(group: int, home: str) -> subprocess.Popen[bytes] | None:
    """A process that cleans up should this one be killed; only where there are process groups."""
    if not hasattr(os, "killpg"):
        return None
    return subprocess.Popen(
        [sys.executable, "-c", GUARD, str(group), home], stdin=subprocess.PIPE, start_new_session=True
    )


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and its children to end, and make them if they do not."""
    for ask in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if process.poll() is not None:
            return
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, ask)
            else:
                process.terminate()
            process.wait(STOP_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def main() -> int:
    """Start a server, say how to reach it, and wait for Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    began = time.monotonic()
    try:
        with Neo4jServer() as server:
            print(f"Neo4j at {server.uri}  user {server.user}  password {server.password}")
            print(f"({time.monotonic() - began:.1f} s; Ctrl-C ends it)", flush=True)
            while server.is_ours:
                time.sleep(1)
    except Neo4jUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())

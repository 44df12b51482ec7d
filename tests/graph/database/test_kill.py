"""kill -9 at any moment of a load: the graph is as before or as after, never in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from graph.database import embedded
from graph.database.store import Store
from graph.database.writing import load
from graph.facts import Facts
from graph.schema import Firm, LocatedIn, OperatesIn, Region, Segment
from tests.conftest import Database, Graph, books, contents, facts_of

TOP = Path(__file__).resolve().parents[3]
SIZE = 100

#: Forks a loader a line of its input, so that the libraries are imported once; says the loader's pid, and what becomes of it.
NURSERY = """
import os, sys
from graph.database.writing import load
from graph.database.store import Store
from tests.graph.database.test_kill import version
facts = {name: version(name) for name in ("old", "new")}
print("nursery", flush=True)
for line in iter(sys.stdin.readline, ""):
    if os.fork() == 0:
        try:
            store = Store.open()
            print(os.getpid(), flush=True)
            load(store, [facts[line.strip()]])
            print("done", flush=True)
        finally:
            os._exit(0)
    os.wait()
    print("ended", flush=True)
"""


def version(name: str) -> Facts:
    """Two states of one dataset: a third of the firms in both but otherwise, a third in either."""
    offset = {"old": 0, "new": SIZE // 2}[name]
    facts = facts_of(
        "moving",
        Region(id="region:510100", name="成都市", level="city"),
        Segment(id="seg:a/1", name="料", position="upstream", order=1),
    )
    for number in range(offset, offset + SIZE):
        firm = f"firm:{number}"
        facts.add(
            Firm(id=firm, name=f"{number} 号公司", note=name),
            LocatedIn(start=firm, end="region:510100"),
            OperatesIn(start=firm, end="seg:a/1", capacity=number + offset),
        )
    return facts


class Nursery:
    """Loaders to be killed, each a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            cwd=TOP,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._line() == "nursery"

    def begin(self, name: str) -> int:
        """The pid of a process that begins to load a version."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> bool:
        """Wait for the loader's end; whether it said that it was done."""
        said = []
        while not said or said[-1] != "ended":
            said.append(self._line())
        return "done" in said

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def settled(store: Store) -> tuple[Graph, object]:
    """The graph once nothing moves any more: the dead client's last request may still be under way."""
    seen = contents(store), books(store)
    while (again := (contents(store), books(store))) != seen:
        seen = again
    return seen


def both_states(store: Store) -> dict[str, tuple[Graph, object]]:
    states = {}
    for name in ("new", "old"):
        load(store, [version(name)])
        states[name] = contents(store), books(store)
    return states


def duration(nursery: Nursery, store: Store) -> float:
    """Of an undisturbed load; the graph is as it was afterwards."""
    times = []
    for name in ("new", "old"):
        nursery.begin(name)
        began = time.monotonic()
        assert nursery.end()
        times.append(time.monotonic() - began)
    return min(times)


@pytest.fixture
def nursery(database: Database, environment: Callable[[Database], dict[str, str]]) -> Iterator[Nursery]:
    nursery = Nursery(environment(database))
    yield nursery
    nursery.close()


def test_a_killed_loader_leaves_the_graph_as_before_or_as_after(database: Database, nursery: Nursery) -> None:
    rounds = 20 if database.store.backend.dialect.name == "embedded" else 5
    store = database.empty()
    states = both_states(store)
    assert states["old"] != states["new"]
    lasts, moments, now = duration(nursery, store), random.Random(20_220_422), "old"
    outcomes = []
    for number in range(rounds):
        other = "new" if now == "old" else "old"
        pid = nursery.begin(other)
        time.sleep(lasts * 1.1 * (number + moments.random()) / rounds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        finished = nursery.end()
        found = settled(store)
        assert found in states.values(), f"neither before nor after, killed at {number} of {rounds}"
        was, now = now, "new" if found == states["new"] else "old"
        assert not finished or now == other
        outcomes.append(was != now)
    assert False in outcomes  # or it was killed too late every time
    other = "new" if now == "old" else "old"
    load(store, [version(other)])  # the way is free
    assert (contents(store), books(store)) == states[other]


def test_a_killed_engine_leaves_the_graph_as_before_or_as_after(
    tmp_path: Path, environment: Callable[[Database], dict[str, str]]
) -> None:
    with Store.open(tmp_path) as store:
        states = both_states(store)
        nursery = Nursery(environment(Database(store, {"LIANTU_HOME": str(tmp_path), "NEO4J_URI": ""})))
        lasts = duration(nursery, store)
    moments, now = random.Random(5), "old"
    for number in range(5):
        other = "new" if now == "old" else "old"
        engine = embedded.attach(tmp_path)
        assert engine is not None
        pid = nursery.begin(other)
        time.sleep(lasts * (number + moments.random()) / 5)
        victim = psutil.Process(engine.pid)
        victim.kill()
        victim.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it would go on asking for half a minute
        finished = nursery.end()
        with Store.open(tmp_path) as store:
            found = contents(store), books(store)
        assert found in states.values(), f"neither before nor after, killed at {number} of 5"
        now = "new" if found == states["new"] else "old"
        assert not finished or now == other
    nursery.close()
    embedded.stop(tmp_path)

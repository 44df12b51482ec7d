"""Bring what datasets say into the graph: whole or not at all, twice is once, in any order.

A load is planned first: what the datasets now say is set against what is on record, and the
differences become changes (``graph.database.planning``, ``graph.database.changes``). A plan of up to ``single_transaction_facts`` changes is
planned and applied in one transaction. A larger one is applied in batches, from a journal on disk, and
the ``LoadState`` node counts the batches in the same transactions: a load that is cut off shows
in ``liantu status`` and is finished (``resume``) or undone (``roll_back``).
"""

from __future__ import annotations

import gc
import gzip
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock, Timeout
from neo4j import ManagedTransaction

from graph.database.changes import Change, apply, in_order, tally
from graph.database.planning import batched, now, plan
from graph.database.store import Store
from graph.errors import LiantuError, StoreError
from graph.facts import Facts
from graph.language import say
from graph.schema import NODE_TYPES, LoadState
from graph.settings import settings

Progress = Callable[[str, int, int], None]
_LOCK_ID = f"{LoadState.prefix}:state"


class UnfinishedLoadError(LiantuError):
    """A load in batches was cut off; it must be resumed or rolled back first."""


@dataclass
class LoadResult:
    """What a load did: label or type -> count."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All changes."""
        return self.created.total() + self.updated.total() + self.removed.total()

    def add(self, changes: Iterable[Change]) -> None:
        """Count these changes too; those of the books do not count."""
        for action, counts in tally(c for c in changes if c.kind not in _INTERNAL).items():
            getattr(self, action).update(counts)


def load(store: Store, facts: Sequence[Facts], progress: Progress = lambda *_: None) -> LoadResult:
    """Make the graph say of each of these datasets what ``facts`` says, and no more.

    Raises:
        UnfinishedLoadError: an earlier load in batches was cut off.
        StoreError: the database refused; the graph is as before.
    """
    store.prepare()
    size = sum(len(f.nodes) + len(f.relationships) for f in facts)
    with _alone(store, progress), _without_collector():
        if size <= settings.single_transaction_facts:
            return store.write(lambda tx: _load_at_once(tx, facts, progress))
        return _load_in_batches(store, facts, progress)


def remove(store: Store, dataset_ids: Iterable[str], progress: Progress = lambda *_: None) -> LoadResult:
    """Take back all that these datasets said."""
    ids = sorted(dataset_ids)
    with _alone(store, progress):
        return store.write(lambda tx: _apply_plan(tx, _plan_alone(tx, [], ids), progress))


def apply_changes(
    store: Store, changes: Callable[[], Iterable[Change]], size: int, progress: Progress = lambda *_: None
) -> LoadResult:
    """Bring about changes that were worked out elsewhere (a snapshot): whole or not at all, as ``load`` does.

    Parameters
    ----------
    changes: makes them, under the lock of loads; nodes come before the relationships that need them and go after these.
    size: about how many there are; many are applied in batches.

    Raises:
        UnfinishedLoadError: an earlier load in batches was cut off.
        StoreError: the database refused; the graph is as before.
    """
    store.prepare()

    def alone(tx: ManagedTransaction) -> Iterator[Change]:
        _take_lock(tx)
        for batch in batched(changes(), settings.batch_rows):
            yield from in_order(batch)

    with _alone(store, progress):  # with the collector: what streams through here must leave memory again
        if size <= settings.single_transaction_facts:
            return store.write(lambda tx: _apply_plan(tx, list(alone(tx)), progress))
        journal = _Journal(uuid4().hex)
        total = store.write(lambda tx: _begin(tx, journal, alone(tx)))
        return _run_batches(store, journal, 0, total, progress)


def unfinished(store: Store) -> dict[str, Any] | None:
    """The load that was cut off ({state, load_id, done, total, started}), or None."""
    rows = store.read("MATCH (s:LoadState) WHERE s.state <> 'idle' RETURN properties(s) AS s")
    return rows[0]["s"] if rows else None


def resume(store: Store, progress: Progress = lambda *_: None) -> LoadResult:
    """Finish the load that was cut off (or its roll-back)."""
    with _alone(store, progress):
        state = _require_unfinished(store)
        if state["state"] == "rolling_back":
            return _undo_batches(store, state, progress)
        return _run_batches(store, _Journal(state["load_id"]), state["done"], state["total"], progress)


def roll_back(store: Store, progress: Progress = lambda *_: None) -> LoadResult:
    """Undo the load that was cut off: the graph is as before it."""
    with _alone(store, progress):
        return _undo_batches(store, _require_unfinished(store), progress)


def _load_at_once(tx: ManagedTransaction, facts: Sequence[Facts], progress: Progress) -> LoadResult:
    return _apply_plan(tx, _plan_alone(tx, facts, []), progress)


def _apply_plan(tx: ManagedTransaction, changes: list[Change], progress: Progress) -> LoadResult:
    apply(tx, changes, settings.batch_rows)
    progress(say("写入", "writing"), len(changes), len(changes))
    return LoadResult(**tally(c for c in changes if c.kind not in _INTERNAL))


_INTERNAL = {label for label, node_type in NODE_TYPES.items() if node_type.internal}


# --- the lock, the journal and the batches -----------------------------------------------------------


@contextmanager
def _alone(store: Store, progress: Progress) -> Iterator[None]:
    """Loads wait for each other here, where the database does not make them wait at the LoadState node."""
    if store.backend.dialect.loads_queue:
        yield
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "load.lock")  # gone with its process
    try:
        lock.acquire(blocking=False)
    except Timeout:
        progress(say("等待另一次载入", "waiting for another load"), 0, 1)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _without_collector() -> Iterator[None]:
    """A load makes millions of dictionaries and no cycles; searching them for cycles again and again took a third of it."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _plan_alone(tx: ManagedTransaction, facts: Sequence[Facts], removed: Sequence[str]) -> list[Change]:
    """The plan, made under the lock of loads."""
    _take_lock(tx)
    return plan(tx, facts, removed)


def _take_lock(tx: ManagedTransaction) -> None:
    """Write the one LoadState node: loads run one after another.

    Raises:
        UnfinishedLoadError: a load in batches was cut off.
    """
    record = tx.run(
        "MERGE (s:LoadState {id: $id}) SET s.turn = coalesce(s.turn, 0) + 1, s.state = coalesce(s.state, 'idle'), "
        "s.name = '载入状态' RETURN s.state AS state",
        id=_LOCK_ID,
    ).single(strict=True)
    if record["state"] != "idle":
        raise UnfinishedLoadError(
            say(
                "有一次分批载入尚未完成（仍在进行，或已中断）：若已中断，用 liantu load --resume 完成或 liantu load --rollback 撤销",
                "a load in batches is not finished (still running, or cut off): if cut off, finish it by liantu load --resume or undo it by liantu load --rollback",
            )
        )


def _load_in_batches(store: Store, facts: Sequence[Facts], progress: Progress) -> LoadResult:
    progress(say("比对", "planning"), 0, 1)
    journal = _Journal(uuid4().hex)
    total = store.write(lambda tx: _begin(tx, journal, _plan_alone(tx, facts, [])))
    return _run_batches(store, journal, 0, total, progress)


def _begin(tx: ManagedTransaction, journal: _Journal, changes: Iterable[Change]) -> int:
    total = journal.write(changes)
    tx.run(
        "MATCH (s:LoadState {id: $id}) "
        "SET s.state = 'running', s.load_id = $load_id, s.done = 0, s.total = $total, s.started = $now",
        id=_LOCK_ID,
        load_id=journal.load_id,
        total=total,
        now=now(),
    ).consume()
    return total


def _run_batches(store: Store, journal: _Journal, done: int, total: int, progress: Progress) -> LoadResult:
    result = LoadResult()
    for number, changes in enumerate(journal.batches(), start=1):
        if number > done:
            store.write(partial(_apply_batch, journal.load_id, "running", number - 1, number, changes))
        result.add(changes)
        progress(say("写入", "writing"), number, total)
    store.write(lambda tx: _set_idle(tx, journal.load_id))
    journal.delete()
    return result


def _undo_batches(store: Store, state: dict[str, Any], progress: Progress) -> LoadResult:
    journal = _Journal(state["load_id"])
    batches = list(journal.batches())[: state["done"]]
    undone: list[Change] = []
    for number in range(len(batches), 0, -1):
        changes = in_order(change.inverse() for change in batches[number - 1])
        store.write(partial(_apply_batch, journal.load_id, "rolling_back", number, number - 1, changes))
        undone += changes
        progress(say("撤销", "rolling back"), len(batches) - number + 1, len(batches))
    store.write(lambda tx: _set_idle(tx, journal.load_id))
    journal.delete()
    return LoadResult(**tally(undone))


def _apply_batch(
    load_id: str, state: str, expected: int, done: int, changes: Sequence[Change], tx: ManagedTransaction
) -> None:
    record = tx.run(
        "MATCH (s:LoadState {id: $id}) WHERE s.load_id = $load_id AND s.done = $expected "
        "SET s.done = $done, s.state = $state RETURN s.done AS done",
        id=_LOCK_ID,
        load_id=load_id,
        expected=expected,
        done=done,
        state=state,
    ).single()
    if record is None:
        raise StoreError(say("另一个进程正在处理这次载入", "another process is at work on this load"))
    apply(tx, changes, settings.batch_rows)


def _set_idle(tx: ManagedTransaction, load_id: str) -> None:
    tx.run(
        "MATCH (s:LoadState {id: $id, load_id: $load_id}) SET s.state = 'idle' REMOVE s.load_id, s.started, s.done, s.total",
        id=_LOCK_ID,
        load_id=load_id,
    ).consume()


def _require_unfinished(store: Store) -> dict[str, Any]:
    state = unfinished(store)
    if state is None:
        raise LiantuError(say("没有中断的载入", "no load was cut off"))
    return state


class _Journal:
    """All changes of one load in batches, on disk before the first is applied."""

    def __init__(self, load_id: str) -> None:
        self.load_id = load_id
        self._path: Path = settings.home / "loads" / f"{load_id}.jsonl.gz"

    def write(self, changes: Iterable[Change]) -> int:
        """Write the journal; how many batches it has."""
        count = 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(self._path, "wt", encoding="utf-8", compresslevel=1) as file:
            for count, change in enumerate(changes, start=1):  # noqa: B007
                file.write(change.to_json() + "\n")
        with self._path.open("rb") as file_on_disk:
            os.fsync(file_on_disk.fileno())
        return -(-count // settings.batch_rows)

    def batches(self) -> Iterator[list[Change]]:
        """The changes, batch by batch.

        Raises:
            StoreError: the journal is not on this machine.
        """
        if not self._path.exists():
            raise StoreError(
                say(
                    f"本机没有这次载入的日志 {self._path}；请在原机器上继续",
                    f"the journal {self._path} of this load is not on this machine; go on where it was begun",
                )
            )
        with gzip.open(self._path, "rt", encoding="utf-8") as file:
            yield from batched(map(Change.from_json, file), settings.batch_rows)

    def delete(self) -> None:
        """Forget it: the load is finished or undone."""
        self._path.unlink(missing_ok=True)

"""The whole graph as one dated file, and back again: node for node, relationship for relationship, books included.

The graph is read and written in batches: of a large one, memory holds the ids of the nodes and one batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from graph.database.changes import Change, changed
from graph.database.planning import batched
from graph.database.snapshot_files import (
    LABELS,
    SUFFIX,
    Item,
    Snapshot,
    SnapshotError,
    header_of,
    items_in,
    verify,
    write,
)
from graph.database.store import Store
from graph.database.writing import LoadResult, Progress, apply_changes, unfinished
from graph.language import say
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, LoadState
from graph.settings import settings

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d)?)?)?")


# --- taking ------------------------------------------------------------------------------------------------


def take(store: Store, target: Path | None = None, note: str = "", progress: Progress = lambda *_: None) -> Snapshot:
    """Write the graph to a file.

    Parameters
    ----------
    target: the file, or a directory to put it in; by default ``snapshots`` in the program's home.
    note: a line for the reader of the list.

    Raises:
        SnapshotError: the file is there already, a load is not finished, or the graph was changed meanwhile.
        OSError: the file cannot be written.
    """
    made = datetime.now().astimezone()
    path = _free_path(target or settings.home / "snapshots", made)
    before = _turn(store)

    def settled() -> None:
        if _turn(store) != before:
            raise SnapshotError(
                say(
                    "快照期间图谱有变动，未写出；请重试",
                    "the graph was changed meanwhile; nothing was written, try again",
                )
            )

    empty = Snapshot(path, made.isoformat(timespec="seconds"), " ".join(note.split()), store.data_date(), {}, {}, "")
    return write(empty, items_of(store, progress), settled)


def items_of(store: Store, progress: Progress = lambda *_: None) -> Iterator[Item]:
    """Every node and relationship of the schema in the order of a snapshot; internal books, but not the lock of loads."""
    ids = {label: _ids(store, label) for label in LABELS}
    total, done = 2 * sum(map(len, ids.values())), 0
    for read in (_nodes, _relationships):
        for label in sorted(ids):
            for batch in batched(ids[label], settings.batch_rows):
                yield from read(store, label, batch)
                done += len(batch)
                progress(say("读取图谱", "reading the graph"), done, total)


def _ids(store: Store, label: str) -> list[str]:
    """Sorted here: engines order characters beyond the basic plane in different ways."""
    cypher = f"MATCH (n:{label}) WHERE n.id STARTS WITH $prefix RETURN collect(n.id) AS ids"
    return sorted(store.read(cypher, prefix=f"{NODE_TYPES[label].prefix}:")[0]["ids"])


def _nodes(store: Store, label: str, ids: list[str]) -> Iterator[Item]:
    rows = store.read(f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN properties(n) AS p", ids=ids)
    yield from sorted((Item(label, row["p"]) for row in rows), key=lambda item: item.key)


def _relationships(store: Store, label: str, ids: list[str]) -> Iterator[Item]:
    cypher = (
        f"UNWIND $ids AS id MATCH (a:{label} {{id: id}})-[r]->(b) WHERE r.id IS NOT NULL AND b.id IS NOT NULL "
        "RETURN type(r) AS kind, id AS start, b.id AS end, properties(r) AS p"
    )
    found = (
        Item(row["kind"], row["p"], row["start"], row["end"])
        for row in store.read(cypher, ids=ids)
        if row["kind"] in RELATIONSHIP_TYPES
    )
    yield from sorted(found, key=lambda item: item.key)


def _turn(store: Store) -> int:
    """The number of loads so far.

    Raises:
        SnapshotError: one of them is not finished.
    """
    if unfinished(store) is not None:
        raise SnapshotError(
            say(
                "有一次载入尚未完成，请先 liantu load --resume 或 --rollback",
                "a load is not finished: run liantu load --resume or --rollback first",
            )
        )
    rows = store.read("MATCH (s:LoadState) RETURN s.turn AS turn")
    return rows[0]["turn"] if rows else 0


def _free_path(target: Path, made: datetime) -> Path:
    """The file to write: the one that is named, or one in that directory with date and time in its name.

    Raises:
        SnapshotError: the named file is there already.
    """
    if target.name.endswith(SUFFIX):
        if target.exists():
            raise SnapshotError(say(f"{target} 已存在，不覆盖", f"{target} is there already"))
        return target
    stem = made.strftime("liantu-%Y-%m-%d-%H%M%S")
    names = (f"{stem}{f'-{n}' if n > 1 else ''}{SUFFIX}" for n in range(1, 1000))
    return next(path for name in names if not (path := target / name).exists())


# --- finding -----------------------------------------------------------------------------------------------


def listed(folder: Path | None = None) -> list[Snapshot]:
    """The snapshots of a directory (by default the program's own), oldest first; what is none is left out."""
    snapshots = []
    for path in (folder or settings.home / "snapshots").glob(f"*{SUFFIX}"):
        try:
            snapshots.append(header_of(path))
        except (SnapshotError, OSError):
            continue
    return sorted(snapshots, key=lambda s: (s.made, s.path.name))


def find(text: str, folder: Path | None = None) -> Snapshot:
    """The snapshot that a file name, a name in the list or a date means; a date means the newest not later than it.

    Raises:
        SnapshotError: there is none.
    """
    folder = folder or settings.home / "snapshots"
    for path in (Path(text), folder / text, folder / f"{text}{SUFFIX}"):
        if path.is_file():
            return header_of(path)
    known = listed(folder)
    if _DATE.fullmatch(text):
        earlier = [s for s in known if s.made[: len(text)] <= text.replace(" ", "T")]
        if earlier:
            return earlier[-1]
        first = say(f"；最早的是 {known[0].label}", f"; the oldest is of {known[0].label}") if known else ""
        raise SnapshotError(say(f"{text} 及以前没有快照{first}", f"no snapshot of {text} or before{first}"))
    raise SnapshotError(
        say(f"没有快照 {text}；见 liantu snapshot --list", f"no snapshot {text}; see liantu snapshot --list")
    )


# --- restoring ---------------------------------------------------------------------------------------------


def restore(store: Store, path: Path, *, replaced: bool = False, progress: Progress = lambda *_: None) -> LoadResult:
    """Make the graph what a snapshot says: whole or not at all. The file is read to its end before anything is touched.

    Parameters
    ----------
    replaced: whether a graph that is not empty may be replaced; only what differs is written.

    Raises:
        SnapshotError: the file is no snapshot or damaged, or the graph is not empty.
        UnfinishedLoadError: an earlier load was cut off.
        StoreError: the database refused; the graph is as before.
    """
    progress(say("检查快照", "checking the snapshot"), 0, 1)
    snapshot = verify(path)

    def changes() -> Iterator[Change]:
        """Under the lock of loads: nobody fills the graph in between."""
        if _is_bare(store):
            return (item.change(None, item.properties) for item in items_in(path))
        if not replaced:
            raise SnapshotError(
                say(
                    "图谱不是空的：恢复会替换其全部内容，确认请加 --replace",
                    "the graph is not empty: restoring replaces all of it; add --replace if that is meant",
                )
            )
        return _differences(store, path)

    return apply_changes(store, changes, snapshot.node_count + snapshot.relationship_count, progress)


def _is_bare(store: Store) -> bool:
    return not store.read(f"MATCH (n) WHERE NOT n:{LoadState.label()} RETURN 1 AS one LIMIT 1")


def _differences(store: Store, path: Path) -> Iterator[Change]:
    """What has to change in the graph; nodes go last, when no relationship holds them any more."""
    yield from (c for c in _merged(items_of(store), items_in(path)) if c.after is not None or c.start is not None)
    yield from (c for c in _merged(items_of(store), items_in(path)) if c.after is None and c.start is None)


def _merged(now: Iterator[Item], then: Iterator[Item]) -> Iterator[Change]:
    """Two graphs in the order of snapshots, side by side."""
    here, there = next(now, None), next(then, None)
    while here is not None or there is not None:
        if there is None or (here is not None and here.key < there.key):
            assert here is not None
            yield here.change(here.properties, None)
            here = next(now, None)
        elif here is None or there.key < here.key:
            yield there.change(None, there.properties)
            there = next(then, None)
        else:
            if changed(here.properties, there.properties):
                yield here.change(here.properties, there.properties)
            here, there = next(now, None), next(then, None)

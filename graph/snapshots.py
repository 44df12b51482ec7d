"""The whole graph as one dated file, and back again: node for node, relationship for relationship, books included.

A snapshot is JSON lines, compressed with gzip: a header, then every node in the order of label and id, then every
relationship in the order of its start and its id. The order is Python's, so that the same graph gives the same
bytes after the header on every engine. Reading and writing are streams: of a large graph, memory holds the ids of the
nodes and one batch.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError

from graph.assessment import data_date
from graph.changes import Change, changed
from graph.errors import LiantuError
from graph.language import say
from graph.loading import LoadResult, Progress, apply_changes, unfinished
from graph.planning import batched
from graph.schema import BOOKKEEPING, NODE_TYPES, RELATIONSHIP_TYPES, LoadState, Node, Relationship, label_of
from graph.settings import settings
from graph.statements import Properties
from graph.store import Store

FORMAT, VERSION = "liantu-snapshot", 1
SUFFIX = ".jsonl.gz"
#: Longer lines are not of our making; they would fill memory.
_LONGEST_LINE = 16 * 2**20
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d)?)?)?")
#: Labels that a snapshot holds: all but the lock of loads.
_LABELS = sorted(label for label in NODE_TYPES if label != LoadState.label())


class SnapshotError(LiantuError):
    """The file is no snapshot, is damaged, or may not be restored here."""


@dataclass(frozen=True)
class Snapshot:
    """What the header of a snapshot says.

    ``made`` is local time (ISO 8601), ``data_date`` the newest evidence on firms in it, ``nodes`` and ``relationships``
    count by label and type, ``sha256`` is that of everything after the header: the same for the same graph.
    """

    path: Path
    made: str
    note: str
    data_date: str | None
    nodes: dict[str, int]
    relationships: dict[str, int]
    sha256: str

    @property
    def node_count(self) -> int:
        """Nodes of all labels."""
        return sum(self.nodes.values())

    @property
    def relationship_count(self) -> int:
        """Relationships of all types."""
        return sum(self.relationships.values())

    @property
    def label(self) -> str:
        """How a report names it: 2026-11-22 10:30 (note)."""
        return f"{self.made[:16].replace('T', ' ')}" + (say(f"（{self.note}）", f" ({self.note})") if self.note else "")


class Item(NamedTuple):
    """One node or relationship of a graph; a node has no ends."""

    kind: str
    properties: Properties
    start: str = ""
    end: str = ""

    @property
    def key(self) -> tuple[bool, str, str, str]:
        """Where it stands in a snapshot, and what tells it from all others."""
        own = str(self.properties["id"])
        return bool(self.start), label_of(self.start or own), self.start, own

    def line(self) -> bytes:
        """Its line in a snapshot."""
        ends = [self.start, self.end] if self.start else []
        properties = {name: self.properties[name] for name in sorted(self.properties)}
        return json.dumps([self.kind, *ends, properties], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def change(self, before: Properties | None, after: Properties | None) -> Change:
        """That it was ``before`` and will be ``after``."""
        return Change(self.kind, str(self.properties["id"]), before, after, self.start or None, self.end or None)


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
    path.parent.mkdir(parents=True, exist_ok=True)
    body, whole = (path.with_name(f".{path.name}.{part}") for part in ("body", "part"))
    before = _turn(store)
    snapshot = Snapshot(path, made.isoformat(timespec="seconds"), " ".join(note.split()), data_date(store), {}, {}, "")
    try:
        snapshot = _write_body(body, items_of(store, progress), snapshot)
        if _turn(store) != before:
            raise SnapshotError(
                say(
                    "快照期间图谱有变动，未写出；请重试",
                    "the graph was changed meanwhile; nothing was written, try again",
                )
            )
        _write_whole(whole, snapshot, body)
        whole.replace(path)
    finally:
        body.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)
    return snapshot


def items_of(store: Store, progress: Progress = lambda *_: None) -> Iterator[Item]:
    """Every node and relationship of the schema in the order of a snapshot; internal books, but not the lock of loads."""
    ids = {label: _ids(store, label) for label in _LABELS}
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
            say("有一次载入尚未完成，请先 liantu load --resume 或 --rollback",
                "a load is not finished: run liantu load --resume or --rollback first")
        )  # fmt: skip
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


def _write_body(path: Path, items: Iterable[Item], header: Snapshot) -> Snapshot:
    """The lines after the header; what the header has to say of them."""
    nodes, relationships, digest = Counter[str](), Counter[str](), hashlib.sha256()
    with path.open("wb") as file, _compressed(file) as lines:
        for item in items:
            line = item.line()
            digest.update(line)
            lines.write(line)
            (relationships if item.start else nodes)[item.kind] += 1
    return replace(
        header,
        nodes=dict(sorted(nodes.items())),
        relationships=dict(sorted(relationships.items())),
        sha256=digest.hexdigest(),
    )


def _write_whole(path: Path, snapshot: Snapshot, body: Path) -> None:
    """Header and body are a gzip member each: what the header says is known only after the body is written."""
    header = {
        "format": FORMAT, "version": VERSION, "made": snapshot.made, "note": snapshot.note,
        "data_date": snapshot.data_date, "nodes": snapshot.nodes, "relationships": snapshot.relationships,
        "sha256": snapshot.sha256,
    }  # fmt: skip
    with path.open("wb") as file:
        with _compressed(file) as lines:
            lines.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
        with body.open("rb") as rest:
            shutil.copyfileobj(rest, file)


def _compressed(file: BinaryIO) -> gzip.GzipFile:
    """Without name and time, which would make other bytes of the same graph."""
    return gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)


# --- reading -----------------------------------------------------------------------------------------------


def header_of(path: Path) -> Snapshot:
    """What a snapshot says of itself.

    Raises:
        SnapshotError: it is none, or of another version.
        OSError: there is no such file.
    """
    with _readable(path), gzip.open(path) as file:
        return _header(path, file)


def listed(folder: Path | None = None) -> list[Snapshot]:
    """The snapshots of a directory (by default the program's own), oldest first; what is none is left out."""
    found = []
    for path in (folder or settings.home / "snapshots").glob(f"*{SUFFIX}"):
        try:
            found.append(header_of(path))
        except (SnapshotError, OSError):
            continue
    return sorted(found, key=lambda s: (s.made, s.path.name))


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


def verify(path: Path) -> Snapshot:
    """Read a snapshot to its end and hold every line against the schema.

    Raises:
        SnapshotError: it is none, cut off, changed, or holds what the schema does not allow.
    """
    ids: set[str] = set()
    for number, item in enumerate(items_in(path), start=2):
        try:
            _check(item, ids)
        except (ValueError, TypeError, KeyError) as error:
            raise SnapshotError(
                say(f"{path.name} 第 {number} 行不合本体：{_first(error)}", f"{path.name} line {number} does not fit the schema: {_first(error)}")
            ) from error  # fmt: skip
        if not item.start:
            ids.add(item.properties["id"])
    return header_of(path)


def items_in(path: Path) -> Iterator[Item]:
    """The nodes and relationships of a snapshot, in its order.

    Raises:
        SnapshotError: it is none, cut off or changed; that may show only at the end.
    """
    with _readable(path), gzip.open(path) as file:
        header, digest = _header(path, file), hashlib.sha256()
        expected, last = header.node_count + header.relationship_count, (False, "", "", "")
        count = 0
        while line := _line(file):
            count, item = count + 1, _parse(line)
            if item.key <= last or count > expected:
                raise ValueError
            digest.update(line)
            last = item.key
            yield item
        if count != expected or digest.hexdigest() != header.sha256:
            raise ValueError


def _header(path: Path, file: BinaryIO | gzip.GzipFile) -> Snapshot:
    said = json.loads(_line(file))
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError
    if said["version"] != VERSION:
        raise SnapshotError(
            say(f"{path.name} 是第 {said['version']} 版快照，本程序读第 {VERSION} 版",
                f"{path.name} is a snapshot of version {said['version']}; this program reads version {VERSION}")
        )  # fmt: skip
    nodes, relationships = ({str(k): int(v) for k, v in said[part].items()} for part in ("nodes", "relationships"))
    date = said["data_date"]
    made, note, sha256 = (str(said[name]) for name in ("made", "note", "sha256"))
    return Snapshot(path, made, note, date and str(date), nodes, relationships, sha256)


def _line(file: BinaryIO | gzip.GzipFile) -> bytes:
    line = file.readline(_LONGEST_LINE)
    if line and not line.endswith(b"\n"):
        raise ValueError
    return line


def _parse(line: bytes) -> Item:
    match json.loads(line):
        case [str(kind), dict(properties)]:
            return Item(kind, properties)
        case [str(kind), str(start), str(end), dict(properties)]:
            return Item(kind, properties, start, end)
    raise ValueError


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file as one readable line."""
    try:
        yield
    except (
        EOFError,
        zlib.error,
        gzip.BadGzipFile,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise SnapshotError(
            say(f"{path.name} 不是快照，或已截断、被改动", f"{path.name} is no snapshot, or it was cut off or changed")
        ) from error


def _check(item: Item, ids: set[str]) -> None:
    """Hold one line against the schema.

    Raises:
        ValueError: label, type, ends, a property or the books are not what the schema declares.
    """
    properties = {name: value for name, value in item.properties.items() if name not in BOOKKEEPING}
    for value in item.properties.values():
        _check_plain(value)
    _check_books(item.properties)
    if item.start:
        for end in (item.start, item.end):
            if end not in ids:
                raise ValueError(end)
        relationship_type: type[Relationship] = RELATIONSHIP_TYPES[item.kind]
        fields = {k: v for k, v in properties.items() if k in relationship_type.model_fields}
        if relationship_type(start=item.start, end=item.end, **fields).id != properties["id"]:
            raise ValueError(properties["id"])
    elif item.kind not in _LABELS or label_of(properties["id"]) != item.kind:
        raise ValueError(f"{item.kind} {properties['id']}")
    elif not item.properties.get("placeholder"):
        node_type: type[Node] = NODE_TYPES[item.kind]
        node_type.model_validate({k: v for k, v in properties.items() if k in node_type.model_fields})


def _check_plain(value: Any) -> None:
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, (str, int, float, bool)) or (isinstance(one, float) and not math.isfinite(one)):
            raise ValueError(repr(one)[:80])


def _check_books(properties: Properties) -> None:
    datasets = properties.get("datasets", [])
    if not isinstance(datasets, list) or not all(isinstance(d, str) for d in datasets):
        raise ValueError("datasets")
    if "statements" in properties:
        said = [json.loads(s) for s in properties["statements"]]
        if len(said) != len(datasets) or not all(isinstance(s, dict) for s in said):
            raise ValueError("statements")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip()
    return str(error)


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
                say("图谱不是空的：恢复会替换其全部内容，确认请加 --replace",
                    "the graph is not empty: restoring replaces all of it; add --replace if that is meant")
            )  # fmt: skip
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

"""The file of a snapshot: a graph as JSON lines, compressed with gzip. Knows no database.

A header, then every node in the order of label and id, then every relationship in the order of its start and its
id. The order is Python's, so that the same graph gives the same bytes after the header on every engine. Reading and
writing are streams; a check keeps the ids of the nodes in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError

from graph.database.changes import Change
from graph.errors import LiantuError
from graph.language import say
from graph.schema import BOOKKEEPING, NODE_TYPES, RELATIONSHIP_TYPES, LoadState, Node, Relationship, label_of
from graph.statements import Properties

FORMAT, VERSION = "liantu-snapshot", 1
SUFFIX = ".jsonl.gz"
#: Labels that a snapshot holds: all but the lock of loads.
LABELS = sorted(label for label in NODE_TYPES if label != LoadState.label())
#: Longer lines are not of our making; they would fill memory.
_LONGEST_LINE = 16 * 2**20


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


# --- writing -------------------------------------------------------------------------------------------------


def write(snapshot: Snapshot, items: Iterable[Item], settled: Callable[[], None] = lambda: None) -> Snapshot:
    """Write ``snapshot.path``: whole or not at all. What the header says of the graph is counted here.

    Parameters
    ----------
    items: in the order of a snapshot.
    settled: is called when all of them are read, and raises where they do not belong together.
    """
    path = snapshot.path
    path.parent.mkdir(parents=True, exist_ok=True)
    body, whole = (path.with_name(f".{path.name}.{part}") for part in ("body", "part"))
    try:
        snapshot = _write_body(body, items, snapshot)
        settled()
        _write_whole(whole, snapshot, body)
        whole.replace(path)
    finally:
        body.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)
    return snapshot


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
        "format": FORMAT,
        "version": VERSION,
        "made": snapshot.made,
        "note": snapshot.note,
        "data_date": snapshot.data_date,
        "nodes": snapshot.nodes,
        "relationships": snapshot.relationships,
        "sha256": snapshot.sha256,
    }
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
                say(
                    f"{path.name} 第 {number} 行不合本体：{_first(error)}",
                    f"{path.name} line {number} does not fit the schema: {_first(error)}",
                )
            ) from error
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
    header = json.loads(_line(file))
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError
    if header["version"] != VERSION:
        raise SnapshotError(
            say(
                f"{path.name} 是第 {header['version']} 版快照，本程序读第 {VERSION} 版",
                f"{path.name} is a snapshot of version {header['version']}; this program reads version {VERSION}",
            )
        )
    nodes, relationships = ({str(k): int(v) for k, v in header[part].items()} for part in ("nodes", "relationships"))
    date = header["data_date"]
    made, note, sha256 = (str(header[name]) for name in ("made", "note", "sha256"))
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
    elif item.kind not in LABELS or label_of(properties["id"]) != item.kind:
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
        statements = [json.loads(s) for s in properties["statements"]]
        if len(statements) != len(datasets) or not all(isinstance(s, dict) for s in statements):
            raise ValueError("statements")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip()
    return str(error)

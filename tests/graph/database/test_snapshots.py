"""Snapshots: the same graph back, the same bytes from every engine, and nothing from a file that is not sound."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph.database import writing
from graph.database.snapshot_files import SnapshotError, header_of, items_in, verify
from graph.database.snapshots import find, listed, restore, take
from graph.database.store import Store
from graph.database.writing import UnfinishedLoadError, load
from graph.schema import Chain, Firm, HasSegment, OperatesIn, Segment, Target
from graph.settings import settings
from tests.conftest import Database, Ended, contents, facts_of, wipe

FIRST = facts_of(
    "first",
    Firm(id="firm:a", name='=A1"\\\n甲', aliases=["甲;乙", "😀"], active=False, note="a|b\u2028c"),
    Firm(id="firm:\U0002b7fc", name="\U0002b7fc业", as_of="2024-02"),
    Firm(id="firm:￼", name="after the other in UTF-16, before it in code points"),
    Segment(id="seg:a", name="环节", position="upstream", order=1),
    Target(id="target:a", name="目标", indicator="产值", comparator=">=", value=1000.0, unit="亿元", year=2025),
    OperatesIn(start="firm:a", end="seg:a", place="region:1", capacity=0.1, unit="GW/年", as_of="2024-01-05"),
    OperatesIn(start="firm:a", end="seg:a", capacity=3),
)
SECOND = facts_of(
    "second",
    Firm(id="firm:a", name="另名", as_of="2025"),
    Chain(id="chain:a", name="链"),
    HasSegment(start="chain:a", end="seg:a"),
    HasSegment(start="chain:a", end="seg:nobody-describes-it"),
)


def everything(store: Store) -> list[dict[str, Any]]:
    """All nodes with the books, but not the lock of loads, which counts."""
    return store.read("MATCH (n) WHERE NOT n:LoadState RETURN labels(n) AS l, properties(n) AS p ORDER BY n.id, n.name")


@pytest.fixture
def filled(store: Store) -> Store:
    """Two datasets that disagree, a placeholder, characters that hurt."""
    load(store, [FIRST])
    load(store, [SECOND])
    return store


def test_a_restored_graph_is_the_same_with_its_books(filled: Store, tmp_path: Path) -> None:
    before, books = contents(filled), everything(filled)
    assert any("statements" in row["p"] for row in books)  # two datasets describe firm:a
    assert any(row["p"].get("placeholder") for row in books)
    taken = take(filled, tmp_path)
    wipe(filled)
    result = restore(filled, taken.path)
    assert contents(filled) == before
    assert everything(filled) == books
    assert result.created.total() == len(before[0]) + len(before[1])
    writing.remove(filled, ["dataset:second"])  # the books are good: what one dataset said can be taken back
    assert contents(filled)[0]["firm:a"]["name"] == '=A1"\\\n甲'


def test_the_shipped_graph_comes_back(database: Database, tmp_path: Path) -> None:
    shipped = database.shipped()
    before, books = contents(shipped), everything(shipped)
    taken = take(shipped, tmp_path)
    assert (taken.node_count - taken.nodes["Dataset"], taken.relationship_count) == (len(before[0]), len(before[1]))
    restore(database.empty(), taken.path)
    assert contents(database.store) == before
    assert everything(database.store) == books


@pytest.mark.neo4j
def test_both_engines_write_the_same_bytes(databases: Callable[[str], Database], tmp_path: Path) -> None:
    taken = []
    for name in ("embedded", "neo4j"):
        store = databases(name).empty()
        if not taken:
            load(store, [FIRST])
            load(store, [SECOND])
        else:
            restore(store, taken[0].path)
        taken.append(take(store, tmp_path / f"{name}.jsonl.gz"))
    lines = [gzip.decompress(t.path.read_bytes()).split(b"\n", 1)[1] for t in taken]
    assert lines[0] == lines[1]
    assert taken[0].sha256 == taken[1].sha256 == hashlib.sha256(lines[0]).hexdigest()


def test_the_same_graph_gives_the_same_bytes_after_the_header(filled: Store, tmp_path: Path) -> None:
    one, other = (take(filled, tmp_path / f"{n}.jsonl.gz", note=str(n)) for n in (1, 2))
    assert one.sha256 == other.sha256
    bodies = [t.path.read_bytes().split(b"\x1f\x8b")[-1] for t in (one, other)]
    assert bodies[0] == bodies[1]


def test_a_graph_that_is_not_empty_is_not_overwritten(filled: Store, tmp_path: Path) -> None:
    taken = take(filled, tmp_path)
    load(filled, [facts_of("third", Firm(id="firm:new", name="新"))])
    writing.remove(filled, ["dataset:second"])
    before = everything(filled)
    with pytest.raises(SnapshotError, match="--replace"):
        restore(filled, taken.path)
    assert everything(filled) == before


def test_a_graph_is_replaced_where_that_is_asked_for(filled: Store, tmp_path: Path) -> None:
    before, books, taken = contents(filled), everything(filled), take(filled, tmp_path)
    load(filled, [facts_of("third", Firm(id="firm:new", name="新"), OperatesIn(start="firm:new", end="seg:a"))])
    writing.remove(filled, ["dataset:second"])
    result = restore(filled, taken.path, replaced=True)
    assert contents(filled) == before
    assert everything(filled) == books
    assert result.removed == {"Firm": 1, "OPERATES_IN": 1}  # what was the same was left alone
    assert restore(filled, taken.path, replaced=True).total == 0


def test_a_large_one_is_restored_in_batches_that_can_be_undone(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, taken = contents(filled), take(filled, tmp_path)
    monkeypatch.setattr(settings, "single_transaction_facts", 0)
    monkeypatch.setattr(settings, "batch_rows", 3)
    wipe(filled)
    done: list[int] = []

    def cut_off(phase: str, number: int, total: int) -> None:
        if phase == "写入" and number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(filled, taken.path, progress=cut_off)
    assert 0 < len(contents(filled)[0]) < len(before[0])
    with pytest.raises(UnfinishedLoadError):
        restore(filled, taken.path)
    with pytest.raises(SnapshotError, match="尚未完成"):
        take(filled, tmp_path)
    writing.roll_back(filled)
    assert contents(filled) == ({}, {})
    with pytest.raises(KeyboardInterrupt):
        restore(filled, taken.path, progress=cut_off)
    writing.resume(filled, lambda _phase, number, _total: done.append(number))
    assert done
    assert contents(filled) == before


def test_a_graph_that_changes_meanwhile_is_not_written(filled: Store, tmp_path: Path) -> None:
    changes = iter([facts_of("third", Firm(id="firm:new", name="新"))])

    def meanwhile(*_: object) -> None:
        for facts in changes:
            load(filled, [facts])

    with pytest.raises(SnapshotError, match="有变动"):
        take(filled, tmp_path, progress=meanwhile)
    assert not list(tmp_path.iterdir())


# --- files that are not sound --------------------------------------------------------------------------


@pytest.fixture
def snapshot_file(embedded_store: Store, tmp_path: Path) -> Path:
    """A sound snapshot."""
    load(embedded_store, [FIRST])
    path = take(embedded_store, tmp_path).path
    wipe(embedded_store)
    return path


def rewritten(path: Path, change: Callable[[list[Any]], None], *, sealed: bool = True) -> Path:
    """The snapshot with its lines changed; ``sealed``: with the digest and counts that fit, as a forger would."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    change(lines)
    body = b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines[1:])
    if sealed:
        lines[0]["sha256"] = hashlib.sha256(body).hexdigest()
        lines[0]["nodes"] = {"Firm": len(lines) - 1}
        lines[0]["relationships"] = {}
    path.write_bytes(gzip.compress(json.dumps(lines[0]).encode() + b"\n" + body))
    return path


def rename(lines: list[Any]) -> None:
    next(line for line in lines[1:] if line[0] == "Firm")[-1]["name"] = "别的"


def firm_of(lines: list[Any]) -> dict[str, Any]:
    firm: dict[str, Any] = next(line for line in lines[1:] if line[0] == "Firm")[-1]
    return firm


BROKEN: dict[str, Callable[[Path], object]] = {
    "cut off in the middle": lambda p: p.write_bytes(p.read_bytes()[:-40]),
    "cut off after the header": lambda p: p.write_bytes(
        gzip.compress(gzip.decompress(p.read_bytes()).split(b"\n")[0] + b"\n")
    ),
    "a bit turned": lambda p: p.write_bytes(
        p.read_bytes()[:-60] + bytes([p.read_bytes()[-60] ^ 1]) + p.read_bytes()[-59:]
    ),
    "empty": lambda p: p.write_bytes(b""),
    "no gzip": lambda p: p.write_bytes("不是快照".encode()),
    "gzip of something else": lambda p: p.write_bytes(gzip.compress(b'{"a": 1}\n')),
    "gzip of no JSON": lambda p: p.write_bytes(gzip.compress(b"\xff\xfe" * 50)),
    "JSON nested without end": lambda p: p.write_bytes(gzip.compress(b"[" * 100_000 + b"\n")),
    "a value changed": lambda p: rewritten(p, rename, sealed=False),
    "a line left out": lambda p: rewritten(p, lambda lines: lines.pop(), sealed=False),
    "a line twice": lambda p: rewritten(p, lambda lines: lines.append(lines[-1])),
    "another order": lambda p: rewritten(p, lambda lines: lines.insert(1, lines.pop())),
    "a label that is none": lambda p: rewritten(p, lambda lines: lines[1].__setitem__(0, "Nobody")),
    "the lock of loads": lambda p: rewritten(
        p, lambda lines: lines.insert(1, ["LoadState", {"id": "load:state", "name": "x", "state": "running"}])
    ),
    "a relationship without its node": lambda p: rewritten(
        p, lambda lines: lines.remove(next(line for line in lines[1:] if line[0] == "Segment"))
    ),
    "another label's id": lambda p: rewritten(p, lambda lines: firm_of(lines).update(id="firm")),
    "a value that the schema refuses": lambda p: rewritten(p, lambda lines: firm_of(lines).update(active="perhaps")),
    "a map as a value": lambda p: rewritten(p, lambda lines: firm_of(lines).update(x={"a": 1})),
    "a list of lists": lambda p: rewritten(p, lambda lines: firm_of(lines).update(aliases=[["a"]])),
    "no number": lambda p: rewritten(p, lambda lines: firm_of(lines).update(x=float("nan"))),
    "books that do not fit": lambda p: rewritten(p, lambda lines: firm_of(lines).update(statements=["{"])),
    "another version": lambda p: rewritten(p, lambda lines: lines[0].update(version=99)),
    "counts that are none": lambda p: rewritten(p, lambda lines: lines[0].update(nodes=[1]), sealed=False),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_not_sound_changes_nothing(
    embedded_store: Store, snapshot_file: Path, liantu: Callable[..., Ended], what: str
) -> None:
    BROKEN[what](snapshot_file)
    with pytest.raises(SnapshotError) as fault:
        restore(embedded_store, snapshot_file)
    assert re.fullmatch(r".+", str(fault.value))  # one line
    assert snapshot_file.name in str(fault.value)
    assert embedded_store.read("MATCH (n) WHERE NOT n:LoadState RETURN n") == []
    assert writing.unfinished(embedded_store) is None
    ended = liantu("restore", snapshot_file)
    assert ended.code == 1
    assert ended.err.count("\n") == 1


def test_a_sound_file_passes_the_same_check(embedded_store: Store, snapshot_file: Path) -> None:
    rewritten(snapshot_file, lambda lines: firm_of(lines).update(name="换了名也换了校验"))
    restore(embedded_store, snapshot_file)
    assert "换了名也换了校验" in {n["name"] for n in contents(embedded_store)[0].values()}


@given(st.binary(max_size=200), st.integers(0, 400))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_snapshot_or_one_readable_error(snapshot_file: Path, noise: bytes, place: int) -> None:
    sound = snapshot_file.read_bytes()
    damaged = snapshot_file.with_name("damaged.jsonl.gz")
    damaged.write_bytes(sound[:place] + noise + sound[place + len(noise) :])
    try:
        assert verify(damaged).sha256 == header_of(snapshot_file).sha256
    except SnapshotError as error:
        assert "\n" not in str(error)


# --- names and lists ------------------------------------------------------------------------------------


def test_a_date_means_the_newest_not_later(snapshot_file: Path) -> None:
    folder = snapshot_file.parent
    header, *body = gzip.decompress(snapshot_file.read_bytes()).split(b"\n")
    for made in ("2025-01-31T10:00:00+08:00", "2025-03-01T09:00:00+08:00", "2025-03-01T18:00:00+08:00"):
        text = b"\n".join([json.dumps({**json.loads(header), "made": made, "note": made}).encode(), *body])
        (folder / f"{made[:13]}.jsonl.gz").write_bytes(gzip.compress(text))
    (folder / "other.jsonl.gz").write_bytes(b"?")
    assert [s.made[:13] for s in listed(folder)][:3] == ["2025-01-31T10", "2025-03-01T09", "2025-03-01T18"]
    assert find("2025-02-28", folder).made.startswith("2025-01-31")
    assert find("2025-03", folder).made.startswith("2025-03-01T18")
    assert find("2025-03-01 12:00", folder).made.startswith("2025-03-01T09")
    assert find(snapshot_file.name.removesuffix(".jsonl.gz"), folder) == header_of(snapshot_file)
    assert find(str(snapshot_file), folder / "elsewhere") == header_of(snapshot_file)
    for none in ("2024-12", "2025-1", "x"):
        with pytest.raises(SnapshotError, match=re.escape(none)):
            find(none, folder)


def test_names_do_not_collide_and_files_are_not_overwritten(snapshot_file: Path, embedded_store: Store) -> None:
    names = {take(embedded_store, snapshot_file.parent).path for _ in range(3)}
    assert len(names) == 3
    with pytest.raises(SnapshotError, match="已存在"):
        take(embedded_store, snapshot_file)
    assert not [p for p in snapshot_file.parent.iterdir() if p.name.startswith(".")]


def test_the_header_tells_what_is_inside(filled: Store, tmp_path: Path) -> None:
    taken = take(filled, tmp_path / "new" / "a.jsonl.gz", note="三月\n月报")
    assert header_of(taken.path) == taken == verify(taken.path)
    assert (taken.note, taken.data_date) == ("三月 月报", "2024-01-05")
    assert (taken.nodes["Firm"], taken.nodes["Dataset"], taken.relationships["HAS_SEGMENT"]) == (3, 2, 2)
    kinds = [item.kind for item in items_in(taken.path)]
    assert {kind: kinds.count(kind) for kind in kinds} == {**taken.nodes, **taken.relationships}
    keys = [item.key for item in items_in(taken.path)]
    assert keys == sorted(keys)
    assert replace(taken, path=tmp_path).label.endswith("（三月 月报）")


def test_the_commands(configured: Database, liantu: Callable[..., Ended], tmp_path: Path) -> None:
    configured.shipped()
    before = contents(configured.store)
    file = tmp_path / "a.jsonl.gz"
    taken = liantu("snapshot", file, "--note", "[b]三月")
    assert (taken.code, file.exists()) == (0, True)
    assert "[b]三月" in liantu("snapshot", "--list", tmp_path).out
    assert liantu("restore", file).code == 1
    assert liantu("restore", tmp_path / "none.jsonl.gz").code == 1
    wipe(configured.store)
    assert liantu("restore", file).code == 0
    assert contents(configured.store) == before
    assert liantu("snapshot", file).err.count("\n") == 1


def test_an_empty_graph_has_no_snapshot(configured: Database, liantu: Callable[..., Ended], tmp_path: Path) -> None:
    configured.empty()
    assert liantu("snapshot", tmp_path).code == 1
    assert not list(tmp_path.iterdir())

"""What changed: hand-made cases with known answers, the laws of a difference, and the report on both engines."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph.analysis.chain_difference import COMPARED, ChainDifference, ChainState, Kind, compare
from graph.database import embedded
from graph.database.snapshot_files import Snapshot
from graph.database.snapshots import restore, take
from graph.database.store import Store
from graph.database.writing import load, remove
from graph.errors import NotFoundError
from graph.facts import Facts
from graph.schema import (
    AppliesTo,
    Carries,
    Chain,
    Clause,
    Document,
    Firm,
    HasSegment,
    Leads,
    LocatedIn,
    Measure,
    Measures,
    Observation,
    Observed,
    OperatesIn,
    Park,
    PartOf,
    Region,
    Segment,
    StatedIn,
    Target,
)
from reports import difference_report as report
from services import difference
from services.chain_lists import gather_lists
from services.difference import RegionDifference, difference_since, opened_snapshot
from tests.conftest import Database, Ended, contents, facts_of, wipe

# --- the pure part ---------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(), st.integers(0, 2), st.sampled_from(["甲", "乙"]), st.lists(st.sampled_from("ab"), max_size=2)
)
IDS = st.sampled_from(["x:1", "x:2", "x:3"])


def tables() -> st.SearchStrategy[dict[str, dict[str, dict[str, Any]]]]:
    return st.fixed_dictionaries(
        {
            name: st.dictionaries(IDS, st.fixed_dictionaries(dict.fromkeys(columns, VALUES)), max_size=3)
            for name, columns in COMPARED.items()
        }
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[ChainState, ChainState]:
    """Two states; what a list of firms holds is on record, and perhaps more."""
    states = []
    for _ in range(2):
        found = draw(tables())
        more = draw(st.dictionaries(IDS, st.just({"name": "甲"}), max_size=3))
        states.append(ChainState(None, found, {**more, **found["firms"]}))
    return states[0], states[1]


OPPOSITE = {Kind.NEW: Kind.GONE, Kind.GONE: Kind.NEW, Kind.ENTERED: Kind.LEFT, Kind.LEFT: Kind.ENTERED}


def turned(difference: ChainDifference) -> set[tuple[Any, ...]]:
    return {
        (c.table, c.id, OPPOSITE.get(c.kind, c.kind), c.field, repr(c.after), repr(c.before))
        for c in difference.changes
    }


def told(difference: ChainDifference) -> set[tuple[Any, ...]]:
    return {(c.table, c.id, c.kind, c.field, repr(c.before), repr(c.after)) for c in difference.changes}


@given(pairs())
@hypothesis_settings(max_examples=60, deadline=None)
def test_there_and_back_are_each_other_turned_round(pair: tuple[ChainState, ChainState]) -> None:
    before, after = pair
    assert told(compare(after, before)) == turned(compare(before, after))
    assert len(compare(before, after).changes) == len(compare(after, before).changes)


@given(pairs())
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_state_differs_from_itself_in_nothing(pair: tuple[ChainState, ChainState]) -> None:
    assert compare(pair[0], pair[0]).is_empty
    assert compare(*pair).is_empty == (
        all(
            {i: {c: r.get(c) for c in COMPARED[t]} for i, r in pair[0].tables[t].items()}
            == {i: {c: r.get(c) for c in COMPARED[t]} for i, r in pair[1].tables[t].items()}
            for t in COMPARED
        )
    )


def test_a_firm_that_the_other_graph_knows_elsewhere_is_not_new() -> None:
    firm = {"name": "甲"}
    here = ChainState(None, {"firms": {"firm:a": firm}}, {"firm:a": firm})
    elsewhere, nowhere = ChainState(None, {}, {"firm:a": firm}), ChainState()
    assert [c.kind for c in compare(nowhere, here).changes] == [Kind.NEW]
    assert [c.kind for c in compare(elsewhere, here).changes] == [Kind.ENTERED]
    assert [c.kind for c in compare(here, elsewhere).changes] == [Kind.LEFT]
    assert [c.kind for c in compare(here, nowhere).changes] == [Kind.GONE]


def test_a_thing_with_two_changed_properties_counts_once() -> None:
    before = ChainState(None, {"targets": {"target:a": {"name": "甲", "value": 1, "year": 2025}}})
    after = ChainState(None, {"targets": {"target:a": {"name": "甲", "value": 2, "year": 2026}}})
    found = compare(before, after)
    assert [(c.field, c.before, c.after) for c in found.changes] == [("value", 1, 2), ("year", 2025, 2026)]
    assert found.counts == {("targets", Kind.CHANGED): 1}


# --- from graph to report -----------------------------------------------------------------------------------

CITY, OTHER = "region:510100", "region:511500"


def world() -> list[Any]:
    """A chain of two links in a city; every kind of thing that the report compares."""
    return [
        Region(id=CITY, name="成都市", level="city"),
        Region(id="region:510112", name="龙泉驿区", level="county"),
        Region(id=OTHER, name="宜宾市", level="city"),
        PartOf(start="region:510112", end=CITY),
        Chain(id="chain:a", name="链"),
        Segment(id="seg:a/1", name="前", position="upstream", order=1),
        Segment(id="seg:a/2", name="后", position="downstream", order=2),
        HasSegment(start="chain:a", end="seg:a/1"),
        HasSegment(start="chain:a", end="seg:a/2"),
        Park(id="park:a", name="园"),
        LocatedIn(start="park:a", end="region:510112"),
        Document(id="doc:a", name="文件", number="成办〔2022〕1号"),
        AppliesTo(start="doc:a", end=CITY),
        Clause(id="clause:a/1", name="条", path="一（一）"),
        PartOf(start="clause:a/1", end="doc:a"),
        Target(id="target:a", name="产值", indicator="产值", comparator=">=", value=100, unit="亿元", year=2025),
        Measures(start="target:a", end="chain:a"),
        StatedIn(start="target:a", end="clause:a/1"),
        Measure(id="measure:a", name="补贴", instrument="subsidy", cap=100),
        StatedIn(start="measure:a", end="clause:a/1"),
    ]


BEFORE = facts_of(
    "world",
    *world(),
    Firm(id="firm:renamed", name="旧名"),
    Firm(id="firm:builder", name="在建者"),
    Firm(id="firm:leaves", name="迁走者"),
    Firm(id="firm:vanishes", name="消失者"),
    Firm(id="firm:comes", name="外来者"),
    OperatesIn(start="firm:renamed", end="seg:a/1", place="park:a", sources=["clause:a/1"]),
    OperatesIn(start="firm:builder", end="seg:a/2", place=CITY, stage="under_construction"),
    OperatesIn(start="firm:leaves", end="seg:a/1", place="region:510112"),
    OperatesIn(start="firm:vanishes", end="seg:a/1", place=CITY),
    OperatesIn(start="firm:comes", end="seg:a/1", place=OTHER),
    Carries(start="park:a", end="chain:a", role="supporting"),
)
AFTER = facts_of(
    "world",
    *(fact for fact in world() if fact.properties().get("id") not in ("target:a", "measure:a")),
    Target(id="target:a", name="产值", indicator="产值", comparator=">=", value=150, unit="亿元", year=2025),
    Measure(id="measure:a", name="补贴", instrument="subsidy", cap=200),
    Firm(id="firm:renamed", name="新名"),
    Firm(id="firm:builder", name="在建者"),
    Firm(id="firm:leaves", name="迁走者"),
    Firm(id="firm:comes", name="外来者"),
    Firm(id="firm:new", name="=新来者"),
    OperatesIn(start="firm:renamed", end="seg:a/1", place="park:a", sources=["clause:a/1"]),
    OperatesIn(start="firm:builder", end="seg:a/2", place=CITY, stage="operating"),
    OperatesIn(start="firm:leaves", end="seg:a/1", place=OTHER),
    OperatesIn(start="firm:comes", end="seg:a/1", place=CITY),
    OperatesIn(start="firm:new", end="seg:a/2", place=CITY, stage="planned"),
    Leads(start="firm:renamed", end="chain:a", region=CITY, tier="示范库"),
    Carries(start="park:a", end="chain:a", role="main"),
    Observation(id="obs:a", name="2024年产值", period="2024", value=90),
    Observed(start="target:a", end="obs:a"),
)


@pytest.fixture(scope="module", autouse=True)
def spare_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Engines that stay for the next snapshot: starting and ending one has a test of its own, and is slow."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        free: list[Store] = []

        def started() -> Store:
            home = tmp_path_factory.mktemp("engine")
            stack.callback(embedded.stop, home)
            return stack.enter_context(Store.open(home))

        @contextmanager
        def opened(snapshot: Snapshot, *_: object) -> Iterator[Store]:
            store = free.pop() if free else started()
            wipe(store)
            restore(store, snapshot.path)
            yield store
            free.append(store)

        patch.setattr(difference, "opened_snapshot", opened)
        yield


def found_after(store: Store, tmp_path: Path, *facts: Facts, chains: tuple[str, ...] = ("链",)) -> RegionDifference:
    snapshot = take(store, tmp_path)
    load(store, facts)
    return difference_since(store, snapshot, "成都市", chains)


_FOUND: dict[str, RegionDifference] = {}


@pytest.fixture
def changed(database: Database, tmp_path: Path) -> RegionDifference:
    """Found once on each engine: it takes another engine to find it."""
    name = database.store.backend.dialect.name
    if name not in _FOUND:
        load(database.empty(), [BEFORE])
        _FOUND[name] = found_after(database.store, tmp_path, AFTER)
    return _FOUND[name]


def test_every_kind_of_change_is_found(changed: RegionDifference) -> None:
    [chain] = changed.chains
    found = {
        (c.table, c.kind.value, str(c.row.get("firm") or c.id).split("|")[0], c.field, c.before, c.after)
        for c in chain.changes
    }
    assert found == {
        ("firms", "new", "firm:new", "", None, None),
        ("firms", "gone", "firm:vanishes", "", None, None),
        ("firms", "entered", "firm:comes", "", None, None),
        ("firms", "left", "firm:leaves", "", None, None),
        ("firms", "changed", "firm:renamed", "name", "旧名", "新名"),
        ("operations", "new", "firm:new", "", None, None),
        ("operations", "new", "firm:comes", "", None, None),
        ("operations", "gone", "firm:vanishes", "", None, None),
        ("operations", "gone", "firm:leaves", "", None, None),
        ("operations", "changed", "firm:builder", "stage", "under_construction", "operating"),
        ("leaders", "new", "firm:renamed", "", None, None),
        ("carriers", "changed", "park:a", "role", "supporting", "main"),
        ("targets", "changed", "target:a", "value", 100.0, 150.0),
        ("observations", "new", "obs:a", "", None, None),
        ("measures", "changed", "measure:a", "cap", 100.0, 200.0),
    }
    [link] = chain.links
    assert link.before is not None
    assert link.after is not None
    assert (link.id, link.before.status.value, link.after.status.value) == ("seg:a/2", "unknown", "single")
    assert link.before.basis != link.after.basis
    assert (changed.data_before, changed.region_name, changed.chain_names) == (None, "成都市", ("链",))


def test_the_report_says_all_of_it(changed: RegionDifference) -> None:
    [sentence] = report.sentences(changed)
    for said in (
        "后 未知→单一来源",
        "企业新增 1 家（=新来者）",
        "企业移除 1 家（消失者）",
        "企业进入 1 家（外来者）",
        "企业退出 1 家（迁走者）",
        "企业更名 1 家（旧名→新名）",
        "投产 1 项（在建者·后，成都市）",
        "链主任命新增 1 项（新名）",
        "指标变更 1 个（产值）",
        "实绩新增 1 条",
        "支持措施变更 1 条（补贴）",
    ):
        assert said in sentence
    from reports.formats import renderers

    for kind in ("md", "html"):
        text = renderers.render(report.document(changed), kind).decode()
        for said in ("旧名", "新名", "示范库", "150", "一（一）", "龙泉驿区"):
            assert said in text
    assert renderers.render(report.document(changed), "docx")[:2] == b"PK"
    plain = json.loads(json.dumps(report.as_json(changed)))
    assert len(plain["chains"][0]["changes"]) == len(changed.chains[0].changes)
    assert report.file_stem(changed).startswith("成都市-链-变化-")


def test_the_workbook_holds_no_formula_and_can_be_filtered(changed: RegionDifference) -> None:
    made = report.xlsx(changed)
    assert made == report.xlsx(changed)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        "摘要",
        "环节状态",
        "企业",
        "经营与项目",
        "链主任命",
        "承载任命",
        "指标",
        "实绩",
        "支持措施",
    ]
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c.value for c in cells if c.data_type == "f"]
    assert "'=新来者" in {c.value for c in cells}
    for sheet in book:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes


def test_nothing_changed_is_said(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, [BEFORE])
    found = found_after(embedded_store, tmp_path, BEFORE)
    assert found.is_empty
    assert report.sentences(found) == ["链：没有变化。"]
    assert "没有变化" in report.document(found).blocks[-1].text  # type: ignore[union-attr]


def test_a_chain_that_was_not_there_is_all_new(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, [facts_of("other", Region(id=CITY, name="成都市", level="city"))])
    found = found_after(embedded_store, tmp_path, AFTER)
    assert found.chains[0].before is None
    assert {c.kind for c in found.chains[0].changes} == {Kind.NEW}
    assert "早先的图谱中没有" in report.sentences(found)[0]
    assert len(found.chains[0].links) == 2


def test_between_two_snapshots_the_graph_of_today_does_not_matter(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, [BEFORE])
    first = take(embedded_store, tmp_path)
    load(embedded_store, [AFTER])
    second = take(embedded_store, tmp_path)
    remove(embedded_store, ["dataset:world"])
    there = difference_since(embedded_store, first, "成都市", ["链"], until=second)
    back = difference_since(embedded_store, second, "成都市", ["链"], until=first)
    assert len(there.chains[0].changes) == 15
    assert told(back.chains[0]) == turned(there.chains[0])
    assert [(c.id, c.before, c.after) for c in back.chains[0].links] == [
        (c.id, c.after, c.before) for c in there.chains[0].links
    ]
    with pytest.raises(NotFoundError):
        difference_since(embedded_store, first, "成都市", ["没有的链"])


def test_the_engine_of_a_snapshot_ends_with_it(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, [BEFORE])
    snapshot, before = take(embedded_store, tmp_path), contents(embedded_store)
    with opened_snapshot(snapshot) as opened:
        assert contents(opened) == before
        port = opened.backend.uri.rpartition(":")[2]
        assert _engines(port)
    assert not _engines(port)
    assert contents(embedded_store) == before


def _engines(port: str) -> list[psutil.Process]:
    option = f"-Darcadedb.bolt.port={port}"
    return [p for p in psutil.process_iter(["cmdline"]) if option in (p.info["cmdline"] or ())]


@pytest.mark.neo4j
def test_the_lists_are_the_same_on_both_engines(databases: Callable[[str], Database]) -> None:
    for chain in ("锂电", "氢能"):
        one, other = (gather_lists(databases(name).shipped(), "成都市", chain) for name in ("embedded", "neo4j"))
        assert one == other
        assert one.firms
        assert one.tasks


def test_the_command(configured: Database, liantu: Callable[..., Ended], tmp_path: Path) -> None:
    load(configured.empty(), [BEFORE])
    snapshot = take(configured.store, tmp_path)
    load(configured.store, [AFTER])
    common = ("report", "diff", "--since", snapshot.path, "-r", "成都市", "-c", "链")
    printed = liantu(*common)
    assert (printed.code, "企业更名 1 家" in printed.out) == (0, True)
    assert snapshot.path.name in printed.err
    file = tmp_path / "r.xlsx"
    assert liantu(*common, "-o", file).code == 0
    assert file.read_bytes()[:2] == b"PK"
    assert liantu("report", "diff", "--since", "1999", "-c", "链").code == 1
    assert liantu(*common, "-c", "没有的链").err.count("\n") == 2  # which snapshots are compared, and the error

"""A document whose clauses were entered by hand meets them: nothing twice, new facts beside, contradictions told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.database.store import Store
from graph.facts import Facts
from graph.schema import Clause, Document, Measure, Method, Node, PartOf, Target
from graph.settings import settings
from loaders.lexicon import Lexicon
from loaders.review.document_source import read_document
from loaders.review.known_documents import Record
from loaders.review.proposal import Proposal
from loaders.review.reconciliation import State, meet
from loaders.sources import read_sources
from services.record import known_documents, stated_by, stated_in
from tests.conftest import Database, Ended, contents, facts_of, path_of
from tests.policy_document import HARMLESS

Liantu = Callable[..., Ended]
SHARED = settings.data.parent.parent / "shared" / "policies"
NAME = "qinglan.txt"
#: By hand, of the same document: its own spelling of paths, two clauses, a goal and a sum as the document has them, a
#: goal and a leading department that are others, and a firm that the document does not name.
BY_HAND = """
document:
  id: doc:qinglan-2024
  name: 青岚市新型储能产业发展行动方案
  number: {number}
  issued: "2024-05-06"
  issued_by: [dept:qinglan/office]
declares:
  departments:
    - {{id: dept:qinglan/office, name: 青岚市人民政府办公室}}
    - {{id: dept:qinglan/gongxin, name: 青岚市工业和信息化局, aliases: [市工业和信息化局]}}
    - {{id: dept:qinglan/keji, name: 青岚市科技局, aliases: [市科技局]}}
    - {{id: dept:qinglan/caizheng, name: 青岚市财政局, aliases: [市财政局]}}
    - {{id: dept:qinglan/fagai, name: 青岚市发展改革委}}
  parks:
    - {{id: park:qinglan, name: 青岚高新技术产业开发区}}
clauses:
  - {{id: clause:ql/goals, number: 一, path: 一, name: 工作目标, task: {{id: task:ql/goals, name: 产业目标}}, targets: [
      {{id: target:ql/scale, name: 储能产值, subject: 新型储能产业, indicator: 总产值, comparator: ">=", value: 0.03, unit: 万亿元, year: 2027}},
      {{id: target:ql/firms, name: 专精特新企业数, indicator: 专精特新企业, comparator: ">=", value: 30, unit: 家, year: 2027}}]}}
  - {{id: clause:ql/tasks, number: 二, path: 二, name: 重点任务}}
  - {{id: clause:ql/cells, within: clause:ql/tasks, number: （一）, path: 二、（一）, name: 做强储能电池产业,
      lead: [dept:qinglan/gongxin], support: [dept:qinglan/keji], task: {{id: task:ql/cells, name: 做强电池}},
      concerns: [{{to: park:qinglan, stance: about}}]}}
  - {{id: clause:ql/platforms, within: clause:ql/tasks, number: （二）, name: 建设创新平台,
      lead: [dept:qinglan/fagai], task: {{id: task:ql/platforms, name: 建平台}}}}
  - {{id: clause:ql/support, number: 三, path: 三, name: 政策措施}}
  - {{id: clause:ql/grants, within: clause:ql/support, number: （一）, path: 三（一）, name: 支持企业扩大投资,
      lead: [dept:qinglan/caizheng], measures: [
      {{id: measure:ql/grant, name: 设备补助, instrument: subsidy, rate_min: 0.1, rate_max: 0.1, cap: 500}}]}}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """(hand file, document)."""
    return path_of(tmp_path, "hand.yaml", BY_HAND.format(number="null")), path_of(tmp_path, NAME, HARMLESS)


def on_record(*paths: Path) -> tuple[Lexicon, Record]:
    lexicon, record, every = Lexicon(), Record(), read_sources(paths)
    for facts in every:
        for node in facts.nodes.values():
            lexicon.add_node(node)
    for facts in every:
        record.add(facts, lexicon.name_of)
    return lexicon, record


def proposal_of(document: Path, *others: Path) -> Proposal:
    lexicon, record = on_record(*others)
    source = read_document(document)
    source.meet(record)
    return source.proposal(lexicon)


def rows(proposal: Proposal, kind: str, **wanted: Any) -> list[dict[str, Any]]:
    return [r for r in proposal.rows[kind] if all(r[k] == v for k, v in wanted.items())]


def test_every_fact_is_set_against_the_record(files: tuple[Path, Path]) -> None:
    hand, document = files
    found = proposal_of(document, hand)
    assert found.about["id"] == "doc:qinglan-2024"
    (scale,), (firms,) = rows(found, "targets", value=300), rows(found, "targets", value=20)
    assert (scale["state"], scale["accept"]) == (State.SAME, True)
    assert (firms["state"], firms["accept"]) == (State.CONTRARY, False)
    assert "≥ 30家（2027）" in firms["on_record"]
    cells, platforms, grants = found.rows["responsibilities"]
    assert (cells["state"], grants["state"]) == (State.SAME, State.SAME)
    assert platforms["state"] == State.CONTRARY
    assert "牵头：青岚市发展改革委" in platforms["on_record"]
    assert [r["state"] for r in found.rows["measures"]] == [State.SAME]
    assert [r["state"] for r in found.rows["parks"]] == [State.SAME]
    assert [r["state"] for r in found.rows["platforms"]] == [State.NEW]


def test_what_is_not_on_record_is_new(files: tuple[Path, Path]) -> None:
    states = {r["state"] for every in proposal_of(files[1]).rows.values() for r in every}
    assert states <= {State.NEW, None}


def test_only_new_facts_are_stated_and_hang_on_the_clauses_entered_by_hand(files: tuple[Path, Path]) -> None:
    stated = {f.dataset.name: f for f in read_sources(reversed(files))}[NAME]
    labels = [n.label() for n in stated.nodes.values()]
    assert "Target" not in labels
    assert "Measure" not in labels
    platform = next(n for n in stated.nodes.values() if n.label() == "Platform")
    assert platform.sources == ["clause:ql/platforms"]
    assert f"task:ql/platforms|CONCERNS|{platform.id}|about" in stated.relationships
    assert not any(r.type() == "RESPONSIBLE_FOR" for r in stated.relationships.values())


def _document(**values: Any) -> Document:
    return Document(id="doc:x", **{"name": "青岚市新型储能产业发展行动方案", **values})


@pytest.mark.parametrize(
    ("document", "issuers", "same"),
    [
        (_document(number="青政办发〔2024〕17号", name="别的标题"), [], True),
        (_document(number="青政办发[2024]17号"), ["青岚市人民政府办公室"], True),
        (_document(number="青政办发〔2025〕3号", issued="2024-05-06"), ["青岚市人民政府办公室"], False),
        (_document(issued="2024-05"), ["青岚市人民政府办公室"], True),
        (_document(issued="2024-05-06"), ["白河市人民政府"], False),
        (_document(issued="2025-05-06"), ["青岚市人民政府办公室"], False),
        (_document(name="青岚市氢能产业发展行动方案", issued="2024-05-06"), ["青岚市人民政府办公室"], False),
    ],
)
def test_a_document_is_known_by_number_or_title_issuer_and_date(
    document: Document, issuers: Sequence[str], same: bool
) -> None:
    known = _document(number="青政办发〔2024〕17号", issued="2024-05-06").model_copy(update={"id": "doc:known"})
    record = Record([(known, ["青岚市人民政府办公室"])])
    assert (record.same(document, issuers) == "doc:known") is same


def test_a_renumbered_copy_is_known_by_its_headings(files: tuple[Path, Path], tmp_path: Path) -> None:
    text = HARMLESS.replace("一、工作目标", "一、总体要求\n\n坚持创新驱动。\n\n二、工作目标").replace(
        "二、重点任务", "三、重点任务"
    )
    document = path_of(tmp_path / "other", NAME, text)
    found = proposal_of(document, files[0])
    assert rows(found, "targets", value=300)[0]["state"] == State.SAME
    assert found.rows["responsibilities"][0]["state"] == State.SAME


def test_decided_in_the_workbook_both_stand(files: tuple[Path, Path], tmp_path: Path) -> None:
    from loaders.review.review_workbook import write_review

    hand, document = files
    review = tmp_path / "review.xlsx"
    write_review(proposal_of(document, hand), review)
    book = openpyxl.load_workbook(review)
    sheet = book["指标"]
    heads = [c.value for c in sheet[1]]
    states = [r[heads.index("与库对照")].value for r in sheet.iter_rows(min_row=2)]
    assert states == ["已在库", "与库中不一致"]
    assert "30家" in sheet.cell(3, heads.index("库中") + 1).value
    assert sheet.cell(3, 1).value == "否"
    sheet.cell(3, 1).value = "是"
    book.save(review)
    stated = {f.dataset.name: f for f in read_sources([hand, review])}[NAME]
    goals = [n for n in stated.nodes.values() if n.label() == "Target"]
    assert [g.value for g in goals] == [20]  # type: ignore[attr-defined]
    assert f"task:ql/goals|SETS|{goals[0].id}" in stated.relationships


def test_what_a_workbook_did_not_know_of_is_not_loaded_unseen(files: tuple[Path, Path], tmp_path: Path) -> None:
    from loaders.review.review_workbook import write_review

    hand, document = files
    review = tmp_path / "review.xlsx"
    write_review(proposal_of(document), review)  # before anything was entered by hand
    stated = {f.dataset.name: f for f in read_sources([hand, review])}[NAME]
    assert not [n for n in stated.nodes.values() if n.label() == "Target"]


@pytest.fixture
def blank(configured: Database) -> Database:
    configured.empty()
    return configured


def without_times(store: Store) -> Any:
    nodes, relationships = contents(store)
    return {i: {k: v for k, v in n.items() if k != "loaded_at"} for i, n in nodes.items()}, relationships


def test_loaded_in_any_order_and_twice_the_graph_is_the_same(
    liantu: Liantu, blank: Database, files: tuple[Path, Path]
) -> None:
    hand, document = files
    assert liantu("load", "-y", hand).code == 0
    ended = liantu("load", "-y", document)
    assert "逐条对照" in ended.out
    assert ended.out.count("与库中不一致（不载入）") == 2
    first = without_times(blank.store)
    clauses = [i for i in first[0] if i.startswith("clause:")]
    assert [i for i in clauses if not i.startswith("clause:ql/")] == []
    for again in (document, hand):
        assert "无变化" in liantu("load", "-y", again).out
    blank.empty()
    assert liantu("load", "-y", document).code == 0
    assert any(not i.startswith("clause:ql/") for i in without_times(blank.store)[0] if i.startswith("clause:"))
    assert "3 项与人工录入不一致" in liantu("load", "-y", hand).err
    assert without_times(blank.store) == first
    blank.empty()
    assert liantu("load", "-y", document, hand).code == 0
    assert without_times(blank.store) == first


def test_what_somebody_decided_for_stays_when_the_hand_file_is_loaded_again(
    liantu: Liantu, blank: Database, files: tuple[Path, Path]
) -> None:
    hand, document = files
    assert liantu("load", "-y", hand).code == 0
    assert liantu("review", document).code == 0
    review = document.with_name("qinglan-审阅.xlsx")
    book = openpyxl.load_workbook(review)
    for sheet in (book["指标"], book["责任单位"]):
        for row in sheet.iter_rows(min_row=2):
            row[0].value = "是"
    book.save(review)
    assert "并列载入" in liantu("load", "-y", review).out
    decided = without_times(blank.store)
    assert sum("RESPONSIBLE_FOR|task:ql/platforms|lead" in key for key in decided[1]) == 2
    hand.write_text(hand.read_text(encoding="utf-8").replace("储能产值", "储能总产值"), encoding="utf-8")
    assert liantu("load", "-y", hand).code == 0
    after = without_times(blank.store)
    assert after[0].keys() == decided[0].keys()
    assert after[1].keys() == decided[1].keys()


def test_the_record_is_read_back_as_it_was_stated(blank: Database, files: tuple[Path, Path]) -> None:
    from graph.database import writing

    (facts,) = read_sources([files[0]])
    writing.load(blank.store, [facts])
    (known,) = [k for k in known_documents(blank.store) if k.document.id == "doc:qinglan-2024"]
    assert known.issuers == ["青岚市人民政府办公室"]
    assert known_documents(blank.store, [facts.dataset.id]) == []
    said = stated_by(blank.store, facts.dataset.id)
    assert (said.nodes, said.relationships) == (facts.nodes, facts.relationships)
    there = stated_in(blank.store, "doc:qinglan-2024")
    assert there.relationships.keys() == facts.relationships.keys() - {
        r.id for r in facts.relationships.values() if r.type() == "STATED_IN"
    }
    assert stated_in(blank.store, "doc:qinglan-2024", [facts.dataset.id]).nodes == {}


def _goal(name: str, **values: Any) -> Target:
    plain = {
        "id": f"target:{name}",
        "name": name,
        "indicator": "总产值",
        "comparator": ">=",
        "value": 1000,
        "unit": "亿元",
    }
    return Target(**{**plain, "year": 2027, **values})


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        (_goal("a", subject="全市光伏产业"), _goal("光伏产业总产值", subject="光伏产业"), State.SAME),
        (_goal("a", value=0.1, unit="万亿元", comparator="="), _goal("总产值"), State.SAME),
        (_goal("a", year=None), _goal("总产值"), State.SAME),
        (_goal("a", subject="光伏产业", value=1200), _goal("光伏产业总产值", subject="光伏产业"), State.CONTRARY),
        (_goal("a", subject="光伏产业"), _goal("锂电产业总产值", subject="锂电产业"), State.NEW),
        (_goal("a", subject="光伏产业", value=500), _goal("锂电产业总产值", subject="锂电产业"), State.NEW),
        (_goal("a", value=800, year=2025), _goal("总产值"), State.NEW),
        (
            _goal("a", indicator="绿色工厂", value=200, unit="家"),
            _goal("小巨人", indicator="小巨人企业", value=200, unit="家"),
            State.NEW,
        ),
        (
            _goal("a", comparator="-%", value=10, unit="%"),
            _goal("总产值", comparator="+%", value=10, unit="%"),
            State.CONTRARY,
        ),
    ],
)
def test_goals_are_the_same_by_indicator_year_and_value(ours: Target, theirs: Target, state: State) -> None:
    assert _met(ours, theirs) == state


def _payment(name: str, **values: Any) -> Measure:
    return Measure(**{"id": f"measure:{name}", "name": name, "instrument": "subsidy", **values})


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        (_payment("a", rate_max=0.1, cap=500), _payment("b", rate_max=0.1, rate_min=0.1, cap=500), State.SAME),
        (_payment("a", cap=500), _payment("b", amount=500), State.SAME),
        (_payment("a", cap=500), _payment("b", cap=500, annual_cap=800), State.SAME),
        (_payment("a", rate_max=0.1, cap=500), _payment("b", rate_max=0.1, cap=800), State.CONTRARY),
        (_payment("a", rate_max=0.1, cap=500), _payment("b", rate_max=0.2, cap=500), State.CONTRARY),
        (_payment("a", cap=500), _payment("b", cap=30, instrument="reward"), State.NEW),
    ],
)
def test_measures_are_the_same_by_rate_and_sums(ours: Measure, theirs: Measure, state: State) -> None:
    assert _met(ours, theirs) == state


def _met(ours: Node, theirs: Node) -> State:
    """How the fact of a clause stands to that of the same clause on record."""
    both = []
    for prefix, fact in (("x", ours), ("known", theirs)):
        clause = Clause(id=f"clause:{prefix}/1", name="工作目标", number="一", path="一", sources=[f"doc:{prefix}"])
        facts = facts_of(
            prefix,
            _document().model_copy(update={"id": f"doc:{prefix}"}),
            clause,
            PartOf(start=clause.id, end=f"doc:{prefix}"),
            fact.model_copy(update={"sources": [clause.id]}),
        )
        both.append(facts)
    record = Record()
    record.add(both[1], str)
    return meet(both[0], record, [], str).states[ours.id,]


# -- the real ones ------------------------------------------------------------------------------------

REAL = {
    "chengdu-2022-green-low-carbon.txt": "clause:chengdu-2022/",
    "ndrc-2021-1618-demonstration-zones.txt": "clause:ndrc-2021/",
}


@pytest.mark.parametrize("name", REAL)
def test_the_shipped_policies_are_met_clause_by_clause(
    database: Database, name: str, shipped_facts: Callable[[], list[Facts]]
) -> None:
    document = SHARED / name
    if not document.is_file():
        pytest.skip("未适用：库旁没有政策原文")
    from services.names import names_on_record

    store = database.shipped()
    record = Record(known_documents(store), lambda i: stated_in(store, i))
    problems: list[Any] = []
    source = read_document(document)
    source.meet(record)
    lexicon = Lexicon(names_on_record(store))
    found = source.proposal(lexicon)
    states = {kind: [r["state"] for r in every] for kind, every in found.rows.items()}
    every = [s for of_kind in states.values() for s in of_kind if s]
    # What is read wrongly shows in test_extraction_against_data; here nearly all must meet what is on record.
    assert every.count(State.SAME) > 0.85 * len(every)
    assert every.count(State.CONTRARY) < 0.02 * len(every)
    assert set(states["responsibilities"]) <= {State.SAME}
    stated = source.facts(lexicon, problems)
    assert problems == []
    assert stated.dataset.method == Method.EXTRACTED
    assert {n.id for n in stated.nodes.values() if isinstance(n, Clause) and not n.id.startswith(REAL[name])} <= set()
    assert not [n for n in stated.nodes.values() if n.label() == "Department"]

"""From a document into the graph: names linked, new ones proposed, a workbook to correct, every fact with its clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.database.store import Store
from graph.errors import LoadError, Problem
from graph.facts import Facts
from graph.schema import Method, label_of
from loaders import spreadsheets
from loaders.lexicon import Lexicon
from loaders.review import document_source
from loaders.review.document_source import DocumentSource, read_document, reviewed_document
from loaders.review.review_workbook import MARK, write_review
from loaders.sources import files_in, read_sources
from loaders.spreadsheets import opened_workbook
from services import loading
from tests.conftest import Database, Ended, path_of
from tests.policy_text import PLAN

Liantu = Callable[..., Ended]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return path_of(tmp_path, "plan.txt", PLAN)


def reviewed(file: Path) -> DocumentSource:
    with opened_workbook(file) as book:
        return reviewed_document(file, book)


def facts_of(source: DocumentSource, lexicon: Lexicon) -> Facts:
    problems: list[Problem] = []
    facts = source.facts(lexicon, problems)
    assert problems == []
    return facts


def test_every_fact_is_extracted_and_has_a_clause(plan: Path) -> None:
    facts = facts_of(read_document(plan), Lexicon())
    assert {f.method for f in (*facts.nodes.values(), *facts.relationships.values())} == {Method.EXTRACTED.value}
    for node in facts.nodes.values():
        if label_of(node.id) not in ("Document", "Clause"):
            assert any(s.startswith(("clause:", "doc:")) for s in node.sources), node
    clauses = [n for n in facts.nodes.values() if label_of(n.id) == "Clause"]
    assert all(0 <= c.span_start < c.span_end <= len(PLAN) for c in clauses)  # type: ignore[attr-defined]


def test_facts_by_label(plan: Path) -> None:
    nodes = facts_of(read_document(plan), Lexicon()).nodes
    labels = [label_of(i) for i in nodes]
    assert {k: labels.count(k) for k in ("Firm", "Target", "Measure", "Platform")} == {
        "Firm": 3,
        "Target": 13,
        "Measure": 4,
        "Platform": 1,
    }
    goal = next(n for n in nodes.values() if getattr(n, "indicator", None) == "产值")
    assert (goal.value, goal.unit, goal.year) == (900, "亿元", 2026)  # type: ignore[attr-defined]
    grant = next(n for n in nodes.values() if getattr(n, "rate_max", None))
    assert (grant.rate_max, grant.cap) == (0.08, 2000)  # type: ignore[attr-defined]


def test_names_are_linked_by_alias_and_new_ones_proposed(plan: Path) -> None:
    lexicon = Lexicon(
        [
            ("firm:yuanjing", ["远景动力", "远景"]),
            ("firm:a", ["江海新能"]),
            ("firm:b", ["江海新能"]),
            ("dept:chengdu/jingxin", ["市经信局", "成都市经信局"]),
            ("dept:linjiang/fagai", ["临江市发改委"]),
            ("region:510100", ["成都"]),
        ]
    )
    names = {(r["label"], r["name"]): (r["link"], r["candidates"]) for r in read_document(plan).proposal(lexicon).names}
    assert names["Firm", "远景动力"] == ("firm:yuanjing", "")
    assert names["Firm", "江海新能"] == ("新建", "firm:a；firm:b")
    assert names["Firm", "赛微电子"] == ("新建", "")
    # The 市经信局 of one city is not that of another.
    assert names["Department", "市经信局"] == ("新建", "dept:chengdu/jingxin")
    assert names["Department", "市发改委"] == ("dept:linjiang/fagai", "")
    assert names["Region", "成都"] == ("region:510100", "")


def test_a_workbook_comes_back_as_it_went(plan: Path, tmp_path: Path) -> None:
    source = read_document(plan)
    file = tmp_path / "review.xlsx"
    write_review(source.proposal(Lexicon()), file)
    again = reviewed(file)
    assert again.dataset.id == source.dataset.id
    before, after = facts_of(source, Lexicon()), facts_of(again, Lexicon())
    assert after.nodes == before.nodes
    assert after.relationships == before.relationships


def test_corrections_in_the_workbook_count(plan: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.xlsx"
    write_review(read_document(plan).proposal(Lexicon()), file)
    book = openpyxl.load_workbook(file)
    firms, names, goals = book["企业"], book["名称对照"], book["指标"]
    rejected = firms.cell(2, 3).value
    firms.cell(2, 1).value = "否"
    for row in names.iter_rows(min_row=2):
        if row[1].value == "赛微电子":
            row[2].value = "firm:saiwei"
    goals.cell(2, 6).value = 2700
    goals.cell(2, 4).value = "营业总收入"
    book.save(file)
    facts = facts_of(reviewed(file), Lexicon())
    ends = {r.end for r in facts.relationships.values()}
    assert f"firm:{rejected}" not in ends
    assert "firm:saiwei" in ends
    assert any(getattr(n, "indicator", "") == "营业总收入" and n.value == 2700 for n in facts.nodes.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("指标", (2, 6), "很多", "不是数字"),
        ("企业", (2, 2), "没有的条款", "没有条款"),
    ],
)
def test_faults_of_a_workbook_name_the_row(
    plan: Path, tmp_path: Path, sheet: str, cell: tuple[int, int], value: str, message: str
) -> None:
    file = tmp_path / "review.xlsx"
    write_review(read_document(plan).proposal(Lexicon()), file)
    book = openpyxl.load_workbook(file)
    book[sheet].cell(*cell).value = value
    book.save(file)
    with pytest.raises(LoadError) as error:
        read_sources([file])
    assert sheet in str(error.value)
    assert "第2行" in str(error.value)
    assert message in str(error.value)


def test_what_stands_in_a_document_is_never_a_formula(tmp_path: Path) -> None:
    text = PLAN.replace("赛微电子", "赛微电子").replace("推广氢燃料重卡", "=HYPERLINK(1)")
    file = tmp_path / "review.xlsx"
    write_review(read_document(path_of(tmp_path, "a.txt", text)).proposal(Lexicon()), file)
    for sheet in openpyxl.load_workbook(file):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_documents_are_loaded_only_where_they_are_named(plan: Path) -> None:
    assert files_in([plan.parent]) == []
    assert files_in([plan]) == [plan]


def test_a_novel_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="不像政策文件"):
        read_sources([path_of(tmp_path, "a.txt", "那夜雨下得紧，谁也不说话。" * 200)])


@pytest.fixture
def blank(configured: Database) -> Database:
    configured.empty()
    return configured


def test_load_and_review_on_the_command_line(liantu: Liantu, blank: Database, plan: Path, tmp_path: Path) -> None:
    assert liantu("load", "--yes", str(plan)).code == 0
    assert "无变化" in liantu("load", "-y", str(plan)).out
    review = tmp_path / "plan-审阅.xlsx"
    assert liantu("review", str(plan)).code == 0
    assert openpyxl.load_workbook(review).sheetnames[0] == MARK
    assert "已存在" in liantu("review", str(plan)).err
    assert reviewed(review).proposal(Lexicon()).about["path"] == str(plan.resolve())
    ended = liantu("load", "-y", str(review))
    assert ended.code == 0
    assert "无变化" in ended.out
    assert liantu("forget", "plan.txt").code == 0


def test_a_load_reads_each_file_once_and_meets_the_record_once(
    liantu: Liantu, blank: Database, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not faked: documents, workbooks, meetings with the record and connections of one ``load``."""
    counts: Counter[str] = Counter()

    def counted(owner: object, name: str, what: str) -> None:
        real = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            counts[what] += 1
            return real(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    firms = path_of(tmp_path, "firms.csv", "编号,名称\nfirm:a,甲\n")
    book = openpyxl.Workbook()
    book.active.title = "企业"
    book.active.append(["编号", "名称"])
    book.active.append(["firm:b", "乙"])
    book.save(tmp_path / "more.xlsx")
    counted(document_source, "extract_file", "documents read")
    counted(document_source, "with_states", "documents met")
    counted(spreadsheets, "load_workbook", "workbooks opened")
    counted(loading, "known_documents", "records read")
    counted(Store, "__init__", "stores opened")
    assert liantu("load", "--yes", str(plan), str(firms), str(tmp_path / "more.xlsx")).code == 0
    assert counts["documents read"] == counts["documents met"] == counts["workbooks opened"] == 1
    assert counts["records read"] <= 1
    assert counts["stores opened"] == 1


def test_extract_prints_json(liantu: Liantu, plan: Path, tmp_path: Path) -> None:
    import json

    data = json.loads(liantu("extract", str(plan), "-f", "json").out)
    assert [f["name"] for f in data["firms"]] == ["远景动力", "江海新能", "赛微电子"]
    out = tmp_path / "a.md"
    assert liantu("extract", str(plan), "-o", str(out)).code == 0
    assert "| 行动计划 二（一）1 |" in out.read_text(encoding="utf-8")
    ended = liantu("extract", str(path_of(tmp_path, "b.txt", "")))
    assert (ended.code, ended.err.strip()) == (1, "✗ b.txt: 文件为空")


def test_a_file_that_repeats_itself_has_a_clause_for_each(tmp_path: Path) -> None:
    lines = ["示例市储能产业行动方案", "一、总体要求"]
    for body in ("建设储能电站", "建设储能电站二期", "建设储能电站三期"):
        lines += ["1. 发展储能", f"支持企业{body}。（责任单位：市经信局）"]
    [facts] = read_sources([path_of(tmp_path, "repeated.txt", "\n".join(lines))])
    clauses = [node for node in facts.nodes if label_of(node) == "Clause"]
    assert len(clauses) >= 4

"""The gap report on the shipped graph: every figure is the assessment's, in both languages, and in every format."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

import cli
from graph.analysis.status import GAP_STATUSES, Status
from graph.analysis.support import Project, Verdict
from graph.database.store import Store
from graph.language import use_language
from graph.settings import settings
from reports.formats import renderers
from reports.formats.blocks import Document, Heading, Picture, Table, cell_of, half_up, walk
from reports.gap.conclusions import (
    doubt_words,
    first_lines,
    is_operating,
    means_words,
    named_only,
    offers,
    risk_words,
    single_on_record,
    situation,
    unknown_first,
    unknown_losses,
    unknown_words,
)
from reports.gap.decision_page import first_questions, in_city, later_questions, open_support
from reports.gap.gap_document import gap_document
from reports.gap.gap_json import gap_data
from reports.gap.gap_table import gaps_stem
from reports.gap.gap_words import (
    after_clause,
    cite,
    date_text,
    evidence_text,
    paths_text,
    share,
    shown_loss,
    source_numbers,
)
from reports.gap.gap_workbook import gap_sheets, gap_workbook
from reports.words import say_reason
from services.dossier import Dossier, counts_of, gather_dossier
from tests.conftest import Database

REGIONS = ("成都市", "龙泉驿区", "简阳市", "宜宾市")
_MADE: dict[tuple[str, int], Dossier] = {}


def _dossier(store: Store, region: str) -> Dossier:
    """The dossier of a region, gathered once for all tests."""
    key = (region, id(store))
    if key not in _MADE:
        project = Project(fixed_investment=500_000)
        _MADE[key] = gather_dossier(store, region, settings.main_chains, project=project)
    return _MADE[key]


@pytest.fixture
def chengdu(shipped_embedded: Store) -> Dossier:
    return _dossier(shipped_embedded, "成都市")


@pytest.fixture(params=REGIONS)
def dossier(request: pytest.FixtureRequest, shipped_embedded: Store) -> Dossier:
    return _dossier(shipped_embedded, request.param)


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh")


def _text(document: Document) -> str:
    """All that a document says."""
    return renderers.render(document, "md").decode()


# -- figures ---------------------------------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_assessment(dossier: Dossier) -> None:
    segments = [s for c in dossier.assessment.chains for s in c.gaps.segments]
    status = Counter(s.status for s in segments)
    gaps = [s for s in segments if s.status in GAP_STATUSES]
    held = sum(any(m.id in s.quantities.by_firm for m in s.makers) for s in segments)
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    assert (c.links, c.distinct_links) == (len(segments), len({s.id for s in segments}))
    assert (c.gaps, c.distinct_gaps) == (len(gaps), len({s.id for s in gaps}))
    assert c.held == held == sum(round(x.gaps.completeness * len(x.gaps.segments)) for x in dossier.assessment.chains)
    assert dict(c.by_status) == {s: status[s] for s in Status}
    said = [int(n) for n in re.findall(r"(\d+) [个家条]", situation(dossier))]
    expected = {5, c.links, c.distinct_links, c.gaps, c.distinct_gaps, c.by_status[Status.UNKNOWN]}
    assert expected <= set(said)
    well = c.by_status[Status.PRESENT] + c.by_status[Status.STRONG]
    assert set(said) <= expected | {c.held, c.firms, well, *(c.by_status[s] for s in GAP_STATUSES)}


def test_the_first_gaps_are_the_first_of_the_ranking_with_their_figures(dossier: Dossier) -> None:
    for gap, line in zip(dossier.gaps, first_lines(dossier), strict=False):
        assert line.startswith(f"{gap.segment.name}（")
        s = gap.segment
        users = re.search(r"本链 (\d+) 家本地企业", line)
        assert (int(users[1]) if users else 0) == s.users
        loss = re.search(r"登记企业最多 (<?\d+%) 受影响", line)
        assert (loss[1] if loss else share(0)) == share(s.criteria.risk or 0)
        offered = re.search(r"外地登记企业 (\d+) 家", line)
        found = dossier.way_out(gap).candidates
        near = [f for f in found.firms if in_city(dossier, f)]
        assert (int(offered[1]) if offered else 0) == found.total - len(near)
        assert all(f"{f.name}（" in line.split("先做市内配套")[0] for f in near)


def test_risks_means_and_unknowns_say_what_was_computed(dossier: Dossier) -> None:
    said = risk_words(dossier)
    for chain in dossier.assessment.chains:
        if chain.outages.firms:
            worst = chain.outages.firms[0]
            assert chain.outages.names[worst.id] in said
            assert share(worst.loss) in said
            assert chain.outages.resilience == pytest.approx(1 - worst.loss)
    firms = {f.firm for w in dossier.ways_out for f in w.candidates.firms}
    parks = {p.park for w in dossier.ways_out for p in w.parks}
    open_ = {
        d.measure.id
        for w in dossier.ways_out
        for d in w.support.decisions
        if d.verdict in (Verdict.MET, Verdict.UNDECIDED)
    }
    assert (
        f"企业 {len(firms)} 家（未联系过）、本地可承接园区 {len(parks)} 个、可能适用的支持措施 {len(open_)} 项"
        in means_words(dossier)
    )
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    assert f"{c.by_status[Status.UNKNOWN]} 个环节既没有企业登记" in unknown_words(dossier)
    losses = unknown_losses(dossier)
    order = [(losses.get(s.id, 0.0), s.criticality) for s in unknown_first(dossier)]
    assert order == sorted(order, reverse=True)


def test_a_region_without_firms_is_not_described(shipped_embedded: Store) -> None:
    document = gap_document(_dossier(shipped_embedded, "简阳市"))
    text = _text(document)
    assert "不能说明产业现状" in text
    assert "没有一个环节有在产企业登记" in text
    assert "算不出谁先谁后" in text
    assert "断供风险" not in text
    drawn = [b.caption for b in walk(document.blocks) if isinstance(b, Picture)]
    assert len(drawn) == 3  # photovoltaics and hydrogen: nothing is known, nothing is drawn


def test_what_the_plan_of_chengdu_names_is_found(chengdu: Dossier) -> None:
    found = {g.segment.name for g in chengdu.gaps}
    assert {"隔膜", "电解液", "电池铝箔", "电驱动系统", "电池系统"} <= found
    first = {g.segment.name for g in chengdu.gaps[:8]}
    assert {"隔膜", "电解液", "电池铝箔"} <= first


def test_losses_are_said_to_be_upper_bounds(chengdu: Dossier) -> None:
    text = _text(gap_document(chengdu))
    first = text.split("补链建议")[0]
    assert "没有采购合同数据" in first
    assert "上界" in first
    for word in ("停产即停摆", "确知靠外部", "位次可靠", "可接洽"):
        assert word not in text


def test_gaps_of_a_register_that_is_not_complete_are_suspected(chengdu: Dossier) -> None:
    single, named = single_on_record(chengdu), named_only(chengdu)
    assert all(len(s.quantities.by_firm) == 1 for s in single)
    assert not any(s.live for s in named)
    assert f"{len(single)} 个只是登记到一家企业，{len(named)} 个是政策点名而登记未见企业" in doubt_words(chengdu)
    declared = replace(chengdu, surveyed=frozenset(s.id for s in (*single, *named)))
    assert doubt_words(declared) == ""
    assert doubt_words(chengdu) in _text(gap_document(chengdu))


def test_a_clause_older_than_the_evidence_of_a_maker_is_said_to_be(chengdu: Dossier) -> None:
    separator = next(g for g in chengdu.gaps if g.segment.name == "隔膜")
    said = after_clause(chengdu, separator)
    assert "2022年4月" in said
    assert "璞泰来" in said
    old = [replace(m, as_of="2021-01") for m in separator.segment.makers]
    before = replace(separator, segment=replace(separator.segment, makers=tuple(old)))
    assert after_clause(chengdu, before) == ""


def test_what_is_asked_of_the_city_is_a_direction_for_a_district(shipped_embedded: Store) -> None:
    district, city = _dossier(shipped_embedded, "龙泉驿区"), _dossier(shipped_embedded, "成都市")
    assert district.city is not None and (district.city.id, district.city.name) == ("region:510100", "成都市")
    assert city.city is None
    assert "全市性要求" in _text(gap_document(district))
    assert "全市性要求" not in _text(gap_document(city))
    separator = next(g for g in district.gaps if g.segment.name == "隔膜")
    assert any("市内已有" in text and "璞泰来" in text for text in offers(district, separator))


def test_the_firms_that_policy_names_are_told_with_what_is_on_record(chengdu: Dossier) -> None:
    found = {f.name: f for f in chengdu.named}
    assert {"宁德时代", "格力钛", "中创新航"} <= set(found)
    assert is_operating(found["中创新航"])
    assert not is_operating(found["格力钛"])
    assert "政策点名企业的登记情况" in _text(gap_document(chengdu))


def test_the_dates_of_the_evidence_add_up(chengdu: Dossier) -> None:
    whole, *parts = map(int, re.findall(r"(\d+) 条", evidence_text(chengdu)))
    assert whole == sum(parts)
    pairs = {(f, s.id) for c in chengdu.assessment.chains for s in c.gaps.segments for f in s.quantities.by_firm}
    assert whole == len(pairs)


def test_the_stated_investment_is_answered_in_full(chengdu: Dossier) -> None:
    text = _text(gap_document(chengdu))
    assert "35%—50%，是“固定资产投资补贴总额”的比例，即每 1 亿元为 3,500 万元—5,000 万元" in text
    assert "不重复享受" in text
    assert "文件有效期至2027年5月27日" in text
    support = open_support(chengdu)
    first, later = ([say_reason(q.text) for q in ask(chengdu, support)] for ask in (first_questions, later_questions))
    assert all("措施 1" in question for question in first)
    assert later
    assert text.index(first[0]) < text.index("其余支持措施要问清的事") < text.rindex(later[0])


# -- what stands in it -------------------------------------------------------------------------------------------------


def test_every_part_is_there(chengdu: Dossier) -> None:
    document = gap_document(chengdu)
    tops = [b.text for b in walk(document.blocks) if isinstance(b, Heading) and b.level == 1]
    assert tops == [
        "主要结论",
        "产业链现状",
        "短板排序",
        "重点短板及出路",
        "断供风险",
        "本地配套与对外依存",
        "未知与待核",
        "方法与阈值",
        "来源",
    ]
    assert sum(isinstance(b, Picture) for b in walk(document.blocks)) == 5
    facts = dict(document.facts)
    assert facts["数据截至"] == date_text(chengdu.assessment.as_of)
    assert chengdu.version.digest in _text(document)
    assert facts["企业证据"] == evidence_text(chengdu)
    pages = [b.text for b in walk(document.blocks) if isinstance(b, Heading) and b.level == 2]
    assert [g.segment.name for g in chengdu.top] == [p for p in pages if p in {g.segment.name for g in chengdu.top}]


@pytest.mark.parametrize("region", REGIONS)
def test_no_id_stands_in_the_text(shipped_embedded: Store, region: str) -> None:
    text = _text(gap_document(_dossier(shipped_embedded, region)))
    assert not re.search(r"\b(seg|firm|park|region|chain|clause|doc|measure|dept|target|task):", text)
    for word in ("None", "nan", "missing", "single", "unknown", "operating"):
        assert word not in text


def test_every_number_in_brackets_is_in_the_list_of_sources(dossier: Dossier) -> None:
    document = gap_document(dossier)
    cited = {int(n) for group in re.findall(r"［([\d、]+)］", _text(document)) for n in group.split("、")}
    listed = [
        cell_of(row[0]).value
        for b in walk(document.blocks)
        if isinstance(b, Table) and b.caption in ("引用的政策文件和条款", "企业和项目的信息来源")
        for row in b.rows
    ]
    assert cited <= set(listed)
    assert listed == list(range(1, len(listed) + 1))


def test_every_firm_and_clause_that_counts_has_a_source(chengdu: Dossier) -> None:
    for chain in chengdu.assessment.chains:
        for segment in chain.gaps.segments:
            assert all(cite(chengdu, m.sources) for m in segment.makers)
            assert all(cite(chengdu, [s.clause]) for s in segment.stances)
    assert len(source_numbers(chengdu)) == len({s.document for s in chengdu.sources.values()})


def test_the_number_of_pages_follows_top(shipped_embedded: Store) -> None:
    none = gather_dossier(shipped_embedded, "成都市", ["锂电池"], top=0)
    assert none.top == ()
    text = _text(gap_document(none))
    assert "重点短板及出路" not in text
    assert "补链建议" in text


def test_names_from_the_data_stay_text(chengdu: Dossier) -> None:
    """A region that is called like a formula and a tag breaks neither the page nor the workbook."""
    evil = '=cmd|"/c calc"!A1<script>x</script>'
    hostile = replace(chengdu, assessment=replace(chengdu.assessment, region_name=evil))
    page = renderers.render(gap_document(hostile), "html").decode()
    assert "<script>" not in page
    book = openpyxl.load_workbook(io.BytesIO(gap_workbook(hostile)))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert all(c not in gaps_stem([c.gaps for c in hostile.assessment.chains]) for c in '\\/:*?"<>|')


# -- formats -----------------------------------------------------------------------------------------------------------


def test_the_workbook_is_filterable_linked_and_holds_numbers(chengdu: Dossier) -> None:
    book = openpyxl.load_workbook(io.BytesIO(gap_workbook(chengdu)))
    assert book.sheetnames == [
        "结论",
        "排序",
        "光伏",
        "锂电池",
        "氢能",
        "储能",
        "新能源汽车",
        "候选企业",
        "承载地",
        "政策措施",
        "责任部门",
        "指标",
        "断供分析",
        "配套率",
        "未知与待核",
        "方法与阈值",
        "来源",
    ]
    for sheet in book:
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.freeze_panes, sheet.title
        assert _targets(sheet) <= set(book.sheetnames)
    assert _targets(book["结论"]) == {"光伏", "锂电池", "氢能", "储能", "新能源汽车"}
    assert _targets(book["锂电池"]) == {"候选企业", "来源"}
    rows = list(book["排序"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "位次")
    score, loss = rows[head].index("得分"), rows[head].index("断供损失")
    found = rows[head + 1 : head + 1 + len(chengdu.assessment.ranked)]
    assert [row[score] for row in found] == pytest.approx([r.score for r in chengdu.assessment.ranking.rows])
    assert [row[loss] for row in found] == [
        pytest.approx(shown_loss(g.segment, g.segment.criteria.risk)) for g in chengdu.assessment.ranked
    ]
    colours = [r for ranges in book["排序"].conditional_formatting for r in ranges.rules]
    assert {r.formula[0].strip('"') for r in colours} == {"单一来源", "缺失"}
    percent = book["排序"].cell(head + 2, loss + 1)
    assert percent.number_format.endswith("%")


def _targets(sheet: Any) -> set[str]:
    """The sheets that a sheet leads to."""
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    return {link.location.split("!")[0].strip("'") for link in links}


def test_every_sheet_says_as_of_when(chengdu: Dossier) -> None:
    for sheet in gap_sheets(chengdu):
        assert any("数据截至2026年1月" in line for line in sheet.lines)


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_the_document_is_the_same_in_every_format(chengdu: Dossier, kind: str) -> None:
    document = gap_document(chengdu)
    raw = renderers.render(document, kind)
    if kind == "docx":
        word = docx.Document(io.BytesIO(raw))
        text = "".join(p.text for p in word.paragraphs) + "".join(c.text for t in word.tables for c in t._cells)
    elif kind == "pdf":
        pages = (p.extract_text() for p in PdfReader(io.BytesIO(raw)).pages)
        text = "".join(re.sub(r"(?m)^\W*\d+\W*$", "", page) for page in pages)  # without the page numbers
    else:
        text = re.sub(r"<[^>]+>", "", raw.decode())
    squeezed = re.sub(r"\s", "", text)
    for line in (situation(chengdu), *first_lines(chengdu)):
        assert re.sub(r"\s", "", line) in squeezed


def test_the_data_hold_the_figures_of_the_report(chengdu: Dossier) -> None:
    data = json.loads(json.dumps(gap_data(chengdu), ensure_ascii=False))
    assert data["counts"]["gaps"] == counts_of(c.gaps for c in chengdu.assessment.chains).gaps
    assert [g["name"] for g in data["ranking"]["gaps"]] == [g.segment.name for g in chengdu.assessment.ranked]
    assert len(data["ways_out"]) == 5
    assert data["chains"][0]["knock_out"]["firms"][0]["loss"] == chengdu.assessment.chains[0].outages.firms[0].loss


# -- English -----------------------------------------------------------------------------------------------------------


def test_the_report_is_written_in_english_too(shipped_embedded: Store, english: None) -> None:
    dossier = gather_dossier(shipped_embedded, "成都市", settings.main_chains)
    document = gap_document(dossier)
    assert document.language == "en"
    assert document.title == "Gaps in the industry chains of Chengdu"
    tops = [b.text for b in walk(document.blocks) if isinstance(b, Heading)]
    assert all(text.isascii() for text in tops), tops
    headings = [c.heading for b in walk(document.blocks) if isinstance(b, Table) for c in b.columns]
    assert all(not re.search(r"[\u4e00-\u9fff]", h) for h in headings)
    assert not re.search(r"[\u4e00-\u9fff]", situation(dossier) + unknown_words(dossier))
    names = openpyxl.load_workbook(io.BytesIO(gap_workbook(dossier))).sheetnames
    assert all(name.isascii() for name in names)


# -- words and command -------------------------------------------------------------------------------------------------


def test_words() -> None:
    assert date_text("2026-01") == "2026年1月"
    assert date_text("2025") == "2025年"
    assert date_text(None) == "未注明"
    assert [share(x) for x in (0, 0.001, 0.125, 0.375, 0.625, 1)] == ["0%", "<1%", "13%", "38%", "63%", "100%"]
    assert [half_up(x) for x in (0.5, 1.5, 2.5, -2.5, 1234)] == ["1", "2", "3", "-3", "1,234"]
    assert half_up(0.285 * 100) == "29"
    assert half_up(0.25, 1) == "0.3"
    assert (
        paths_text(["行动方案 二", "政策措施 1", "行动方案 三（一）2", "行动方案 二"])
        == "行动方案 二、三（一）2；政策措施 1"
    )


def test_the_command_writes_the_report(
    database: Database, configured: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured.shipped()
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    made = run(cli.app, ["report", "gaps", "-r", "成都市", "-c", "锂电", "--top", "1", "--investment", "50亿元"])
    assert made.exit_code == 0, made.output
    word = docx.Document(str(tmp_path / "成都市-锂电池-缺链报告.docx"))
    assert any("固定资产投资 50 亿元" in c.text or "50 亿元" in c.text for t in word.tables for c in t._cells) or any(
        "50 亿元" in p.text for p in word.paragraphs
    )
    for ending in ("xlsx", "md", "json"):
        made = run(cli.app, ["report", "gaps", "-r", "成都市", "-c", "锂电", "-o", str(tmp_path / f"r.{ending}")])
        assert made.exit_code == 0, made.output
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["region_name"] == "成都市"
    refused = run(cli.app, ["report", "gaps", "-r", "火星市"])
    assert refused.exit_code != 0

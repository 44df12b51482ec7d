"""月通报 and 季调度 from a table of reported values (invented) to every format, and the table to fill in."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from graph.analysis.target_progress import Standing, parse_period
from graph.database.store import Store
from graph.database.writing import load, remove
from graph.facts import Facts
from loaders.sources import read_sources
from loaders.spreadsheets import write_template
from reports import progress_report as report
from reports.formats.blocks import Table, walk
from services.duties import RegionProgress, assess_progress
from tests.conftest import Database, Ended, path_of

Liantu = Callable[..., Ended]

#: Invented figures; the targets are on record.
VALUES = """指标,期间,实绩值,口径
光伏产业总产值,2021,600,
光伏产业总产值,2023-06,350,年内累计
光伏产业总产值,2024-06,380,年内累计
锂电产业总产值,2021,500,
锂电产业总产值,2024-06,470,年内累计
氢能产业总产值,2024-06,60,当期值
规上工业单位增加值能耗,2020,0.5,
规上工业单位增加值能耗,2023,0.49,
高技术制造业营业收入占规上工业比重,2021,36,
高技术制造业营业收入占规上工业比重,2024-06,40.5,期末值
"""
_NAMES = "MATCH (t:Target) RETURN t.id AS id, [t.name] AS names"


@pytest.fixture
def reported(database: Database, tmp_path: Path) -> Iterator[Store]:
    """data/ with the invented values, which are taken out again."""
    store = database.shipped()
    facts = _read(store, path_of(tmp_path, "实绩.csv", VALUES))
    load(store, facts)
    yield store
    remove(store, [f.dataset.id for f in facts])


def _read(store: Store, file: Path) -> list[Facts]:
    """The facts of a table that names targets on record."""
    return read_sources([file], [(row["id"], row["names"]) for row in store.read(_NAMES)])


@pytest.fixture
def monthly(reported: Store) -> RegionProgress:
    return assess_progress(reported, "成都市", parse_period("2024-06"))


def test_the_report_by_hand(monthly: RegionProgress) -> None:
    """450 of photovoltaics were due (900·6/12), 437.5 of lithium (875·6/12); energy -6 % by the end of 2023, -2 % it was."""
    found = {t.progress.target.name: t.progress for t in monthly.targets}
    pv, lithium = found["光伏产业总产值"], found["锂电产业总产值"]
    assert (pv.standing, pv.expected, pv.gap) == (Standing.BEHIND, pytest.approx(450), pytest.approx(-70))
    assert pv.on_year is not None
    assert pv.on_year.percent == pytest.approx(100 * 30 / 350)
    assert (lithium.standing, lithium.expected) == (Standing.ON_TRACK, pytest.approx(437.5))
    energy = found["规上工业单位增加值能耗"]
    assert (energy.standing, energy.gap) == (Standing.BEHIND, pytest.approx(-4))
    assert found["氢能产业总产值"].standing is Standing.NOT_APPLIED
    assert found["高技术制造业营业收入占规上工业比重"].standing is Standing.AHEAD  # 39.75 was due
    assert monthly.counts[Standing.NO_OBSERVATION] == 26 - 5


def test_the_document_says_behind_first_and_lists_the_rest(monthly: RegionProgress) -> None:
    made = report.document(monthly)
    assert (made.title, made.subtitle) == ("成都市重点产业链指标月通报", "2024年6月")
    tables = {b.name: b for b in walk(made.blocks) if isinstance(b, Table)}
    assert [str(row[0]).splitlines()[0] for row in tables["指标进度"].rows] == [
        "规上工业单位增加值能耗",
        "光伏产业总产值",
        "锂电产业总产值",
        "高技术制造业营业收入占规上工业比重",
    ]
    assert [row[0] for row in tables["不能判定"].rows] == ["氢能产业总产值"]
    assert len(tables["无实绩"].rows) == 21
    assert tables["部门责任"].rows[0][:3] == ("市经信局", 13, report.Cell(1, report.STANDING_COLOURS[Standing.BEHIND]))
    assert [row[1] for row in tables["未落实责任"].rows] == ["工作目标"]
    assert "liantu" not in str(made)  # what goes up holds no commands
    assert "--" not in str(made)


def test_no_figure_of_the_conclusions_is_made_up(monthly: RegionProgress) -> None:
    first = str(report.document(monthly).blocks[1])
    assert "纳入调度的指标 26 项：滞后 2 项、正常 1 项、超前 1 项、未适用 1 项、无实绩 21 项。" in first
    assert (
        "规上工业单位增加值能耗落后 4个百分点（牵头部门未明确）；光伏产业总产值落后 70亿元（市经信局、市生态环境局牵头）"
        in first
    )


@pytest.mark.parametrize(
    ("period", "title"), [("2024Q2", "成都市氢能指标季调度：实绩催报"), ("2024", "成都市氢能指标年度通报：实绩催报")]
)
def test_the_period_names_the_report(shipped_embedded: Store, period: str, title: str) -> None:
    made = report.document(assess_progress(shipped_embedded, "成都市", parse_period(period), ["氢能"]))
    assert made.title == title
    assert made.subtitle == {"2024Q2": "2024年第二季度", "2024": "2024年"}[period]


def test_without_any_value_one_page_asks_each_department(shipped_embedded: Store) -> None:
    made = report.document(assess_progress(shipped_embedded, "成都市", parse_period("2026-10")))
    tables = [b for b in walk(made.blocks) if isinstance(b, Table)]
    assert [t.name for t in tables] == ["待报"]
    assert sum(row[1] for row in tables[0].rows if isinstance(row[1], int)) == 26
    over = [t for t in made.blocks if "的目标年已过" in str(t)]
    assert len(over) == 1
    led = {str(row[0]): str(row[2]) for row in tables[0].rows}
    assert "锂电产业总产值" in led["市经信局、市生态环境局"]  # the order is the document's: 三（一）2
    assert "市生态环境局、市经信局" in led  # and here the other one is named first: 三（三）3


def test_a_region_without_targets_says_so(shipped_embedded: Store) -> None:
    made = str(report.document(assess_progress(shipped_embedded, "宜宾市", parse_period("2024-06"))))
    assert "图谱中没有宜宾市自己的量化指标，本期无从调度。上级文件另有 2 项指标，未计入。" in made


# --- the command -----------------------------------------------------------------------------------------


@pytest.fixture
def filled(configured: Database) -> Database:
    """data/ is loaded, and the command opens it."""
    configured.shipped()
    return configured


@pytest.mark.parametrize("format", ["md", "docx", "pdf", "html", "xlsx", "json"])
def test_every_format_is_written(liantu: Liantu, filled: Database, tmp_path: Path, format: str) -> None:
    file = tmp_path / f"通报.{format}"
    ended = liantu("report", "progress", "-r", "成都市", "-p", "2024-06", "-o", file)
    assert (ended.code, ended.out) == (0, "")
    start = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "json": b"{", "md": "# 成都市".encode(), "html": b"<!"}[
        format
    ]
    assert file.read_bytes().lower().startswith(start.lower())


def test_plain_data_for_other_programs(liantu: Liantu, filled: Database) -> None:
    made = json.loads(liantu("report", "progress", "-p", "2024q2", "-c", "锂电", "-f", "json").out)
    assert (made["period"], made["until"], made["chains"]) == ("2024Q2", "2024-06-30", ["chain:lithium"])
    (target,) = made["targets"]
    assert (target["standing"], target["observation"], target["gap"]) == ("no_observation", None, None)
    assert target["leads"] == ["dept:chengdu/jingxin", "dept:chengdu/shengtai-huanjing"]


def test_numbers_of_the_workbook_are_numbers(reported: Store, monthly: RegionProgress) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report.xlsx(monthly)))
    assert book.sheetnames == ["指标进度", "部门责任", "部门合作", "未落实责任", "口径与阈值"]
    rows = list(book["指标进度"].iter_rows(values_only=True))
    head = next(row for row in rows if "实绩值" in row)
    pv = next(dict(zip(head, row, strict=True)) for row in rows if "光伏产业总产值" in row)
    assert (pv["目标值"], pv["实绩值"], pv["应达值"], pv["与应达之差"]) == (
        1000,
        380,
        pytest.approx(450),
        pytest.approx(-70),
    )
    assert pv["同比"] == pytest.approx(30 / 350)


def test_a_wrong_period_is_one_readable_line(liantu: Liantu, filled: Database) -> None:
    ended = liantu("report", "progress", "-p", "2024年6月")
    assert (ended.code, ended.err) == (1, "✗ 期间应为 2024-06、2024Q2 或 2024，不是 '2024年6月'\n")


def test_the_organisation_on_the_terminal_and_as_data(liantu: Liantu, filled: Database) -> None:
    shown = liantu("organisation", "-r", "成都市")
    assert shown.code == 0
    assert "无牵头部门的任务 1：工作目标（行动方案 二）" in shown.out
    rows = list(csv.DictReader(io.StringIO(liantu("organisation", "-f", "csv").out)))
    assert (rows[0]["部门"], rows[0]["牵头任务"]) == ("市经信局", "21")
    data = json.loads(liantu("organisation", "-c", "氢能", "-f", "json").out)
    assert data["chains"] == ["chain:hydrogen"]
    assert data["tasks"] < 35
    assert liantu("organisation", "-r", "宜宾市").out.startswith("图谱中没有宜宾市自己的任务与措施")


# --- the table to fill in -----------------------------------------------------------------------------------


def test_the_template_begins_with_what_a_person_fills_in(database: Database, tmp_path: Path) -> None:
    store = database.shipped()
    file = tmp_path / "实绩.xlsx"
    write_template(file)
    book = openpyxl.load_workbook(file)
    sheet = book["实绩"]
    assert [cell.value for cell in sheet[1]][:4] == ["指标", "期间", "实绩值", "口径"]
    picks = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert picks["D2:D5001"] == '"期末值,年内累计,当期值"'
    sheet.append(["锂电产业总产值", "2021", 500])
    sheet.append(["锂电产业总产值", "2024-06", 470, "年内累计"])
    sheet.append(["锂电产业总产值", "2024-06", 80, "当期值"])
    book.save(shutil.copy(file, tmp_path / "填好.xlsx"))
    facts = _read(store, tmp_path / "填好.xlsx")
    load(store, facts)
    found = assess_progress(store, "成都市", parse_period("2024-06"), ["锂电"]).targets[0].progress
    remove(store, [f.dataset.id for f in facts])
    assert (found.standing, found.reading and found.reading.value) == (Standing.ON_TRACK, 470)

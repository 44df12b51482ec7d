"""The app: its shell, the overview and the explorer, in both languages; then a real browser on them."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from graph.analysis.status import Status
from graph.database import embedded
from graph.database.store import Store
from graph.database.writing import load
from graph.settings import settings
from loaders.sources import read_sources
from reports.colours import INK, ink_on
from reports.formats.output import csv_file, sheet_file
from reports.words import status_symbol
from services.gaps import RegionAssessment, assess
from tests.browser import Browser, running_app
from views import common

APP = Path(__file__).resolve().parents[2] / "app.py"
VIEWS = ("overview", "explorer")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with the shipped graph in it, served by the embedded engine."""
    where = tmp_path_factory.mktemp("app-home")
    with Store.open(where) as store:
        load(store, read_sources([settings.data]))
    yield where
    embedded.stop(where)


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    embedded.stop(tmp_path)


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "home", home)
    monkeypatch.setattr(settings, "neo4j_uri", None)


def a_view(name: str, **choices: str) -> AppTest:
    """The shell with one page in it: AppTest cannot turn to pages that are functions."""

    def script(name: str, choices: dict[str, str]) -> None:
        import importlib

        import streamlit as st

        from views import common

        if "choices" not in st.session_state:
            st.query_params.update(choices)
        common.begin()
        with common.readable_errors():
            common.sidebar({})
            importlib.import_module(f"views.{name}").page()

    return AppTest.from_function(script, args=(name, choices), default_timeout=90)


def words(page: AppTest) -> str:
    parts = [*page.title, *page.header, *page.subheader, *page.markdown, *page.caption, *page.error, *page.info]
    return "\n".join(str(part.value) for part in parts)


# -- the shell -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("at_home")
def test_the_app_opens_on_the_overview_of_the_default_region() -> None:
    page = AppTest.from_file(str(APP), default_timeout=90).run()
    assert not page.exception and not page.error
    assert page.title[0].value == "成都市 · 产业链总览"
    assert page.query_params["region"] == "region:510100"
    page.run()
    assert not page.exception


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_is_drawn_in_both_languages(name: str, language: str) -> None:
    page = a_view(name, lang=language, chain="chain:lithium").run()
    assert not page.exception and not page.error
    assert ("Chengdu" if language == "en" else "成都市") in page.title[0].value


@pytest.mark.usefixtures("at_home")
def test_the_language_switch_holds_and_stands_in_the_address() -> None:
    page = a_view("overview").run()
    page.sidebar.get("button_group")[0].set_value("en").run()
    assert "industry chains" in page.title[0].value
    assert page.query_params["lang"] == "en"
    page.run()
    assert "industry chains" in page.title[0].value


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("name", ["overview", "explorer", "gap_page"])
def test_switching_the_language_computes_no_assessment_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assessed = []

    def counted(*args: Any) -> RegionAssessment:
        assessed.append(args)
        return assess(*args)

    monkeypatch.setattr(common, "assess", counted)
    common._region_assessment.clear()
    page = a_view(name).run()
    assert assessed
    assessed.clear()
    page.sidebar.get("button_group")[0].set_value("en").run()
    assert not page.exception
    assert "Chengdu" in page.title[0].value
    assert not assessed


@pytest.mark.usefixtures("at_home")
def test_another_region_changes_page_and_address() -> None:
    page = a_view("overview").run()
    page.sidebar.selectbox[0].set_value("region:510600").run()
    assert not page.exception
    assert page.title[0].value.startswith("德阳市")
    assert page.query_params["region"] == "region:510600"


@pytest.mark.usefixtures("at_home")
def test_an_unknown_region_in_the_address_is_said_and_replaced() -> None:
    page = a_view("overview", region="region:000000").run()
    assert not page.exception
    assert "region:000000" in page.warning[0].value
    assert page.title[0].value.startswith("成都市")


def test_an_empty_graph_names_the_command(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "home", empty_home)
    page = AppTest.from_file(str(APP), default_timeout=90).run()
    assert not page.exception
    assert [code.value for code in page.code] == ["liantu build"]


def test_the_app_recovers_when_the_engine_dies(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "home", home)
    page = AppTest.from_file(str(APP), default_timeout=90).run()
    embedded.stop(home)
    common._seen_alive.clear()
    page.run()
    assert not page.exception and not page.error
    assert page.title[0].value.startswith("成都市")


def test_a_database_that_is_not_there_is_said_in_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "neo4j_uri", "bolt://127.0.0.1:1")
    page = AppTest.from_file(str(APP), default_timeout=90).run()
    assert not page.exception
    assert "连不上数据库" in page.error[0].value


@pytest.mark.usefixtures("at_home")
def test_a_load_that_was_cut_off_is_said(home: Path) -> None:
    with Store.open(home) as store:
        store.write(lambda tx: tx.run("MATCH (s:LoadState) SET s.state = 'running', s.done = 2, s.total = 5").consume())
        try:
            page = AppTest.from_file(str(APP), default_timeout=90).run()
            assert "2/5" in page.warning[0].value
            assert "liantu load --resume" in page.warning[0].value
        finally:
            store.write(
                lambda tx: tx.run("MATCH (s:LoadState) SET s.state = 'idle', s.done = 0, s.total = 0").consume()
            )


@pytest.mark.usefixtures("at_home")
def test_what_another_process_loads_shows_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "_FRESH_SECONDS", 0.0)
    page = a_view("overview").run()
    before = page.metric[0].value
    with Store.open(home) as store:
        store.write(
            lambda tx: tx.run(
                "MATCH (s:Segment {id: 'seg:pv/inverter'}), (l:LoadState) SET l.turn = coalesce(l.turn, 0) + 1 "
                "CREATE (f:Firm {id: 'firm:made-up', name: '试验企业', active: true})"
                "-[:OPERATES_IN {id: 'made-up', place: 'region:510107', stage: 'operating'}]->(s)"
            ).consume()
        )
        try:
            assert int(page.run().metric[0].value) == int(before) + 1
        finally:
            store.write(lambda tx: tx.run("MATCH (f:Firm {id: 'firm:made-up'}) DETACH DELETE f").consume())


# -- the explorer --------------------------------------------------------------------------------


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_segment_shows_its_firms_and_policy(language: str) -> None:
    page = a_view("explorer", chain="chain:lithium", segment="seg:lithium/separator", lang=language).run()
    assert not page.exception and not page.error
    told = words(page)
    assert ("政策条款" if language == "zh" else "Policy clauses") in told
    assert ("牵头：" if language == "zh" else r"lead\: ") in told
    assert "行动方案 三（一）2" in told
    assert page.query_params["segment"] == "seg:lithium/separator"


@pytest.mark.usefixtures("at_home")
def test_every_segment_of_the_main_chains_can_be_shown() -> None:
    page = a_view("explorer", chain="chain:pv").run()
    for chain in settings.main_chains:
        page.session_state["choices"]["chain"] = chain
        with Store.open() as store:
            segments = [row["id"] for row in store.run_named("chain_segments", chain=chain)]
        for segment in segments[::4]:
            page.session_state["choices"]["segment"] = segment
            page.run()
            assert not page.exception and not page.error, segment


# -- helpers -------------------------------------------------------------------------------------

ROWS = [["=HYPERLINK(1)", 1.5, None], ["甲", 2, ["a", "b"]]]


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    made = csv_file(["名称", "数", "表"], ROWS)
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert rows == [["名称", "数", "表"], ["'=HYPERLINK(1)", "1.5", ""], ["甲", "2", "a、b"]]


def test_xlsx_holds_text_and_numbers_and_no_formula() -> None:
    made = sheet_file("表", ["名称", "数", "表"], ROWS)
    sheet = load_workbook(io.BytesIO(made)).active
    assert [[c.value for c in row] for row in sheet.iter_rows(min_row=2, max_col=2)] == [
        ["'=HYPERLINK(1)", 1.5],
        ["甲", 2],
    ]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")


def test_names_stay_as_they_are_in_markdown() -> None:
    assert common.plain("*a* [b](c) :red[d] <b>$e$") == r"\*a\* \[b\](c) \:red\[d\] \<b\>\$e\$"


def test_each_status_has_its_own_symbol_and_readable_ink() -> None:
    assert len({status_symbol(status) for status in Status}) == len(Status)
    assert ink_on("#F0E442") == INK
    assert ink_on("#0072B2") == "#FFFFFF"


# -- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(browser: Browser, home: Path) -> Iterator[str]:  # without a browser no app is started
    with running_app(APP, env={"LIANTU_HOME": str(home), "NEO4J_URI": ""} | _inherited()) as url:
        yield url


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in ("LIANTU_ENGINE_HEAP",) if name in os.environ}


DRAWN = """() => [...document.querySelectorAll("*")].some(
    (e) => e.shadowRoot?.querySelector(".canvas")?.drawing?.network)"""


@pytest.mark.browser
def test_from_the_overview_to_a_segment_of_a_chain(browser: Browser, address: str, tmp_path: Path) -> None:
    page = browser.open(address, width=1440, height=900)
    page.get_by_role("heading", name="成都市 · 产业链总览").wait_for(timeout=60_000)
    page.get_by_role("link", name="看图谱").nth(1).click()
    page.get_by_role("heading", name="成都市 · 锂电池链").wait_for()
    page.wait_for_function(DRAWN)
    canvas = page.locator(".canvas")
    canvas.click(position=canvas.evaluate("(e, id) => e.drawing.spot(id)", "seg:lithium/separator"))
    page.get_by_role("heading", name="隔膜", exact=True).wait_for()
    page.get_by_role("heading", name="政策条款").wait_for()
    page.get_by_text("行动方案 三（一）2").first.wait_for()
    page.wait_for_url("**segment=seg%3Alithium%2Fseparator*")
    page.get_by_role("button", name="电芯").click()
    page.get_by_role("heading", name="电芯", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载图谱网页").click()
    assert download.value.suggested_filename == "成都市 锂电池.html"
    page.get_by_text("English", exact=True).click()
    page.get_by_role("heading", name="Lithium battery, Chengdu").wait_for()
    page.get_by_role("heading", name="Battery cell", exact=True).wait_for()
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("heading", name="Chengdu: industry chains at a glance").wait_for()
    assert "lang=en" in page.url
    page.close()
    assert browser.errors == []
    assert browser.outside == []


@pytest.mark.browser
def test_drawing_and_search_box_follow_each_other(browser: Browser, address: str) -> None:
    page = browser.open(f"{address}/?chain=chain:lithium", width=1440, height=900)
    page.get_by_role("link", name="产业链图谱").click()
    page.wait_for_function(DRAWN)
    canvas, detail = page.locator(".canvas"), page.locator(".st-key-detail h3")

    def click(segment: str, name: str) -> None:
        canvas.click(position=canvas.evaluate("(e, id) => e.drawing.spot(id)", segment))
        detail.get_by_text(name, exact=True).wait_for()
        page.wait_for_timeout(500)

    def search(name: str) -> None:
        page.get_by_label("环节").first.fill(name)
        page.get_by_label("环节").first.press("Enter")
        detail.get_by_text(name, exact=True).wait_for()
        page.wait_for_timeout(500)

    click("seg:lithium/separator", "隔膜")
    click("seg:lithium/electrolyte", "电解液")
    click("seg:lithium/cell", "电芯")
    search("隔膜")
    click("seg:lithium/electrolyte", "电解液")
    search("隔膜")
    canvas.press("Escape")
    detail.wait_for(state="detached")
    assert "segment=" not in page.url
    search("隔膜")
    page.get_by_role("link", name="总览").click()
    page.get_by_role("heading", name="政策文件").wait_for()
    page.get_by_role("link", name="产业链图谱").click()
    detail.get_by_text("隔膜", exact=True).wait_for()
    page.close()
    assert browser.errors == []

"""The gap report and the Cypher page: what they say, what they refuse, and the same in a real browser."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import docx
import networkx as nx
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from graph.analysis.layout import BOX
from graph.analysis.status import Status
from graph.analysis.support import SupportMeasure
from graph.database.rows import ChainTarget
from graph.database.store import Store, named_queries
from graph.language import use_language
from graph.settings import settings
from reports.formats.output import Format
from reports.gap import gap_table, way_out_tables
from services.gaps import assess, assess_chain
from tests.browser import Browser, BrowserUnavailable, launch, running_app
from views import cypher_page
from views.gap_page import report_file

CHENGDU, NOTHING_THERE = "region:510100", "region:542500"

PAGE = textwrap.dedent(
    """
    import streamlit as st
    from views import common

    common.begin()
    with common.readable_errors():
        common.sidebar({{}})
        from views import {module}
        {module}.page()
    """
)


@pytest.fixture(params=["zh", "en"])
def words(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    use_language("zh")


def opened(module: str, words: str = "zh", **address: str) -> AppTest:
    page = AppTest.from_string(PAGE.format(module=module), default_timeout=60)
    for name, value in {"lang": words, **address}.items():
        page.query_params[name] = value
    use_language("en" if words == "en" else "zh")  # the test words the options of select boxes in its own thread
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.error, page.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


# -- gap report ------------------------------------------------------------------------------------


def test_the_report_says_what_the_figures_say(shipped_embedded: Store, words: str) -> None:
    page = opened("gap_page", words)
    chains = [
        assess_chain(shipped_embedded, CHENGDU, c)
        for c in ("chain:pv", "chain:lithium", "chain:hydrogen", "chain:storage", "chain:nev")
    ]
    gaps = sum(len(c.gaps) for c in chains)
    assert (f"判定短板 {gaps} 个" if words == "zh" else f"{gaps} gaps") in page.info[0].value
    assert len(page.subheader) == 1 + 5  # the order over all, and each chain
    assert ("得分 \\=（0.30" if words == "zh" else "Score \\= (0.30") in said(page)
    order = next(d.value for d in page.dataframe if len(d.value.columns) == 10)
    assert [len(order), order.iloc[0, 1]] == [10, "隔膜" if words == "zh" else "Separator"]
    tables = page.table
    assert sum(len(t.value) for t in tables) == gaps


def test_overview_explorer_and_gap_page_show_one_order(shipped_embedded: Store) -> None:
    assessed = assess(shipped_embedded, CHENGDU, settings.main_chains)
    text = "\n".join(m.value for m in opened("overview").markdown)
    for gaps in (c.gaps for c in assessed.chains):
        for number, gap in enumerate(gaps.gaps[:3], start=1):
            assert f"{number}. {gap.name} · " in text.replace("\\", ""), (gaps.chain, gap.name)
    lithium = next(c.gaps for c in assessed.chains if c.gaps.chain == "chain:lithium")
    wanted = [(s.name, s.score) for s in lithium.gaps]
    drawn = opened("explorer", chain="chain:lithium")
    table = next(d.value for d in drawn.dataframe if "得分" in d.value.columns)
    assert [(r["环节"], r["得分"]) for _, r in table.head(len(wanted)).iterrows()] == [
        (name, round(score or 0, 3)) for name, score in wanted
    ]
    page = opened("gap_page")
    page.multiselect[0].set_value(["chain:lithium"]).run()
    assert list(page.table[0].value["环节"]) == [name for name, _ in wanted]


def test_all_segments_and_planned_capacity_are_shown_when_asked_for(shipped_embedded: Store) -> None:
    page = opened("gap_page")
    page.multiselect[0].set_value(["chain:lithium"]).run()
    page.toggle[0].set_value(True).run()
    assert len(page.table[0].value) == len(assess_chain(shipped_embedded, CHENGDU, "chain:lithium").segments)
    page.toggle[1].set_value(True).run()
    assert not page.exception
    assert "在建、规划产能也已计入" in said(page)


def test_a_filter_leaves_only_the_status_that_was_chosen(shipped_embedded: Store) -> None:
    page = opened("gap_page")
    page.multiselect[0].set_value(["chain:lithium"]).run()
    pills = next(b for b in page.button_group if b.label == "状态")
    pills.set_value([Status.MISSING]).run()
    assert set(page.table[0].value["状态"]) == {"缺失"}


def test_an_opened_gap_says_clause_departments_target_measures_firms_and_what_is_not_known(
    shipped_embedded: Store,
) -> None:
    page = opened("gap_page")
    page.multiselect[0].set_value(["chain:lithium"]).run()
    page.session_state["gap:chain:lithium:seg:lithium/electrolyte"] = True
    page.run()
    text = said(page)
    assert not page.exception
    for expected in (
        "积极发展锂电产业",
        "牵头：",
        "锂电产业总产值 ≥ 1,000 亿元（2025 年）",
        "成都经济技术开发区 · 0.27",
    ):
        assert expected in text
    measures = next(t.value for t in page.table if "工具" in t.value)
    row = measures[measures["措施"].str.startswith("链主项目")].iloc[0]
    assert row["比例"].startswith("35%–50%")
    assert "30亿元" in row["条件"]
    firms = next(d.value for d in page.dataframe if "证据截至" in d.value)
    assert len(firms)
    assert firms["所在地"].all()
    assert firms["得分"].is_monotonic_decreasing
    assert firms["理由（得分/满分）"].str.contains("已投产").all()
    assert "各家相同：本地下游客户 3 家" in text


@pytest.mark.parametrize(("region", "expected"), [(NOTHING_THERE, "无法判定短板"), ("region:510185", "点名要招引")])
def test_a_region_with_nothing_on_record_is_told_so_in_words(
    shipped_embedded: Store, region: str, expected: str
) -> None:
    page = opened("gap_page", region=region)
    assert "没有登记企业" in page.info[0].value
    assert expected in page.info[0].value
    assert not page.dataframe
    if region == NOTHING_THERE:
        assert not page.table
        assert not page.subheader


def test_no_chain_chosen_asks_for_one(shipped_embedded: Store) -> None:
    page = opened("gap_page")
    page.multiselect[0].set_value([]).run()
    assert "请至少选一条产业链" in said(page)


def test_measures_for_demonstration_cities_are_not_offered_to_a_city_that_is_none(shipped: Store) -> None:
    def offered(region: str) -> set[str]:
        rows = shipped.run_named("chain_measures", chain="chain:pv", region=region)
        return {row["id"].split("/")[0] for row in rows}

    assert offered(CHENGDU) == {"measure:chengdu-2022"}
    assert offered("region:510300") == {"measure:ndrc-2021"}
    assert offered(NOTHING_THERE) == set()


def test_money_and_rates_are_worded_with_their_units() -> None:
    nothing = SupportMeasure("measure:a", "a", "subsidy")
    assert way_out_tables.sums_text(nothing) == way_out_tables.rate_text(nothing) == ""
    capped = replace(nothing, cap=50.0, annual_cap=300.0)
    assert way_out_tables.sums_text(capped) == "单项上限 50 万元；年度上限 300 万元"
    shared = replace(nothing, rate_min=0.03, rate_max=0.03, rate_base="成交额")
    assert way_out_tables.rate_text(shared) == "3%，按成交额"


def test_targets_are_worded() -> None:
    target = ChainTarget("target:a", "产值", ">=", 1000.0, "亿元", 2025, None, "chain:pv", None)
    assert way_out_tables.target_text(target) == "产值 ≥ 1,000 亿元（2025 年）"
    change = replace(target, name="能耗", comparator="-%", value=13.5, unit="%", base_year=2020)
    assert way_out_tables.target_text(change) == "能耗 −13.5%，较 2020 年（2025 年）"


def test_report_files_hold_all_segments(shipped_embedded: Store) -> None:
    wanted = ("chain:pv", "chain:lithium")
    chains = [assess_chain(shipped_embedded, CHENGDU, c) for c in wanted]
    total = sum(len(c.segments) for c in chains)

    def saved(ending: str) -> bytes:
        return report_file(shipped_embedded, CHENGDU, wanted, ("operating",), Format(ending), "zh")

    book = openpyxl.load_workbook(io.BytesIO(saved("xlsx")))
    assert {"结论", "排序", "光伏", "锂电池", "来源"} <= set(book.sheetnames)
    rows = list(csv.reader(io.StringIO(saved("csv").decode("utf-8-sig"))))
    assert len(rows) == total + 1
    assert rows[0][:2] == ["地区", "产业链"]
    assert sum(len(c["segments"]) for c in json.loads(saved("json"))) == total
    assert "电解液" in saved("md").decode()
    headings = [p.text for p in docx.Document(io.BytesIO(saved("docx"))).paragraphs if p.style.name == "Heading 1"]
    assert "主要结论" in headings[0]
    assert saved("pdf").startswith(b"%PDF")
    assert gap_table.gaps_stem(chains) == "成都市-光伏、锂电池-缺链报告"
    assert gap_table.gaps_stem(chains[:1]) == "成都市-光伏-缺链报告"


# -- Cypher ------------------------------------------------------------------------------------------


def asked(page: AppTest, text: str, parameters: str = "{}") -> AppTest:
    page.text_area[0].set_value(text)
    next(i for i in page.text_input if i.key == "cypher-parameters").set_value(parameters)
    next(b for b in page.button if b.form_id).click().run()
    assert not page.exception
    return page


def test_a_named_query_runs_with_its_defaults(shipped_embedded: Store, words: str) -> None:
    page = opened("cypher_page", words, chain="chain:lithium")
    assert page.selectbox(key="cypher:query").value == "chain_segments"
    next(b for b in page.button if b.form_id).click().run()
    assert not page.exception
    found = page.dataframe[0].value
    assert len(found) == len(shipped_embedded.run_named("chain_segments", chain="chain:lithium"))
    assert "seg:lithium/cell" in set(found["id"])


@pytest.mark.parametrize("name", sorted(named_queries()))
def test_every_named_query_is_offered_with_inputs_and_runs(shipped_embedded: Store, name: str) -> None:
    page = opened("cypher_page")
    page.selectbox(key="cypher:query").set_value(name).run()
    query = named_queries()[name]
    keys = {e.key for e in (*page.selectbox, *page.text_input)}
    single = [p for p, default in query.parameters.items() if isinstance(default, str)]  # a list is edited as JSON
    assert {f"cypher:input:{name}:{p}" for p in single} <= keys
    next(b for b in page.button if b.form_id).click().run()
    assert not page.exception
    assert not page.error


def test_a_chosen_chain_goes_into_the_parameters(shipped_embedded: Store) -> None:
    page = opened("cypher_page")
    page.selectbox(key="cypher:input:chain_segments:chain").set_value("chain:nev").run()
    next(b for b in page.button if b.form_id).click().run()
    assert "seg:nev/vehicle" in set(page.dataframe[0].value["id"])


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (n:Firm {id: 'firm:x'}) RETURN n",
        "MATCH (n:Firm) SET n.name = 'x' RETURN n",
        "MATCH (n:Firm) DETACH DELETE n",
        "CREATE CONSTRAINT x IF NOT EXISTS FOR (n:Firm) REQUIRE n.name IS UNIQUE",
    ],
)
def test_a_write_is_refused_with_the_read_only_message(shipped_embedded: Store, text: str) -> None:
    before = shipped_embedded.read("MATCH (n:Firm) RETURN count(n) AS firms, min(n.name) AS first")
    page = asked(opened("cypher_page"), text)
    assert page.error[0].value == "这里只能查询，不能写入"
    assert shipped_embedded.read("MATCH (n:Firm) RETURN count(n) AS firms, min(n.name) AS first") == before


@pytest.mark.parametrize(
    "text",
    [
        "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
        "LOAD CSV FROM '/etc/passwd' AS row RETURN row",
        "LOAD CSV FROM 'http://127.0.0.1:9/' AS row RETURN row",
        "CALL apoc.load.json('file:///etc/passwd') YIELD value RETURN value",
        "CALL apoc.load.csv('file:///etc/passwd')",
    ],
)
def test_no_query_reads_a_file_or_an_address(shipped_embedded: Store, text: str) -> None:
    page = asked(opened("cypher_page"), text)
    assert page.error
    assert not page.dataframe
    assert "root:" not in said(page)


@pytest.mark.parametrize(
    ("text", "parameters", "expected"),
    [
        ("MATCH (n) RETURN n LIMIT", "{}", "语法错误"),
        ("RETURN $x AS x", "{}", "查询出错"),
        ("RETURN 1 AS x", "{chain}", "不是合法的 JSON"),
        ("RETURN 1 AS x", "[1]", "JSON 对象"),
        ("RETURN $x AS x", '{"x": 123456789012345678901234567890}', "64 位"),
        ("  ", "{}", "请先写一条查询"),
    ],
)
def test_a_mistake_is_one_readable_box(shipped_embedded: Store, text: str, parameters: str, expected: str) -> None:
    page = asked(opened("cypher_page"), text, parameters)
    assert len(page.error) == 1
    assert expected in page.error[0].value


def test_what_a_user_types_reaches_the_database_as_a_value(shipped_embedded: Store) -> None:
    nasty = "x'}) DETACH DELETE n //"
    page = asked(opened("cypher_page"), "RETURN $x AS x", json.dumps({"x": nasty}))
    assert list(page.dataframe[0].value["x"]) == [nasty]


def test_an_example_goes_into_the_editor_and_is_drawn(shipped_embedded: Store) -> None:
    page = opened("cypher_page")
    for number in range(len(cypher_page._EXAMPLES)):
        page.button(key=f"cypher:example:{number}").click().run()
        assert page.text_area[0].value == cypher_page._EXAMPLES[number][2]
        next(b for b in page.button if b.form_id).click().run()
        assert not page.exception
        assert not page.error
        assert page.dataframe or page.get("bidi_component")


def test_the_crib_names_every_label_and_relationship_type(shipped_embedded: Store, words: str) -> None:
    page = opened("cypher_page", words)
    names = {name for table in page.table for name in table.value.iloc[:, 0]}
    assert {"Firm", "Clause", "Measure"} <= names
    assert "RESPONSIBLE\\_FOR" in names
    assert "Dataset" not in names


def test_nested_values_become_readable() -> None:
    node = {"id": "firm:a", "name": "甲", "_label": "Firm"}
    other = {"id": "seg:b", "name": "乙", "_label": "Segment"}
    tie = {"_type": "OPERATES_IN", "_start": "firm:a", "_end": "seg:b"}
    assert cypher_page.cell_value(node) == "甲（firm:a）"
    assert cypher_page.cell_value([node, other, tie]) == "甲 -[OPERATES_IN]-> 乙"
    assert cypher_page.cell_value([other, node, tie]) == "乙 <-[OPERATES_IN]- 甲"
    assert cypher_page.cell_value([1, {"a": None}]) == "1、a: None"
    assert cypher_page.cell_value(3) == 3


def test_boxes_of_a_drawing_do_not_overlap_and_are_the_same_each_time() -> None:
    graph = nx.DiGraph(nx.star_graph(60))
    graph.add_edges_from((60 + i, 70 + i) for i in range(30))
    graph.add_nodes_from(range(200, 220))
    at = cypher_page.spring_places(graph)
    assert at == cypher_page.spring_places(graph)
    places = list(at.values())
    clashes = sum(
        abs(a[0] - b[0]) < BOX[0] * 0.95 and abs(a[1] - b[1]) < BOX[1] * 0.95
        for i, a in enumerate(places)
        for b in places[:i]
    )
    assert clashes == 0


# -- in a browser ------------------------------------------------------------------------------------


@dataclass
class Running:
    url: str
    browser: Browser


@pytest.fixture(scope="module")
def running(databases: Callable[[str], Any]) -> Iterator[Running]:
    database = databases("embedded")
    database.shipped()
    try:
        with running_app("app.py", env=database.environment) as url, launch(accept_downloads=True) as browser:
            yield Running(url, browser)
    except BrowserUnavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.browser
def test_a_named_query_in_a_browser_gives_a_drawing_and_a_table(running: Running) -> None:
    page = running.browser.open(f"{running.url}/cypher?lang=zh", width=1440, height=900)
    page.get_by_label("命名查询").click()
    page.get_by_role("option").first.wait_for()  # what is typed before the list is open is lost
    page.keyboard.type("neighbours")
    page.get_by_role("option", name="一个节点的邻居").first.click()
    page.get_by_label("$id").wait_for(timeout=90_000)
    page.get_by_role("button", name="运行").click()
    page.locator("canvas").first.wait_for(timeout=90_000)
    assert page.get_by_text("产业链 Chain").first.is_visible()
    page.get_by_text("表格（", exact=False).click()
    page.get_by_test_id("stDataFrame").wait_for(timeout=15_000)
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert saved.value.suggested_filename == "neighbours.csv"
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert rows[0] == ["n", "r", "m"]
    assert len(rows) > 20
    page.close()


@pytest.mark.browser
def test_a_write_typed_in_a_browser_is_refused(running: Running) -> None:
    page = running.browser.open(f"{running.url}/cypher?lang=zh", width=1440, height=900)
    editor = page.get_by_label("Cypher", exact=True)
    editor.fill("CREATE (n:Firm {id: 'firm:x'}) RETURN n")
    editor.press("Control+Enter")
    page.get_by_text("这里只能查询，不能写入").wait_for(timeout=90_000)
    assert page.get_by_text("Traceback").count() == 0
    page.close()


@pytest.mark.browser
def test_the_workbook_is_saved_from_a_browser(running: Running) -> None:
    page = running.browser.open(f"{running.url}/gap-report?lang=zh", width=1440, height=900)
    page.get_by_text("先补哪个").first.wait_for(timeout=60_000)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Excel", exact=True).click()
    assert saved.value.suggested_filename == "成都市-光伏等5条链-缺链报告.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes())).sheetnames[0] == "结论"
    page.locator("summary", has_text="电解液").first.click()
    page.get_by_text("可能适用的政策措施").first.wait_for(timeout=15_000)
    assert running.browser.outside == []
    page.close()

"""The page for reviewing a policy document: what is accepted gets into the graph, corrected and with its source."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from graph.database import writing
from graph.database.store import Store
from graph.errors import Problem
from graph.language import use_language
from graph.schema import Dataset
from loaders.documents import Mapped, SourceText
from loaders.extraction import extract
from loaders.extraction.known_names import shipped_vocabulary
from loaders.lexicon import Lexicon
from loaders.review.document_source import met_facts
from loaders.review.known_documents import Record
from loaders.review.review_workbook import read_review
from loaders.sources import read_sources
from loaders.spreadsheets import opened_workbook
from tests.browser import Browser, BrowserUnavailable, launch, running_app
from tests.conftest import path_of
from tests.policy_document import DOCUMENT
from views.documents import document_facts, document_load, document_state

NAME = "青岚储能.txt"
DATASET = f"dataset:{NAME}"
PAGE = textwrap.dedent(
    """
    from views import common

    common.begin()
    with common.readable_errors():
        common.sidebar({})
        from views.documents import document_review
        document_review.page()
    """
)
#: What the dataset states, of a label.
STATED = "MATCH (n:{label}) WHERE $dataset IN n.datasets RETURN properties(n) AS p ORDER BY n.id"


@pytest.fixture
def graph(shipped_embedded: Store) -> Iterator[Store]:
    """data/; what the test loads is taken back, and nothing of it stays."""
    count = "MATCH (n) RETURN count(n) AS n"
    before = shipped_embedded.read(count)
    yield shipped_embedded
    writing.remove(shipped_embedded, [DATASET])
    assert shipped_embedded.read(count) == before
    use_language("zh")


def opened(text: str | bytes = DOCUMENT, name: str = NAME, words: str = "zh") -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=60)
    page.query_params["lang"] = words
    use_language("en" if words == "en" else "zh")
    page.run()
    content = text.encode() if isinstance(text, str) else text
    page.file_uploader[0].set_value((name, content, "text/plain")).run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def state_of(page: AppTest) -> document_state.Decisions:
    (state,) = page.session_state["review:states"].values()
    found: document_state.Decisions = state
    return found


def turn_to(page: AppTest, kind: str) -> AppTest:
    pills = next(b for b in page.button_group if b.key and b.key.startswith("review:kind"))
    pills.set_value(kind).run()
    assert not page.exception
    assert state_of(page).kind == kind
    return page


def panes(page: AppTest) -> list[dict[str, Any]]:
    return [json.loads(e.proto.json) for e in page.get("bidi_component")]


def said(page: AppTest) -> str:
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.error, page.warning, page.success)
    return "\n".join(element.value for kind in kinds for element in kind)


@pytest.mark.parametrize("words", ["zh", "en"])
def test_both_panes_show_every_fact_at_its_place(graph: Store, words: str) -> None:
    text, listed = panes(opened(words=words))
    characters = {start + i: c for content, start, *_ in text["blocks"] for i, c in enumerate(content)}
    for item, start, end, kind, verdict in text["facts"]:
        assert item.startswith(kind)
        assert verdict == "open"
        assert all(i in characters for i in range(start, end))
    shown = {item: "".join(characters[i] for i in range(a, b)) for item, a, b, _, _ in text["facts"]}
    assert shown["parks:0"] == "青岚高新技术产业开发区"
    assert "300亿元" in shown["targets:0"]
    assert len(listed["rows"]) == sum(item.startswith("responsibilities") for item in shown)
    assert all(mark for _, mark, _ in text["kinds"].values())  # nothing hangs on colour alone


def test_only_what_was_accepted_and_as_it_was_corrected_gets_into_the_graph(graph: Store) -> None:
    page = turn_to(opened(), "targets")
    page.text_input(key="review:in:targets:0:value").set_value("350")
    press(page, "review:save")
    assert state_of(page).edits == {"targets:0": {"value": 350}}
    assert any("原读作：300" in c.value for c in page.caption)
    page = turn_to(page, "parks")
    press(page, "review:accepted")
    page = turn_to(page, "platforms")
    press(page, "review:rejected")
    page = turn_to(page, "responsibilities")
    press(page, "review:accepted")  # the first; the others stay open
    assert "将带来" in said(page)
    press(page, "review:load")
    assert "已载入" in said(page)

    def stated(label: str) -> list[dict[str, Any]]:
        return [r["p"] for r in graph.read(STATED.format(label=label), dataset=DATASET)]

    (target,) = stated("Target")
    assert (target["value"], target["unit"], target["year"], target["method"]) == (350, "亿元", 2027, "extracted")
    (park,) = stated("Park")
    assert (park["name"], park["method"]) == ("青岚高新技术产业开发区", "extracted")
    assert stated("Platform") == stated("Measure") == stated("Firm") == []
    duties = graph.read(
        "MATCH (d:Department)-[r:RESPONSIBLE_FOR]->(t:Task) WHERE $dataset IN r.datasets "
        "RETURN d.aliases AS aliases, d.name AS name, r.role AS role, r.method AS method ORDER BY role, name",
        dataset=DATASET,
    )
    assert [d["role"] for d in duties] == ["lead", "support"]
    assert {d["method"] for d in duties} == {"extracted"}
    clause = next(c for c in stated("Clause") if c.get("number") == "（一）" and "储能电池" in c["name"])
    passage = DOCUMENT[clause["span_start"] : clause["span_end"]]
    assert passage.startswith("（一）做强储能电池产业")
    assert passage.rstrip().endswith("市科技局）")
    assert graph.read(
        "MATCH (p:Park {id: $id})-[:STATED_IN]->(c:Clause {id: $clause}) RETURN p.id AS id",
        id=park["id"],
        clause=clause["id"],
    )


def test_loaded_again_with_less_the_rest_is_taken_back(graph: Store) -> None:
    page = press(opened(), "review:everything")
    press(page, "review:load")
    measures = graph.read(STATED.format(label="Measure"), dataset=DATASET)
    assert [m["p"]["cap"] for m in measures] == [500]
    page = turn_to(page, "measures")
    press(page, "review:all:rejected")
    press(page, "review:load")
    assert graph.read(STATED.format(label="Measure"), dataset=DATASET) == []
    assert graph.read(STATED.format(label="Target"), dataset=DATASET)


def test_a_second_look_at_a_loaded_document_changes_nothing(graph: Store) -> None:
    press(press(opened(), "review:everything"), "review:load")
    again = press(opened(), "review:everything")
    assert "没有要改动的" in said(again)
    assert not [b for b in again.button if b.key == "review:load"]


def test_nothing_is_loaded_while_a_value_is_wrong(graph: Store) -> None:
    page = turn_to(opened(), "targets")
    page.text_input(key="review:in:targets:0:value").set_value("三百来")
    press(page, "review:save")
    assert "数值应为数字" in said(page)
    assert not state_of(page).edits
    page.text_input(key="review:in:targets:0:value").set_value("")
    press(page, "review:save")  # a target without a value
    assert "还不能载入" in said(page)
    assert not [b for b in page.button if b.key == "review:load"]


def test_a_name_can_be_given_another_meaning(graph: Store) -> None:
    page = turn_to(opened(), "parks")
    press(page, "review:accepted")
    assert graph.read("MATCH (p:Park {id: 'park:chengdu-science-city'}) RETURN p.id AS id")
    state_of(page).choices[document_facts.Mention("Park", "青岚高新技术产业开发区").key] = "park:chengdu-science-city"
    press(page.run(), "review:load")
    found = graph.read(
        "MATCH (t:Task)-[r:CONCERNS]->(p:Park) WHERE $dataset IN r.datasets RETURN p.id AS id", dataset=DATASET
    )
    assert [r["id"] for r in found] == ["park:chengdu-science-city"]
    assert graph.read(STATED.format(label="Park"), dataset=DATASET) == []


def test_downloads_hold_what_was_decided(graph: Store, tmp_path: Path) -> None:
    page = turn_to(opened(), "targets")
    page.text_input(key="review:in:targets:0:value").set_value("350")
    press(page, "review:save")
    file = document_state.ReviewedFile(NAME, DOCUMENT.encode())
    review = document_state.review_of(file, document_state.extracted(file))
    review.state = state_of(page)
    data = json.loads(document_load.as_json(review))
    assert data["targets"][0]["value"] == 300
    assert data["targets"][0]["review"] == {"verdict": "accepted", "edited": {"value": 350}}
    book = tmp_path / "review.xlsx"
    book.write_bytes(document_load.as_workbook(review, "zh"))
    assert "指标" in openpyxl.load_workbook(io.BytesIO(book.read_bytes())).sheetnames
    with opened_workbook(book) as saved:
        back = read_review(saved)
    assert [(r["accept"], r["value"]) for r in back.rows["targets"]] == [(True, 350), (False, 20)]
    assert not any(r["accept"] for r in back.rows["measures"])


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "a.txt", "空"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "PNG"),
        (b"PK\x03\x04 broken", "a.docx", "a.docx"),
        ("从前有座山，山里有座庙。".encode() * 200, "a.txt", "不像政策文件"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(graph: Store, content: bytes, name: str, expected: str) -> None:
    page = opened(content, name)
    boxes = [*page.error, *page.warning]
    assert any(expected in b.value for b in boxes)
    assert not any("Traceback" in b.value for b in boxes)
    assert not [b for b in page.button if b.key == "review:load"]


def test_a_long_document_is_shown_in_parts_that_hold_it_all(graph: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_state, "PAGE_CHARACTERS", 150)
    page = opened()
    parts, seen = 1, set()
    while True:
        text = panes(page)[0]
        seen |= {f[0] for f in text["facts"]}
        assert sum(len(b[0]) for b in text["blocks"]) <= 400
        if page.button(key="review:turn:1").disabled:
            break
        press(page, "review:turn:1")
        parts += 1
    assert parts > 2
    assert len(seen) == len(panes(page)[1]["rows"]) + sum(not i.startswith("responsibilities") for i in seen)
    assert len(seen) >= 8


def test_what_was_accepted_is_the_same_on_both_databases(store: Store) -> None:
    extraction = extract(SourceText(Mapped.of(DOCUMENT), "txt"), shipped_vocabulary())
    lexicon = Lexicon()
    record = Record()
    proposal = document_facts.proposed(extraction, lexicon, record, NAME)
    items = document_facts.items(extraction, proposal)
    accepted: dict[str, dict[str, Any]] = {i: {} for i in items if not i.startswith("platforms")}
    accepted["targets:1"] = {"value": 25}
    dataset = Dataset(id=DATASET, name=NAME, sources=[])
    left = document_facts.reviewed(proposal, accepted, {"number": "改〔2024〕1号"}, {}, lexicon)
    problems: list[Problem] = []
    facts = met_facts(left, dataset, lexicon, record, problems).facts
    assert problems == []
    writing.load(store, [facts])
    assert {r["v"] for r in store.read("MATCH (t:Target) RETURN t.value AS v")} == {300, 25}
    assert store.read("MATCH (p:Platform) RETURN count(p) AS n") == [{"n": 0}]
    assert store.read("MATCH (d:Document) WHERE d.number IS NOT NULL RETURN d.number AS n") == [{"n": "改〔2024〕1号"}]
    assert store.read("MATCH (n:Measure) WHERE n.method <> 'extracted' RETURN n.id AS id") == []


@pytest.mark.parametrize("name", ["a`b*<i>.txt", "x\u0007\n|y.txt"])
def test_the_name_of_a_file_is_only_a_name(graph: Store, name: str) -> None:
    page = press(opened(name=name), "review:everything")
    assert not page.error
    assert page.button(key="review:load")


HAND = """
document:
  id: doc:qinglan-hand
  name: 青岚市新型储能产业发展行动方案
  number: 青政办发〔2024〕17号
clauses:
  - {id: clause:qinglan-hand/1, number: 一, path: 一, name: 工作目标, summary: 储能规模与企业数, task: {id: task:qinglan-hand/1, name: 目标},
     targets: [
       {id: target:qinglan-hand/scale, name: 储能产业总产值, indicator: 新型储能产业总产值, comparator: ">=", value: 300, unit: 亿元, year: 2027},
       {id: target:qinglan-hand/firms, name: 专精特新企业, indicator: 专精特新企业, comparator: ">=", value: 30, unit: 家, year: 2027}]}
"""


@pytest.fixture
def by_hand(graph: Store, tmp_path: Path) -> Iterator[Store]:
    """data/, and the goals of the document entered by hand: one as it has them, one with another number."""
    (facts,) = read_sources([path_of(tmp_path, "qinglan-hand.yaml", HAND)])
    writing.load(graph, [facts])
    yield graph
    writing.remove(graph, [DATASET, facts.dataset.id])


def test_what_is_on_record_is_told_and_what_contradicts_it_waits_for_a_decision(by_hand: Store) -> None:
    page = turn_to(opened(), "targets")
    _, listed = panes(page)
    assert [row[1] for row in listed["rows"]] == ["same", "contrary"]
    assert "已在库 1" in page.get("progress")[0].proto.text
    press(page, "review:everything")
    assert [row[1] for row in panes(page)[1]["rows"]] == ["same", "contrary"]
    press(page, "review:contrary")
    assert "与库中不一致。库中：专精特新企业 ≥ 30家（2027）" in said(page)
    press(page, "review:load")
    assert by_hand.read(STATED.format(label="Target"), dataset=DATASET) == []
    press(page, "review:accepted")
    press(page, "review:load")
    goals = by_hand.read(
        "MATCH (:Task {id: 'task:qinglan-hand/1'})-[:SETS]->(t:Target) RETURN t.value AS value ORDER BY value"
    )
    assert [g["value"] for g in goals] == [20, 30, 300]
    clauses = by_hand.read(
        "MATCH (c:Clause)-[:PART_OF*1..3]->(:Document {id: 'doc:qinglan-hand'}) RETURN c.name AS name"
    )
    assert sorted(c["name"] for c in clauses).count("工作目标") == 1


def test_a_correction_is_set_against_the_record_too(by_hand: Store) -> None:
    page = turn_to(opened(), "targets")
    page.text_input(key="review:in:targets:0:value").set_value("350")
    press(page, "review:save")
    assert document_state.State.CONTRARY in [s for s, _ in state_of(page).stood[1].values()]
    press(page, "review:load")
    assert [r["p"]["value"] for r in by_hand.read(STATED.format(label="Target"), dataset=DATASET)] == [350]


def test_a_document_on_record_shows_its_clauses_and_facts(by_hand: Store) -> None:
    page = opened()
    page.segmented_control(key="review:source").set_value("record").run()
    page.selectbox(key="record:document:zh").set_value("doc:qinglan-hand").run()
    assert not page.exception
    assert list(page.dataframe[0].value["标题"]) == ["工作目标"]
    assert list(page.dataframe[0].value["事实"]) == [2]
    assert "储能规模与企业数" in said(page)
    assert "专精特新企业 ≥ 30家（2027）" in said(page)


# -- in a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(databases: Callable[[str], Any]) -> Iterator[tuple[str, Browser]]:
    database = databases("embedded")
    database.shipped()
    try:
        with running_app("app.py", env=database.environment) as url, launch() as browser:
            yield url, browser
    except BrowserUnavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.browser
def test_click_reject_edit_and_load_in_a_browser(running: tuple[str, Browser], graph: Store) -> None:
    url, browser = running
    page = browser.open(f"{url}/documents?lang=zh", width=1440, height=1200)
    dropzone = page.get_by_test_id("stFileUploaderDropzone")
    dropzone.wait_for(timeout=60_000)
    assert (
        "Upload" not in dropzone.inner_text()
        or dropzone.locator("button p").evaluate("e => getComputedStyle(e).fontSize") == "0px"
    )
    page.locator("input[type=file]").set_input_files(
        {"name": NAME, "mimeType": "text/plain", "buffer": DOCUMENT.encode()}
    )
    page.locator(".text").wait_for(timeout=90_000)
    assert "<script>" in page.locator(".text").inner_text()  # shown, not run
    assert page.locator(".text script, .text img").count() == 0
    assert "hurt" not in page.title()

    page.locator('.fact[data-ids~="platforms:0"]').first.click()
    page.locator(".row.picked", has_text="青岚储能技术创新中心").wait_for(timeout=15_000)
    page.get_by_role("button", name="全部采纳").click()  # of its kind
    page.locator('.fact.accepted[data-ids~="platforms:0"]').first.wait_for(timeout=15_000)
    page.get_by_role("button", name="剔除", exact=True).click()
    page.locator('.tag.rejected[data-ids="platforms:0"]').wait_for(timeout=15_000)

    page.get_by_text("指标 2", exact=True).click()
    page.locator(".row", has_text="专精特新企业").click()
    page.locator('.fact.picked[data-ids~="targets:1"]').first.wait_for(timeout=15_000)
    page.get_by_text("修改", exact=True).first.click()
    page.locator("[class*=st-key-review-in-targets-1-value] input").fill(
        "25"
    )  # the other target's form may still stand
    page.get_by_role("button", name="保存修改并采纳").click()
    page.locator(".row.accepted", has_text="25家").wait_for(timeout=15_000)
    page.get_by_role("button", name="确认载入").click()
    page.get_by_text("已载入：").wait_for(timeout=60_000)

    rows = graph.read(STATED.format(label="Target"), dataset=DATASET)
    assert [r["p"]["value"] for r in rows] == [25]
    assert graph.read(STATED.format(label="Platform"), dataset=DATASET) == []
    assert browser.outside == []
    page.close()

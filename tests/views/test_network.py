"""The chain drawing: what is sent, the page to download, and a real click in a real browser."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest
from streamlit.testing.v1 import AppTest

from graph.analysis.chain_geometry import Geometry, chain_geometry, free_geometry
from graph.analysis.layout import PITCH
from graph.database.projection import segment_graph
from graph.database.store import Store
from graph.settings import settings
from reports.pictures.chain_picture import draw_chain
from reports.pictures.drawing import A4_LANDSCAPE, IN_TEXT_LANDSCAPE, Paper
from services.gaps import assess_chain
from tests.browser import Browser, running_app
from tests.graph.analysis.test_layout import CHAIN, a_chain
from views.explorer import picture_of
from views.network.network import Edge, LegendItem, Node, network_html

LEGEND = [LegendItem("缺失", "#D55E00", "缺"), LegendItem("较强", "#0072B2", "强")]

PAGE = textwrap.dedent(
    """
    import streamlit as st
    from tests.views.test_network import a_drawing, LEGEND, PLACES
    from views.network.network import draw_network

    st.set_page_config(layout="wide")
    away = st.checkbox("away")
    wanted = st.text_input("wanted") or None
    place = st.tabs(["one", "two"])[1] if "tabs" in st.query_params else st.container()
    if not away:
        with place:
            found = draw_network(
                *a_drawing(), key="chain", legend=LEGEND, headings=PLACES, title="锂电池", selected=wanted
            )
        st.session_state.opened = found.expanded or st.session_state.get("opened")
        st.text(f"selected: {found.selected}")
    st.text(f"opened: {st.session_state.get('opened')}")
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    st.text(f"runs: {st.session_state.runs}")
    st.button("again")
    """
)
PLACES = {"upstream": "上游", "midstream": "中游", "downstream": "下游", "supporting": "配套"}


def a_drawing() -> tuple[list[Node], list[Edge], Geometry]:
    """The made-up chain of the layout's tests, every third link missing."""
    graph = a_chain()
    nodes = [
        Node(
            name,
            name,
            colour=LEGEND[bool(i % 3)].colour,
            symbol=LEGEND[bool(i % 3)].symbol,
            title=f"{name}\n本地企业 {i} 家",
            border="solid" if i % 3 else "dashed",
        )
        for i, (name, *_) in enumerate(CHAIN)
    ]
    edges = [Edge(u, v, label=f"{u}产品", dashed=u == "电池回收") for u, v in graph.edges()]
    return nodes, edges, chain_geometry(graph)


def side_by_side(*names: str) -> Geometry:
    """Boxes in a row, with an edge from each to the next."""
    graph = nx.DiGraph()
    nx.add_path(graph, names)
    return free_geometry(graph, {name: (i * 200.0, 0.0) for i, name in enumerate(names)})


# -- what is sent ------------------------------------------------------------------------------


def sent(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


NASTY = "</script><img src=x onerror=alert(1)>&amp;\u2028'\""


def test_no_name_can_leave_its_place_in_the_downloaded_page() -> None:
    geometry, legend = chain_geometry(a_chain()), [(NASTY, "#000000", "缺")]
    headings = dict.fromkeys(PLACES, NASTY)
    page = network_html([Node("隔膜", NASTY, title=NASTY)], [], geometry, NASTY, legend=legend, headings=headings)
    assert page.lower().count("</script>") == 3
    assert "<img" not in page.split("<script>")[0]
    assert sent(page)["nodes"][0]["label"] == NASTY
    assert sent(page)["legend"][0]["label"] == NASTY
    assert sent(page)["geometry"]["areas"][0]["label"] == NASTY


def test_the_downloaded_page_names_no_address_and_forbids_requests() -> None:
    head = network_html(*a_drawing(), "锂电池").split("<script>")[0]
    assert "default-src 'none'" in head
    assert "http://" not in head and "https://" not in head


def test_an_edge_is_drawn_once_and_only_between_known_nodes() -> None:
    nodes = [Node("a", "甲"), Node("b", "乙")]
    edges = [Edge("a", "b", "硅片"), Edge("a", "b", "硅片", dashed=True), Edge("a", "b", "银浆"), Edge("a", "nowhere")]
    drawn = sent(network_html(nodes, edges, side_by_side("a", "b"), "x"))["edges"]
    assert [(e["label"], e["dashed"]) for e in drawn] == [("硅片", False), ("银浆", False)]
    assert len({e["id"] for e in drawn}) == 2


def test_a_node_is_drawn_once() -> None:
    page = network_html([Node("a", "甲"), Node("a", "甲")], [], side_by_side("a"), "x")
    assert len(sent(page)["nodes"]) == 1


def test_areas_have_the_headings_that_the_page_gives_and_none_without() -> None:
    drawn = sent(network_html(*a_drawing(), "x", headings=PLACES))["geometry"]["areas"]
    assert [(a["label"], a["below"]) for a in drawn] == [
        ("上游", False),
        ("上游、中游", False),
        ("中游", False),
        ("下游", False),
        ("配套", True),
    ]
    assert sent(network_html(*a_drawing(), "x"))["geometry"]["areas"] == []


@pytest.mark.parametrize("paper", [A4_LANDSCAPE, IN_TEXT_LANDSCAPE])
@pytest.mark.parametrize("chain", settings.main_chains)
def test_both_painters_draw_the_same_boxes_and_routes(shipped_embedded: Store, chain: str, paper: Paper) -> None:
    """What is sent to the canvas, put where the picture for print has its boxes, gives the paths of that picture."""
    gaps, graph = assess_chain(shipped_embedded, "region:510100", chain), segment_graph(shipped_embedded, chain)
    app = picture_of(gaps, graph, {}, "x")
    data = sent(network_html(app.nodes, app.edges, app.geometry, app.title))
    (drawing,) = draw_chain(gaps, graph, paper=paper)
    rooms = {box.id: box.room for box in drawing.boxes}
    assert rooms.keys() == {node["id"] for node in data["nodes"]}
    centres = {node["id"]: node["at"][:2] for node in data["nodes"]}
    (width, height), *others = {(round(room.width, 3), round(room.height, 3)) for room in rooms.values()}
    assert not others
    x, y = (stretched([(at[axis], rooms[id].middle[axis]) for id, at in centres.items()]) for axis in (0, 1))
    clear = x(PITCH) - x(0) - width

    def place(spot: list[float]) -> tuple[float, float]:
        return x(spot[0]) + spot[2] * width + spot[4] * clear, y(spot[1]) + spot[3] * height

    drawn = [[float(n) for n in re.findall(r"-?[\d.]+", path)] for path in re.findall(r' d="(M[^"Z]*)"', drawing.svg)]
    for edge in data["edges"]:
        spots = [edge["route"]["start"], *(spot for leg in edge["route"]["legs"] for spot in leg)]
        way = [n for spot in spots[:-1] for n in place(spot)]  # the last is covered by the head
        assert any(numbers[:-2] == pytest.approx(way, abs=0.1) for numbers in drawn), edge["id"]


def stretched(pairs: list[tuple[float, float]]) -> Callable[[float], float]:
    """The stretch that takes each first value to its second."""
    (a, low), (b, high) = min(pairs), max(pairs)
    scale = (high - low) / (b - a)
    assert all(low + (value - a) * scale == pytest.approx(there, abs=0.1) for value, there in pairs)
    return lambda value: low + (value - a) * scale


def test_the_page_runs_without_a_browser_and_takes_a_simulated_click() -> None:
    app = AppTest.from_string(PAGE).run(timeout=30)
    assert not app.exception
    app.session_state["chain"] = {"selected": "隔膜"}
    app.run(timeout=30)
    assert "selected: 隔膜" in [t.value for t in app.text]


def test_what_the_page_asks_for_is_selected_at_once() -> None:
    app = AppTest.from_string(PAGE).run(timeout=30)
    app.text_input[0].set_value("电解液").run(timeout=30)
    assert "selected: 电解液" in [t.value for t in app.text]


# -- in a browser ------------------------------------------------------------------------------


@dataclass
class Stage:
    """The page in a browser, with the gestures of a user."""

    browser: Browser
    url: str

    def open(self) -> None:
        self.page = self.browser.open(self.url)
        self.canvas = self.page.locator(".canvas")
        self.page.wait_for_function(READY, timeout=30_000)

    def spot(self, name: str) -> dict[str, float]:
        return self.canvas.evaluate("(e, id) => e.drawing.spot(id)", name)

    def scale(self) -> float:
        return self.canvas.evaluate("e => e.drawing.network.getScale()")

    def click(self, name: str) -> None:
        self.canvas.click(position=self.spot(name))

    def says(self, text: str) -> None:
        self.page.get_by_text(text, exact=True).wait_for(timeout=10_000)

    def run_again(self) -> None:
        runs = int(self.page.get_by_text("runs:").inner_text().split()[-1])
        self.page.get_by_role("button", name="again").click()
        self.says(f"runs: {runs + 1}")


READY = """() => [...document.querySelectorAll("*")].some(
    (e) => (e.shadowRoot || e).querySelector(".canvas")?.drawing?.network && e.shadowRoot)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("app") / "page.py"
    script.write_text(PAGE, encoding="utf-8")
    with running_app(script) as url:
        yield url


@pytest.fixture
def stage(browser: Browser, address: str) -> Iterator[Stage]:
    found = Stage(browser, address)
    found.open()
    yield found
    found.page.close()
    assert browser.errors == []
    assert browser.outside == []


def inked(stage: Stage) -> float:
    """Share of the canvas that is not background."""
    return stage.canvas.evaluate(
        """e => { const c = e.querySelector("canvas");
            const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
            let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n * 4 / d.length; }"""
    )


@pytest.mark.browser
def test_the_chain_is_drawn_whole_and_legible(stage: Stage) -> None:
    assert inked(stage) > 0.5
    assert stage.scale() >= 0.85  # of 13 px
    size = stage.canvas.bounding_box()
    for name, *_ in CHAIN:
        at = stage.spot(name)
        assert 30 < at["x"] < size["width"] - 30
        assert 15 < at["y"] < size["height"] - 15


@pytest.mark.browser
def test_a_click_comes_back_and_escape_takes_it_away(stage: Stage) -> None:
    stage.click("电芯制造")
    stage.says("selected: 电芯制造")
    stage.canvas.press("ArrowRight")
    stage.says("selected: 电池模组与系统")
    stage.canvas.press("Escape")
    stage.says("selected: None")


@pytest.mark.browser
def test_a_double_click_expands(stage: Stage) -> None:
    stage.canvas.dblclick(position=stage.spot("隔膜"))
    stage.says("opened: 隔膜")
    stage.says("selected: 隔膜")


@pytest.mark.browser
def test_zoom_and_moved_boxes_survive_a_rerun_and_a_visit_elsewhere(stage: Stage) -> None:
    stage.page.locator("button[data-action=larger]").click()
    box, before = stage.canvas.bounding_box(), stage.spot("隔膜")
    stage.page.mouse.move(box["x"] + before["x"], box["y"] + before["y"])
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + before["x"] + 40, box["y"] + before["y"] + 30, steps=4)
    stage.page.mouse.up()
    kept = stage.scale(), stage.spot("隔膜")
    assert kept[1]["x"] > before["x"] + 20
    stage.run_again()
    assert (stage.scale(), stage.spot("隔膜")) == kept
    stage.page.get_by_text("away", exact=True).click()
    stage.canvas.wait_for(state="detached")
    stage.page.get_by_text("away", exact=True).click()
    stage.page.wait_for_function(READY)
    stage.page.wait_for_function(
        "s => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector('.canvas')"
        "?.drawing?.network?.getScale() === s)",
        arg=kept[0],
    )
    assert stage.spot("隔膜")["x"] == pytest.approx(kept[1]["x"], abs=1)


@pytest.mark.browser
def test_the_page_can_select_and_the_user_can_choose_again(stage: Stage) -> None:
    stage.page.get_by_label("wanted").fill("电池回收")
    stage.page.get_by_label("wanted").press("Enter")
    stage.says("selected: 电池回收")
    stage.page.wait_for_timeout(500)
    stage.click("隔膜")
    stage.says("selected: 隔膜")
    stage.run_again()
    stage.says("selected: 隔膜")


@pytest.mark.browser
def test_the_selection_outlasts_a_visit_elsewhere(stage: Stage) -> None:
    stage.click("隔膜")
    stage.says("selected: 隔膜")
    stage.page.get_by_text("away", exact=True).click()
    stage.canvas.wait_for(state="detached")
    stage.page.get_by_text("away", exact=True).click()
    stage.says("selected: 隔膜")


@pytest.mark.browser
def test_in_a_tab_it_is_drawn_when_the_tab_is_opened(browser: Browser, address: str) -> None:
    stage = Stage(browser, f"{address}/?tabs=1")
    stage.open()
    stage.page.get_by_role("tab", name="two").click()
    stage.canvas.wait_for(state="visible")
    stage.page.wait_for_timeout(500)
    assert inked(stage) > 0.5
    stage.click("电芯制造")
    stage.says("selected: 电芯制造")
    stage.page.close()


@pytest.mark.browser
def test_it_follows_the_theme(stage: Stage) -> None:
    dark = "e => e.drawing.theme.dark"
    assert stage.canvas.evaluate(dark) is False
    stage.canvas.evaluate("e => e.style.setProperty('--st-background-color', '#0e1117')")
    stage.page.wait_for_timeout(300)
    assert stage.canvas.evaluate(dark) is True


@pytest.mark.browser
def test_the_picture_is_saved_under_the_title(stage: Stage, tmp_path: Path) -> None:
    with stage.page.expect_download() as download:
        stage.page.locator("button[data-action=picture]").click()
    assert download.value.suggested_filename == "锂电池.png"
    saved = tmp_path / "saved.png"
    download.value.save_as(saved)
    assert saved.read_bytes().startswith(b"\x89PNG")
    assert saved.stat().st_size > 30_000


@pytest.mark.browser
def test_the_wheel_scrolls_the_page_until_the_drawing_is_clicked_into(stage: Stage) -> None:
    before = stage.scale()
    stage.canvas.hover()
    stage.page.mouse.wheel(0, -200)
    stage.page.wait_for_timeout(200)
    assert stage.scale() == before
    stage.canvas.focus()
    stage.page.mouse.wheel(0, -200)
    stage.page.wait_for_timeout(200)
    assert stage.scale() > before


@pytest.mark.browser
def test_the_downloaded_page_draws_itself(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "chain.html"
    graph = a_chain()
    graph.add_node("x", position="upstream", order=1)
    nodes, edges, _ = a_drawing()
    nodes.append(Node("x", NASTY, title=NASTY))
    page_text = network_html(nodes, edges, chain_geometry(graph), NASTY, legend=LEGEND, headings=PLACES)
    file.write_text(page_text, encoding="utf-8")
    page = browser.open(file.as_uri())
    page.wait_for_function("() => document.querySelector('.canvas')?.drawing?.network")
    canvas = page.locator(".canvas")
    canvas.click(position=canvas.evaluate("(e) => e.drawing.spot('隔膜')"))
    page.get_by_text("本地企业 12 家").last.wait_for()
    assert page.title() == NASTY
    assert page.locator("img").count() == 0
    page.close()
    assert browser.errors == []
    assert browser.outside == []

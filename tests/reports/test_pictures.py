"""Pictures in reports: everything is drawn once, text fits its box, nothing overlaps, any name does no harm."""

from __future__ import annotations

import dataclasses
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from PIL import Image

from graph.analysis.assessment import ChainEvidence, ChainGaps, assess
from graph.analysis.status import Status
from graph.database.projection import segment_graph
from graph.database.store import Store
from graph.language import use_language
from graph.settings import settings
from reports.colours import contrast, ink_on, luminance
from reports.fonts import font_file
from reports.pictures.chain_picture import draw_chain
from reports.pictures.charts import Bar, Curve, draw_bars, draw_curves
from reports.pictures.drawing import (
    A4_LANDSCAPE,
    A4_PORTRAIT,
    IN_TEXT_LANDSCAPE,
    IN_TEXT_PORTRAIT,
    SMALLEST,
    Box,
    Drawing,
    Room,
)
from reports.pictures.lettering import balanced, face, width, wrap
from reports.pictures.maps import (
    FirmAt,
    Imprint,
    LinkRow,
    Milestone,
    PlaceRow,
    RouteRow,
    draw_panorama,
    draw_path,
    draw_places,
    draw_routes,
    draw_tree,
)
from reports.pictures.marks import BORDERS
from reports.words import STATUS_COLOURS, status_symbol
from services.gaps import assess_chain

PAPERS = (A4_LANDSCAPE, A4_PORTRAIT, IN_TEXT_LANDSCAPE, IN_TEXT_PORTRAIT)
HOSTILE = "</text><script>alert(1)</script>&amp;\"'\x00\x1b\ud800\u202e]]><!--𠮷🙂"
IMPRINT = Imprint("成都市锂电池产业链", "2026-01", "企业名录")


# -- what every picture must be --------------------------------------------------------------------


def check(drawing: Drawing) -> None:
    """Well-formed, within the page, readable in print, nothing on top of anything."""
    ElementTree.fromstring(drawing.svg.encode())
    points = 72 / 25.4
    page = Room(0, 0, drawing.paper.width * points, drawing.paper.height * points)
    rooms = {box.id: box.room for box in drawing.boxes}
    assert [id for id, times in Counter(box.id for box in drawing.boxes).items() if times > 1] == []
    assert [(a.id, b.id) for a, b in combinations(drawing.boxes, 2) if a.room.meets(b.room)] == []
    for line in drawing.lettering:
        assert line.size >= SMALLEST
        assert page.holds(line.room), line
        assert not line.box or rooms[line.box].holds(line.room, slack=0.5), line
    loose = [line for line in drawing.lettering if line.text]
    assert [(a.text, b.text) for a, b in combinations(loose, 2) if a.room.meets(b.room, slack=0.5)] == []
    free = [line for line in loose if not line.box]
    assert [(a.text, b.id) for a in free for b in drawing.boxes if a.room.meets(b.room, slack=0.5)] == []


def image(drawing: Drawing, dpi: int = 100) -> Image.Image:
    found = Image.open(io.BytesIO(drawing.png(dpi)))
    found.load()
    return found


def is_not_blank(drawing: Drawing) -> bool:
    colours = image(drawing).convert("L").getextrema()
    return colours[0] < 60 and colours[1] > 250


def texts(drawings: Iterable[Drawing]) -> str:
    return " ".join(line.text for drawing in drawings for line in drawing.lettering)


# -- the typeface ----------------------------------------------------------------------------------


def test_the_typeface_has_every_character_of_the_shipped_names(shipped_embedded: Store) -> None:
    rows = shipped_embedded.read("MATCH (n) WHERE n.name IS NOT NULL RETURN n.name AS name")
    used = {c for row in rows for c in row["name"]} - {"\n"}
    held = face()._names
    assert sorted(c for c in used if ord(c) not in held) == []
    assert face(bold=True)._names.keys() == held.keys()


def test_gb2312_and_the_signs_of_the_pictures_are_in_the_typeface() -> None:
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 88) for cell in range(1, 95))
    wanted = {character for cell in cells if (character := cell.decode("gb2312", "ignore"))} | set(
        "〓★缺弱单中强？→≥²①"
    )
    assert len(wanted) > 6763
    assert [c for c in wanted if ord(c) not in face()._names] == []


def test_fonts_are_truetype_with_their_licence_beside() -> None:
    for bold in (False, True):
        file = font_file(bold)
        assert file.read_bytes()[:4] == b"\x00\x01\x00\x00"
        assert file.stat().st_size < 4_000_000
    assert "SIL Open Font License" in (font_file().parent / "OFL.txt").read_text(encoding="utf-8")


@tried(deadline=None)
@given(st.text(alphabet="电池，。、（）“”《》abc 12.-\u3000", max_size=60), st.floats(20, 200))
def test_wrapped_text_loses_nothing_and_fits(text: str, room: float) -> None:
    for way in (wrap, balanced):
        lines = way(text, room, 8.0)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(width(line, 8.0) <= room + 1e-6 or len(line) <= 1 or line[0] in "（“《" for line in lines)


def test_lines_do_not_begin_or_end_with_the_wrong_mark() -> None:
    assert wrap("动力电池（含梯次）、储能", 8 * 4.2, 8.0) == ["动力电", "池（含梯", "次）、储", "能"] or all(
        line[0] not in "）、" and line[-1] not in "（" for line in wrap("动力电池（含梯次）、储能", 8 * 4.2, 8.0)
    )
    assert balanced("氟化工原料", 8 * 4.2, 8.0) == ["氟化工", "原料"]
    assert balanced("Battery aluminium foil", 60.0, 8.0) == ["Battery", "aluminium foil"]
    assert wrap("Nickel and cobalt", 45.0, 8.0) == ["Nickel and", "cobalt"]


# -- the chain -------------------------------------------------------------------------------------


@pytest.fixture
def assessed(shipped_embedded: Store) -> Callable[[str], tuple[ChainGaps, nx.MultiDiGraph]]:
    """The gaps of a shipped chain in Chengdu, and its graph."""
    return lambda chain: (
        assess_chain(shipped_embedded, "region:510100", chain),
        segment_graph(shipped_embedded, chain),
    )


Assessed = Callable[[str], tuple[ChainGaps, nx.MultiDiGraph]]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("chain", settings.main_chains)
def test_a_shipped_chain_fits_a_page(assessed: Assessed, chain: str, paper: Any) -> None:
    gaps, graph = assessed(chain)
    (drawing,) = draw_chain(gaps, graph, paper=paper, source="企业名录")
    check(drawing)
    assert sorted(box.id for box in drawing.boxes) == sorted(graph)
    assert {s["id"] for s in drawing.data["segments"]} == set(graph)
    assert {(s["from"], s["to"]) for s in drawing.data["supplies"]} == set(nx.DiGraph(graph).edges())
    for segment in gaps.segments:
        written = [line.text for line in drawing.lettering if line.box == segment.id]
        assert written[0] == status_symbol(segment.status)
        assert "".join(written).endswith(segment.name.replace(" ", ""))
    assert gaps.as_of in texts([drawing])
    assert edges_behind_boxes(drawing) == []


def edges_behind_boxes(drawing: Drawing) -> list[tuple[str, str]]:
    """Edges of a drawing that pass through the inside of a box."""
    found = []
    for data in re.findall(r'<path d="(M[^"Z]*)" fill="none"', drawing.svg):
        for x, y in along(data):
            inside = [box.id for box in drawing.boxes if within(x, y, box)]
            found += [(data[:30], id) for id in inside]
    return found


def within(x: float, y: float, box: Box, by: float = 1.0) -> bool:
    room = box.room.inset(by)
    return room.x < x < room.right and room.y < y < room.bottom


def along(data: str) -> Iterable[tuple[float, float]]:
    """Points on a path of straight lines and cubic curves."""
    at = (0.0, 0.0)
    for command, numbers in re.findall(r"([MLC])([^MLC]*)", data):
        values = [float(n) for n in numbers.split()]
        points = [at, *zip(values[::2], values[1::2], strict=True)]
        if command != "M":
            yield from (bezier(points, step / 24) for step in range(25))
        at = points[-1]


def bezier(points: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    while len(points) > 1:
        points = [((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]) for a, b in pairwise(points)]
    return points[0]


def test_the_chain_in_english(assessed: Assessed) -> None:
    gaps, graph = assessed("chain:lithium")
    use_language("en")
    try:
        drawings = draw_chain(gaps, graph)
    finally:
        use_language("zh")
    for drawing in drawings:
        check(drawing)
    assert sorted(box.id for drawing in drawings for box in drawing.boxes) == sorted(graph)
    assert "Lithium salts" in texts(drawings)


def test_the_same_input_gives_the_same_bytes(assessed: Assessed) -> None:
    one, other = (draw_chain(*assessed("chain:storage"))[0] for _ in range(2))
    assert one.svg == other.svg
    assert one.png(80) == other.png(80)


def test_the_picture_has_its_size_in_print(assessed: Assessed) -> None:
    drawing = draw_chain(*assessed("chain:storage"))[0]
    picture = image(drawing, 150)
    assert picture.size == pytest.approx((297 / 25.4 * 150, 210 / 25.4 * 150), abs=2)
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert is_not_blank(drawing)


def test_statuses_are_told_apart_without_colour() -> None:
    assert len({status_symbol(status) for status in Status}) == len(Status)
    assert len({(b.line, b.dash, b.double) for b in BORDERS.values()}) == len(Status)
    for colour in STATUS_COLOURS.values():
        assert contrast(ink_on(colour), colour) >= 4.5
    assert luminance(STATUS_COLOURS[Status.MISSING]) < 0.6 * luminance(STATUS_COLOURS[Status.WEAK])


def made(graph: nx.MultiDiGraph) -> ChainGaps:
    evidence = ChainEvidence("chain:x", "某", "region:x", "某市", graph)
    return assess(evidence, settings.status, settings.ranking).gaps


def a_graph(sizes: dict[str, int], links: int, name: str = "环节") -> nx.MultiDiGraph:
    """A made-up chain with so many links at each position."""
    graph = nx.MultiDiGraph()
    for order, (position, size) in enumerate(sizes.items()):
        for i in range(size):
            graph.add_node(
                f"{position}{i}", name=f"{name}{order}{i}", name_en="", position=position, order=order * 10 + i // 7
            )
    nodes = list(graph)
    for i in range(links):
        graph.add_edge(nodes[i * 7 % len(nodes)], nodes[(i * 13 + 5) % len(nodes)], key=str(i), essential=i % 3 > 0)
    return graph


def test_a_chain_too_large_for_a_page_is_drawn_by_position() -> None:
    graph = a_graph({"upstream": 40, "midstream": 60, "downstream": 35, "supporting": 12}, 160)
    drawings = draw_chain(made(graph), graph)
    assert len(drawings) == 4
    assert sorted(box.id for drawing in drawings for box in drawing.boxes) == sorted(graph)
    for drawing in drawings:
        check(drawing)
    assert "与其他部分之间的供给" in texts(drawings)


def test_a_position_too_large_for_a_page_gets_a_larger_one() -> None:
    graph = a_graph({"upstream": 100}, 90)
    (drawing,) = draw_chain(made(graph), graph)
    assert drawing.paper.width > A4_LANDSCAPE.width
    check(drawing)
    assert sorted(box.id for box in drawing.boxes) == sorted(graph)


@pytest.mark.parametrize("paper", PAPERS)
def test_names_can_do_no_harm(paper: Any) -> None:
    graph = a_graph({"upstream": 5, "midstream": 4, "supporting": 2}, 14, HOSTILE)
    drawings = draw_chain(dataclasses.replace(made(graph), region_name=HOSTILE), graph, paper=paper, source=HOSTILE)
    for drawing in drawings:
        check(drawing)
        root = ElementTree.fromstring(drawing.svg.encode())
        assert {element.tag.split("}")[1] for element in root.iter()} <= {
            "svg",
            "defs",
            "path",
            "rect",
            "circle",
            "g",
            "use",
        }
        assert is_not_blank(drawing)


@pytest.mark.parametrize("links", [0, 1])
def test_a_chain_with_nothing_or_one_link_in_it(links: int) -> None:
    graph = a_graph({"upstream": links}, 0)
    for drawing in draw_chain(made(graph), graph):
        check(drawing)


# -- maps ------------------------------------------------------------------------------------------


def some_links(name: str = "环节", firms: int = 8) -> list[LinkRow]:
    positions = ["upstream", "midstream", "downstream", "supporting"]
    return [
        LinkRow(
            f"seg:{i}",
            f"{name}{i}",
            positions[i * 4 // 40],
            list(Status)[i % 6],
            tuple(f"产品{i}-{k}" for k in range(i % 4)),
            tuple(
                FirmAt(f"{name}第{k}新能源科技有限公司", f"第{k * (i + 1) % 30}区" if k % 5 else "", k == 3)
                for k in range(i % (firms + 1))
            ),
        )
        for i in range(40)
    ]


@pytest.mark.parametrize("name", ["环节", HOSTILE, "A very long English name of a segment "])
def test_maps_of_links_show_every_link_once(name: str) -> None:
    links = some_links(name)
    for drawings in (draw_tree(links, name, IMPRINT), draw_panorama(links, IMPRINT)):
        for drawing in drawings:
            check(drawing)
        assert is_not_blank(drawings[-1])
        drawn = [box.id for drawing in drawings for box in drawing.boxes if box.id.startswith("seg:")]
        assert sorted(drawn) == sorted(link.id for link in links)


def test_the_panorama_names_every_firm_and_the_tree_says_how_many() -> None:
    links = some_links(firms=15)
    written = texts(draw_panorama(links, IMPRINT)).replace(" ", "")
    assert all(f"环节第{k}新能源科技" in written for link in links for k in range(len(link.firms)))
    assert "等 15 个" in texts(draw_tree(links, "锂电池", IMPRINT, most=3))


@pytest.mark.parametrize("located", [True, False])
def test_places_are_all_named(located: bool) -> None:
    places = [
        PlaceRow(
            f"第{i}区",
            i * i % 23,
            30.6 + 0.04 * (i % 5) if located else None,
            104 + 0.05 * (i // 5),
            (f"园区{i}",),
            i == 3,
        )
        for i in range(24)
    ]
    drawings = draw_places(places, IMPRINT)
    written = texts(drawings)
    for drawing in drawings:
        ElementTree.fromstring(drawing.svg.encode())
        assert is_not_blank(drawing)
    assert all(written.count(place.name) >= (2 if located else 1) for place in places)
    assert drawings[0].data["places"][0]["firms"] == max(place.firms for place in places)


def test_labels_of_places_do_not_cover_each_other() -> None:
    places = [PlaceRow(f"第{i}区", i % 7, 30.6 + 0.09 * (i % 5), 104 + 0.11 * (i // 5)) for i in range(24)]
    for drawing in draw_places(places, IMPRINT):
        check(drawing)


@pytest.mark.parametrize("places", [[], [PlaceRow("仅一区", 3, 30.0, 104.0)], [PlaceRow("仅一区", 0)]])
def test_few_places(places: list[PlaceRow]) -> None:
    for drawing in draw_places(places, IMPRINT):
        check(drawing)


def test_routes_show_every_gap_and_firm() -> None:
    routes = [
        RouteRow(
            f"环节{i}",
            Status.MISSING,
            tuple(FirmAt(f"企业{i}-{k}", f"地区{k % 3}") for k in range(i)),
            tuple(f"园区{k}" for k in range(i % 4)),
            firms_total=50,
        )
        for i in range(14)
    ]
    drawings = draw_routes(routes, IMPRINT)
    for drawing in drawings:
        check(drawing)
    drawn = [box.id for drawing in drawings for box in drawing.boxes if box.id.startswith("gap:")]
    assert len(drawn) == len(set(drawn)) == 14
    written = texts(drawings)
    assert all(f"企业{i}-{k}" in written for i in range(14) for k in range(i))
    assert "在册共 50 家" in written
    assert "无在册企业" in written


def test_the_path_shows_every_milestone_and_what_has_no_year_apart() -> None:
    stones = [
        Milestone(
            "任务" if i % 3 else "指标",
            f"第{i}项" + "说明" * i,
            None if i % 4 == 0 else 2022 + i % 4,
            "市经信局",
            "三（一）",
        )
        for i in range(30)
    ]
    drawings = draw_path(stones, IMPRINT)
    for drawing in drawings:
        check(drawing)
    drawn = [box.id for drawing in drawings for box in drawing.boxes]
    assert sorted(drawn) == sorted(f"milestone:{i}" for i in range(30))
    assert "未注明年份" in texts(drawings)
    assert "0 年" not in texts(draw_path([Milestone("任务", "甲")], IMPRINT))


@pytest.mark.parametrize("draw", [draw_panorama, draw_places, draw_routes, draw_path])
def test_a_map_of_nothing_is_still_a_page(draw: Callable[..., tuple[Drawing, ...]]) -> None:
    (drawing,) = draw([], IMPRINT)
    check(drawing)


def test_a_row_higher_than_a_page_makes_the_page_grow() -> None:
    row = RouteRow("环节", Status.WEAK, tuple(FirmAt(f"企业{k}", f"地区{k}") for k in range(90)))
    (drawing,) = draw_routes([row], IMPRINT)
    assert drawing.paper.height > A4_LANDSCAPE.height
    check(drawing)


# -- charts ----------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_values_and_unknown_is_said() -> None:
    bars = [Bar("甲", {"损失": 0.4}), Bar("乙", {"损失": 0.1}, "备注"), Bar(HOSTILE, {"损失": None})]
    drawing = draw_bars(bars, "断供损失")
    check(drawing)
    lengths = [box.room.width for box in drawing.boxes]
    assert lengths[0] == pytest.approx(4 * lengths[1])
    assert lengths[2] == 0
    assert "未知" in texts([drawing])
    assert "0.00" not in texts([drawing])


def test_parts_of_bars_have_a_legend_and_differ_without_colour() -> None:
    bars = [Bar(f"环节{i}", {"拉动": 0.1 * i, "风险": 0.2, "取向": None if i == 2 else 0.1}) for i in range(12)]
    drawing = draw_bars(bars, "得分", unit="0–1", note="权重")
    check(drawing)
    assert {"拉动", "风险", "取向"} <= {line.text for line in drawing.lettering}
    assert "取向未知" in texts([drawing])


def test_curves_stay_within_their_axes() -> None:
    drawing = draw_curves(
        [Curve("随机", [(0, 1), (0.5, 0.6), (1, 0)]), Curve("定向", [(0, 1), (1, 0)]), Curve("空", [])],
        "保有率",
        x="断供占比",
        y="保有率",
        note="面积 0.4",
    )
    check(drawing)
    assert is_not_blank(drawing)
    assert drawing.data["curves"][0]["points"] == [[0, 1], [0.5, 0.6], [1, 0]]

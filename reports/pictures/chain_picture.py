"""The chain as a picture: its links in columns from upstream to downstream, each with its status, for print on A4.

Status is told by a character, by the border and by colour, so that grey print and colour-blind readers lose nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby, product
from typing import Any

import networkx as nx

from graph.analysis.assessment import ChainGaps
from graph.analysis.chain_geometry import Edge, Geometry, Route, Spot, chain_geometry, supplies
from graph.analysis.layout import MAX_ROWS
from graph.analysis.status import Status
from graph.language import language, say
from graph.schema import Position, Stage
from reports.colours import WHITE
from reports.pictures.drawing import A4_LANDSCAPE, SMALLEST, SOFT, Canvas, Drawing, Paper, Point, Room, short
from reports.pictures.lettering import LEADING, balanced, width
from reports.pictures.marks import (
    GREY,
    PAD,
    SAMPLE,
    STRIP,
    STRIP_HEIGHT,
    draw_foot,
    foot_height,
    mark,
    position_name,
    source_line,
    status_box,
)
from reports.words import say_reason, status_name, value_name

#: Sizes of the letters in boxes that are tried, largest first (points).
_SIZES = (8.5, 8.0, 7.5, SMALLEST)
#: Widths of boxes that are tried, boxes in a column (as few other than in the app as can be), and the least clear
#: space between columns.
_WIDTHS = (96.0, 88.0, 80.0, 72.0, 66.0, 60.0, 54.0)
_ROWS = (MAX_ROWS, 6, 5, 9)
_CLEAR = (30.0, 22.0, 16.0)
#: The least clear space between the boxes of a column.
_BETWEEN = 7.0
#: The most clear space between columns, and how far the room may be filled across.
_WIDEST, _STRETCH = 62.0, 1.7
#: The line before the supporting links stands so far off from them, with their name between.
_BAND = 13.0
#: The row of headings: 上游, 中游, ...
_HEADING = 20.0
_ARROW = 4.5


@dataclass(frozen=True)
class _Plan:
    """A geometry that fits: sizes of letters and boxes, and where its spots are (along, across)."""

    size: float
    names: Mapping[Hashable, Sequence[str]]
    geometry: Geometry
    box: Point
    clear: float
    start: Point
    scale: Point

    def place(self, spot: Spot) -> Point:
        """Where a spot is in the room, in points."""
        return (
            self.start[0] + spot.x * self.scale[0] + spot.along * self.box[0] + spot.gap * self.clear,
            self.start[1] + spot.y * self.scale[1] + spot.across * self.box[1],
        )


def draw_chain(
    gaps: ChainGaps,
    graph: nx.MultiDiGraph[Any],
    *,
    paper: Paper = A4_LANDSCAPE,
    title: str = "",
    source: str = "",
) -> tuple[Drawing, ...]:
    """The chain with the status of every link in a region.

    Parameters
    ----------
    gaps: status, firms and date, as ``services.gaps`` gives them.
    graph: links and what supplies what, as ``graph.database.projection.segment_graph`` gives it.
    paper: size; upright paper is filled from top to bottom, wide paper from left to right.
    title: "" for chain and region.
    source: a line at the foot: where the data come from.

    Returns:
        One picture, or one for each position in the chain where a page cannot hold the whole at 7 points; where it
        cannot hold a position either, that page grows.
    """
    title = title or say(f"{gaps.region_name}{gaps.chain_name}产业链", f"{gaps.chain_name} chain in {gaps.region_name}")
    foot = (source_line(source),) if source else ()
    frame = _Frame(gaps, paper, title, foot)
    if plan := _plan(graph, frame):
        return (_draw(plan, graph, frame),)
    return tuple(_draw_part(graph, position, nodes, frame) for position, nodes in _parts(graph))


@dataclass(frozen=True)
class _Frame:
    """What is drawn around the chain, and on which paper."""

    gaps: ChainGaps
    paper: Paper
    title: str
    foot: tuple[str, ...]

    @property
    def names(self) -> dict[str, str]:
        """The links' names in the reader's language."""
        return {s.id: say(s.name, s.name_en or s.name) for s in self.gaps.segments}


def _parts(graph: nx.MultiDiGraph[Any]) -> list[tuple[str, list[Hashable]]]:
    """The links of each position, in the order of the chain."""
    held: dict[str, list[Hashable]] = defaultdict(list)
    for node in graph:
        held[_position(graph, node)].append(node)
    order = [p.value for p in Position]
    return sorted(held.items(), key=lambda part: order.index(part[0]) if part[0] in order else len(order))


def _position(graph: nx.Graph[Any], node: Hashable) -> str:
    return str(graph.nodes[node].get("position") or "")


def _draw_part(graph: nx.MultiDiGraph[Any], position: str, nodes: list[Hashable], whole: _Frame) -> Drawing:
    """The links of one position; what goes to the others and comes from them is said at the foot."""
    held, names = set(nodes), whole.names
    crossing = dict.fromkeys((u, v) for u, v in graph.edges() if (u in held) != (v in held))
    linked = say("；", "; ").join(f"{names[str(u)]} → {names[str(v)]}" for u, v in crossing)
    beyond = say(f"与其他部分之间的供给：{linked}", f"Supplies to and from other parts: {linked}")
    name = position_name(position)
    title = whole.title + say(f"（{name}）", f" ({name})")
    part: nx.MultiDiGraph[Any] = graph.subgraph(nodes)
    frame = replace(whole, title=title, foot=((beyond,) if linked else ()) + whole.foot)
    while (plan := _plan(part, frame)) is None:
        width_, height, margin = frame.paper
        frame = replace(frame, paper=Paper(width_ * 1.25, height * 1.25, margin))
    return _draw(plan, part, frame)


# -- the plan: sizes and places --------------------------------------------------------------------


def _plan(graph: nx.MultiDiGraph[Any], frame: _Frame) -> _Plan | None:
    """The first sizes that fit the room: the columns of the app, largest letters, most clear space."""
    names, room = frame.names, _body(frame, graph)
    upright = room.height > room.width
    sides = (room.height, room.width) if upright else (room.width, room.height)

    @cache
    def in_lines(size: float, wide: float) -> dict[Hashable, list[str]]:
        return {n: balanced(names[str(n)], wide - STRIP - 2 * PAD, size) for n in graph}

    @cache
    def geometry(rows: int, wide: float) -> Geometry:
        """Boxes on upright paper are so wide across that lanes between them would take more than they need."""
        if not upright:
            return chain_geometry(graph, max_rows=rows)
        return chain_geometry(graph, max_rows=rows, height=2 * wide, gap=2 * _BETWEEN)

    for rows, size, clear, wide in product(_ROWS, _SIZES, _CLEAR, _WIDTHS):
        wrapped = in_lines(size, wide)
        lines = max((len(name) for name in wrapped.values()), default=1)
        high = max(lines * size * LEADING, STRIP_HEIGHT) + 2 * PAD
        box = (high, wide) if upright else (wide, high)
        if scale := _scale(geometry(rows, wide if upright else 0.0), box, clear, sides):
            return _planned(geometry(rows, wide if upright else 0.0), size, wrapped, box, scale, sides)
    return None


def _scale(geometry: Geometry, box: Point, clear: float, room: Point) -> float | None:
    """How far heights are to be stretched for boxes of that size; None if they do not fit the room."""
    (_, top), (_, bottom) = geometry.corners
    along = geometry.columns * box[0] + (geometry.columns - 1) * clear
    least = (box[1] + _BETWEEN) / geometry.least
    free = room[1] - _HEADING - box[1]
    if along > room[0] or (bottom - top) * least > free:
        return None
    return min(free / (bottom - top), least * _STRETCH) if bottom > top else least


def _planned(
    geometry: Geometry, size: float, names: Mapping[Hashable, Sequence[str]], box: Point, scale: float, room: Point
) -> _Plan:
    """The geometry with these sizes, spread along the room."""
    (left, top), (right, _) = geometry.corners
    gaps, (before, after) = geometry.columns - 1, geometry.beyond
    clear = min((room[0] - geometry.columns * box[0]) / max(gaps + before + after, 1), _WIDEST)
    wide = geometry.columns * box[0] + (gaps + before + after) * clear
    pitch = (box[0] + clear) * gaps / (right - left) if gaps > 0 else 1.0
    start = (room[0] - wide) / 2 + before * clear + box[0] / 2 - left * pitch
    return _Plan(size, names, geometry, box, clear, (start, _HEADING + box[1] / 2 - top * scale), (pitch, scale))


# -- the page --------------------------------------------------------------------------------------

_TITLE, _TEXT = 13.0, 8.0


def _body(frame: _Frame, graph: nx.MultiDiGraph[Any]) -> Room:
    """What heading, legend and foot leave of the page."""
    canvas = Canvas(frame.paper)
    top = _head(canvas, frame, graph)
    page = canvas.page
    return Room(page.x, top, page.width, page.bottom - foot_height(page, frame.foot) - 6 - top)


def _draw(plan: _Plan, graph: nx.MultiDiGraph[Any], frame: _Frame) -> Drawing:
    canvas = Canvas(frame.paper)
    room = _body(frame, graph)
    _head(canvas, frame, graph)
    upright = room.height > room.width

    def on_page(point: Point) -> Point:
        return (room.x + point[1], room.y + point[0]) if upright else (room.x + point[0], room.y + point[1])

    _draw_headings(canvas, plan, room, upright)
    routes = sorted(plan.geometry.routes.items(), key=lambda item: _drawn_last(*item))
    for (look, _), bundle in groupby(routes, key=lambda item: (_look(item[1]), item[0][1])):
        _draw_routes(canvas, [route for _, route in bundle], look, lambda spot: on_page(plan.place(spot)))
    segments = {s.id: s for s in frame.gaps.segments}
    wide, high = (plan.box[1], plan.box[0]) if upright else plan.box
    for node, spot in plan.geometry.boxes.items():
        x, y = on_page(plan.place(spot))
        segment = segments[str(node)]
        status_box(
            canvas,
            segment.id,
            Room(x - wide / 2, y - high / 2, wide, high),
            plan.names[node],
            plan.size,
            segment.status,
            count=segment.live,
            leader=any(maker.leads for maker in segment.makers),
        )
    draw_foot(canvas, frame.foot)
    return canvas.finish("chain", frame.title, _data(frame.gaps, graph))


def _draw_headings(canvas: Canvas, plan: _Plan, room: Room, upright: bool) -> None:
    """上游, 中游, ... beside their columns, and a line before the supporting links."""
    for area in plan.geometry.areas:
        (start, across), (end, _) = plan.place(area.start), plan.place(area.end)
        names = [value_name(Position, position) for position in area.positions]
        if area.below:
            _draw_border(canvas, names[0], room, across - _BAND, upright)
        elif upright:
            _upright_heading(canvas, names, Room(room.x, room.y + start, _HEADING - 5, end - start))
        else:
            wide = max(end - start, width(_joined(names), SMALLEST, bold=True) + 4)
            middle = room.x + (start + end) / 2
            canvas.rect(Room(middle - wide / 2, room.y, wide, SMALLEST * LEADING + 2), fill=GREY)
            canvas.text(_joined(names), middle, room.y + 1, SMALLEST, bold=True, align="middle")


def _upright_heading(canvas: Canvas, names: Sequence[str], strip: Room) -> None:
    canvas.rect(strip, fill=GREY)
    if language() == "zh":
        top = strip.middle[1] - len(names) * SMALLEST * LEADING / 2
        canvas.lines(names, strip.middle[0], top, SMALLEST, bold=True, align="middle")
    else:
        canvas.text(_joined(names), strip.x + 2, strip.middle[1], SMALLEST, bold=True, align="middle", turned=True)


def _draw_border(canvas: Canvas, name: str, room: Room, line: float, upright: bool) -> None:
    """A dotted line before the supporting links, and what they are called."""
    x, y = (room.x + line, room.y) if upright else (room.x, room.y + line)
    end = (x, room.bottom) if upright else (room.right, y)
    canvas.line((x, y), end, stroke=SOFT, line=0.5, dash="1 2")
    if not upright:
        canvas.text(name, x, y + 1, SMALLEST, bold=True, fill=SOFT)
    elif language() == "zh":
        canvas.lines(list(name), x + 2.5, y, SMALLEST, bold=True, fill=SOFT)
    else:
        canvas.text(name, x + 1, room.bottom - 2, SMALLEST, bold=True, fill=SOFT, turned=True)


def _joined(names: Sequence[str]) -> str:
    return say("、", ", ").join(names)


def _head(canvas: Canvas, frame: _Frame, graph: nx.MultiDiGraph[Any]) -> float:
    """Title, date and counts, legend; returns where the drawing may begin."""
    page, gaps = canvas.page, frame.gaps
    y = canvas.paragraph(frame.title, page.x, page.y, page.width, _TITLE, bold=True)
    counts = say("、", ", ").join(
        f"{status_name(Status(status))} {number}" for status, number in gaps.counts.items() if number
    )
    stages = say("、", ", ").join(value_name(Stage, stage) for stage in gaps.stages)
    about = say(
        f"数据截至 {gaps.as_of or '未知'}；计入的企业：{stages}；{len(gaps.segments)} 个环节：{counts}",
        f"Data as of {gaps.as_of or 'unknown'}; firms counted: {stages}; {len(gaps.segments)} segments: {counts}",
    )
    y = canvas.paragraph(about, page.x, y, page.width, _TEXT, fill=SOFT)
    return _legend(canvas, y + 3, _drawn_kinds(graph)) + 6


def _legend(canvas: Canvas, top: float, kinds: Collection[str]) -> float:
    """What marks, borders, numbers and lines mean; as many lines as the page needs."""
    page, x, row = canvas.page, canvas.page.x, _TEXT * LEADING + 3
    for text, sample, wide in _legend_items(kinds):
        need = wide + 3 + width(text, _TEXT) + 12
        if x > page.x and x + need - 12 > page.right:
            x, top = page.x, top + row
        sample(canvas, Room(x, top, wide, row - 3))
        canvas.text(text, x + wide + 3, top, _TEXT)
        x += need
    return top + row


def _legend_items(kinds: Collection[str]) -> Iterator[tuple[str, Callable[[Canvas, Room], None], float]]:
    for status in Status:
        yield status_name(status), partial(mark, status=status), SAMPLE
    yield say("在册本地企业数", "local firms on record"), _number, 8.0
    yield say("链主企业所在", "a chain leader is on it"), _star, 8.0
    for kind, name in _line_names().items():
        if kind in kinds:
            yield name, partial(_line_sample, kind=kind), 22.0


def _drawn_kinds(graph: nx.MultiDiGraph[Any]) -> set[str]:
    """The kinds of edges that a picture of this graph has; a cycle means that something returns."""
    back = set() if nx.is_directed_acyclic_graph(graph) else {"back"}
    return {kind.value for kind in supplies(graph).values()} | back


def _line_names() -> dict[str, str]:
    return {
        "essential": say("供给（必需）", "supplies (essential)"),
        "other": say("供给（非必需或可替代）", "supplies (not essential, or replaceable)"),
        "back": say("循环回用", "returns (recycling)"),
    }


def _star(canvas: Canvas, room: Room) -> None:
    canvas.star(room.middle, 4)


def _number(canvas: Canvas, room: Room) -> None:
    canvas.text("3", room.middle[0], room.y, _TEXT, bold=True, align="middle")


def _line_sample(canvas: Canvas, room: Room, kind: str) -> None:
    y = room.middle[1]
    colour, line, dash = LINES[kind]
    canvas.line((room.x, y), (room.right - _ARROW, y), stroke=colour, line=line, dash=dash)
    canvas.arrow_head((room.right, y), (1, 0), _ARROW, _ARROW * 0.42, fill=colour)


# -- edges -----------------------------------------------------------------------------------------

#: Colour, width and dash of each look of an edge.
LINES: dict[str, tuple[str, float, str]] = {
    "essential": ("#404040", 0.8, ""),
    "other": ("#707070", 0.7, "3 1.6"),
    "back": ("#009E73", 0.9, "5 1.6 1 1.6"),
}


def _look(route: Route) -> str:
    return "back" if route.back else route.kind.value


def _drawn_last(edge: Edge, route: Route) -> tuple[bool, str, str]:
    """The order of drawing: those that are not essential first, so that the essential ones lie above."""
    return _look(route) == "essential", _look(route), str(edge[1])


def _draw_routes(canvas: Canvas, routes: Sequence[Route], look: str, on_page: Callable[[Spot], Point]) -> None:
    """Edges that may run together: white below all of them, so that they stand off from what they cross."""
    colour, line, dash = LINES[look]
    ways = [_way(route, on_page) for route in routes]
    for way, _, _ in ways:
        canvas.path(way, stroke=WHITE, line=line + 1.6)
    for way, tip, direction in ways:
        canvas.path(way, stroke=colour, line=line, dash=dash)
        canvas.arrow_head(tip, direction, _ARROW, _ARROW * 0.42, fill=colour)


def _way(route: Route, on_page: Callable[[Spot], Point]) -> tuple[str, Point, Point]:
    """The path of an edge up to its head, where the head's tip is, and in which direction it points."""
    tip, centre = on_page(route.end), on_page(route.end._replace(along=0.0))
    length = math.dist(tip, centre)
    dx, dy = (centre[0] - tip[0]) / length, (centre[1] - tip[1]) / length
    data = "M{} {}".format(*map(short, on_page(route.start)))
    for leg in route.legs:
        points = [on_page(spot) for spot in leg]
        if leg is route.legs[-1]:
            points[-1] = (tip[0] - dx * (_ARROW - 0.5), tip[1] - dy * (_ARROW - 0.5))
        data += "LC"[len(leg) > 1] + " ".join(short(value) for point in points for value in point)
    return data, tip, (dx, dy)


# -- the data behind -------------------------------------------------------------------------------


def _data(gaps: ChainGaps, graph: nx.MultiDiGraph[Any]) -> dict[str, Any]:
    """Links and supplies as drawn."""
    return {
        "region": gaps.region,
        "region_name": gaps.region_name,
        "chain": gaps.chain,
        "chain_name": gaps.chain_name,
        "as_of": gaps.as_of,
        "stages": list(gaps.stages),
        "segments": [
            {
                "id": s.id,
                "name": s.name,
                "position": s.position,
                "order": s.order,
                "status": s.status.value,
                "basis": say_reason(s.basis),
                "firms": s.live,
                "chain_leader": any(m.leads for m in s.makers),
            }
            for s in sorted(gaps.segments, key=lambda s: (s.order, s.id))
            if s.id in graph
        ],
        "supplies": [{"from": u, "to": v, "kind": kind} for (u, v), kind in sorted(supplies(graph).items(), key=str)],
    }

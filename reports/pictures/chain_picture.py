"""The chain as a picture: its links in columns from upstream to downstream, each with its status, for print on A4.

Status is told by a character, by the border and by colour, so that grey print and colour-blind readers lose nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import groupby, pairwise, product
from typing import Any

import networkx as nx

from graph.analysis.assessment import ChainGaps
from graph.analysis.layout import BAND, LANE, Layout, lay_out
from graph.analysis.status import Status
from graph.language import language, say
from graph.schema import Position, Stage
from reports.gap.gap_table import status_name, value_name
from reports.pictures.drawing import A4_LANDSCAPE, SMALLEST, SOFT, WHITE, Canvas, Drawing, Paper, Point, Room
from reports.pictures.lettering import LEADING, balanced, width, wrap
from reports.pictures.marks import PAD, SAMPLE, STRIP, STRIP_HEIGHT, mark, status_box

#: Sizes of the letters in boxes that are tried, largest first (points).
_SIZES = (8.5, 8.0, 7.5, SMALLEST)
#: Widths of boxes that are tried, boxes in a column, and the least clear space between columns.
_WIDTHS = (96.0, 88.0, 80.0, 72.0, 66.0, 60.0, 54.0)
_ROWS = (7, 6, 5, 9)
_CLEAR = (30.0, 22.0, 16.0)
_BETWEEN = 7.0
#: The most clear space between columns.
_WIDEST = 62.0
#: The line before the supporting links stands so far off from them, with their name between.
_BAND = 13.0
#: Distance of two edges that pass a column side by side.
_LANE = 5.0
#: How far edges that run back stand off from a box, the first and each more.
_OUT, _STEP = 5.0, 2.5
#: The row of headings: 上游, 中游, ...
_HEADING = 20.0
_ARROW = 4.5


@dataclass(frozen=True)
class _Plan:
    """A layout that fits: sizes of letters and boxes, and where each box and each lane stands (along, across)."""

    size: float
    names: Mapping[Hashable, Sequence[str]]
    box: Point
    at: Mapping[Hashable, Point]
    lanes: Mapping[tuple[Hashable, Hashable], Sequence[Point]]
    clear: float
    #: Where edges that run back to an earlier column may pass, on the far side of everything.
    outside: float
    #: Names of the columns' positions in the chain with the first and last place along, and where the supporting band begins.
    headings: Sequence[tuple[str, float, float]]
    band: float | None


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
    foot = (say(f"资料来源：{source}", f"Source: {source}"),) if source else ()
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
    name = value_name(Position, position) if position else say("其他", "other")
    title = whole.title + say(f"（{name}）", f" ({name})")
    part: nx.MultiDiGraph[Any] = graph.subgraph(nodes)
    frame = replace(whole, title=title, foot=((beyond,) if linked else ()) + whole.foot)
    while (plan := _plan(part, frame)) is None:
        width_, height, margin = frame.paper
        frame = replace(frame, paper=Paper(width_ * 1.25, height * 1.25, margin))
    return _draw(plan, part, frame)


# -- the plan: sizes and places --------------------------------------------------------------------


def _plan(graph: nx.MultiDiGraph[Any], frame: _Frame) -> _Plan | None:
    """The first layout that fits the room, with the largest letters and the most clear space that allow it."""
    names, room = frame.names, _body(frame, graph)
    upright = room.height > room.width
    sides = (room.height, room.width) if upright else (room.width, room.height)
    layouts = _Layouts(nx.DiGraph(graph), _kinds(graph), sides)

    @cache
    def in_lines(size: float, wide: float) -> dict[Hashable, list[str]]:
        return {n: balanced(names[str(n)], wide - STRIP - 2 * PAD, size) for n in graph}

    for size, clear, rows, wide in product(_SIZES, _CLEAR, _ROWS, _WIDTHS):
        wrapped = in_lines(size, wide)
        lines = max((len(found) for found in wrapped.values()), default=1)
        high = max(lines * size * LEADING, STRIP_HEIGHT) + 2 * PAD
        box = (high, wide) if upright else (wide, high)
        if layouts.fits(rows, box, clear):
            return _planned(layouts, size, wrapped, box, rows)
    return None


@dataclass
class _Layouts:
    """Layouts of one graph, each made once; ``x`` is the number of the column, ``y`` is in units of :func:`lay_out`."""

    graph: nx.DiGraph[Any]
    kinds: Mapping[tuple[Hashable, Hashable], str]
    room: Point
    made: dict[tuple[int, float], Layout] = field(default_factory=dict)
    #: For a number of rows: the largest box across that is known to fit, the smallest that is known not to.
    known: dict[int, Point] = field(default_factory=dict)

    def of(self, rows: int, across: float) -> Layout:
        """The layout with boxes of that size across and so many in a column."""
        unit = LANE / _LANE
        if (rows, across) not in self.made:
            self.made[rows, across] = lay_out(
                self.graph, box=(1.0, across * unit), gap=(0.0, _BETWEEN * unit), max_rows=rows
            )
        return self.made[rows, across]

    @property
    def reserved(self) -> float:
        """What headings and edges that run back take of the room across."""
        return _HEADING + self.back * _LANE

    @cached_property
    def back(self) -> int:
        """How many edges may run back: those within cycles, at most."""
        at = self.of(_ROWS[0], SMALLEST).positions
        return sum(at[u][0] > at[v][0] for u, v in self.graph.edges())

    def columns(self, rows: int) -> int:
        """How many columns there are; the size of boxes makes no difference."""
        at = next((made for (r, _), made in self.made.items() if r == rows), None) or self.of(rows, SMALLEST)
        return round(max((x for x, _ in at.positions.values()), default=0)) + 1

    def span(self, rows: int, across: float) -> float:
        """From the first to the last line across, in points."""
        heights = list(_heights(self.of(rows, across))) or [0.0]
        return (max(heights) - min(heights)) * _LANE / LANE

    def fits(self, rows: int, box: Point, clear: float) -> bool:
        """Whether the columns have room along, and the boxes and lanes of each have room across.

        A larger box never needs less room, so that few layouts have to be made to know.
        """
        columns = self.columns(rows)
        if columns * box[0] + (columns - 1) * clear > self.room[0]:
            return False
        fitting, failing = self.known.get(rows, (0.0, math.inf))
        if fitting < box[1] < failing:
            fits = self.span(rows, box[1]) + box[1] + self.reserved <= self.room[1]
            fitting, failing = (box[1], failing) if fits else (fitting, box[1])
            self.known[rows] = fitting, failing
        return box[1] <= fitting


def _planned(layouts: _Layouts, size: float, names: Mapping[Hashable, Sequence[str]], box: Point, rows: int) -> _Plan:
    """The layout with these sizes, spread over the room."""
    graph, unit, layout, room = layouts.graph, LANE / _LANE, layouts.of(rows, box[1]), layouts.room
    columns = layouts.columns(rows)
    margin = 2 * (_OUT + _STEP * layouts.back) if layouts.back else 0.0
    pitch = min((room[0] - margin - box[0]) / max(columns - 1, 1), box[0] + _WIDEST)
    span, free = layouts.span(rows, box[1]), room[1] - box[1] - layouts.reserved
    first = min(_heights(layout), default=0.0) / unit
    stretch = min(free / span, 1.7) if span else 1.0
    start = ((room[0] - box[0] - pitch * (columns - 1)) / 2 + box[0] / 2, layouts.reserved + box[1] / 2)

    def place(point: Point) -> Point:
        return start[0] + point[0] * pitch, start[1] + (point[1] / unit - first) * stretch

    at = {n: place(p) for n, p in layout.positions.items()}
    lanes = {edge: [place(p) for p in points] for edge, points in layout.routes.items() if _forward(layout, edge)}
    band = min((at[n][1] for n in _band(graph)), default=None)
    return _Plan(
        size,
        names,
        box,
        at,
        _bundled(at, lanes, layouts.kinds),
        pitch - box[0],
        start[1] - box[1] / 2,
        _headings(graph, at, box[0] / 2),
        None if band is None else band - box[1] / 2 - _BAND,
    )


def _band(graph: nx.DiGraph[Any]) -> set[Hashable]:
    """The supporting links, where there are others too: they stand beside the rest."""
    found = {n for n in graph if _position(graph, n) == BAND}
    return found if len(found) < len(graph) else set()


def _headings(graph: nx.DiGraph[Any], at: Mapping[Hashable, Point], half: float) -> list[tuple[str, float, float]]:
    """The positions that each column holds, columns of the same positions taken together."""
    held: dict[float, set[str]] = defaultdict(set)
    for node, (along, _) in at.items():
        if node not in _band(graph):
            held[round(along, 2)].add(_position(graph, node))
    order = [p.value for p in Position]
    names = [
        (say("、", ", ").join(value_name(Position, p) for p in order if p in held[along]), along)
        for along in sorted(held)
    ]
    groups = [list(group) for _, group in groupby(names, key=lambda named: named[0])]
    return [(group[0][0], group[0][1] - half, group[-1][1] + half) for group in groups if group[0][0]]


def _bundled(
    at: Mapping[Hashable, Point],
    lanes: Mapping[tuple[Hashable, Hashable], Sequence[Point]],
    kinds: Mapping[tuple[Hashable, Hashable], str],
) -> dict[tuple[Hashable, Hashable], Sequence[Point]]:
    """Edges of one kind to one link that pass a column between the same two boxes run as one line there."""
    passing: dict[float, list[tuple[float, tuple[Hashable, Hashable] | None]]] = defaultdict(list)
    for along, across in at.values():
        passing[round(along, 2)].append((across, None))
    for edge, points in lanes.items():
        for along, across in points:
            passing[round(along, 2)].append((across, edge))
    merged: dict[tuple[tuple[Hashable, Hashable], float], float] = {}
    for along, items in passing.items():
        items.sort(key=lambda item: item[0])
        for between, run in groupby(items, key=lambda item: item[1] is not None):
            if between:
                merged |= {(edge, along): across for edge, across in _run([(a, e) for a, e in run if e], kinds)}
    return {edge: [(along, merged[edge, round(along, 2)]) for along, _ in points] for edge, points in lanes.items()}


def _run(
    lanes: Sequence[tuple[float, tuple[Hashable, Hashable]]], kinds: Mapping[tuple[Hashable, Hashable], str]
) -> Iterator[tuple[tuple[Hashable, Hashable], float]]:
    """New places of lanes side by side: those of one bundle together, in the middle of the room that they had."""
    bundles: dict[Hashable, list[tuple[float, tuple[Hashable, Hashable]]]] = defaultdict(list)
    for across, edge in lanes:
        bundles[edge[1], kinds[edge]].append((across, edge))
    places = iter(sorted(across for across, _ in lanes))
    for bundle in sorted(bundles.values(), key=lambda b: sum(across for across, _ in b) / len(b)):
        room = [next(places) for _ in bundle]
        yield from ((edge, sum(room) / len(room)) for _, edge in bundle)


def _heights(layout: Layout) -> Iterator[float]:
    yield from (y for _, y in layout.positions.values())
    for edge, points in layout.routes.items():
        if _forward(layout, edge):
            yield from (y for _, y in points)


def _forward(layout: Layout, edge: tuple[Hashable, Hashable]) -> bool:
    return layout.positions[edge[0]][0] < layout.positions[edge[1]][0]


# -- the page --------------------------------------------------------------------------------------

_TITLE, _TEXT = 13.0, 8.0


def _body(frame: _Frame, graph: nx.MultiDiGraph[Any]) -> Room:
    """What heading, legend and foot leave of the page."""
    canvas = Canvas(frame.paper)
    top = _head(canvas, frame, graph)
    page = canvas.page
    return Room(page.x, top, page.width, page.bottom - _foot_height(page, frame.foot) - top)


def _draw(plan: _Plan, graph: nx.MultiDiGraph[Any], frame: _Frame) -> Drawing:
    canvas = Canvas(frame.paper)
    room = _body(frame, graph)
    _head(canvas, frame, graph)
    upright = room.height > room.width

    def on_page(point: Point) -> Point:
        return (room.x + point[1], room.y + point[0]) if upright else (room.x + point[0], room.y + point[1])

    _draw_headings(canvas, plan, room, upright)
    for _, bundle in groupby(_edges(plan, graph), key=lambda edge: (edge.kind, edge.target)):
        _draw_edges(canvas, list(bundle), on_page)
    segments = {s.id: s for s in frame.gaps.segments}
    wide, high = (plan.box[1], plan.box[0]) if upright else plan.box
    for node, point in plan.at.items():
        x, y = on_page(point)
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
    _foot(canvas, frame.foot)
    return canvas.finish("chain", frame.title, _data(frame.gaps, graph))


def _draw_headings(canvas: Canvas, plan: _Plan, room: Room, upright: bool) -> None:
    """上游, 中游, ... beside their columns, and a line before the supporting links."""
    grey, high = "#E8E8E8", SMALLEST * LEADING + 2
    for name, start, end in plan.headings:
        middle = (start + end) / 2
        if upright:
            canvas.rect(Room(room.x, room.y + start, _HEADING - 5, end - start), fill=grey)
            if language() == "zh":
                lines = name.split("、")
                top = room.y + middle - len(lines) * SMALLEST * LEADING / 2
                canvas.lines(lines, room.x + _HEADING / 2 - 2.5, top, SMALLEST, bold=True, align="middle")
            else:
                canvas.text(name, room.x + 2, room.y + middle, SMALLEST, bold=True, align="middle", turned=True)
        else:
            canvas.rect(Room(room.x + start, room.y, end - start, high), fill=grey)
            canvas.text(name, room.x + middle, room.y + 1, SMALLEST, bold=True, align="middle")
    if plan.band is not None:
        name, line = value_name(Position, BAND), plan.band
        if upright:
            canvas.line((room.x + line, room.y), (room.x + line, room.bottom), stroke=SOFT, line=0.5, dash="1 2")
            if language() == "zh":
                canvas.lines(list(name), room.x + line + 2.5, room.y, SMALLEST, bold=True, fill=SOFT)
            else:
                canvas.text(name, room.x + line + 1, room.bottom - 2, SMALLEST, bold=True, fill=SOFT, turned=True)
        else:
            canvas.line((room.x, room.y + line), (room.right, room.y + line), stroke=SOFT, line=0.5, dash="1 2")
            canvas.text(name, room.x, room.y + line + 1, SMALLEST, bold=True, fill=SOFT)


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
    return set(_kinds(graph).values()) | back


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
    _arrow(canvas, (room.right, y), (1, 0), colour)


def _foot_height(page: Room, foot: Sequence[str]) -> float:
    return sum(len(wrap(text, page.width, SMALLEST)) for text in foot) * SMALLEST * LEADING + 6


def _foot(canvas: Canvas, foot: Sequence[str]) -> None:
    page = canvas.page
    top = page.bottom - _foot_height(page, foot) + 6
    for text in foot:
        top = canvas.paragraph(text, page.x, top, page.width, SMALLEST, fill=SOFT)


# -- edges -----------------------------------------------------------------------------------------

#: Colour, width and dash of each kind of edge.
LINES: dict[str, tuple[str, float, str]] = {
    "essential": ("#404040", 0.8, ""),
    "other": ("#707070", 0.7, "3 1.6"),
    "back": ("#009E73", 0.9, "5 1.6 1 1.6"),
}


@dataclass(frozen=True)
class _Edge:
    """An edge as points (along, across): it leaves the first forward and reaches the last forward."""

    kind: str
    target: Hashable
    points: tuple[Point, ...]
    #: Pairs of points between which it runs straight, by the index of the first.
    straight: frozenset[int]


def _edges(plan: _Plan, graph: nx.MultiDiGraph[Any]) -> list[_Edge]:
    """The way of every edge; those that are not essential first, so that the essential ones lie above."""
    pairs = _kinds(graph)
    half = plan.box[0] / 2
    leave, reach = _ports(plan, pairs)
    returning = [e for e in pairs if plan.at[e[0]][0] > plan.at[e[1]][0]]
    found = []
    for (u, v), kind in pairs.items():
        (ua, _), (va, _) = plan.at[u], plan.at[v]
        start, end = (ua + half, leave[u, v]), (va - half, reach[u, v])
        if ua > va:
            level = plan.outside - _LANE * (returning.index((u, v)) + 0.6)
            found.append(_back(v, start, end, level, plan.clear, returning.index((u, v))))
        elif ua == va:
            found.append(_Edge(kind, v, ((ua - half, leave[u, v]), end), frozenset()))
        else:
            points, straight = [start], []
            for a, c in plan.lanes.get((u, v), ()):
                straight.append(len(points))
                points += [(a - half, c), (a + half, c)]
            found.append(_Edge(kind, v, (*points, end), frozenset(straight)))
    return sorted(found, key=lambda e: (e.kind == "essential", e.kind, str(e.target)))


def _kinds(graph: nx.MultiDiGraph[Any]) -> dict[tuple[Hashable, Hashable], str]:
    """Supplies between two links as one edge: essential if any of them is and nothing can stand in for it."""
    kinds: dict[tuple[Hashable, Hashable], str] = {}
    for u, v, data in graph.edges(data=True):
        if u != v:
            needed = data.get("essential") is not False and not data.get("group")
            kinds[u, v] = "essential" if needed or kinds.get((u, v)) == "essential" else "other"
    return kinds


def _ports(
    plan: _Plan, pairs: Iterable[tuple[Hashable, Hashable]]
) -> tuple[dict[tuple[Hashable, Hashable], float], dict[tuple[Hashable, Hashable], float]]:
    """Where on its side each edge leaves and reaches a box: in the order of where it comes from or goes to."""
    out: dict[Hashable, list[tuple[float, tuple[Hashable, Hashable]]]] = defaultdict(list)
    into: dict[Hashable, list[tuple[float, tuple[Hashable, Hashable]]]] = defaultdict(list)
    for u, v in pairs:
        lanes = plan.lanes.get((u, v), ())
        back = plan.at[u][0] > plan.at[v][0]
        out[u].append((-1e9 if back else lanes[0][1] if lanes else plan.at[v][1], (u, v)))
        into[v].append((-1e9 if back else lanes[-1][1] if lanes else plan.at[u][1], (u, v)))
    return _spread(plan, out), _spread(plan, into)


def _spread(
    plan: _Plan, ends: Mapping[Hashable, list[tuple[float, tuple[Hashable, Hashable]]]]
) -> dict[tuple[Hashable, Hashable], float]:
    places: dict[tuple[Hashable, Hashable], float] = {}
    for node, found in ends.items():
        groups = [
            list(g) for _, g in groupby(sorted(found, key=lambda e: (e[0], str(e[1]))), key=lambda e: round(e[0], 3))
        ]
        step = min(5.5, plan.box[1] * 0.8 / len(groups))
        for i, group in enumerate(groups):
            places |= {edge: plan.at[node][1] + (i - (len(groups) - 1) / 2) * step for _, edge in group}
    return places


def _back(target: Hashable, start: Point, end: Point, level: float, clear: float, number: int) -> _Edge:
    """Out of the box, along the far side of everything, and down to the user: corners right-angled."""
    out = start[0] + min(_OUT + _STEP * number, clear * 0.4)
    into = end[0] - min(_OUT + _ARROW + _STEP * number, clear * 0.6)
    points = (start, (out, start[1]), (out, level), (into, level), (into, end[1]), end)
    return _Edge("back", target, points, frozenset(range(len(points))))


def _draw_edges(canvas: Canvas, edges: Sequence[_Edge], on_page: Callable[[Point], Point]) -> None:
    """Edges that may run together: white below all of them, so that they stand off from what they cross."""
    colour, line, dash = LINES[edges[0].kind]
    ways = [_way(edge, on_page) for edge in edges]
    for way in ways:
        canvas.path(way, stroke=WHITE, line=line + 1.6)
    for edge, way in zip(edges, ways, strict=True):
        canvas.path(way, stroke=colour, line=line, dash=dash)
        tip, before = on_page(edge.points[-1]), on_page((edge.points[-1][0] - 1, edge.points[-1][1]))
        _arrow(canvas, tip, (tip[0] - before[0], tip[1] - before[1]), colour)


def _way(edge: _Edge, on_page: Callable[[Point], Point]) -> str:
    """The path of an edge, up to its head."""
    points = [*edge.points[:-1], (edge.points[-1][0] - _ARROW + 0.5, edge.points[-1][1])]
    data = "M{} {}".format(*map(_short, on_page(points[0])))
    for i, (a, b) in enumerate(pairwise(points)):
        data += _line(b, on_page) if i in edge.straight else _curve(a, b, on_page)
    return data


def _line(b: Point, on_page: Callable[[Point], Point]) -> str:
    return "L{} {}".format(*map(_short, on_page(b)))


def _curve(a: Point, b: Point, on_page: Callable[[Point], Point]) -> str:
    """From a to b, leaving and arriving in the direction of the chain; within a column a loop on the near side."""
    reach = (b[0] - a[0]) / 2 if b[0] - a[0] > 1 else 0
    first, second = ((a[0] + reach, a[1]), (b[0] - reach, b[1])) if reach else ((a[0] - 12, a[1]), (b[0] - 12, b[1]))
    return "C" + " ".join(_short(value) for point in (first, second, b) for value in on_page(point))


def _arrow(canvas: Canvas, tip: Point, way: Point, colour: str) -> None:
    (x, y), (dx, dy) = tip, way
    back = (x - _ARROW * dx, y - _ARROW * dy)
    side = (-dy * _ARROW * 0.42, dx * _ARROW * 0.42)
    canvas.polygon([tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])], fill=colour)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


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
                "basis": s.basis,
                "firms": s.live,
                "chain_leader": any(m.leads for m in s.makers),
            }
            for s in sorted(gaps.segments, key=lambda s: (s.order, s.id))
            if s.id in graph
        ],
        "supplies": [{"from": u, "to": v, "kind": kind} for (u, v), kind in sorted(_kinds(graph).items(), key=str)],
    }

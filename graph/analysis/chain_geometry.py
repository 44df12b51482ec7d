"""The one geometry of the chain picture: boxes, where edges leave and enter them, their ways, and the areas around.

Painters put it on a page (``reports.pictures.chain_picture``) or on the canvas of the app (``views.network``). Each
has its own size of boxes and its own room, so that a point is a :class:`Spot`: a place that stretches with the room
and a distance from it in boxes, which does not. No words and no screen here.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

import networkx as nx

from graph.analysis.layout import BAND, BOX, GAP, LANE, MAX_ROWS, Layout, Point, lay_out
from graph.schema import Position

#: (source, target), and the key of the edge where parallel edges are drawn apart.
Edge = tuple[Any, ...]
Pair = tuple[Hashable, Hashable]

#: Two ends on the same side of a box are so far apart, all of them together at most (heights of a box).
_PORT, _PORTS = 0.2, 0.75
#: Edges back run up beside their source and down beside their target, each further off (shares of the clear space).
_OUT, _INTO, _STEP, _FURTHEST = 0.2, 0.3, 0.12, 0.6
#: How far an edge within a column swings out (shares of the clear space).
_LOOP = 0.6
#: An area reaches so far below a lane (pixels of the layout).
_BELOW_LANE = 8.0


class Supply(StrEnum):
    """Whether the user can do without what is supplied."""

    ESSENTIAL = "essential"
    OTHER = "other"


class Spot(NamedTuple):
    """A point of the drawing.

    ``x`` and ``y`` are pixels of the layout, which a painter stretches; ``along`` and ``across`` are widths and
    heights of a box from there (0.5 is its edge), ``gap`` is shares of the clear space between two columns.
    """

    x: float
    y: float
    along: float = 0.0
    across: float = 0.0
    gap: float = 0.0


#: To the next point of a route: one spot for a straight line, three (two controls and the end) for a cubic curve.
Leg = tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge, from one box to another; it leaves and arrives level.

    Attributes:
        back: it runs against the chain (recycling).
        middle: where it can be labelled.
    """

    kind: Supply
    back: bool
    start: Spot
    legs: tuple[Leg, ...]
    middle: Spot

    @property
    def end(self) -> Spot:
        """Where it meets its target; left of the box's centre if it arrives from the left."""
        return self.legs[-1][-1]


@dataclass(frozen=True, slots=True)
class Area:
    """The boxes of a place in the chain: neighbouring columns, or the supporting links below.

    Attributes:
        positions: values of :class:`graph.schema.Position` that are in it.
        start, end: corners of what its boxes and lanes take.
        below: it lies below the others and is as wide as all.
        heading: the first column without a box in an area below; None if there is none.
    """

    positions: tuple[str, ...]
    start: Spot
    end: Spot
    below: bool = False
    heading: Spot | None = None


@dataclass(frozen=True, slots=True)
class Geometry:
    """A drawing without size: what every painter of the same graph is given.

    Attributes:
        boxes: centre of each node's box.
        routes: ways of the edges.
        areas: from left to right, then what is below.
        columns: how many there are; 0 if boxes stand anywhere.
        least: heights and clear spaces may be stretched until boxes of this height and their clear space fit.
        corners: the first and the last box in both directions; lanes count as what a box there would be.
        beyond: how far edges go left of the first and right of the last column (shares of the clear space).
    """

    boxes: dict[Hashable, Spot]
    routes: dict[Edge, Route]
    areas: tuple[Area, ...]
    columns: int
    least: float
    corners: tuple[Point, Point]
    beyond: tuple[float, float]


def chain_geometry(
    graph: nx.Graph[Any],
    *,
    max_rows: int = MAX_ROWS,
    height: float = BOX[1],
    gap: float = GAP[1],
    parallel: bool = False,
) -> Geometry:
    """A chain in columns; see :func:`graph.analysis.layout.lay_out`, also for the attributes of nodes.

    Args:
        graph: directed, from supplier to user; edges have ``essential`` and ``group`` (see :func:`supplies`).
        parallel: draw each edge of a multigraph, not one for all between two nodes.

    Examples:
        >>> drawing = chain_geometry(nx.DiGraph([("a", "b")]))
        >>> drawing.routes["a", "b"].start
        Spot(x=0.0, y=0.0, along=0.5, across=0.0, gap=0.0)
    """
    kinds = supplies(graph)
    layout = lay_out(nx.DiGraph(graph), max_rows=max_rows, height=height, gap=gap)
    edges: list[Edge] = list(kinds)
    if parallel and isinstance(graph, nx.MultiGraph):
        edges = [edge for edge in graph.edges(keys=True) if edge[0] != edge[1]]
    lanes = _bundled(layout, kinds)
    levels = _levels(layout.positions, lanes, edges, height)
    routes = _routes(edges, kinds, layout.positions, lanes, levels)
    position = {node: str(graph.nodes[node].get("position") or "") for node in graph}
    passing = [point for points in lanes.values() for point in points]
    return Geometry(
        {node: Spot(*at) for node, at in layout.positions.items()},
        routes,
        _areas(position, layout.positions, passing, height),
        len({x for x, _ in layout.positions.values()}),
        height + gap,
        _corners(layout.positions.values(), [*(y for _, y in passing), *levels.values()], height),
        _beyond(routes.values(), layout.positions),
    )


def free_geometry(graph: nx.Graph[Any], positions: Mapping[Any, Point]) -> Geometry:
    """Boxes that stand anywhere: every edge takes the straight way, from the side that faces its target."""
    kinds = supplies(graph)
    edges: list[Edge] = list(graph.edges(keys=True)) if isinstance(graph, nx.MultiGraph) else list(graph.edges())
    edges = [edge for edge in edges if edge[0] != edge[1]]
    boxes = {node: Spot(*positions[node]) for node in graph}
    sides = {edge: _facing(boxes[edge[0]], boxes[edge[1]]) for edge in edges}
    ends = [_End(e, False, sides[e][0], positions[e[1]][1], str(e)) for e in edges]
    ends += [_End(e, True, sides[e][1], positions[e[0]][1], str(e)) for e in edges]
    ports = _ports(ends)
    routes = {}
    for edge in edges:
        start, end = (
            boxes[edge[last]]._replace(along=sides[edge][last], across=ports[edge, bool(last)]) for last in (0, 1)
        )
        routes[edge] = _direct(kinds[edge[0], edge[1]], start, end)
    return Geometry(boxes, routes, (), 0, BOX[1] + GAP[1], _corners(positions.values(), (), BOX[1]), (0.0, 0.0))


def supplies(graph: nx.Graph[Any]) -> dict[Pair, Supply]:
    """Supplies between two links as one: essential if any of them is and nothing can stand in for it."""
    kinds: dict[Pair, Supply] = {}
    for u, v, data in graph.edges(data=True):
        if u != v:
            needed = data.get("essential") is not False and not data.get("group")
            essential = needed or kinds.get((u, v)) is Supply.ESSENTIAL
            kinds[u, v] = Supply.ESSENTIAL if essential else Supply.OTHER
    return kinds


# -- lanes -----------------------------------------------------------------------------------------


def _bundled(layout: Layout, kinds: Mapping[Pair, Supply]) -> dict[Pair, list[Point]]:
    """Edges of one kind to one link that pass a column between the same two boxes run as one line there."""
    passing: dict[float, list[tuple[float, Pair | None]]] = defaultdict(list)
    for x, y in layout.positions.values():
        passing[x].append((y, None))
    for edge, points in layout.routes.items():
        for x, y in points:
            passing[x].append((y, edge))
    merged: dict[tuple[Pair, float], float] = {}
    for x, items in passing.items():
        items.sort(key=lambda item: item[0])
        for between, side_by_side in groupby(items, key=lambda item: item[1] is not None):
            if between:
                lanes = [(y, edge) for y, edge in side_by_side if edge]
                merged |= {(edge, x): y for edge, y in _side_by_side(lanes, kinds)}
    return {edge: [(x, merged[edge, x]) for x, _ in points] for edge, points in layout.routes.items()}


def _side_by_side(lanes: Sequence[tuple[float, Pair]], kinds: Mapping[Pair, Supply]) -> Iterator[tuple[Pair, float]]:
    """New heights of lanes between two boxes: each bundle in the middle of the room that its lanes had."""
    bundles: dict[Hashable, list[tuple[float, Pair]]] = defaultdict(list)
    for y, edge in lanes:
        bundles[edge[1], kinds[edge]].append((y, edge))
    heights = iter(sorted(y for y, _ in lanes))
    for bundle in sorted(bundles.values(), key=lambda b: sum(y for y, _ in b) / len(b)):
        room = [next(heights) for _ in bundle]
        yield from ((edge, sum(room) / len(room)) for _, edge in bundle)


def _levels(
    at: Mapping[Hashable, Point], lanes: Mapping[Pair, Sequence[Point]], edges: Iterable[Edge], height: float
) -> dict[Pair, float]:
    """Edges back run level above all columns from their target to their source, the shortest lowest."""
    back = list(dict.fromkeys((e[0], e[1]) for e in edges if at[e[0]][0] > at[e[1]][0]))
    back.sort(key=lambda e: at[e[0]][0] - at[e[1]][0])
    tops: dict[float, float] = defaultdict(float)
    for x, y in [*at.values(), *(point for points in lanes.values() for point in points)]:
        tops[x] = min(tops[x], y)
    return {
        (u, v): min(y for x, y in tops.items() if at[v][0] <= x <= at[u][0]) - height / 2 - LANE * (i + 1)
        for i, (u, v) in enumerate(back)
    }


# -- routes ----------------------------------------------------------------------------------------


class _End(NamedTuple):
    """An end of an edge: on which side of its box, and at what height it comes from or goes to."""

    edge: Edge
    last: bool
    side: float
    towards: float
    #: Ends with the same height and tie share a place.
    tie: str


def _routes(
    edges: Sequence[Edge],
    kinds: Mapping[Pair, Supply],
    at: Mapping[Hashable, Point],
    lanes: Mapping[Pair, Sequence[Point]],
    levels: Mapping[Pair, float],
) -> dict[Edge, Route]:
    """The way of every edge of a chain in columns."""
    ports = _ports(end for edge in edges for end in _ends(edge, at, lanes, levels))
    turns = _turns(at, levels)
    routes = {}
    for edge in edges:
        u, v = pair = edge[0], edge[1]
        level = at[u][0] == at[v][0]
        start = Spot(*at[u], -0.5 if level else 0.5, ports[edge, False])
        end = Spot(*at[v], -0.5, ports[edge, True])
        if pair in turns:
            routes[edge] = _returning(kinds[pair], start, end, levels[pair], turns[pair])
        elif pair in lanes:
            routes[edge] = _through(kinds[pair], start, end, lanes[pair])
        else:
            routes[edge] = _direct(kinds[pair], start, end)
    return routes


def _ends(
    edge: Edge, at: Mapping[Hashable, Point], lanes: Mapping[Pair, Sequence[Point]], levels: Mapping[Pair, float]
) -> Iterator[_End]:
    """Where the edge leaves and enters; what returns does so above everything else."""
    u, v = pair = edge[0], edge[1]
    way, tie = lanes.get(pair, ()), str(edge)
    towards = way[0][1] if way else at[v][1], way[-1][1] if way else at[u][1]
    if pair in levels:
        towards = -math.inf, -math.inf
    if way or pair in levels:
        tie = str(edge[2:])
    yield _End(edge, False, -0.5 if at[u][0] == at[v][0] else 0.5, towards[0], tie)
    yield _End(edge, True, -0.5, towards[1], tie)


def _ports(ends: Iterable[_End]) -> dict[tuple[Edge, bool], float]:
    """Heights on the sides of the boxes, in the order of where edges come from or go to, so that none cross there."""
    sides: dict[tuple[Hashable, float], dict[tuple[float, str], list[_End]]] = defaultdict(lambda: defaultdict(list))
    for end in ends:
        sides[end.edge[end.last], end.side][round(end.towards, 3), end.tie].append(end)
    ports: dict[tuple[Edge, bool], float] = {}
    for places in sides.values():
        step = min(_PORT, _PORTS / len(places))
        for i, place in enumerate(sorted(places)):
            across = (i - (len(places) - 1) / 2) * step
            ports |= {(end.edge, end.last): across for end in places[place]}
    return ports


def _direct(kind: Supply, start: Spot, end: Spot) -> Route:
    """From box to box; between two boxes of a column in a loop beside it."""
    middle = _between(start, end)
    if start.along != end.along:
        return Route(kind, False, start, (_curve(start, end),), middle)
    out = math.copysign(_LOOP, start.along)
    leg = (start._replace(gap=out), end._replace(gap=out), end)
    return Route(kind, False, start, (leg,), middle._replace(gap=0.75 * out))


def _through(kind: Supply, start: Spot, end: Spot, lanes: Sequence[Point]) -> Route:
    """Straight through the columns on its way, in curves between them."""
    legs: list[Leg] = []
    at = start
    for point in lanes:
        enters, leaves = Spot(*point, -0.5), Spot(*point, 0.5)
        legs += [_curve(at, enters), (leaves,)]
        at = leaves
    return Route(kind, False, start, (*legs, _curve(at, end)), Spot(*lanes[(len(lanes) - 1) // 2]))


def _turns(at: Mapping[Hashable, Point], levels: Iterable[Pair]) -> dict[Pair, tuple[int, int]]:
    """The place of each edge back among those that run up beside its source's column, and down beside its target's."""
    beside: Counter[tuple[int, float]] = Counter()
    turns = {}
    for pair in levels:
        columns = [(last, at[node][0]) for last, node in enumerate(pair)]
        turns[pair] = beside[columns[0]], beside[columns[1]]
        beside.update(columns)
    return turns


def _returning(kind: Supply, start: Spot, end: Spot, level: float, turns: tuple[int, int]) -> Route:
    """Out of the box, above everything, and down to the user: corners right-angled."""
    out, into = min(_OUT + _STEP * turns[0], _FURTHEST), -min(_INTO + _STEP * turns[1], _FURTHEST)
    up, down = start._replace(gap=out), end._replace(gap=into)
    left, right = down._replace(y=level, across=0.0), up._replace(y=level, across=0.0)
    return Route(kind, True, start, ((up,), (right,), (left,), (down,), (end,)), _between(left, right))


def _curve(start: Spot, end: Spot) -> Leg:
    """Leaving and arriving level."""
    middle = _between(start, end)
    return (
        middle._replace(y=start.y, across=start.across),
        middle._replace(y=end.y, across=end.across),
        end,
    )


def _between(one: Spot, other: Spot) -> Spot:
    return Spot(*((a + b) / 2 for a, b in zip(one, other, strict=True)))


def _facing(one: Spot, other: Spot) -> tuple[float, float]:
    """Sides on which an edge leaves and enters: right to left, back, or a loop where boxes stand above each other."""
    if abs(other.x - one.x) <= BOX[0] * 0.9:
        return -0.5, -0.5
    return (0.5, -0.5) if other.x > one.x else (-0.5, 0.5)


# -- areas and extent ------------------------------------------------------------------------------


def _areas(
    position: Mapping[Hashable, str], at: Mapping[Hashable, Point], lanes: Sequence[Point], height: float
) -> tuple[Area, ...]:
    """Neighbouring columns of the same positions together, and below them the supporting links where there are others."""
    below = {node for node in at if position[node] == BAND}
    if len(below) == len(at):
        below = set()
    upper = [at[node] for node in at if node not in below]
    held: dict[float, set[str]] = defaultdict(set)
    for node in at:
        if node not in below:
            held[at[node][0]].add(position[node])
    named = [(tuple(p.value for p in Position if p in held[x]), x) for x in sorted(held)]
    bottom = max((*(y for _, y in upper), *(y + _BELOW_LANE - height / 2 for _, y in lanes)), default=0.0)
    top = min((y for _, y in upper), default=0.0)
    areas = []
    for positions, group in groupby(named, key=lambda column: column[0]):
        xs = [x for _, x in group]
        if positions:
            areas.append(Area(positions, Spot(xs[0], top, -0.5, -0.5), Spot(xs[-1], bottom, 0.5, 0.5)))
    return (*areas, *_area_below([at[node] for node in below], [x for x, _ in at.values()]))


def _area_below(boxes: Sequence[Point], columns: Sequence[float]) -> Iterator[Area]:
    if boxes:
        ys, taken = [y for _, y in boxes], {x for x, _ in boxes}
        free = min((x for x in columns if x not in taken), default=None)
        yield Area(
            (BAND,),
            Spot(min(columns), min(ys), -0.5, -0.5),
            Spot(max(columns), max(ys), 0.5, 0.5),
            below=True,
            heading=None if free is None else Spot(free, (min(ys) + max(ys)) / 2),
        )


def _corners(boxes: Collection[Point], lanes: Iterable[float], height: float) -> tuple[Point, Point]:
    """The first and the last place of a box; what runs at a lane's height needs less room than a box there."""
    xs, ys = zip(*boxes, strict=True) if boxes else ((0.0,), (0.0,))
    spare = (height - LANE) / 2
    heights = list(lanes)
    top, bottom = min([*ys, *(y + spare for y in heights)]), max([*ys, *(y - spare for y in heights)])
    return (min(xs), top), (max(xs), bottom)


def _beyond(routes: Iterable[Route], at: Mapping[Hashable, Point]) -> tuple[float, float]:
    """What stands out of the first and of the last column."""
    first, last = min((x for x, _ in at.values()), default=0.0), max((x for x, _ in at.values()), default=0.0)
    spots = [spot for route in routes for leg in route.legs for spot in leg]
    left = max((-s.gap for s in spots if s.x == first), default=0.0)
    right = max((s.gap for s in spots if s.x == last), default=0.0)
    return max(left, 0.0), max(right, 0.0)

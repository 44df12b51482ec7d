"""Where to draw the links of a chain: left to right, from upstream to downstream.

A layered drawing in the four steps of Sugiyama, Tagawa and Toda (1981,
https://doi.org/10.1109/TSMC.1981.4308636): break cycles (recycling loops),
assign columns, order each column so that few edges cross, set heights so that
edges are straight. An edge that passes a column gets a lane of its own
there, so that no edge runs behind a box.

Pure functions: the same graph, in the same order, always gives the same
drawing. Coordinates are pixels with y growing downwards and the origin in
the middle of the first column.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from statistics import fmean
from typing import Any

import networkx as nx

Point = tuple[float, float]

#: Room for one box: a label of four to nine Chinese characters.
BOX: Point = (130.0, 44.0)
#: Clear space between two columns, and between two boxes of a column.
GAP: Point = (60.0, 18.0)
#: From one column to the next.
PITCH = BOX[0] + GAP[0]
#: Boxes in a column before a second column is opened beside it.
MAX_ROWS = 7
#: Room between an edge that passes a column and its neighbours there.
LANE = 10.0
#: Nodes with this ``position`` stand in a band below the others.
BAND = "supporting"

_SWEEPS = 24
#: How much more than a box a lane insists on its height: edges with many steps are hard to follow.
_STRAIGHT = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each node stands, and which points each long edge passes.

    Attributes:
        positions: centre of each node's box.
        routes: for an edge to the right that passes other columns, where it
            does so, from its source on; other edges need no lane.
    """

    positions: dict[Hashable, Point]
    routes: dict[tuple[Hashable, Hashable], tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class _Lane:
    """The place where an edge passes a column."""

    edge: tuple[Hashable, Hashable]
    column: int


#: What stands in a column: a node of the graph or a lane.
_Item = Hashable
_Neighbours = Mapping[_Item, Sequence[_Item]]


def lay_out(graph: nx.DiGraph[Any], *, height: float = BOX[1], gap: float = GAP[1], max_rows: int = MAX_ROWS) -> Layout:
    """Draw a chain in columns, supporting links in a band below.

    Args:
        graph: edges from supplier to user. Node attribute ``order`` is the
            column (any rising numbers; nodes without it stand right of what
            supplies them), ``position`` the place in the chain.
        height: of a node's box; boxes never overlap. Only heights in the drawing depend on it, and on ``gap``.
        gap: clear space between boxes of a column.
        max_rows: boxes in a column before it is split.

    Returns:
        Positions of all nodes and the routes of edges that pass a column on their way to the right.

    Examples:
        >>> drawing = lay_out(nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")]))
        >>> [x for x, _ in drawing.positions.values()]
        [0.0, 190.0, 380.0]
        >>> list(drawing.routes)
        [('a', 'c')]
    """
    nodes = tuple((n, graph.nodes[n].get("order"), graph.nodes[n].get("position")) for n in graph)
    order = _ordered(nodes, tuple(graph.edges()), max_rows)
    heights = _heights(order.layers, order.before, order.after, order.band, height, gap)
    at = {
        item: ((item.column if isinstance(item, _Lane) else order.columns[item]) * PITCH, y)
        for item, y in heights.items()
    }
    return Layout({n: at[n] for n in graph}, _routes(graph, at))


@dataclass(frozen=True, slots=True)
class _Order:
    """In which column each node stands, and who stands below whom there: sizes make no difference to that."""

    columns: Mapping[Hashable, int]
    layers: Sequence[Sequence[_Item]]
    before: _Neighbours
    after: _Neighbours
    band: set[Hashable]


@lru_cache(maxsize=64)
def _ordered(
    nodes: tuple[tuple[Hashable, float | None, str | None], ...],
    edges: tuple[tuple[Hashable, Hashable], ...],
    max_rows: int,
) -> _Order:
    """The columns and their order, found once for a graph: pictures try many sizes, pages are drawn again and again."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from((n, {"order": order, "position": position}) for n, order, position in nodes)
    graph.add_edges_from(edges)
    band = {n for n, _, position in nodes if position == BAND}
    if len(band) == len(graph):
        band = set()
    columns = _columns(graph, band, max_rows)
    layers, links = _with_lanes(graph, columns, band)
    before, after = _neighbours(links)
    return _Order(columns, _fewest_crossings(layers, before, after, band), before, after, band)


def crossings(graph: nx.DiGraph[Any], positions: Mapping[Hashable, Point]) -> int:
    """How many pairs of edges cross when drawn straight; edges that share an end do not.

    >>> crossings(nx.DiGraph([(1, 4), (2, 3)]), {1: (0, 0), 2: (0, 1), 3: (1, 0), 4: (1, 1)})
    1
    """
    drawn = [(u, v) for u, v in graph.edges() if u != v]
    return sum(
        _cross(positions[a], positions[b], positions[c], positions[d])
        for (a, b), (c, d) in combinations(drawn, 2)
        if len({a, b, c, d}) == 4
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments ab and cd cross within both."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, p: Point) -> float:
    """Above 0 if p lies on one side of the line ab, below 0 on the other, 0 on it."""
    value = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return 0.0 if math.isclose(value, 0.0, abs_tol=1e-9) else value


# -- columns ---------------------------------------------------------------------------------


def _columns(graph: nx.DiGraph[Any], band: set[Hashable], max_rows: int) -> dict[Hashable, int]:
    """The column of every node, counted from 0 without holes."""
    main = graph.subgraph([n for n in graph if n not in band])
    acyclic = _acyclic(main)
    levels = _levels(acyclic)
    parts: list[list[Hashable]] = []
    split_before = False
    for level in sorted(set(levels.values())):
        pieces = _split([n for n in levels if levels[n] == level], acyclic, max_rows)
        split = len(pieces) > 1
        for piece in pieces:
            if parts and (split or split_before) and _may_join(parts[-1], piece, acyclic, max_rows):
                parts[-1] += piece
            else:
                parts.append(piece)
        split_before = split
    columns = {n: i for i, part in enumerate(parts) for n in part}
    return columns | _band_columns(graph, band, columns, levels)


def _may_join(column: Sequence[Hashable], piece: Sequence[Hashable], acyclic: nx.DiGraph[Any], max_rows: int) -> bool:
    """Whether a piece of a split column finds room in the column before it."""
    joined = acyclic.subgraph([*column, *piece])
    return len(joined) <= max_rows and not any(u in column and v in piece for u, v in joined.edges())


def _acyclic(graph: nx.DiGraph[Any]) -> nx.DiGraph[Any]:
    """A copy without self-loops, edges against the given order, and what else closes a cycle.

    In a cycle that no order decides, the node that most is supplied from
    outside comes first: what enters it from the cycle is the returning edge.
    """
    rank = {n: i for i, n in enumerate(graph)}
    order = dict(graph.nodes(data="order"))
    forward: nx.DiGraph[Any] = nx.DiGraph()
    forward.add_nodes_from(graph.nodes(data=True))
    forward.add_edges_from((u, v) for u, v in graph.edges() if u != v and not _falls(order[u], order[v]))
    while cycles := [c for c in nx.strongly_connected_components(forward) if len(c) > 1]:
        for cycle in cycles:
            inside = forward.subgraph(cycle)
            entry = min(cycle, key=lambda n: (2 * inside.in_degree(n) - forward.in_degree(n), rank[n]))
            forward.remove_edges_from(list(inside.in_edges(entry)))
    return forward


def _falls(start: float | None, end: float | None) -> bool:
    return start is not None and end is not None and start > end


def _levels(acyclic: nx.DiGraph[Any]) -> dict[Hashable, float]:
    """The given order, else one more than the highest supplier, else one less than the lowest user."""
    levels: dict[Hashable, float] = {}
    for node in nx.topological_sort(acyclic):
        order = acyclic.nodes[node].get("order")
        suppliers = [levels[p] for p in acyclic.predecessors(node)]
        levels[node] = float(order) if order is not None else max(suppliers, default=-math.inf) + 1
    for node in reversed(list(nx.topological_sort(acyclic))):
        if levels[node] == -math.inf:
            users = [levels[s] for s in acyclic.successors(node) if levels[s] > -math.inf]
            levels[node] = min(users, default=1.0) - 1
    return _lifted(acyclic, levels)


def _lifted(acyclic: nx.DiGraph[Any], levels: dict[Hashable, float]) -> dict[Hashable, float]:
    """Once more with nothing unknown: nodes without an order stand right of their suppliers."""
    for node in nx.topological_sort(acyclic):
        if acyclic.nodes[node].get("order") is None:
            levels[node] = max([levels[node], *(levels[p] + 1 for p in acyclic.predecessors(node))])
    return {n: levels[n] for n in acyclic}


def _split(nodes: Sequence[Hashable], acyclic: nx.DiGraph[Any], max_rows: int) -> list[list[Hashable]]:
    """One column of the order as one or more drawn ones: suppliers left of users, few rows each."""
    inside = acyclic.subgraph(nodes)
    depth = dict.fromkeys(nodes, 0)
    for node in nx.topological_sort(inside):
        depth[node] = max((depth[p] + 1 for p in inside.predecessors(node)), default=0)
    parts: list[list[Hashable]] = []
    for level in range(max(depth.values()) + 1):
        same = [n for n in nodes if depth[n] == level]
        same.sort(key=lambda n: acyclic.in_degree(n) > 0)  # what nothing supplies goes left
        size = math.ceil(len(same) / math.ceil(len(same) / max_rows))
        parts += [same[i : i + size] for i in range(0, len(same), size)]
    return parts


def _band_columns(
    graph: nx.DiGraph[Any], band: set[Hashable], columns: Mapping[Hashable, int], levels: Mapping[Hashable, float]
) -> dict[Hashable, int]:
    """Supporting links stand below their own column, but not right of what they supply; then spread."""
    wanted: dict[Hashable, int] = {}
    for node in (n for n in graph if n in band):
        order = graph.nodes[node].get("order")
        users = [columns[s] for s in graph.successors(node) if s in columns]
        own = [columns[n] for n in columns if order is not None and levels[n] >= order]
        wanted[node] = min([*users, *([min(own)] if own else [])], default=0)
    return _spread(wanted, max(columns.values(), default=0) + 1)


def _spread(wanted: Mapping[Hashable, int], width: int) -> dict[Hashable, int]:
    """As few in one column as possible without moving any by more than two columns."""
    taken: dict[int, int] = defaultdict(int)
    placed: dict[Hashable, int] = {}
    for node in sorted(wanted, key=lambda n: wanted[n]):
        near = [c for c in range(width) if abs(c - wanted[node]) <= 2]
        placed[node] = min(near, key=lambda c: (taken[c], abs(c - wanted[node]), c))
        taken[placed[node]] += 1
    return placed


# -- lanes and order -------------------------------------------------------------------------


def _with_lanes(
    graph: nx.DiGraph[Any], columns: Mapping[Hashable, int], band: set[Hashable]
) -> tuple[list[list[_Item]], list[tuple[_Item, _Item]]]:
    """The columns with a lane wherever an edge passes one, and the links from column to column.

    Edges back to the left (recycling) have no say in the order: they run around the columns, not through them.
    """
    layers: list[list[_Item]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for node in sorted(columns, key=lambda n: n in band):
        layers[columns[node]].append(node)
    links: list[tuple[_Item, _Item]] = []
    for u, v in ((u, v) for u, v in graph.edges() if columns[u] < columns[v]):
        lanes = [_Lane((u, v), c) for c in range(columns[u] + 1, columns[v])]
        for lane in lanes:
            layers[lane.column].insert(0, lane)
        links += pairwise([u, *lanes, v])
    return layers, links


def _neighbours(links: Iterable[tuple[_Item, _Item]]) -> tuple[_Neighbours, _Neighbours]:
    """What each item is linked with in the column before and in the column after it."""
    before: dict[_Item, list[_Item]] = defaultdict(list)
    after: dict[_Item, list[_Item]] = defaultdict(list)
    for left, right in links:
        before[right].append(left)
        after[left].append(right)
    return dict(before), dict(after)


def _fewest_crossings(
    layers: list[list[_Item]], before: _Neighbours, after: _Neighbours, band: set[Hashable]
) -> list[list[_Item]]:
    """The best order met in barycentre sweeps, forth and back, each followed by swaps of neighbours."""
    best, fewest = layers, _layer_crossings(layers, after)
    upside_down = [[n for held in (False, True) for n in reversed(layer) if (n in band) is held] for layer in layers]
    for start, first in ((layers, 0), (layers, 1), (upside_down, 0), (upside_down, 1)):
        current = start
        for sweep in range(first, first + _SWEEPS // 2):
            if not fewest:
                return best
            current = _swept(current, before if sweep % 2 == 0 else after, band, forth=sweep % 2 == 0)
            current = _swapped(current, before, after, band)
            if (count := _layer_crossings(current, after)) < fewest:
                best, fewest = [list(layer) for layer in current], count
    return best


def _swept(layers: list[list[_Item]], linked: _Neighbours, band: set[Hashable], *, forth: bool) -> list[list[_Item]]:
    """Each column in turn sorted by the mean place of what it is linked with in the one just done."""
    done = [list(layer) for layer in layers]
    place: dict[_Item, float] = {}
    for index in range(len(done)) if forth else reversed(range(len(done))):
        layer = done[index]
        key = {n: fmean(place[m] for m in linked[n]) if linked.get(n) else i / len(layer) for i, n in enumerate(layer)}
        layer.sort(key=lambda n: (n in band, key[n]))
        place |= {n: (i + 0.5) / len(layer) for i, n in enumerate(layer)}
    return done


def _swapped(
    layers: list[list[_Item]], before: _Neighbours, after: _Neighbours, band: set[Hashable]
) -> list[list[_Item]]:
    """Neighbours in a column change places where that saves a crossing, until none does."""
    place = {n: i for layer in layers for i, n in enumerate(layer)}
    for layer in layers:
        improved = True
        while improved:
            improved = False
            for i in range(len(layer) - 1):
                a, b = layer[i], layer[i + 1]
                if (a in band) == (b in band) and _gain(a, b, place, (before, after)) > 0:
                    layer[i], layer[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    improved = True
    return layers


def _gain(above: _Item, below: _Item, place: Mapping[_Item, int], sides: Iterable[_Neighbours]) -> int:
    """Crossings saved by swapping two neighbours in a column."""
    saved = 0
    for linked in sides:
        first = [place[n] for n in linked.get(above, ())]
        second = [place[n] for n in linked.get(below, ())]
        saved += sum((a > b) - (a < b) for a in first for b in second)
    return saved


def _layer_crossings(layers: Iterable[Sequence[_Item]], after: _Neighbours) -> int:
    """Crossings between neighbouring columns: inversions among the links' right ends."""
    place = {n: i for layer in layers for i, n in enumerate(layer)}
    total = 0
    for layer in layers:
        seen: list[int] = []
        for node in layer:
            ends = sorted(place[n] for n in after.get(node, ()))
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


# -- heights ---------------------------------------------------------------------------------


def _heights(
    layers: Sequence[Sequence[_Item]],
    before: _Neighbours,
    after: _Neighbours,
    band: set[Hashable],
    height: float,
    gap: float,
) -> dict[_Item, float]:
    """Heights that keep the order and the clear space, and make edges as straight as that allows."""
    mains = [[n for n in layer if n not in band] for layer in layers]
    offsets = [_offsets(layer, height, gap) for layer in mains]
    span = max((o[-1] for o in offsets if o), default=0.0)
    y: dict[_Item, float] = {}
    for layer, offset in zip(mains, offsets, strict=True):
        y |= {n: o - offset[-1] / 2 for n, o in zip(layer, offset, strict=True)}
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for layer, offset in list(zip(mains, offsets, strict=True))[:: 1 if forth else -1]:
            wanted = [_wanted(n, y, before, after, forth=forth) for n in layer]
            weights = [_STRAIGHT if isinstance(n, _Lane) else 1 for n in layer]
            y |= zip(layer, _nearest(wanted, weights, offset, span), strict=True)
    floor = max(y.values(), default=-height) + height + 2.2 * gap
    for column in layers:
        rows = [n for n in column if n in band]
        y |= {n: floor + i * (height + gap) for i, n in enumerate(rows)}
    return y


def _offsets(layer: Sequence[_Item], height: float, gap: float) -> list[float]:
    """Distance of each item from the first, packed as closely as allowed."""
    offsets = [0.0] if layer else []
    for above, below in pairwise(layer):
        lanes = isinstance(above, _Lane) + isinstance(below, _Lane)
        offsets.append(offsets[-1] + (height + gap, height / 2 + LANE, LANE)[lanes])
    return offsets


def _wanted(node: _Item, y: Mapping[_Item, float], before: _Neighbours, after: _Neighbours, *, forth: bool) -> float:
    """The mean height of what a node is linked with; the column just done counts double, lanes of one edge more."""
    pull = [(n, 2 if forth else 1) for n in before.get(node, ()) if n in y]
    pull += [(n, 1 if forth else 2) for n in after.get(node, ()) if n in y]
    if isinstance(node, _Lane):
        pull = [(n, share * (_STRAIGHT if isinstance(n, _Lane) else 1)) for n, share in pull]
    return sum(y[n] * share for n, share in pull) / sum(share for _, share in pull) if pull else y[node]


def _nearest(wanted: Sequence[float], weights: Sequence[int], offsets: Sequence[float], span: float) -> list[float]:
    """Heights nearest to those wanted (weighted least squares) that keep the offsets and stay within the span.

    Less their offsets the heights only have to rise, so pooling adjacent
    violators is exact.
    """
    pools: list[tuple[float, int, int]] = []
    for value, weight, offset in zip(wanted, weights, offsets, strict=True):
        pools.append((value - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, k) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + k)]
    flat = [value for value, _, size in pools for _ in range(size)]
    low, high = -span / 2, span / 2 - (offsets[-1] if offsets else 0.0)
    return [min(max(value, low), high) + offset for value, offset in zip(flat, offsets, strict=True)]


def _routes(graph: nx.DiGraph[Any], at: Mapping[_Item, Point]) -> dict[tuple[Hashable, Hashable], tuple[Point, ...]]:
    """The lanes of each edge, from its source on."""
    lanes: dict[tuple[Hashable, Hashable], list[Point]] = defaultdict(list)
    for item, point in at.items():
        if isinstance(item, _Lane):
            lanes[item.edge].append(point)
    return {edge: tuple(sorted(lanes[edge])) for edge in graph.edges() if edge in lanes}

"""The geometry of the chain picture: ports, ways of edges, areas; the same for every painter."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest

from graph.analysis.chain_geometry import (
    Geometry,
    Spot,
    Supply,
    chain_geometry,
    free_geometry,
    supplies,
)
from graph.analysis.layout import BOX, GAP, lay_out
from tests.graph.analysis.test_layout import a_chain


def at(spot: Spot) -> tuple[float, float]:
    """Where a spot is when nothing is stretched."""
    return spot.x + spot.along * BOX[0] + spot.gap * GAP[0], spot.y + spot.across * BOX[1]


def along(drawing: Geometry, edge: tuple[str, str]) -> list[tuple[float, float]]:
    """Points on the way of an edge."""
    points, start = [], at(drawing.routes[edge].start)
    for leg in drawing.routes[edge].legs:
        controls = [start, *map(at, leg)]
        for step in range(25):
            between = controls
            while len(between) > 1:
                t = step / 24
                between = [((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]) for a, b in pairwise(between)]
            points += between
        start = controls[-1]
    return points


def test_boxes_stand_where_the_layout_puts_them() -> None:
    drawing = chain_geometry(a_chain())
    assert {node: (spot.x, spot.y) for node, spot in drawing.boxes.items()} == lay_out(a_chain()).positions
    assert drawing.columns == len({spot.x for spot in drawing.boxes.values()})


def test_an_edge_runs_from_side_to_side_and_through_no_box() -> None:
    graph, drawing = a_chain(), chain_geometry(a_chain())
    assert set(drawing.routes) == set(graph.edges())
    for (source, target), route in drawing.routes.items():
        assert (route.start.x, route.start.y) == drawing.boxes[source][:2]
        assert (route.end.x, route.end.y, route.end.along) == (*drawing.boxes[target][:2], -0.5)
        assert max(abs(route.start.across), abs(route.end.across)) < 0.5
        for x, y in along(drawing, (source, target)):
            for box in drawing.boxes.values():
                assert not (abs(x - box.x) < BOX[0] / 2 - 1 and abs(y - box.y) < BOX[1] / 2 - 1)


def test_edges_to_one_side_of_a_box_do_not_cross_there() -> None:
    drawing = chain_geometry(a_chain())
    into_cell = [route for (_, target), route in drawing.routes.items() if target == "电芯制造"]
    for one, other in combinations(into_cell, 2):
        come = one.legs[-1][0].y - other.legs[-1][0].y
        assert come * (one.end.across - other.end.across) >= 0


def test_what_returns_runs_above_everything_it_passes() -> None:
    drawing = chain_geometry(a_chain())
    back = {edge: route for edge, route in drawing.routes.items() if route.back}
    assert set(back) == {("电池回收", "锂盐"), ("电池回收", "镍钴资源")}
    for (source, target), route in back.items():
        passed = [b for b in drawing.boxes.values() if drawing.boxes[target].x <= b.x <= drawing.boxes[source].x]
        assert all(route.middle.y < box.y - BOX[1] / 2 for box in passed)
    assert len({route.middle.y for route in back.values()}) == 2
    assert drawing.beyond[1] > 0


def test_edges_of_one_kind_to_one_user_run_as_one_line() -> None:
    graph = nx.DiGraph([("m", "z"), ("a", "z"), ("b", "z"), ("c", "z")])
    nx.set_node_attributes(graph, {"a": 1, "b": 1, "c": 1, "m": 2, "z": 3}, "order")
    graph.edges["c", "z"]["essential"] = False
    routes = chain_geometry(graph).routes
    heights = [routes[start, "z"].legs[-2][0].y for start in "abc"]
    assert heights[0] == heights[1] != heights[2]
    assert routes["a", "z"].end == routes["b", "z"].end != routes["c", "z"].end


def test_a_supply_is_essential_if_any_of_several_is() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", essential=False)
    graph.add_edge("a", "b", essential=True)
    graph.add_edge("a", "c", essential=True, group="或")
    graph.add_edge("a", "a")
    assert supplies(graph) == {("a", "b"): Supply.ESSENTIAL, ("a", "c"): Supply.OTHER}


def test_parallel_edges_are_drawn_apart_where_that_is_wanted() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", key="x")
    graph.add_edge("a", "b", key="y")
    assert list(chain_geometry(graph).routes) == [("a", "b")]
    for drawing in (chain_geometry(graph, parallel=True), free_geometry(graph, {"a": (0, 0), "b": (300, 0)})):
        one, other = drawing.routes["a", "b", "x"], drawing.routes["a", "b", "y"]
        assert one.start.across != other.start.across and one.end.across != other.end.across


def test_free_edges_leave_on_the_side_that_faces_their_target() -> None:
    graph = nx.DiGraph([("a", "b"), ("b", "a"), ("a", "c")])
    routes = free_geometry(graph, {"a": (0, 0), "b": (300, 0), "c": (0, 100)}).routes
    assert (routes["a", "b"].start.along, routes["a", "b"].end.along) == (0.5, -0.5)
    assert (routes["b", "a"].start.along, routes["b", "a"].end.along) == (-0.5, 0.5)
    assert all(spot.gap < 0 for spot in routes["a", "c"].legs[0][:2])


def test_columns_of_the_same_positions_make_one_area_and_the_supporting_links_one_below() -> None:
    areas = chain_geometry(a_chain()).areas
    assert [(a.positions, a.below) for a in areas] == [
        (("upstream",), False),
        (("upstream", "midstream"), False),
        (("midstream",), False),
        (("downstream",), False),
        (("supporting",), True),
    ]
    assert all(one.end.x < other.start.x for one, other in pairwise(areas[:4]))
    assert areas[-1].start.y > areas[0].end.y


def test_a_column_with_links_of_two_positions_says_both() -> None:
    graph = nx.DiGraph()
    graph.add_node("a", order=1, position="midstream")
    graph.add_node("b", order=1, position="upstream")
    assert [a.positions for a in chain_geometry(graph).areas] == [("upstream", "midstream")]


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_any_graph_has_a_geometry(size: int) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    for drawing in (chain_geometry(graph), free_geometry(graph, dict.fromkeys(graph, (0.0, 0.0)))):
        assert (len(drawing.boxes), drawing.areas, drawing.beyond) == (size, (), (0.0, 0.0))

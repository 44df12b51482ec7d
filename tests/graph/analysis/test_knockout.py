"""M3 Knock-out on graphs that were solved by hand."""

from __future__ import annotations

import random
from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.knockout import criticality, loss, remaining_output
from graph.database.projection import segment_graph
from graph.database.store import Store


def made(*edges: tuple[str, str] | tuple[str, str, dict[str, object]]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for start, end, *data in edges:
        graph.add_edge(start, end, **(data[0] if data else {}))
    return graph


def left(graph: nx.MultiDiGraph, *cut: str) -> dict[str, float]:
    return {n: round(q, 9) for n, q in remaining_output(graph, set(cut)).items()}


#: The worked example of docs/methods.md, its links alone: all inputs essential.
PV = made(
    ("硅料", "硅片", {"cost_share": 0.6}),
    ("硅片", "电池片", {"cost_share": 0.7}),
    ("银浆", "电池片", {"cost_share": 0.2}),
    ("电池片", "组件", {"cost_share": 0.6}),
    ("光伏玻璃", "组件", {"cost_share": 0.2}),
    ("胶膜", "组件", {"cost_share": 0.1}),
    ("组件", "电站", {"cost_share": 0.5}),
    ("逆变器", "电站", {"cost_share": 0.2}),
)


@pytest.mark.parametrize(
    ("cut", "stopped"),
    [
        ("硅料", {"硅料", "硅片", "电池片", "组件", "电站"}),
        ("硅片", {"硅片", "电池片", "组件", "电站"}),
        ("银浆", {"银浆", "电池片", "组件", "电站"}),
        ("光伏玻璃", {"光伏玻璃", "组件", "电站"}),
        ("胶膜", {"胶膜", "组件", "电站"}),
        ("组件", {"组件", "电站"}),
        ("逆变器", {"逆变器", "电站"}),
        ("电站", {"电站"}),
    ],
)
def test_every_essential_input_is_needed(cut: str, stopped: set[str]) -> None:
    output = left(PV, cut)
    assert output == {n: 0.0 if n in stopped else 1.0 for n in PV}
    assert loss(PV, {cut}) == pytest.approx(len(stopped) / 9)
    assert criticality(PV)[cut] == pytest.approx(len(stopped) / 9)


def test_losses_weigh_the_links() -> None:
    """The example's row for 硅料: the local capacity of what stops (400 of 640)."""
    capacity = {
        "硅料": 0,
        "银浆": 0,
        "胶膜": 40,
        "硅片": 100,
        "电池片": 100,
        "光伏玻璃": 100,
        "组件": 100,
        "逆变器": 100,
        "电站": 100,
    }
    assert loss(PV, {"硅料"}, capacity) == pytest.approx(0.625)
    assert loss(PV, {"银浆"}, capacity) == pytest.approx(300 / 640)
    assert loss(PV, {"逆变器"}, capacity) == pytest.approx(200 / 640)
    assert loss(PV, set(), capacity) == 0
    assert loss(PV, {"硅料"}, dict.fromkeys(PV, 0)) == 0


def test_of_a_group_one_is_enough() -> None:
    graph = made(("EVA", "组件", {"group": "胶膜"}), ("POE", "组件", {"group": "胶膜"}), ("玻璃", "组件"))
    assert left(graph, "EVA")["组件"] == 1
    assert left(graph, "POE")["组件"] == 1
    assert left(graph, "EVA", "POE")["组件"] == 0
    assert left(graph, "玻璃")["组件"] == 0


def test_groups_hold_for_one_target_only() -> None:
    graph = made(("a", "x", {"group": "g"}), ("b", "x", {"group": "g"}), ("a", "y"), ("b", "z", {"group": "g"}))
    assert left(graph, "a") == {"a": 0, "b": 1, "x": 1, "y": 0, "z": 1}
    assert left(graph, "b") == {"a": 1, "b": 0, "x": 1, "y": 1, "z": 0}


def test_an_input_that_is_not_essential_costs_its_share() -> None:
    graph = made(
        ("a", "n", {"cost_share": 0.6}),
        ("b", "n", {"cost_share": 0.2, "essential": False}),
        ("n", "m", {"cost_share": 0.5, "essential": False}),
        ("c", "m", {"cost_share": 0.5}),
    )
    assert left(graph, "b") == {"a": 1, "b": 0, "n": 0.75, "m": 0.875, "c": 1}  # 1 - .2/.8; 1 - .5*.25
    assert left(graph, "a") == {"a": 0, "b": 1, "n": 0, "m": 0.5, "c": 1}


def test_unknown_shares_are_even() -> None:
    graph = made(*((i, "n", {"essential": i == "a"}) for i in "abcd"))
    assert left(graph, "b")["n"] == 0.75
    assert left(graph, "b", "c")["n"] == 0.5
    assert left(graph, "a", "b")["n"] == 0


def test_a_group_that_is_not_essential_is_as_good_as_its_best_member() -> None:
    graph = made(("a", "n"), *((i, "n", {"essential": False, "group": "g"}) for i in "bc"))
    assert left(graph, "b")["n"] == 1
    assert left(graph, "b", "c")["n"] == pytest.approx(1 / 3, abs=1e-8)


def test_two_products_of_one_supplier_are_one_input() -> None:
    graph = made(
        ("a", "n", {"cost_share": 0.3, "essential": False}),
        ("a", "n", {"cost_share": 0.2, "essential": False}),
        ("b", "n", {"cost_share": 0.5, "essential": False}),
    )
    assert left(graph, "a")["n"] == 0.5


def test_recycling_keeps_itself_going() -> None:
    """With a loop the base loss stays 0, the search ends, and a cut outside the loop goes round it."""
    loop = made(
        ("料", "件"),
        ("件", "车"),
        ("车", "回收"),
        ("回收", "料", {"essential": False, "cost_share": 0.1}),
        ("矿", "料", {"cost_share": 0.9}),
    )
    assert loss(loop, set()) == 0
    assert set(left(loop, "矿").values()) == {0.0}
    assert left(loop, "回收") == {"料": 0.9, "件": 0.9, "车": 0.9, "回收": 0.0, "矿": 1.0}
    essential = made(("a", "b"), ("b", "c"), ("c", "a"))
    assert loss(essential, set()) == 0
    assert set(left(essential, "b").values()) == {0.0}


def test_a_loop_that_weakens_itself_ends() -> None:
    """The greatest fixpoint of q_b = 1 - (1 - q_a)/2 - 1/4, q_a = q_b is reached from above: q = 1/2."""
    graph = made(
        ("a", "b", {"essential": False, "cost_share": 0.5}),
        ("x", "b", {"essential": False, "cost_share": 0.25}),
        ("y", "b", {"essential": False, "cost_share": 0.25}),
        ("b", "a"),
    )
    assert remaining_output(graph, {"x"})["b"] == pytest.approx(0.5, abs=1e-9)


def test_what_is_not_in_the_graph_cannot_be_cut() -> None:
    assert left(PV, "没有") == dict.fromkeys(PV, 1.0)
    assert criticality(nx.MultiDiGraph()) == {}
    assert loss(nx.MultiDiGraph(), set()) == 0


EDGES = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 7),
        st.fixed_dictionaries(
            {"essential": st.booleans()},
            optional={"group": st.sampled_from(["g", "h"]), "cost_share": st.floats(0.01, 1)},
        ),
    ).filter(lambda e: e[0] != e[1]),
    max_size=20,
)
CUTS = st.sets(st.integers(0, 7), max_size=4)


def numbered(
    edges: list[tuple[int, int, dict[str, object]]], order: Callable[[list[int]], None] = lambda _: None
) -> nx.MultiDiGraph:
    nodes = list(range(8))
    order(nodes)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


@given(EDGES, CUTS, CUTS)
def test_the_more_is_cut_the_less_is_left(edges: list, cut: set[int], more: set[int]) -> None:
    graph = numbered(edges)
    some, all_of_it = remaining_output(graph, cut), remaining_output(graph, cut | more)
    assert all(0 <= all_of_it[n] <= some[n] + 1e-9 <= 1 + 1e-9 for n in graph)
    assert all(some[n] == 0 for n in cut)
    assert remaining_output(graph, set()) == dict.fromkeys(graph, 1.0)


@given(EDGES, CUTS, st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_edges_does_not_matter(edges: list, cut: set[int], shuffle: random.Random) -> None:
    shuffled = list(edges)
    shuffle.shuffle(shuffled)
    one, other = remaining_output(numbered(edges), cut), remaining_output(numbered(shuffled, shuffle.shuffle), cut)
    assert all(one[n] == pytest.approx(other[n], abs=1e-6) for n in one)


def test_the_shipped_photovoltaic_chain_hangs_on_its_material(shipped: Store) -> None:
    graph = segment_graph(shipped, "chain:pv")
    output = remaining_output(graph, {"seg:pv/polysilicon"})
    for stopped in ("wafer", "cell", "module"):
        assert output[f"seg:pv/{stopped}"] == 0
    assert loss(graph, set()) == 0

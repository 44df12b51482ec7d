"""The layered drawing: columns, band, clear space, few crossings, the same every time."""

from __future__ import annotations

import random
from itertools import combinations

import networkx as nx
import pytest

from graph.analysis.layout import BOX, crossings, lay_out

#: A made-up chain of the size of a real one: name, position, column, what supplies it.
CHAIN: list[tuple[str, str, int | None, list[str]]] = [
    ("锂矿开采", "upstream", 1, []),
    ("盐湖提锂", "upstream", 1, []),
    ("石墨矿", "upstream", 1, []),
    ("镍钴资源", "upstream", 1, ["电池回收"]),
    ("磷矿", "upstream", 1, []),
    ("锂盐", "upstream", 2, ["锂矿开采", "盐湖提锂", "电池回收"]),
    ("正极前驱体", "upstream", 2, ["镍钴资源"]),
    ("磷酸铁", "upstream", 2, ["磷矿"]),
    ("六氟磷酸锂", "upstream", 2, ["锂盐"]),
    ("三元正极材料", "midstream", 3, ["锂盐", "正极前驱体"]),
    ("磷酸铁锂正极材料", "midstream", 3, ["锂盐", "磷酸铁"]),
    ("负极材料", "midstream", 3, ["石墨矿"]),
    ("隔膜", "midstream", 3, []),
    ("电解液", "midstream", 3, ["六氟磷酸锂"]),
    ("铜箔铝箔", "midstream", 3, []),
    ("结构件", "midstream", 3, []),
    ("导电剂与粘结剂", "midstream", 3, []),
    (
        "电芯制造",
        "midstream",
        4,
        ["三元正极材料", "磷酸铁锂正极材料", "负极材料", "隔膜", "电解液", "铜箔铝箔", "结构件", "导电剂与粘结剂"],
    ),
    ("电池管理系统", "midstream", 5, []),
    ("电池模组与系统", "midstream", 5, ["电芯制造", "电池管理系统"]),
    ("新能源汽车", "downstream", 6, ["电池模组与系统"]),
    ("储能电站", "downstream", 6, ["电池模组与系统"]),
    ("消费电子", "downstream", 6, ["电芯制造"]),
    ("换电与充电运营", "downstream", 7, ["新能源汽车"]),
    ("电池回收", "downstream", 7, ["新能源汽车", "储能电站", "消费电子"]),
    ("锂电生产设备", "supporting", 4, []),
    ("检测认证服务", "supporting", 5, []),
    ("研发与中试平台", "supporting", 3, []),
]
SUPPORTS = [
    ("锂电生产设备", "电芯制造"),
    ("锂电生产设备", "电池模组与系统"),
    ("检测认证服务", "电池模组与系统"),
    ("检测认证服务", "新能源汽车"),
    ("研发与中试平台", "三元正极材料"),
]


def a_chain() -> nx.DiGraph:
    graph = nx.DiGraph()
    for name, position, order, _ in CHAIN:
        graph.add_node(name, position=position, order=order)
    graph.add_edges_from((supplier, name) for name, _, _, suppliers in CHAIN for supplier in suppliers)
    graph.add_edges_from(SUPPORTS)
    return graph


def overlaps(positions: dict, box: tuple[float, float] = BOX) -> list[tuple]:
    return [
        (a, b)
        for (a, (ax, ay)), (b, (bx, by)) in combinations(positions.items(), 2)
        if abs(ax - bx) < box[0] and abs(ay - by) < box[1]
    ]


def test_a_supplier_stands_left_of_its_user_but_for_recycling() -> None:
    graph, positions = a_chain(), lay_out(a_chain()).positions
    backward = {(u, v) for u, v in graph.edges() if positions[u][0] > positions[v][0]}
    assert backward == {("电池回收", "锂盐"), ("电池回收", "镍钴资源")}


def test_labels_never_overlap_and_columns_stay_short() -> None:
    positions = lay_out(a_chain()).positions
    assert overlaps(positions) == []
    main = [x for n, (x, _) in positions.items() if n not in {s for s, _ in SUPPORTS}]
    assert max(main.count(x) for x in main) <= 7


def test_supporting_links_stand_in_a_band_below() -> None:
    positions = lay_out(a_chain()).positions
    band = {s for s, _ in SUPPORTS}
    lowest = max(y for n, (_, y) in positions.items() if n not in band)
    assert all(positions[n][1] >= lowest + BOX[1] for n in band)
    assert positions["锂电生产设备"][0] <= positions["电芯制造"][0]


def test_the_sweeps_save_half_of_the_crossings() -> None:
    graph = a_chain()
    rows: dict[float, int] = {}
    naive = {}
    for n, (x, _) in lay_out(graph).positions.items():
        rows[x] = rows.get(x, 0) + 1
        naive[n] = (x, rows[x] * 60.0)
    assert crossings(graph, lay_out(graph).positions) <= crossings(graph, naive) / 2


def test_a_drawing_without_need_of_crossings_has_none() -> None:
    tree = nx.balanced_tree(2, 4, create_using=nx.DiGraph)
    shuffled = nx.DiGraph()
    shuffled.add_edges_from(random.Random(7).sample(list(tree.edges()), tree.number_of_edges()))
    assert crossings(tree, lay_out(shuffled, max_rows=99).positions) == 0


def test_the_same_graph_gives_the_same_drawing() -> None:
    assert lay_out(a_chain()) == lay_out(a_chain())


def test_an_edge_that_passes_columns_has_a_lane_clear_of_boxes() -> None:
    drawing = lay_out(a_chain())
    assert ("电芯制造", "消费电子") in drawing.routes
    for route in drawing.routes.values():
        for x, y in route:
            near = [n for n, (nx_, ny) in drawing.positions.items() if nx_ == x and abs(ny - y) < BOX[1] / 2]
            assert near == []


def test_a_route_runs_from_its_source_and_what_returns_has_no_lane() -> None:
    drawing = lay_out(a_chain())
    assert all([x for x, _ in route] == sorted(x for x, _ in route) for route in drawing.routes.values())
    assert ("电池回收", "锂盐") not in drawing.routes


def test_columns_come_from_the_edges_where_no_order_is_given() -> None:
    graph = nx.DiGraph([("ore", "salt"), ("salt", "cathode"), ("cathode", "cell"), ("foil", "cell")])
    x = {n: p[0] for n, p in lay_out(graph).positions.items()}
    assert x["ore"] < x["salt"] < x["cathode"] < x["cell"]
    assert x["foil"] == x["cathode"]


def test_a_missing_order_fits_in_with_those_given() -> None:
    graph = nx.DiGraph([("a", "b"), ("b", "c")])
    nx.set_node_attributes(graph, {"a": 1, "c": 3}, "order")
    x = {n: p[0] for n, p in lay_out(graph).positions.items()}
    assert x["a"] < x["b"] < x["c"]


@pytest.mark.parametrize(
    "edges",
    [
        [("a", "b"), ("b", "c"), ("c", "a")],
        [("a", "a"), ("a", "b")],
        [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")],
    ],
)
def test_loops_are_drawn(edges: list[tuple[str, str]]) -> None:
    graph = nx.DiGraph(edges)
    positions = lay_out(graph).positions
    assert overlaps(positions) == []
    assert positions["a"][0] < positions["b"][0]


def test_a_recycling_loop_without_order_keeps_the_supplied_end_left() -> None:
    graph = nx.DiGraph([("mine", "salt"), ("salt", "cell"), ("cell", "recycling"), ("recycling", "salt")])
    x = {n: p[0] for n, p in lay_out(graph).positions.items()}
    assert x["mine"] < x["salt"] < x["cell"] < x["recycling"]


def test_a_long_column_is_split() -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from((f"n{i}" for i in range(15)), order=1)
    positions = lay_out(graph).positions
    assert len({x for x, _ in positions.values()}) == 3
    assert overlaps(positions) == []


def test_links_of_one_column_that_supply_each_other_are_drawn_side_by_side() -> None:
    graph = nx.DiGraph([("a", "b")])
    nx.set_node_attributes(graph, 2, "order")
    positions = lay_out(graph).positions
    assert positions["a"][0] < positions["b"][0]


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_any_graph(size: int) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size), position="supporting")
    assert len(lay_out(graph).positions) == size


def test_crossings_of_edges_that_share_an_end_do_not_count() -> None:
    positions = {"a": (0.0, 0.0), "b": (0.0, 1.0), "c": (1.0, 0.0), "d": (1.0, 1.0)}
    assert crossings(nx.DiGraph([("a", "d"), ("b", "c")]), positions) == 1
    assert crossings(nx.DiGraph([("a", "d"), ("a", "c"), ("b", "d")]), positions) == 0


def test_large_graphs_are_drawn_in_reasonable_time_without_overlap() -> None:
    rng = random.Random(3)
    graph = nx.DiGraph()
    graph.add_nodes_from((i, {"order": i // 30}) for i in range(240))
    graph.add_edges_from((i, rng.randrange(i + 1, min(240, i + 60))) for i in range(239) for _ in range(2))
    assert overlaps(lay_out(graph).positions) == []

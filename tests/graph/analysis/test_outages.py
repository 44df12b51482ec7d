"""M3 for firms, owners, parks and outside sources, and the sets that stop a link: solved by hand, then by force."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.analysis.knockout import SupplyModel, knock_out, random_curve, targeted_curve
from graph.analysis.makers import OUTSIDE, Basis, Inflow, Maker
from graph.analysis.outages import outages, supply_model
from graph.analysis.stopping import stopping_sets


def maker(name: str, **properties: object) -> Maker:
    return Maker(id=name, name=name, **properties)  # type: ignore[arg-type]


STEEL = nx.MultiDiGraph([("ore", "iron"), ("iron", "steel"), ("steel", "car"), ("glass", "car")])
LIVE = {
    "iron": [maker("p", owner="group"), maker("q", owner="group")],
    "steel": [maker("p", owner="group", park="park:1", park_name="园")],
    "car": [maker("v", park="park:1", park_name="园"), maker("w")],
}


def test_a_chain_by_number_of_firms() -> None:
    """Weights: iron 2, steel 1, car 2. Without p half of the iron and all steel is gone, so no car: (1 + 1 + 2)/5."""
    model, weighed = supply_model(STEEL, LIVE, {})
    found = outages(STEEL, model, LIVE, weighed)
    assert weighed is Basis.COUNT
    assert {k.id: k.loss for k in found.firms} == pytest.approx({"p": 0.8, "q": 0.5, "v": 0.2, "w": 0.2})
    assert {k.id: k.loss for k in found.owners} == {"group": 1.0}
    assert {k.id: k.loss for k in found.parks} == {"park:1": pytest.approx(3 / 5)}
    assert {k.id: k.loss for k in found.outside} == {"ore": 1.0, "glass": pytest.approx(2 / 5)}
    assert found.assumed == ("ore", "glass")
    assert found.origins == ()
    assert found.names["park:1"] == "园"
    assert found.stopping["car"].single == ("p",)
    assert found.stopping["car"].pairs == (("v", "w"),)
    assert found.stopping["iron"].pairs == (("p", "q"),)
    assert found.resilience == pytest.approx(0.2)
    assert found.mean_resilience == pytest.approx(1 - 1.7 / 4)


def test_a_region_without_makers_loses_nothing_that_can_be_told() -> None:
    model, weighed = supply_model(STEEL, {}, {})
    found = outages(STEEL, model, {}, weighed)
    assert (found.firms, found.resilience, found.targeted) == ((), None, None)
    assert set(found.assumed) == set(STEEL)


def test_what_is_brought_in_counts_where_it_is_measured_like_the_makers() -> None:
    live = {"iron": [maker("p", capacity=30, unit="t")], "steel": [maker("s", capacity=10, unit="t")]}
    brought = {"iron": [Inflow("region:a", "甲", 70, "t")], "steel": [Inflow("region:a", "甲", value=3)]}
    model, weighed = supply_model(STEEL, live, brought)
    found = {k.id: k for k in outages(STEEL, model, live, weighed).firms}
    assert weighed is Basis.CAPACITY
    assert dict(found["p"].links) == pytest.approx({"iron": 0.7, "steel": 0.7})  # cars come from outside
    assert model.supplies("steel", local=False) == set()  # in money, the maker in tons: they cannot be added
    assert model.supplies("glass") == {("glass", OUTSIDE)}


def test_the_curve_of_removal_by_hand() -> None:
    """Targeted: p first (0.8 lost), then q (all iron; steel and car are gone already), then v, w."""
    model, _ = supply_model(STEEL, LIVE, {})
    curve = targeted_curve(model, model.suppliers())
    assert curve.removed == (0.25, 0.5, 0.75, 1.0)
    assert curve.left == pytest.approx((0.2, 0.0, 0.0, 0.0))
    assert curve.area == pytest.approx(0.05)
    chance = random_curve(model, model.suppliers())
    assert chance == random_curve(model, model.suppliers())
    assert chance.area >= curve.area
    assert random_curve(model, {}).area == 1


NODES = [f"n{i}" for i in range(5)]
GRAPHS = st.lists(
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(NODES),
        st.fixed_dictionaries({"essential": st.booleans()}, optional={"group": st.just("g")}),
    ),
    max_size=9,
).map(lambda edges: [e for e in edges if e[0] != e[1]])
HELD = st.dictionaries(
    st.sampled_from(NODES), st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1.0, 2.0]), max_size=3)
)


def built(edges: list, local: dict[str, dict[str, float]], outside: dict[str, dict[str, float]]) -> SupplyModel:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(NODES)
    graph.add_edges_from(edges)
    return SupplyModel(graph, local, outside)


@settings(max_examples=200, deadline=None)
@given(GRAPHS, HELD, st.dictionaries(st.sampled_from(NODES), st.just({"far": 1.0}), max_size=2))
@example(  # b takes what stands in for a loop, c a part of it: together they bleed it to nothing
    edges=[
        ("n0", "n1", {"essential": False}),
        ("n1", "n0", {"essential": False, "group": "g"}),
        ("n3", "n0", {"essential": False, "group": "g"}),
    ],
    local={"n0": {"a": 1.0}, "n1": {"a": 1.0, "c": 1.0}, "n3": {"b": 1.0}},
    outside={},
)
def test_stopping_sets_are_those_found_by_trying_all(edges: list, local: dict, outside: dict) -> None:
    model = built(edges, local, outside)
    units = model.suppliers()
    sets = [(name,) for name in sorted(units)] + list(combinations(sorted(units), 2))
    left = dict(zip(sets, model.remaining([set().union(*(units[n] for n in s)) for s in sets]), strict=True))
    found = stopping_sets(model, units)
    for link in NODES:
        stop = [s for s in sets if left[s].get(link, 1) < 1e-9]
        single = tuple(s[0] for s in stop if len(s) == 1)
        pairs = tuple(s for s in stop if len(s) == 2 and not set(s) & set(single))
        assert (single, pairs) == ((found[link].single, found[link].pairs) if link in found else ((), ()))


@settings(deadline=None)
@given(GRAPHS, HELD, st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=6))
def test_scenarios_do_not_touch_each_other_and_more_removed_loses_more(edges: list, local: dict, removed: list) -> None:
    model = built(edges, local, {})
    units = model.suppliers()
    removals = [set().union(*(units.get(n, set()) for n in names)) for names in removed]
    together = model.losses(removals)
    assert together == pytest.approx([model.losses([r])[0] for r in removals])
    everything = set().union(*units.values())
    assert all(0 <= loss <= model.losses([everything])[0] + 1e-9 for loss in together)
    assert [k.loss for k in knock_out(model, units)] == sorted((k.loss for k in knock_out(model, units)), reverse=True)


@settings(deadline=None)
@given(GRAPHS, HELD, st.dictionaries(st.sampled_from(NODES), st.just({"far": 1.0}), max_size=2), st.integers(1, 5))
def test_removals_in_turn_are_growing_unions(edges: list, local: dict, outside: dict, steps: int) -> None:
    model = built(edges, local, outside)
    units = [*model.suppliers().values(), *model.suppliers(outside=True).values()]
    count = min(steps, len(units))
    stops = [len(units) * (step + 1) // count for step in range(count)]
    unions = [set().union(*units[:stop]) for stop in stops]
    assert model.losses_in_turn(units, steps) == pytest.approx(model.losses(unions), abs=1e-8)


def test_a_loop_that_hardly_loses_anything_ends() -> None:
    """Each round of the loop gives back 99.9 % of what the one before lost: q = 1 - 0.0005/0.001."""
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", essential=False, cost_share=0.999)
    graph.add_edge("x", "b", essential=False, cost_share=0.001)
    graph.add_edge("b", "a")
    model = SupplyModel(graph, {"a": {"f": 1}, "b": {"g": 1}}, {"x": {"near": 0.5, "far": 0.5}})
    assert model.remaining([{("x", "far")}])[0]["b"] == pytest.approx(0.5, abs=1e-6)

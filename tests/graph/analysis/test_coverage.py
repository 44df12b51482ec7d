"""M2 Local coverage and M4 outside dependence on chains that were solved by hand."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.concentration import effective_number, hhi
from graph.analysis.coverage import coverage
from graph.analysis.dependence import outside_dependence
from graph.analysis.makers import Basis, Inflow, Maker, inflow_by, quantities, quantities_by
from graph.settings import DependenceThresholds


def chain(*edges: tuple[str, str, dict[str, object]]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for start, end, data in edges:
        graph.add_edge(start, end, **data)
    return graph


def maker(name: str, **properties: object) -> Maker:
    return Maker(id=f"firm:{name}", name=name, **properties)  # type: ignore[arg-type]


#: Cars buy cells for 40 % of their cost and seats for 10 %; cells buy electrolyte for 15 % of theirs.
CARS = chain(
    ("cell", "car", {"cost_share": 0.4}),
    ("seat", "car", {"cost_share": 0.1}),
    ("electrolyte", "cell", {"cost_share": 0.15}),
)
#: 100 亿元 of cars need 40 of cells (30 are made here) and 10 of seats (none); 30 of cells need 4.5 of electrolyte (9 made).
OUTPUT = {
    "car": [maker("a", output=60), maker("b", output=40)],
    "cell": [maker("c", output=30)],
    "electrolyte": [maker("d", output=9)],
}


def test_by_money() -> None:
    found = coverage(CARS, OUTPUT, {}, Basis.MONEY)
    assert {s: (c.demand, c.supply, c.sigma, c.unmet, c.unit) for s, c in found.segments.items()} == {
        "cell": (pytest.approx(40), 30, pytest.approx(0.75), pytest.approx(10), "亿元"),
        "seat": (pytest.approx(10), 0, 0, pytest.approx(10), "亿元"),
        "electrolyte": (pytest.approx(4.5), 9, 1, 0, "亿元"),
        "car": (0, 100, None, 0, "亿元"),
    }
    assert found.users["car"].value == pytest.approx((0.4 * 0.75 + 0.1 * 0) / 0.5)
    assert found.users["cell"].value == 1
    assert found.total is not None
    assert found.total.value == pytest.approx((50 * 0.6 + 4.5 * 1) / 54.5)  # weighted by what they buy: 50 and 4.5
    assert found.assumed == []


def test_an_output_that_is_not_on_record_stops_what_needs_it() -> None:
    found = coverage(CARS, {**OUTPUT, "cell": [maker("c", output=30), maker("e")]}, {}, Basis.MONEY)
    assert set(found.segments) == {"seat", "car"}  # demand for electrolyte and supply of cells are not known
    assert found.users == {}
    assert found.total is None


def test_by_number_of_firms() -> None:
    found = coverage(CARS, {"car": [maker("a"), maker("b")], "cell": [maker("c")]}, {}, Basis.COUNT)
    assert {s: c.sigma for s, c in found.segments.items()} == {"cell": 1, "seat": 0, "electrolyte": 0, "car": None}
    assert found.users["car"].value == pytest.approx(0.8)
    assert found.users["cell"].value == 0
    assert found.total is not None
    assert found.total.value == pytest.approx((2 * 0.5 * 0.8 + 1 * 0.15 * 0) / 1.15)


def test_what_nobody_knows_is_shown_beside_what_is_covered() -> None:
    live = {"car": [maker("a")], "cell": [maker("c")]}
    found = coverage(CARS, live, {}, Basis.COUNT, unknown={"seat", "electrolyte"})
    assert (found.users["car"].value, found.users["car"].unknown) == (pytest.approx(0.8), pytest.approx(0.2))
    assert (found.users["cell"].value, found.users["cell"].unknown) == (0, 1)


def test_by_capacity_coefficients_units_and_what_is_brought_in() -> None:
    graph = chain(
        ("foil", "cell", {"coefficient": 0.5, "cost_share": 0.2}),
        ("film", "cell", {"cost_share": 0.3}),
        ("line", "cell", {"cost_share": 0.5}),
    )
    live = {
        "cell": [maker("c", capacity=20, unit="GWh")],
        "foil": [maker("f", capacity=6, unit="kt")],
        "film": [maker("g", capacity=2, unit="km2")],
        "line": [maker("l", capacity=15, unit="GWh")],
    }
    found = coverage(graph, live, {"film": [Inflow(quantity=6, unit="km2")]}, Basis.CAPACITY)
    sigmas = {s: c.sigma for s, c in found.segments.items()}
    assert sigmas == {
        "foil": pytest.approx(0.6),
        "film": pytest.approx(0.25),
        "line": pytest.approx(0.75),
        "cell": None,
    }
    assert found.users["cell"].value == pytest.approx(0.2 * 0.6 + 0.3 * 0.25 + 0.5 * 0.75)
    assert "film" not in coverage(graph, live, {}, Basis.CAPACITY).segments  # units differ and nothing tells


def test_of_inputs_that_replace_one_another_one_is_enough() -> None:
    graph = chain(("lfp", "cell", {"group": "cathode"}), ("ncm", "cell", {"group": "cathode"}), ("film", "cell", {}))
    live = {"cell": [maker("c")], "lfp": [maker("p")]}
    assert coverage(graph, live, {}, Basis.COUNT).users["cell"].value == pytest.approx(2 / 3)
    assert coverage(graph, live, {}, Basis.COUNT).assumed == ["cell"]


def test_quantities_are_measured_in_one_way_for_all_makers_of_a_link() -> None:
    both = [maker("a", capacity=70, unit="GW", output=7), maker("b", capacity=30, unit="GW", output=3)]
    assert (quantities(both).basis, quantities(both).total) == (Basis.MONEY, 10)
    mixed = [both[0], maker("b", capacity=30, unit="GW")]
    assert (quantities(mixed).basis, quantities(mixed).unit) == (Basis.CAPACITY, "GW")
    units = [both[0], maker("b", capacity=30, unit="MW")]
    assert (quantities(units).basis, quantities(units).by_firm) == (Basis.COUNT, {"firm:a": 1, "firm:b": 1})
    twice = [maker("a", capacity=1, unit="GW", place="x"), maker("a", capacity=2, unit="GW", place="y")]
    assert quantities(twice).by_firm == {"firm:a": 3}
    assert quantities_by([maker("a", capacity=5)], Basis.CAPACITY) is None
    assert inflow_by([Inflow(quantity=1, unit="t"), Inflow(quantity=1, unit="kg")], Basis.CAPACITY, "t") is None


def test_dependence_by_hand() -> None:
    inflows = {
        "seat": [Inflow("region:a", "甲", value=9), Inflow("region:b", "乙", value=1)],
        "cell": [Inflow("region:a", "甲", value=5), Inflow("region:b", "乙", value=5)],
    }
    covered = [coverage(CARS, OUTPUT, inflows, Basis.MONEY)]
    seat, cell = outside_dependence(covered, inflows, DependenceThresholds())
    assert (seat.segment, seat.delta, seat.flagged) == ("seat", 1, True)
    assert seat.concentration == pytest.approx(0.82)
    assert seat.origins == (("甲", 0.9), ("乙", 0.1))
    assert (cell.segment, cell.delta, cell.concentration, cell.flagged) == ("cell", 0.25, 0.5, False)


def test_of_what_is_unknown_no_dependence_is_told() -> None:
    covered = [coverage(CARS, {"car": [maker("a")]}, {}, Basis.COUNT, {"seat"})]
    assert [d.segment for d in outside_dependence(covered, {}, DependenceThresholds(), {"seat"})] == ["cell"]
    unnamed = {"cell": [Inflow(value=3), Inflow("region:a", "甲", value=1)]}
    assert outside_dependence(covered, unnamed, DependenceThresholds())[0].concentration is None


@given(st.dictionaries(st.text(max_size=3), st.floats(0.01, 1e6), min_size=1, max_size=9), st.floats(0.01, 100))
def test_concentration_lies_between_equal_parts_and_one_holder(held: dict[str, float], factor: float) -> None:
    assert 1 / len(held) - 1e-9 <= hhi(held) <= 1 + 1e-9
    assert effective_number({k: v * factor for k, v in held.items()}) == pytest.approx(effective_number(held))


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3), st.floats(0, 50))
def test_more_local_supply_covers_no_less(output: list[float], more: float) -> None:
    car, cell, seat = output
    live = {"car": [maker("a", output=car)], "cell": [maker("c", output=cell)], "seat": [maker("s", output=seat)]}
    before = coverage(CARS, live, {}, Basis.MONEY)
    after = coverage(CARS, {**live, "seat": [maker("s", output=seat + more)]}, {}, Basis.MONEY)
    if "car" in before.users:
        assert after.users["car"].value >= before.users["car"].value - 1e-12
        assert 0 <= after.users["car"].value <= 1 + 1e-12


def test_of_what_nobody_makes_here_nothing_is_covered_whatever_the_demand() -> None:
    """Ore is needed, but in which unit and how much of it a ton of iron takes is not on record."""
    graph = chain(("ore", "iron", {}), ("coke", "iron", {"coefficient": 0.5}))
    live = {"iron": [maker("i", capacity=10, unit="t")], "coke": [maker("c", capacity=4, unit="kt")]}
    found = coverage(graph, live, {}, Basis.CAPACITY)
    ore, coke = found.segments["ore"], found.segments["coke"]
    assert (ore.demand, ore.sigma, ore.unmet) == (None, 0, None)
    assert (coke.demand, coke.sigma, coke.unmet) == (5, 0.8, 1)
    assert found.users["iron"].value == pytest.approx(0.4)

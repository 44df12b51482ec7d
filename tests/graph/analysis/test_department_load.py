"""Who answers for what: a small office worked out by hand, properties, and what is on record of Chengdu."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.department_load import Body, Item, Kind, cooperation, organisation, responsibility_graph
from graph.analysis.target_progress import Standing, parse_period
from graph.database.store import Store
from graph.database.writing import load
from graph.schema import (
    AppliesTo,
    Chain,
    Clause,
    Concerns,
    Department,
    Document,
    Observation,
    Observed,
    PartOf,
    Region,
    ResponsibleFor,
    Sets,
    StatedIn,
    Target,
    Task,
)
from graph.schema import Measures as MeasuresRelationship
from graph.settings import OrganisationThresholds
from services.duties import assess_organisation, assess_progress
from tests.conftest import facts_of

THRESHOLDS = OrganisationThresholds(unsupported_tasks=2)
A, B, C, G = (Body(f"dept:{n}", n, level="group" if n == "g" else "municipal") for n in "abcg")
BODIES = [A, B, C, G, Body("dept:idle", "idle")]


def item(name: str, leads: str = "", supports: str = "", kind: Kind = "task", chains: str = "") -> Item:
    ids = [frozenset(f"dept:{x}" for x in part) for part in (leads, supports)]
    return Item(f"{kind}:{name}", name, kind, *ids, frozenset(f"chain:{c}" for c in chains))


#: a leads 1 (b, g support), 2 (with b), 3 and 4 alone; b leads 5 (a supports); 6 has support only, 7 nobody.
OFFICE = [
    item("1", "a", "bg", chains="x"),
    item("2", "ab", "g", chains="xy"),
    item("3", "a"),
    item("4", "a", chains="y"),
    item("5", "b", "a"),
    item("6", "", "c"),
    item("7"),
    item("m1", "a", "c", kind="measure", chains="x"),
    item("m2", kind="measure"),
    item("m3", "", "c", kind="measure"),
]


def test_the_load_by_hand() -> None:
    loads = {load.body.id: load for load in organisation(BODIES, OFFICE, THRESHOLDS).loads}
    assert list(loads) == ["dept:a", "dept:b", "dept:c", "dept:g"]  # most led first; who has nothing is left out
    a = loads["dept:a"]
    assert (a.tasks_led, a.tasks_supported, a.measures_led, a.measures_supported) == (4, 1, 1, 0)
    assert a.by_chain == {"chain:x": (3, 0), "chain:y": (2, 0)}
    assert a.unsupported == ("task:3", "task:4")
    assert loads["dept:b"].by_chain == {"chain:x": (1, 1), "chain:y": (1, 0)}
    assert loads["dept:g"].body.is_group
    assert not a.body.is_group


def test_cooperation_by_hand() -> None:
    """a-b share 1, 2, 5; a-g and b-g share 1 and 2; measures do not count: c works with nobody."""
    found = organisation(BODIES, OFFICE, THRESHOLDS)
    pairs = [
        (p.first.name + p.second.name, p.shared, p.first_leads, p.second_leads, p.both_lead, p.both_support)
        for p in found.pairs
    ]
    assert pairs == [("ab", 3, 1, 1, 1, 0), ("ag", 2, 2, 0, 0, 0), ("bg", 2, 1, 0, 0, 1)]
    loads = {load.body.name: load for load in found.loads}
    assert {n: (load.partners, load.weighted_degree) for n, load in loads.items()} == {
        "a": (2, 5),
        "b": (2, 5),
        "c": (0, 0),
        "g": (2, 4),
    }


def test_a_go_between_by_hand() -> None:
    """b works with a and with c, who do not work with each other: all shortest lines between those two pass b."""
    found = organisation(BODIES, [item("1", "a", "b"), item("2", "b", "c")], THRESHOLDS)
    assert {load.body.name: load.betweenness for load in found.loads} == {"a": 0, "b": 1, "c": 0}


def test_what_nobody_answers_for() -> None:
    found = organisation(BODIES, OFFICE, THRESHOLDS)
    assert [i.id for i in found.without_lead] == ["task:6", "task:7"]
    assert [i.id for i in found.without_department] == ["measure:m2"]
    assert [load.body.name for load in found.unsupported] == ["a"]
    assert not organisation(BODIES, OFFICE, OrganisationThresholds(unsupported_tasks=3)).unsupported
    assert (found.tasks, found.measures) == (7, 3)


def test_who_leads_and_supports_at_once_leads() -> None:
    (load,) = organisation(BODIES, [item("1", "a", "a")], THRESHOLDS).loads
    assert (load.tasks_led, load.tasks_supported, load.unsupported) == (1, 0, ("task:1",))
    assert responsibility_graph([item("1", "a", "a")]).edges["dept:a", "task:1"]["role"] == "lead"


def test_nothing_on_record_is_an_empty_office() -> None:
    found = organisation([], [], THRESHOLDS)
    assert (found.loads, found.pairs, found.tasks) == ((), (), 0)
    assert not organisation(BODIES, [item("1")], THRESHOLDS).loads


_names = st.sets(st.sampled_from("abcg"), max_size=4).map(lambda s: "".join(sorted(s)))
_items = st.lists(st.tuples(_names, _names, st.sampled_from(["task", "measure"])), max_size=8).map(
    lambda rows: [item(str(n), leads, supports, kind, "x") for n, (leads, supports, kind) in enumerate(rows)]
)


@given(_items, st.randoms())
def test_the_order_of_the_items_makes_no_difference(items: list[Item], random: object) -> None:
    mixed = random.sample(items, len(items))  # type: ignore[attr-defined]
    assert organisation(BODIES, items, THRESHOLDS) == organisation(BODIES[::-1], mixed, THRESHOLDS)


@given(_items)
def test_the_sums_agree(items: list[Item]) -> None:
    found = organisation(BODIES, items, THRESHOLDS)
    tasks = [i for i in items if i.kind == "task"]
    assert sum(load.tasks_led for load in found.loads) == sum(len(i.leads) for i in tasks)
    assert sum(load.tasks_led + load.tasks_supported for load in found.loads) == sum(len(i.bodies) for i in tasks)
    for pair in found.pairs:
        assert pair.shared == pair.first_leads + pair.second_leads + pair.both_lead + pair.both_support
        assert pair.shared == cooperation(tasks).edges[pair.first.id, pair.second.id]["weight"]
    assert sum(load.weighted_degree for load in found.loads) == 2 * sum(p.shared for p in found.pairs)
    assert all(0 <= load.betweenness <= 1 for load in found.loads)


@given(_items, _items)
def test_more_work_is_never_less_load(items: list[Item], more: list[Item]) -> None:
    renamed = [item(f"n{i.id}", *("".join(b[-1] for b in part) for part in (i.leads, i.supports))) for i in more]
    before = {load.body.id: load for load in organisation(BODIES, items, THRESHOLDS).loads}
    after = {load.body.id: load for load in organisation(BODIES, items + renamed, THRESHOLDS).loads}
    for body, had in before.items():
        assert after[body].led >= had.led
        assert after[body].weighted_degree >= had.weighted_degree


# --- from the store -----------------------------------------------------------------------------------


def _document(name: str, region: str, *targets: Target) -> list[object]:
    doc, clause, task = f"doc:{name}", f"clause:{name}/1", f"task:{name}"
    facts = [
        Document(id=doc, name=name, number=f"{name}号"),
        AppliesTo(start=doc, end=region),
        Clause(id=clause, name="一", path="一"),
        PartOf(start=clause, end=doc),
        Task(id=task, name=f"{name}任务"),
        StatedIn(start=task, end=clause),
        Concerns(start=task, end="chain:x"),
    ]
    for target in targets:
        facts += [
            target,
            Sets(start=task, end=target.id),
            StatedIn(start=target.id, end=clause),
            MeasuresRelationship(start=target.id, end="chain:x"),
        ]
    return facts


def _target(name: str) -> Target:
    return Target(id=f"target:{name}", name=name, indicator="产值", comparator=">=", value=1000, unit="亿元", year=2025)


@pytest.fixture
def office(store: Store) -> Store:
    """A city with a district, and the country above it; invented."""
    regions = [
        Region(id="region:land", name="国", level="country"),
        Region(id="region:city", name="甲市", level="city"),
        Region(id="region:district", name="乙区", level="county"),
        Region(id="region:other", name="丙市", level="city"),
        PartOf(start="region:city", end="region:land"),
        PartOf(start="region:district", end="region:city"),
        PartOf(start="region:other", end="region:land"),
        Chain(id="chain:x", name="某链"),
        Chain(id="chain:y", name="他链"),
        Department(id="dept:a", name="甲局"),
        Department(id="dept:b", name="乙局"),
    ]
    city = _document("city", "region:city", _target("output"))
    observed = [
        Observation(id="obs:0", name="0", period="2021", value=600),
        Observation(id="obs:1", name="1", period="2024-06", value=800, measured="stock"),
        *(Observed(start="target:output", end=f"obs:{n}") for n in (0, 1)),
    ]
    answering = [
        ResponsibleFor(start="dept:a", end="task:city", role="lead", valid_to="2023"),
        ResponsibleFor(start="dept:b", end="task:city", role="lead", valid_from="2024-01"),
        ResponsibleFor(start="dept:a", end="task:city", role="support", valid_from="2024"),
    ]
    above, other = (
        _document("land", "region:land", _target("national")),
        _document("other", "region:other", _target("o")),
    )
    load(store, [facts_of("office", *regions, *city, *observed, *answering, *above, *other)])  # type: ignore[arg-type]
    return store


def test_progress_of_a_region_with_those_who_answer(office: Store) -> None:
    found = assess_progress(office, "甲市", parse_period("2024-06"))
    (target,) = found.targets
    assert (target.progress.standing, target.progress.gap) == (Standing.BEHIND, pytest.approx(-50))
    assert ([b.name for b in target.leads], [b.name for b in target.supports]) == (["乙局"], ["甲局"])
    assert (target.clause, target.chains) == ("city号 一", ("chain:x",))
    assert (found.left_out, found.organisation.left_out) == (1, 1)


def test_an_appointment_counts_while_it_holds(office: Store) -> None:
    found = assess_progress(office, "甲市", parse_period("2023Q3"))
    assert [b.name for b in found.targets[0].leads] == ["甲局"]
    assert found.targets[0].supports == ()


def test_what_is_above_or_elsewhere_counts_only_where_asked_for(office: Store) -> None:
    period = parse_period("2024-06")
    assert {t.progress.target.id for t in assess_progress(office, "甲市", period, higher=True).targets} == {
        "target:output",
        "target:national",
    }
    district = assess_progress(office, "乙区", period)
    assert (district.targets, district.left_out) == ((), 2)
    country = assess_progress(office, "国", period)
    assert len(country.targets) == 3  # what lies in it


def test_what_names_no_region_is_the_regions_own(office: Store) -> None:
    """A table of tasks and targets that an office keeps itself, without a document."""
    load(office, [facts_of("own", Task(id="task:own", name="自定任务"), _target("own"))])
    assert assess_organisation(office, "甲市").organisation.tasks == 2
    assert "target:own" in {t.progress.target.id for t in assess_progress(office, "甲市", parse_period("2024")).targets}


def test_a_chain_narrows_it(office: Store) -> None:
    assert assess_organisation(office, "甲市", ["某链"]).organisation.tasks == 1
    assert assess_organisation(office, "甲市", ["他链"]).organisation.tasks == 0
    assert assess_progress(office, "甲市", parse_period("2024-06"), ["他链"]).targets == ()


def test_what_is_on_record_of_chengdu(shipped: Store) -> None:
    found = assess_organisation(shipped, "成都市").organisation
    assert found.loads[0].body.id == "dept:chengdu/jingxin"
    assert [i.id for i in found.without_lead] == ["task:chengdu-2022/goals"]
    groups = {load.body.id for load in found.loads if load.body.is_group}
    assert "dept:chengdu/districts-concerned" in groups
    counted = Counter(
        row["department"]
        for row in shipped.run_named("task_responsibilities")
        if row["role"] == "lead" and row["scopes"] == ["region:510100"]
    )
    assert {load.body.id: load.tasks_led for load in found.loads if load.tasks_led} == counted


def test_no_reported_values_of_chengdu_are_on_record(shipped: Store) -> None:
    found = assess_progress(shipped, "成都市", parse_period("2024-06"))
    assert found.counts[Standing.NO_OBSERVATION] == len(found.targets) == 26
    assert [
        t.progress.target.id for t in assess_progress(shipped, "成都市", parse_period("2024"), ["氢能"]).targets
    ] == ["target:chengdu-2022/hydrogen-output"]

"""M1 Status of a link: every rule on evidence made by hand, and what must come out for Chengdu."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import pytest

from graph.analysis.assessment import ChainEvidence, SegmentGap, assess, location_quotient
from graph.analysis.concentration import effective_number
from graph.analysis.makers import Maker
from graph.analysis.reasons import reason
from graph.analysis.status import PolicyStance, Status
from graph.database.store import Store
from graph.settings import RankingWeights, StatusThresholds
from reports.words import say_reason
from services.gaps import assess_chain

THRESHOLDS = StatusThresholds(
    live_days=365,
    lq_weak=0.5,
    lq_strong=1.0,
    owners_single=1.5,
    owners_strong=2.0,
    benchmark_min_makers=5,
    region_min_operations=5,
)
WEIGHTS = RankingWeights(pull=0.3, risk=0.3, ease=0.1, stance=0.3)


def links(*names: str) -> nx.MultiDiGraph:
    """Links that supply nothing to each other, so that one hangs on itself alone."""
    graph = nx.MultiDiGraph()
    for order, name in enumerate(names, start=1):
        graph.add_node(name, name=name, position="midstream", order=order)
    return graph


def firms(count: int, prefix: str = "f", **properties: Any) -> list[Maker]:
    return [Maker(id=f"firm:{prefix}{n}", name=f"{prefix}{n}", **properties) for n in range(count)]


def status_of(makers: list[Maker], **evidence: Any) -> SegmentGap:
    """The assessment of link x, with another link y that five firms work on."""
    stages = evidence.pop("stages", ("operating",))
    made: dict[str, Any] = {"benchmark": {}, "as_of": "2024-12-31", **evidence}
    chain = ChainEvidence(
        "chain:c", "链", "region:r", "区", links("x", "y"), makers={"x": makers, "y": firms(5, "other")}, **made
    )
    return next(s for s in assess(chain, THRESHOLDS, WEIGHTS, stages).gaps.segments if s.id == "x")


#: Half of the nation's makers are on x, so LQ of x = (local x / local) / 0.5.
EVEN = {"x": 50, "y": 50}


# --- the rules, one by one -----------------------------------------------------------------------


def test_nobody_on_record_is_unknown() -> None:
    gap = status_of([])
    assert (gap.status, say_reason(gap.basis)) == (
        Status.UNKNOWN,
        "登记中无在产企业，但登记未声明完整，政策也未要求招引或补链",
    )
    assert not gap.is_gap


@pytest.mark.parametrize("stance", ["attract", "fill"])
def test_nobody_and_a_clause_that_wants_it_is_missing(stance: str) -> None:
    gap = status_of([], stances={"x": [PolicyStance(stance, "clause:c/1", path="行动方案 三（一）2")]})
    assert (gap.status, say_reason(gap.basis)) == (
        Status.MISSING,
        "登记中无在产企业；政策要求招引或补链（行动方案 三（一）2）",
    )
    assert gap.is_gap


@pytest.mark.parametrize("stance", ["strengthen", "extend", "about"])
def test_a_clause_that_only_speaks_of_it_does_not_make_it_missing(stance: str) -> None:
    assert status_of([], stances={"x": [PolicyStance(stance, "clause:c/1")]}).status is Status.UNKNOWN


def test_nobody_and_a_complete_register_is_missing() -> None:
    gap = status_of([], surveyed={"x"})
    assert (gap.status, say_reason(gap.basis)) == (Status.MISSING, "登记已声明完整，且无在产企业")
    assert status_of([], surveyed={"y"}).status is Status.UNKNOWN


def test_far_less_than_the_nation_has_is_weak() -> None:
    gap = status_of(firms(1), benchmark=EVEN)
    assert gap.location_quotient == pytest.approx((1 / 6) / 0.5)
    assert (gap.status, say_reason(gap.basis)) == (Status.WEAK, "在产企业 1 家；区位商 0.33 < 0.5")


def test_one_owner_is_single() -> None:
    gap = status_of(firms(5, owner="集团"), benchmark=EVEN)
    assert (gap.status, say_reason(gap.basis)) == (Status.SINGLE, "在产企业 5 家；有效所有者 1.00 < 1.5")
    assert (gap.effective_owners, gap.live) == (1, 5)


def test_a_leader_where_much_is_is_strong_even_alone() -> None:
    makers = firms(5, owner="集团", leads=True)
    gap = status_of(makers, benchmark=EVEN)
    assert (gap.status, say_reason(gap.basis)) == (
        Status.STRONG,
        "在产企业 5 家；链主企业 f0 在此环节；区位商 1.00 ≥ 1",
    )
    assert (
        status_of(makers, benchmark={"x": 60, "y": 40}).status is Status.SINGLE
    )  # LQ below 1: the leader alone is not enough


def test_well_represented_by_several_is_strong() -> None:
    gap = status_of(firms(5), benchmark=EVEN)
    assert (gap.status, say_reason(gap.basis)) == (Status.STRONG, "在产企业 5 家；区位商 1.00 ≥ 1；有效所有者 5.00 ≥ 2")


def test_the_rest_is_present() -> None:
    assert status_of(firms(4), benchmark=EVEN).status is Status.PRESENT  # LQ = (4/9)/.5 = .89
    uneven = [Maker(id=f"firm:{n}", name="x", owner="甲" if n < 3 else str(n)) for n in range(4)]
    gap = status_of([*uneven, *firms(1, owner="甲")], benchmark=EVEN)  # owners 4:1, N_eff = 25/17
    assert gap.effective_owners == pytest.approx(25 / 17)
    assert gap.status is Status.SINGLE
    assert status_of(firms(2)).status is Status.PRESENT
    assert say_reason(status_of(firms(2)).basis) == "在产企业 2 家"


def test_two_firms_of_one_owner_are_one_source() -> None:
    assert status_of(firms(2, owner="集团")).status is Status.SINGLE
    assert status_of(firms(1)).status is Status.SINGLE


def test_the_thresholds_are_met_exactly() -> None:
    """LQ 0.5 is not weak, N_eff 1.5 is not single."""
    at_half = status_of(firms(5), benchmark={"x": 100, "y": 0})  # (5/10)/1
    assert at_half.location_quotient == 0.5
    assert at_half.status is Status.PRESENT


# --- tests that cannot be applied ----------------------------------------------------------------


def test_a_test_without_data_is_listed_and_not_zero() -> None:
    gap = status_of(firms(2), benchmark={"x": 4, "y": 1})
    assert gap.location_quotient is None
    assert tuple(map(say_reason, gap.not_applied)) == (
        "区位商：全国登记仅 4 家，少于 5 家",
        "本地配套率：产值、产能登记不全或本地无需求",
    )
    few = ChainEvidence("c", "c", "r", "r", links("x"), makers={"x": firms(2)}, benchmark={"x": 9})
    [few_here, *_] = assess(few, THRESHOLDS, WEIGHTS).gaps.segments[0].not_applied
    assert say_reason(few_here) == "区位商：本地登记仅 2 项，少于 5 项"
    assert status_of(firms(5), benchmark=EVEN).not_applied == (reason("coverage_not_taken"),)


# --- who counts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "counts"),
    [
        ({}, True),
        ({"as_of": "2024-01-01"}, True),
        ({"as_of": "2023-12-31"}, False),  # 366 days before 2024-12-31
        ({"as_of": "2024"}, True),
        ({"as_of": "2024-01"}, True),
        ({"as_of": "2023"}, False),
        ({"confidence": "low"}, False),
        ({"confidence": "medium"}, True),
        ({"active": False}, False),
        ({"stage": "planned"}, False),
        ({"stage": "under_construction"}, False),
    ],
)
def test_only_live_makers_count(properties: dict[str, Any], counts: bool) -> None:
    gap = status_of(firms(1, **properties))
    assert gap.live == int(counts)
    assert (gap.status is Status.UNKNOWN) == (not counts)
    assert len(gap.makers) == 1  # shown all the same


def test_planned_capacity_counts_where_it_is_asked_for() -> None:
    makers = [*firms(1, stage="planned"), *firms(1, "b", stage="under_construction")]
    assert status_of(makers).live == 0
    assert status_of(makers, stages=("operating", "planned")).live == 1
    assert status_of(makers, stages=("operating", "under_construction", "planned")).live == 2


def test_a_firm_at_two_places_is_one_firm() -> None:
    makers = [*firms(1, place="region:1"), *firms(1, place="region:2")]
    gap = status_of(makers)
    assert (gap.live, gap.effective_owners, len(gap.makers)) == (1, 1, 2)


@pytest.mark.parametrize("as_of", ["2024", "2024-12", "2024-12-31", None])
def test_the_date_of_the_data_may_be_of_any_precision(as_of: str | None) -> None:
    assert status_of(firms(2, as_of="2024"), as_of=as_of).live == 2


# --- the numbers --------------------------------------------------------------------------------------


def test_location_quotient_by_hand() -> None:
    assert location_quotient(2, 10, 10, 100) == pytest.approx(2)
    assert location_quotient(1, 10, 20, 100) == pytest.approx(0.5)
    assert location_quotient(0, 10, 20, 100) == 0


def test_effective_owners_by_hand() -> None:
    assert effective_number({"a": 3}) == 1
    assert effective_number({"a": 1, "b": 1, "c": 1, "d": 1}) == pytest.approx(4)
    assert effective_number({"a": 70, "b": 30}) == pytest.approx(1 / 0.58)  # 硅片 of docs/methods.md
    assert effective_number({"a": 80, "b": 20}) == pytest.approx(1 / 0.68)  # 组件


def test_score_is_the_weighted_sum_of_what_can_be_told() -> None:
    """Without relatedness the other weights are scaled up to 1: 0.3 / 0.9 each."""
    gap = status_of([], stances={"x": [PolicyStance("about", "c"), PolicyStance("attract", "c")]})
    assert gap.criticality == 0.5  # one of two links that do not depend on each other
    assert (gap.criteria.pull, gap.criteria.risk, gap.criteria.ease, gap.criteria.stance) == (0, 0, None, 1)
    assert gap.score == pytest.approx(1 / 3)
    single = status_of(firms(1))
    assert single.criteria.risk == pytest.approx(1 / 6)  # its one maker, of six local firms
    assert single.score == pytest.approx(1 / 6 / 3)
    assert status_of(firms(2)).score is None
    assert status_of([]).score is None


def test_segments_come_by_score_and_are_counted() -> None:
    evidence = ChainEvidence(
        "chain:c",
        "链",
        "region:r",
        "区",
        links("a", "b", "c", "d"),
        makers={"a": firms(3), "b": firms(1)},
        stances={"d": [PolicyStance("fill", "clause:1")]},
    )
    result = assess(evidence, THRESHOLDS, WEIGHTS).gaps
    assert [s.id for s in result.segments] == ["d", "b", "c", "a"]
    assert [s.id for s in result.gaps] == ["d", "b"]
    assert {k: v for k, v in result.counts.items() if v} == {"missing": 1, "single": 1, "unknown": 1, "present": 1}
    assert result.completeness == 0.5
    assert assess(replace(evidence, graph=nx.MultiDiGraph()), THRESHOLDS, WEIGHTS).gaps.completeness == 0


def test_status_does_not_hang_on_which_other_links_are_drawn() -> None:
    for makers in ([], firms(1), firms(2), firms(5)):
        alone = ChainEvidence("c", "c", "r", "r", links("x"), makers={"x": makers})
        among = replace(alone, graph=links("x", "y", "z"))
        found = [
            next(s.status for s in assess(e, THRESHOLDS, WEIGHTS).gaps.segments if s.id == "x") for e in (alone, among)
        ]
        assert found[0] is found[1]


# --- Chengdu --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("成都市", "锂电"), ("region:510100", "chain:lithium"), ("510100", "锂电池")])
def test_what_the_plan_wants_attracted_is_a_gap_of_chengdu(shipped: Store, names: tuple[str, str]) -> None:
    found = assess_chain(shipped, *names)
    gaps = {s.id: s for s in found.gaps}
    for wanted in ("separator", "electrolyte", "aluminium-foil"):
        gap = gaps[f"seg:lithium/{wanted}"]
        clauses = {(p.stance, p.path) for p in gap.stances}
        assert ("attract", "行动方案 三（一）2") in clauses, wanted
    scores = [s.score for s in found.gaps if s.score is not None]
    assert len(scores) == len(found.gaps)
    assert scores == sorted(scores, reverse=True)
    assert all((s.score is None) == (not s.is_gap) for s in found.segments)
    assert found.gaps[0].id == "seg:lithium/separator"


def test_the_leader_of_photovoltaics_is_the_firm_the_plan_names(shipped: Store) -> None:
    leaders = {row["firm"]: row for row in shipped.run_named("chain_leaders", chain="chain:pv")}
    assert list(leaders) == ["firm:tongwei-solar"]
    assert leaders["firm:tongwei-solar"]["region_id"] == "region:510100"
    assert leaders["firm:tongwei-solar"]["clause"]


def test_departments_that_lead_hydrogen_are_found(shipped: Store) -> None:
    rows = shipped.run_named("lead_departments", chain="chain:hydrogen")
    assert rows
    assert all(row["department"] and row["task"] for row in rows)
    assert any(row["parks"] for row in rows)

"""Support measures for a project: the maximum of every form of measure by hand, what is asked, and what is not added up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.support import (
    Decision,
    Project,
    Support,
    SupportMeasure,
    Verdict,
    decide,
    fact_units,
    maximum,
    support_for,
)
from graph.database.store import Store
from graph.rules import parse_rule
from graph.schema import Measure
from graph.settings import settings
from loaders.sources import read_sources
from reports.words import say_reason
from services.ways_out import measures_in_force

CHENGDU = "region:510100"


def measure(name: str = "m", **properties: Any) -> SupportMeasure:
    return SupportMeasure(f"measure:{name}", name, "subsidy", path=f"措施 {name}", **properties)


# --- maxima ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "known", "amount", "basis"),
    [
        ({"amount": 20.0}, {}, 20, "定额 20 万元"),
        ({"cap": 1000.0}, {}, 1000, "上限 1,000 万元"),
        ({"annual_cap": 100.0}, {}, 100, "每年不超过 100 万元，年限未写明"),
        ({"annual_cap": 100.0, "years": 3}, {}, 300, "每年不超过 100 万元 × 3 年 = 300 万元"),
        ({"total": 1_000_000.0}, {}, None, "无法计算：100 亿元 是总规模，不是单个项目的额度"),
        ({}, {}, None, "无法计算：文件未写明金额或比例"),
        (
            {"rate_min": 0.15, "rate_max": 0.2, "rate_base": "企业投入", "rate_of": "it_investment", "cap": 500.0},
            {"it_investment": 2_000.0},
            400,
            "企业投入 2,000 万元 × 20% = 400 万元",
        ),
        (
            {"rate_max": 0.2, "rate_base": "企业投入", "rate_of": "it_investment", "cap": 500.0},
            {"it_investment": 3_000.0},
            500,
            "企业投入 3,000 万元 × 20% = 600 万元，超过上限，按上限 500 万元",
        ),
        (
            {"rate_max": 0.2, "rate_base": "企业投入", "rate_of": "it_investment", "cap": 500.0},
            {},
            500,
            "不超过上限 500 万元（企业投入未给出，按其 20% 计可能更少）",
        ),
        (
            {"rate_max": 0.1, "rate_base": "固定资产投资", "rate_of": "fixed_investment"},
            {"fixed_investment": 500_000.0},
            50_000,
            "固定资产投资 50 亿元 × 10% = 5 亿元",
        ),
    ],
)
def test_the_maximum_by_hand(
    properties: dict[str, Any], known: dict[str, Any], amount: float | None, basis: str
) -> None:
    most = maximum(measure(**properties), known)
    assert (most.amount, say_reason(most.basis)) == (amount, basis)


def test_a_share_of_the_subsidy_is_never_taken_of_the_investment() -> None:
    """Measure 1 of Chengdu 2022: the city bears 35-50 % of the subsidy."""
    shared = measure(rate_min=0.35, rate_max=0.5, rate_base="固定资产投资补贴总额", rate_of="investment_subsidy")
    for known in ({}, {"fixed_investment": 500_000.0}):
        most = maximum(shared, known)
        assert most.amount is None
        assert say_reason(most.basis) == "无法计算：50% 是“固定资产投资补贴总额”的比例，不是投资额的比例；该基数未给出"
        assert most.asks == "investment_subsidy"
    assert maximum(shared, {"investment_subsidy": 20_000.0}).amount == 10_000
    assert maximum(replace(shared, rate_of=None), {"fixed_investment": 500_000.0}).amount is None


@given(
    rate=st.floats(0, 1),
    base=st.floats(0, 1e9),
    more=st.floats(0, 1e9),
    cap=st.none() | st.floats(0, 1e6),
)
def test_a_larger_base_never_pays_less_and_never_more_than_the_cap(
    rate: float, base: float, more: float, cap: float | None
) -> None:
    m = measure(rate_max=rate, rate_of="it_investment", cap=cap)
    one, two = (maximum(m, {"it_investment": b}).amount for b in (base, base + more))
    assert one is not None and two is not None
    assert 0 <= one <= two
    assert cap is None or two <= cap


# --- verdicts and questions --------------------------------------------------------------------------

LARGE = measure(
    "1",
    rule="fixed_investment >= 30 亿元 and new_build",
    rate_max=0.5,
    rate_base="补贴总额",
    rate_of="investment_subsidy",
)
PLATFORM = measure(
    "7",
    rule="open_platform and served_firms >= 200 家",
    rate_max=0.2,
    rate_base="投资额",
    rate_of="platform_investment",
    cap=300.0,
)


def test_a_missing_fact_is_asked_for_with_unit_and_clause() -> None:
    found = decide(Project(500_000), LARGE)
    assert found.verdict is Verdict.UNDECIDED
    assert [(q.fact, q.unit, say_reason(q.text)) for q in found.questions] == [
        ("new_build", None, "是否新建项目？（措施 1）"),
        ("investment_subsidy", "万元", "固定资产投资补贴总额是多少（万元）？（措施 1）"),
    ]
    assert say_reason(found.reason) == "固定资产投资 ≥ 30 亿元，且是新建项目（已知：固定资产投资 50 亿元）"


def test_what_fails_asks_nothing() -> None:
    found = decide(Project(299_999), LARGE)
    assert (found.verdict, found.questions) == (Verdict.NOT_MET, ())
    assert decide(Project(300_000, ("new_build",)), LARGE).verdict is Verdict.MET


def test_a_condition_in_no_rule_is_for_a_person_to_read() -> None:
    found = decide(Project(500_000), measure("2", condition="经选取", beneficiary="优质企业"))
    assert found.verdict is Verdict.UNDECIDED
    assert [say_reason(q.text) for q in found.questions] == ["请人工核对对象与条件：优质企业；经选取（措施 2）"]


def test_what_goes_to_others_is_no_support_of_the_project() -> None:
    found = decide(Project(500_000), measure("8", recipient="park", cap=10_000.0, beneficiary="重点园区"))
    assert (found.verdict, say_reason(found.reason), found.questions) == (Verdict.OTHERS, "重点园区", ())


def test_a_question_of_several_measures_is_asked_once_with_all_clauses() -> None:
    sellers = [measure(n, rule=f"technology_{n} and used_locally", cap=50.0) for n in ("seller", "buyer")]
    found = support_for(Project(), sellers)
    (asked,) = [q for q in found.questions if q.fact == "used_locally"]
    assert say_reason(asked.text) == "是否属实：科技成果在当地转化？（措施 buyer；措施 seller）"
    assert asked.measures == ("measure:buyer", "measure:seller")


def test_what_applies_comes_first_then_what_the_stated_facts_bear_on() -> None:
    small = measure("3", rule="challenge_project", cap=1000.0)
    found = support_for(
        Project(500_000, ("it_application",)),
        [
            measure("9"),
            small,
            LARGE,
            measure("it", rule="it_application", cap=5.0),
            measure("park", recipient="park"),
            measure("no", rule="fixed_investment < 1 亿元"),
        ],
    )
    assert [d.measure.name for d in found.decisions] == ["it", "1", "3", "9", "no", "park"]
    assert [d.measure.name for d in found.of(Verdict.MET)] == ["it"]


# --- adding up -----------------------------------------------------------------------------------------


def total_of(*stacking: str | None, **properties: Any) -> Support:
    values: dict[str, Any] = {"rule": "new_build", "cap": 100.0, **properties}
    return support_for(
        Project(None, ("new_build",)), [measure(str(i), stacking=s, **values) for i, s in enumerate(stacking)]
    )


def test_maxima_are_added_only_where_every_document_allows_it() -> None:
    assert total_of("additive", "additive").total == 200
    for mixed in (("exclusive", "exclusive"), ("additive", "exclusive"), ("additive", None), (None, None)):
        found = total_of(*mixed)
        assert found.total is None
        assert say_reason(found.total_basis).startswith("不加总")
        assert found.largest is not None and found.largest.maximum.amount == 100
    assert "不重复享受" in say_reason(total_of("exclusive", "exclusive").total_basis)
    assert total_of("additive", "additive", cap=None, annual_cap=100.0).total is None
    assert total_of("exclusive").total == 100
    assert total_of("exclusive", cap=None).total is None
    assert total_of().total is None


def test_undecided_measures_are_in_no_sum() -> None:
    found = support_for(Project(), [measure(n, rule="new_build", cap=100.0, stacking="additive") for n in "ab"])
    assert (found.total, found.largest) == (None, None)


# --- the shipped measures --------------------------------------------------------------------------------


def _decision(found: Support, end: str) -> Decision:
    return next(d for d in found.decisions if d.measure.id.endswith(end))


def test_every_shipped_rule_is_in_the_grammar_and_every_rate_has_its_base() -> None:
    facts = read_sources([settings.data / "policies"])
    measures = [n for f in facts for n in f.nodes.values() if isinstance(n, Measure)]
    assert len(measures) == 51
    for m in measures:
        assert (m.rate_max is None) == (m.rate_of is None), m.id
        assert m.recipient is not None, m.id
        if m.rule:
            parse_rule(m.rule)


def test_chengdu_for_a_project_of_five_billion(shipped: Store) -> None:
    measures = measures_in_force(shipped, CHENGDU, "chain:lithium")
    open_ = support_for(Project(500_000), measures)
    first = open_.decisions[0]
    assert first.measure.id == "measure:chengdu-2022/1/large-project"
    assert (first.verdict, first.maximum.amount) == (Verdict.UNDECIDED, None)
    assert first.measure.lead == ("市投促局", "市经信局", "市商务局", "市财政局")
    stated = support_for(Project(500_000, ("new_build", "specialised"), {"investment_subsidy": 20_000.0}), measures)
    met = _decision(stated, "large-project")
    assert (met.verdict, met.maximum.amount) == (Verdict.MET, 10_000)
    small = support_for(Project(200_000, ("new_build", "specialised")), measures)
    assert _decision(small, "large-project").verdict is Verdict.NOT_MET
    assert _decision(stated, "key-parks").verdict is Verdict.OTHERS
    assert all(d.measure.stacking == "exclusive" for d in stated.decisions)


def test_the_platform_of_chengdu_needs_two_hundred_firms(shipped: Store) -> None:
    measures = measures_in_force(shipped, CHENGDU, "chain:big-data")
    assert fact_units(measures)["served_firms"] == "家"
    for served, verdict in ((199.0, Verdict.NOT_MET), (200.0, Verdict.MET)):
        found = support_for(
            Project(facts={"open_platform": True, "served_firms": served, "platform_investment": 1_000.0}), measures
        )
        one = _decision(found, "open-platform")
        assert (one.verdict, one.maximum.amount) == (verdict, 200)

"""Progress of targets: invented figures worked out by hand, and what must hold whatever the figures are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.target_progress import Progress, Standing, assess_target, assess_targets, number, parse_period
from graph.schema import Observation, Target
from graph.settings import ProgressThresholds
from reports.words import say_reason, say_why

THRESHOLDS = ProgressThresholds(on_track_points=5, equal_share=0.005, valid_days=550)


def goal(comparator: str = ">=", value: float = 1000, **others: Any) -> Target:
    given = {"id": "target:t", "name": "产值", "indicator": "产值", "unit": "亿元", "year": 2025, **others}
    return Target(comparator=comparator, value=value, **given)  # type: ignore[arg-type]


def seen(*values: tuple[Any, ...]) -> list[Observation]:
    """(period, value) or (period, value, measured)."""
    return [
        Observation(id=f"obs:{n}", name=str(n), period=v[0], value=v[1], measured=v[2] if len(v) > 2 else None)
        for n, v in enumerate(values)
    ]


def judged(target: Target, *values: tuple[Any, ...], at: str = "2024-06") -> Progress:
    return assess_target(target, seen(*values), parse_period(at), THRESHOLDS)


# --- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "end", "before", "year_before"),
    [
        ("2024-06", date(2024, 6, 30), "2024-05", "2023-06"),
        ("2024-01", date(2024, 1, 31), "2023-12", "2023-01"),
        ("2024-02", date(2024, 2, 29), "2024-01", "2023-02"),
        ("2024Q1", date(2024, 3, 31), "2023Q4", "2023Q1"),
        ("2024Q2", date(2024, 6, 30), "2024Q1", "2023Q2"),
        ("2024", date(2024, 12, 31), "2023", "2023"),
    ],
)
def test_periods(label: str, end: date, before: str, year_before: str) -> None:
    period = parse_period(label)
    assert (period.label, period.end, period.before.label, period.year_before.label) == (
        label,
        end,
        before,
        year_before,
    )


@pytest.mark.parametrize("label", ["2024-13", "2024Q5", "24", "2024/06", "", "2024-6", "2024-06-30"])
def test_what_is_no_period_is_refused(label: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_period(label)
    assert refused.value.args == (label,)


def test_the_schema_and_the_analysis_know_the_same_periods() -> None:
    for label in ("2024-06", "2024Q2", "2024"):
        assert Observation(id="obs:x", name="x", period=label, value=1).period == parse_period(label).label


# --- known answers ----------------------------------------------------------------------------------


def test_a_state_against_the_line_by_hand() -> None:
    """From 600 at the end of 2021 to 1000 at the end of 2025, 48 months; mid-2024 is month 30: 600 + 400·30/48 = 850."""
    found = judged(goal(base_year=2021), ("2021", 600), ("2024-06", 800, "stock"))
    assert (found.expected, found.gap) == (pytest.approx(850), pytest.approx(-50))
    assert found.points == pytest.approx(100 * -50 / 400)  # 12.5 points of the way
    assert found.standing is Standing.BEHIND
    assert found.base is not None
    assert found.base.is_base_year
    assert say_why(found.basis) == "直线：2024年6月末应达 850亿元（自基年 2021 的 600亿元 到 2025 年的 1,000亿元）"


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        (829, Standing.BEHIND),  # 5 points of 400 are 20
        (830, Standing.ON_TRACK),
        (850, Standing.ON_TRACK),
        (870, Standing.ON_TRACK),
        (871, Standing.AHEAD),
        (999, Standing.AHEAD),
        (1000, Standing.MET),
    ],
)
def test_the_tolerance_is_met_exactly(value: float, standing: Standing) -> None:
    assert judged(goal(), ("2021", 600), ("2024-06", value, "stock")).standing is standing


def test_a_value_since_january_against_the_year_by_hand() -> None:
    """The line asks for 900 in 2024 (600 + 400·36/48); half of it, 450, by June; 400 is 5.56 points of the year behind."""
    found = judged(goal(), ("2021", 600), ("2024-06", 400, "cumulative"))
    assert (found.expected, found.gap) == (pytest.approx(450), pytest.approx(-50))
    assert found.points == pytest.approx(-100 * 50 / 900)
    assert found.standing is Standing.BEHIND
    assert found.base is not None
    assert not found.base.is_base_year
    assert say_why(found.basis).startswith("序时进度：2024 年应达 900亿元 × 6/12 = 450亿元（自首个实绩 2021")


def test_a_value_since_january_is_never_held_against_the_line_itself() -> None:
    """460 of the 450 that are due by June is on track, although the line stands at 850."""
    assert judged(goal(), ("2021", 600), ("2024-06", 460, "cumulative")).standing is Standing.ON_TRACK
    assert judged(goal(), ("2021", 600), ("2024-06", 460, "stock")).standing is Standing.BEHIND


def test_in_the_target_year_no_base_is_needed() -> None:
    found = judged(goal(), ("2025Q1", 260, "cumulative"), at="2025Q1")
    assert (found.expected, found.standing, found.base) == (250, Standing.ON_TRACK, None)
    assert found.points == pytest.approx(1)
    late = judged(goal(), ("2025", 999), at="2025")
    assert (late.standing, late.gap, late.points) == (Standing.BEHIND, -1, pytest.approx(-0.1))


def test_a_ceiling_by_hand() -> None:
    """From 30 at the end of 2020 down to 24 at the end of 2025: 25.8 at the end of mid-2024 (42 of 60 months)."""
    cap = goal("<=", 24, unit="立方米")
    found = judged(cap, ("2020", 30), ("2024-06", 27, "stock"))
    assert (found.expected, found.gap) == (pytest.approx(25.8), pytest.approx(-1.2))
    assert found.points == pytest.approx(100 * -1.2 / 6)
    assert found.standing is Standing.BEHIND
    met = judged(cap, ("2020", 30), ("2024-06", 23.5, "stock"))
    assert (met.standing, [say_reason(r) for r in met.remarks]) == (Standing.MET, ["须保持至 2025 年"])


def test_a_yearly_ceiling_is_not_met_before_the_year_is_over() -> None:
    cap = goal("<=", 120, year=2024)
    assert judged(cap, ("2024-06", 50, "cumulative")).standing is Standing.AHEAD  # 60 may be used by June
    assert judged(cap, ("2024-06", 60, "cumulative")).standing is Standing.ON_TRACK
    assert judged(cap, ("2024-06", 70, "cumulative")).standing is Standing.BEHIND
    assert judged(cap, ("2024-06", 130, "cumulative")).standing is Standing.BEHIND  # more than the year allows
    assert judged(cap, ("2024-12", 119, "cumulative"), at="2024-12").standing is Standing.MET


def test_a_change_against_the_base_year_by_hand() -> None:
    """Down 10 % from 0.50 in 2020 by 2025; by the end of 2023 6 % is due (0.47). At 0.48 it is 4 %: 2 points short."""
    cut = goal("-%", 10, unit="%", base_year=2020)
    found = judged(cut, ("2020", 0.50), ("2023", 0.48), at="2023")
    assert found.goal == pytest.approx(0.45)
    assert (found.expected, found.gap) == (pytest.approx(0.47), pytest.approx(-2))
    assert found.points == pytest.approx(-20)
    assert found.standing is Standing.BEHIND
    assert (
        say_why(found.basis) == "直线：2023年12月末应较基年下降6%，实际下降4%（自基年 2020 的 0.5 到 2025 年的 0.45）"
    )
    grown = judged(goal("+%", 25, unit="%", base_year=2020), ("2020", 1.6), ("2023", 2.0), at="2023")
    assert (grown.standing, grown.gap) == (Standing.MET, pytest.approx(10))  # up 25 %, 15 % was due
    exactly = judged(goal("-%", 7, unit="%", base_year=2020), ("2020", 0.3), ("2023", 0.279), at="2023")
    assert exactly.standing is Standing.MET  # 0.3 × 0.93 is a little less than 0.279 in binary


def test_an_equality_is_reached_from_the_side_of_its_base() -> None:
    exact = goal("=", 200, unit="家")
    assert judged(exact, ("2021", 100), ("2024-06", 199.5, "stock")).standing is Standing.MET  # within 0.5 %
    over = judged(exact, ("2021", 100), ("2024-06", 210, "stock"))
    assert (over.standing, [say_reason(r) for r in over.remarks]) == (
        Standing.MET,
        ["超过目标值 10家", "须保持至 2025 年"],
    )
    assert judged(exact, ("2021", 300), ("2024-06", 210, "stock")).standing is Standing.AHEAD  # on its way down
    assert judged(exact, ("2021", 300), ("2024-06", 290, "stock")).standing is Standing.BEHIND
    unknown = judged(exact, ("2024-06", 150, "stock"))
    assert (unknown.standing, say_why(unknown.reason)) == (
        Standing.NOT_APPLIED,
        "指标为“=”而无基期值，不知应增还是应减",
    )


# --- what cannot be judged ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "values", "reason"),
    [
        (goal(), [("2021", 600), ("2024-06", 400)], "未填口径"),
        (goal(), [("2021", 600), ("2024-06", 70, "period")], "当期值不能与年度目标比较"),
        (goal(), [("2021", 600), ("2024Q2", 200, "period")], "当期值不能与年度目标比较"),
        (goal(unit="%", value=42), [("2021", 40), ("2024-06", 41, "cumulative")], "比率不随月份累加"),
        (goal(), [("2024-06", 800, "stock")], "2024-06 之前没有可比实绩作基期"),
        (goal(), [("2024-06", 400, "cumulative")], "没有 2024 年以前的全年实绩"),
        (goal(), [("2021-06", 300, "stock"), ("2024-06", 400, "cumulative")], "没有 2024 年以前的全年实绩"),
        (goal(year=None), [("2021", 600), ("2024-06", 800, "stock")], "未写目标年"),
        (goal("-%", 10, base_year=2020), [("2021", 0.5), ("2023", 0.4)], "缺 2020 年（基年）实绩"),
        (goal("-%", 10), [("2020", 0.5), ("2023", 0.4)], "未写基年"),
        (goal("+%", 10, base_year=2020), [("2020", 0), ("2023", 0.4)], "基期值不为正"),
    ],
)
def test_what_lacks_data_is_not_applied_with_a_reason(target: Target, values: list[Any], reason: str) -> None:
    found = judged(target, *values)
    assert found.standing is Standing.NOT_APPLIED
    assert reason in say_why(found.reason)
    assert (found.gap, found.points, found.expected) == (None, None, None)
    assert found.reading is not None


def test_nothing_reported_is_said_and_is_not_zero() -> None:
    none = judged(goal())
    assert (none.standing, none.reading, say_why(none.reason)) == (Standing.NO_OBSERVATION, None, "没有任何实绩")
    later = judged(goal(), ("2024-07", 900, "stock"))
    assert later.standing is Standing.NO_OBSERVATION
    assert judged(goal(), ("2021", 600), ("2022", 700)).standing is Standing.ON_TRACK  # 547 days to mid-2024
    assert judged(goal(), ("2021", 600), ("2022", 700), at="2024-07").standing is Standing.NO_OBSERVATION
    assert "最近一期实绩为 2022" in say_why(judged(goal(), ("2022", 700), at="2024Q3").reason)


def test_an_older_value_is_used_and_said_so() -> None:
    found = judged(goal(), ("2021", 600), ("2023", 800))
    assert found.expected == pytest.approx(800)  # of the end of 2023, not of June 2024
    assert (found.standing, [say_reason(r) for r in found.remarks]) == (Standing.ON_TRACK, ["本期未报，用 2023 的实绩"])


def test_values_that_differ_are_said() -> None:
    two = [
        Observation(id="obs:a", name="a", period="2024-06", value=800, measured="stock", as_of="2024-08"),
        Observation(id="obs:b", name="b", period="2024-06", value=790, measured="stock", as_of="2024-07"),
    ]
    found = assess_target(goal(), two, parse_period("2024-06"), THRESHOLDS)
    assert found.reading is not None
    assert (found.reading.value, [say_reason(r) for r in found.remarks]) == (
        800,
        ["2024-06 有不同的实绩值，用最新的一个"],
    )


# --- changes -----------------------------------------------------------------------------------------


def test_changes_on_the_month_and_on_the_year_before_by_hand() -> None:
    stock = judged(goal(), ("2023-06", 640, "stock"), ("2024-05", 780, "stock"), ("2024-06", 800, "stock"))
    assert stock.on_period is not None
    assert stock.on_year is not None
    assert (stock.on_period.against, stock.on_period.difference) == ("2024-05", 20)
    assert stock.on_period.percent == pytest.approx(100 * 20 / 780)
    assert (stock.on_year.against, stock.on_year.percent) == ("2023-06", pytest.approx(25))


def test_of_values_since_january_the_months_are_compared() -> None:
    """April 300, May 360, June 440 since January: May added 60, June 80, a third more."""
    values = [("2024-04", 300), ("2024-05", 360), ("2024-06", 440), ("2023-06", 400)]
    found = judged(goal(), *[(*v, "cumulative") for v in values])
    assert found.on_period is not None
    assert found.on_year is not None
    assert (found.on_period.difference, found.on_period.percent) == (20, pytest.approx(100 / 3))
    assert found.on_year.percent == pytest.approx(10)
    without = judged(goal(), ("2024-05", 360, "cumulative"), ("2024-06", 440, "cumulative"))
    assert without.on_period is None  # what May added is not on record


def test_shares_change_by_percent_points_and_years_have_no_month_before() -> None:
    share = judged(goal(unit="%", value=42), ("2024-05", 39, "stock"), ("2024-06", 40, "stock"))
    assert share.on_period is not None
    assert (share.on_period.difference, share.on_period.percent) == (1, None)
    rate = goal(unit="%", value=42)
    cumulative = judged(rate, *[(f"2024-0{n}", 38 + n, "cumulative") for n in (4, 5, 6)])
    assert cumulative.on_period is None  # shares since January have no months to compare
    year = judged(goal(), ("2022", 700), ("2023", 770), at="2023")
    assert year.on_period is None
    assert year.on_year is not None
    assert year.on_year.percent == pytest.approx(10)
    mixed = judged(goal(), ("2024-05", 780, "stock"), ("2024-06", 400, "cumulative"))
    assert mixed.on_period is None  # different spans


# --- whatever the figures -------------------------------------------------------------------------------

_values = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
_positive = st.floats(0.001, 1e6, allow_nan=False).map(lambda x: round(x, 3))
_measured = st.sampled_from([None, "stock", "cumulative", "period"])
_months = st.integers(0, 71).map(lambda n: f"{2020 + n // 12}-{n % 12 + 1:02d}")
_periods = st.one_of(_months, st.sampled_from(["2020", "2021", "2022", "2023", "2024", "2023Q4", "2024Q2"]))
_observed = st.lists(st.tuples(_periods, _values, _measured), max_size=8)
_GOOD = (Standing.BEHIND, Standing.ON_TRACK, Standing.AHEAD, Standing.MET)


@given(_observed, st.sampled_from([">=", "<=", "=", "+%", "-%"]), _values, st.randoms())
def test_the_order_of_the_values_makes_no_difference(
    values: list[Any], comparator: str, value: float, random: Any
) -> None:
    target = goal(comparator, value, base_year=2021)
    one = seen(*values)
    other = random.sample(one, len(one))
    period = parse_period("2024-06")
    assert assess_target(target, one, period, THRESHOLDS) == assess_target(target, other, period, THRESHOLDS)


@given(_positive, _positive, _positive, _positive, st.sampled_from(["stock", "cumulative"]), _months)
def test_more_is_never_worse(base: float, aim: float, less: float, more: float, measured: str, month: str) -> None:
    less, more = sorted((less, more))
    target = goal(">=", aim)
    found = [judged(target, ("2019", base), (month, v, measured), at=month).standing for v in (less, more)]
    assert _GOOD.index(found[0]) <= _GOOD.index(found[1])


@given(_values, _values, _values, _months)
def test_a_floor_and_a_ceiling_are_mirror_images(base: float, aim: float, value: float, month: str) -> None:
    floor = judged(goal(">=", aim), ("2019", base), (month, value, "stock"), at=month)
    ceiling = judged(goal("<=", -aim), ("2019", -base), (month, -value, "stock"), at=month)
    assert (floor.standing, floor.gap, floor.points) == (ceiling.standing, ceiling.gap, ceiling.points)


@given(_positive, _positive, _months)
def test_what_is_on_the_line_is_on_track(base: float, way: float, month: str) -> None:
    period = parse_period(month)
    if period.last >= 2025 * 12 + 12:
        return
    expected = base + way * (period.last - 2020 * 12) / 72
    found = judged(goal(">=", base + way), ("2019", base), (month, expected, "stock"), at=month)
    assert found.gap == pytest.approx(0, abs=1e-6 * (base + way))
    assert found.standing is Standing.ON_TRACK or way < 1e-6 * base


@given(_observed)
def test_what_is_reported_later_changes_nothing(values: list[Any]) -> None:
    period = parse_period("2022-06")
    past = [v for v in values if parse_period(v[0]).last <= period.last]
    one, other = (judged(goal(), *v, at="2022-06") for v in (past, values))
    assert (one.standing, one.gap, one.expected) == (other.standing, other.gap, other.expected)


def test_the_most_urgent_come_first() -> None:
    pairs = [
        (goal(id=f"target:{name}"), seen(("2021", 600), ("2024-06", value, "stock")) if value else [])
        for name, value in [("met", 1000), ("none", None), ("far", 700), ("near", 800), ("ahead", 950), ("on", 850)]
    ]
    for order in (pairs, pairs[::-1]):
        found = assess_targets(order, parse_period("2024-06"), THRESHOLDS)
        assert [p.target.id.partition(":")[2] for p in found] == ["far", "near", "none", "on", "ahead", "met"]


def test_numbers_are_read_easily() -> None:
    assert [number(v) for v in (1250.5, 0.125, -0.001, 500.0, 1e6, -3.1)] == [
        "1,250.5",
        "0.12",
        "0",
        "500",
        "1,000,000",
        "-3.1",
    ]

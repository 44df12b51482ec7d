"""Progress of targets: a reported value against the straight line from its base to the target year.

Pure functions over ``schema.Target`` and ``schema.Observation``. A value is *comparable* with the line where it speaks
of a state at the end of its period (``stock``) or of a whole year. A value since 1 January (``cumulative``) is held
against the part of the year's line that has gone by (序时进度: months / 12), never against the line itself, and only where
the unit adds up over months. A value of one month or quarter alone, or one that does not say what span it speaks of, is held
against nothing; its change on the period and on the year before is given all the same.

The line runs by months from the base to the December of the target year. Its base is the value of the base year, or else the
first comparable value; which of the two is said. In the target year and after it the target itself is expected, so no base
is needed. A change (``+%``, ``-%``) needs the value of its base year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from graph.analysis.reasons import Reason, reason
from graph.schema import Measured, Observation, Target
from graph.settings import ProgressThresholds

_PERIOD = re.compile(r"^(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?$")
#: Units that do not add up over months.
_RATIOS = ("%", "％", "‰", "百分点")
#: What a target reckoned from its base may miss in binary.
_PRECISION = 1e-9


class Standing(StrEnum):
    """How a target stands, the most urgent first."""

    BEHIND = "behind"
    NOT_APPLIED = "not_applied"
    NO_OBSERVATION = "no_observation"
    ON_TRACK = "on_track"
    AHEAD = "ahead"
    MET = "met"


@dataclass(frozen=True)
class Period:
    """A month, quarter or year; ``first`` and ``last`` count months (year × 12 + month)."""

    label: str
    first: int
    last: int

    @property
    def year(self) -> int:
        """The year it lies in."""
        return (self.last - 1) // 12

    @property
    def month(self) -> int:
        """Its last month, 1-12: as many months of the year have gone by."""
        return self.last - self.year * 12

    @property
    def end(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def is_year(self) -> bool:
        """Whether it is a whole year."""
        return self.last - self.first == 11

    @property
    def ends_year(self) -> bool:
        """Whether its last day is 31 December."""
        return self.month == 12

    def shifted(self, months: int) -> Period:
        """The period of the same length that many months later (a multiple of its length)."""
        return _period(self.first + months, self.last + months)

    @property
    def before(self) -> Period:
        """The period of the same length just before it."""
        return self.shifted(self.first - self.last - 1)

    @property
    def year_before(self) -> Period:
        """The same period of the year before."""
        return self.shifted(-12)


def parse_period(label: str) -> Period:
    """The period that ``2024-06``, ``2024Q2`` or ``2024`` means.

    Raises:
        ValueError: it is none of these.

    >>> parse_period("2024Q2").end
    datetime.date(2024, 6, 30)
    """
    parts = _PERIOD.match(label.strip().upper())
    if parts is None:
        raise ValueError(label)
    start = int(parts["year"]) * 12
    if parts["month"]:
        return _period(start + int(parts["month"]), start + int(parts["month"]))
    if parts["quarter"]:
        return _period(start + int(parts["quarter"]) * 3 - 2, start + int(parts["quarter"]) * 3)
    return _period(start + 1, start + 12)


def _period(first: int, last: int) -> Period:
    year, month = (last - 1) // 12, (last - 1) % 12 + 1
    ending = {0: f"-{month:02d}", 2: f"Q{month // 3}"}.get(last - first, "")
    return Period(f"{year:04d}{ending}", first, last)


@dataclass(frozen=True)
class Reading:
    """A reported value and its period."""

    period: Period
    value: float
    measured: str | None
    observation: Observation

    @property
    def comparable(self) -> bool:
        """Whether it can be held against a yearly line: a state at an end, or a whole year."""
        whole_year = self.period.is_year or (self.period.ends_year and self.measured == Measured.CUMULATIVE)
        return whole_year or self.measured == Measured.STOCK


@dataclass(frozen=True)
class Base:
    """Where the line starts: ``is_base_year`` or else the first comparable value."""

    period: Period
    value: float
    is_base_year: bool


@dataclass(frozen=True)
class Change:
    """Against the period ``against``: in the unit (percent points where the unit is a ratio), and in percent."""

    against: str
    difference: float
    percent: float | None


@dataclass(frozen=True)
class Progress:
    """One target in a period.

    ``expected`` is what the line asks for, in the unit of the observation. ``gap`` (same unit; for ``+%`` and ``-%`` percent
    points of change) and ``points`` (percent points of the way to the target) are positive where the target is ahead.
    ``goal`` is the target as a level. ``basis`` says how it was judged, ``reason`` why not.
    """

    target: Target
    standing: Standing
    reading: Reading | None = None
    goal: float | None = None
    expected: float | None = None
    gap: float | None = None
    points: float | None = None
    base: Base | None = None
    basis: Reason | None = None
    reason: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    on_period: Change | None = None
    on_year: Change | None = None


def assess_targets(
    pairs: Iterable[tuple[Target, Sequence[Observation]]], period: Period, thresholds: ProgressThresholds
) -> tuple[Progress, ...]:
    """All targets, the most urgent first: behind (farthest behind first), not applied, without observation, the rest."""
    assessed = [assess_target(target, observations, period, thresholds) for target, observations in pairs]
    order = list(Standing)
    return tuple(sorted(assessed, key=lambda p: (order.index(p.standing), _points(p), p.target.id)))


def _points(progress: Progress) -> float:
    return float("-inf") if progress.points is None else progress.points


def assess_target(
    target: Target, observations: Sequence[Observation], period: Period, thresholds: ProgressThresholds
) -> Progress:
    """How a target stands at the end of a period, by what was reported for that period or before.

    Parameters
    ----------
    observations: reported values of this target, in any order; later ones than the period are left out.
    """
    readings, remarks = _readings(observations, period)
    reading = _latest(readings)
    if reading is None:
        return Progress(target, Standing.NO_OBSERVATION, reason=reason("no_value"))
    age = (period.end - reading.period.end).days
    if age > thresholds.valid_days:
        old = reason("value_too_old", period=reading.period.label, days=age, valid=thresholds.valid_days)
        return Progress(target, Standing.NO_OBSERVATION, reading=reading, reason=old)
    if reading.period.last != period.last:
        remarks.append(reason("value_of_earlier_period", period=reading.period.label))
    judged = _judge(target, reading, readings, thresholds)
    return replace(
        judged,
        remarks=(*remarks, *judged.remarks),
        on_period=_change(target, reading, reading.period.before, readings),
        on_year=_change(target, reading, reading.period.year_before, readings, whole=True),
    )


Readings = Mapping[tuple[str, str | None], Reading]


def _readings(observations: Sequence[Observation], until: Period) -> tuple[Readings, list[Reason]]:
    """The values by period and span; of several for one, the newest counts, and where they differ it is said."""
    readings: dict[tuple[str, str | None], Reading] = {}
    differing: set[str] = set()
    for observation in sorted(observations, key=lambda o: (o.as_of or "", o.id)):
        period = parse_period(observation.period)
        if period.last > until.last:
            continue
        key = (period.label, observation.measured)
        if key in readings and readings[key].value != observation.value:
            differing.add(period.label)
        readings[key] = Reading(period, observation.value, observation.measured, observation)
    return readings, [reason("values_differ", period=label) for label in sorted(differing)]


_SPAN_ORDER: tuple[str | None, ...] = (Measured.STOCK, Measured.CUMULATIVE, None, Measured.PERIOD)


def _latest(readings: Readings) -> Reading | None:
    """The newest value; of several that end together the one that can be compared."""
    return max(
        readings.values(),
        key=lambda r: (r.period.last, r.comparable, -_SPAN_ORDER.index(r.measured), r.period.label),
        default=None,
    )


# --- the line -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Aim:
    """A target as a level: what is to be reached, from where, in which direction (+1 up, -1 down), until which month."""

    goal: float
    direction: int
    base: Base | None
    due: int | None

    def due_at(self, month: int) -> bool:
        """Whether the target year's end has come by that month."""
        return self.due is not None and month >= self.due

    def expected(self, month: int) -> float | None:
        """The line at the end of a month; None without a base or a target year."""
        if self.due is None:
            return None
        if month >= self.due:
            return self.goal
        if self.base is None or month < self.base.period.last:
            return None
        if not self.has_way:
            return self.goal
        gone = (month - self.base.period.last) / (self.due - self.base.period.last)
        return self.base.value + (self.goal - self.base.value) * gone

    @property
    def has_way(self) -> bool:
        """Whether the base is on the far side of the goal."""
        return self.base is not None and self.direction * (self.goal - self.base.value) > 0

    def points(self, value: float, expected: float) -> float | None:
        """Percent points of the way from base to goal; of the goal where there is no base."""
        way = self.goal - self.base.value if self.base is not None and self.has_way else self.direction * abs(self.goal)
        return 100 * (value - expected) / way if way else None


def _judge(target: Target, reading: Reading, readings: Readings, t: ProgressThresholds) -> Progress:
    blank = Progress(target, Standing.NOT_APPLIED, reading=reading)
    unclear = _unclear(target, reading)
    if unclear:
        return replace(blank, reason=unclear)
    base = _base(target, reading, readings)
    if target.comparator in ("+%", "-%") and (base is None or base.value <= 0 or not base.is_base_year):
        return replace(blank, base=base, reason=_no_change_base(target, base))
    aim = _aim(target, base, reading)
    if aim is None:
        return replace(blank, goal=target.value, reason=reason("direction_unknown"))
    judged = replace(blank, base=base, goal=aim.goal)
    return _against_line(judged, aim, reading, t) if reading.comparable else _against_year(judged, aim, reading, t)


def _unclear(target: Target, reading: Reading) -> Reason | None:
    """Why the value can be held against no line whatever the line is; None if it can."""
    if reading.comparable:
        return None
    if reading.measured is None:
        return reason("span_not_given")
    if reading.measured == Measured.PERIOD:
        return reason("value_of_period_alone")
    return reason("ratio_does_not_add_up") if is_ratio(target) else None


def is_ratio(target: Target) -> bool:
    """Whether the unit is a share or rate, which does not add up over months."""
    return target.comparator in ("+%", "-%") or (target.unit or "").strip() in _RATIOS


def _base(target: Target, reading: Reading, readings: Readings) -> Base | None:
    """The value of the base year, or else the first comparable one before the reading (whole years for a cumulative one)."""
    until = sorted(
        (r for r in readings.values() if r.comparable and r.period.last <= reading.period.last),
        key=lambda r: (r.period.last, _SPAN_ORDER.index(r.measured), r.period.label),
    )
    if not reading.comparable:
        until = [r for r in until if r.period.ends_year]
    if target.base_year is not None:
        at = [r for r in until if r.period.last == target.base_year * 12 + 12]
        if at:
            return Base(at[0].period, at[0].value, is_base_year=True)
    earlier = [r for r in until if r.period.last < reading.period.last]
    return Base(earlier[0].period, earlier[0].value, is_base_year=False) if earlier else None


def _no_change_base(target: Target, base: Base | None) -> Reason:
    if target.base_year is None:
        return reason("no_base_year")
    if base is not None and base.is_base_year:
        return reason("base_not_positive", year=target.base_year)
    return reason("no_value_of_base_year", year=target.base_year)


def _aim(target: Target, base: Base | None, reading: Reading) -> _Aim | None:
    """The target as a level; None where '=' has no direction."""
    due = target.year * 12 + 12 if target.year is not None else None
    if target.comparator in ("+%", "-%"):
        assert base is not None
        direction = 1 if target.comparator == "+%" else -1
        return _Aim(base.value * (1 + direction * target.value / 100), direction, base, due)
    if target.comparator != "=":
        return _Aim(target.value, 1 if target.comparator == ">=" else -1, base, due)
    if not reading.comparable:  # what adds up over a year grows
        return _Aim(target.value, 1, base, due)
    if base is None:
        return _Aim(target.value, 1, None, due) if reading.value == target.value else None
    return _Aim(target.value, 1 if target.value >= base.value else -1, base, due)


def _against_line(judged: Progress, aim: _Aim, reading: Reading, t: ProgressThresholds) -> Progress:
    """A comparable value against the line."""
    target, month = judged.target, reading.period.last
    beyond = aim.direction * (reading.value - aim.goal)
    equal = target.comparator == "=" and abs(beyond) <= t.equal_share * abs(aim.goal)
    expected = aim.expected(month)
    if beyond >= -_PRECISION * abs(aim.goal) or equal:
        judged = replace(judged, remarks=_met_remarks(judged, aim, beyond, equal=equal))
        expected = aim.goal if expected is None else expected
        return _measured(judged, aim, reading, expected, Standing.MET, _compared(judged, aim, reading, expected))
    if expected is None:
        return replace(judged, reason=_no_line(target, reading))
    points = aim.points(reading.value, expected)
    late = aim.due_at(month) or not aim.has_way
    standing = Standing.BEHIND if late or points is None else _by_points(points, t)
    return _measured(judged, aim, reading, expected, standing, _compared(judged, aim, reading, expected))


def _against_year(judged: Progress, aim: _Aim, reading: Reading, t: ProgressThresholds) -> Progress:
    """A value since 1 January against the part of the year's line that has gone by."""
    target, period = judged.target, reading.period
    if aim.direction > 0 and reading.value >= aim.goal:
        basis = reason("year_reached", goal=aim.goal, unit=target.unit or "")
        return replace(judged, standing=Standing.MET, expected=aim.goal, gap=reading.value - aim.goal, basis=basis)
    year = aim.expected(period.year * 12 + 12)
    if year is None:
        return replace(judged, reason=_no_line(target, reading))
    if year <= 0:
        return replace(judged, reason=reason("year_not_positive"))
    expected = year * period.month / 12
    points = aim.direction * 100 * (reading.value - expected) / year
    basis = reason(
        "by_time_gone",
        year=period.year,
        month=period.month,
        due=year,
        expected=expected,
        unit=target.unit or "",
        origin=_origin(judged, aim, period.year),
    )
    gap = aim.direction * (reading.value - expected)
    return replace(judged, standing=_by_points(points, t), expected=expected, gap=gap, points=points, basis=basis)


def _by_points(points: float, t: ProgressThresholds) -> Standing:
    if points < -t.on_track_points:
        return Standing.BEHIND
    return Standing.AHEAD if points > t.on_track_points else Standing.ON_TRACK


def _measured(
    judged: Progress, aim: _Aim, reading: Reading, expected: float, standing: Standing, basis: Reason
) -> Progress:
    """With gap and points filled in; a change is measured in percent points of its base."""
    gap = aim.direction * (reading.value - expected)
    if judged.target.comparator in ("+%", "-%"):
        assert judged.base is not None
        gap = 100 * gap / judged.base.value
    points = aim.points(reading.value, expected)
    return replace(judged, standing=standing, expected=expected, gap=gap, points=points, basis=basis)


def _met_remarks(judged: Progress, aim: _Aim, beyond: float, *, equal: bool) -> tuple[Reason, ...]:
    target, reading = judged.target, judged.reading
    assert reading is not None
    remarks = []
    if target.comparator == "=" and not equal:
        remarks.append(reason("beyond_target", beyond=beyond, unit=target.unit or ""))
    if aim.due is not None and not aim.due_at(reading.period.last):
        remarks.append(reason("to_be_kept", year=target.year))
    return tuple(remarks)


def _no_line(target: Target, reading: Reading) -> Reason:
    if target.year is None:
        return reason("no_target_year")
    if reading.comparable:
        return reason("no_value_before", period=reading.period.label)
    return reason("no_whole_year_before", year=reading.period.year)


def _compared(judged: Progress, aim: _Aim, reading: Reading, expected: float) -> Reason:
    """What a comparable value was held against."""
    target, period = judged.target, reading.period
    by_target = aim.due is None or aim.due_at(period.last) or aim.expected(period.last) is None
    origin = _origin(judged, aim, None if by_target else period.year)
    if target.comparator in ("+%", "-%"):
        assert judged.base is not None
        due, actual = (100 * (value / judged.base.value - 1) for value in (expected, reading.value))
        code = "change_due" if by_target else "change_due_on_line"
        return reason(code, year=period.year, month=period.month, due=due, actual=actual, origin=origin)
    unit = target.unit or ""
    if by_target:
        return reason("against_target", goal=aim.goal, unit=unit, origin=origin)
    return reason("on_line", year=period.year, month=period.month, expected=expected, unit=unit, origin=origin)


def _origin(judged: Progress, aim: _Aim, year: int | None) -> Reason | str:
    """Where the line comes from; nothing where the target itself is what is expected."""
    base, due = aim.base, judged.target.year
    change = judged.target.comparator in ("+%", "-%")
    if base is None or (year is not None and due is not None and year >= due) or (year is None and not change):
        return ""
    return reason(
        "from_base_year" if base.is_base_year else "from_first_value",
        period=base.period.label,
        value=base.value,
        unit="" if change else judged.target.unit or "",
        due=due or "",
        goal=aim.goal,
    )


def number(value: float) -> str:
    """A number as a reader expects it: grouped, two decimals at most, none where they are zero.

    >>> number(1250.5), number(-0.001), number(500.0)
    ('1,250.5', '0', '500')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# --- changes on the period and on the year before ---------------------------------------------------


def _change(
    target: Target, reading: Reading, other: Period, readings: Readings, *, whole: bool = False
) -> Change | None:
    """Against another period of the same length and span; None where it is not on record.

    A value since January is compared with that of the year before as it is (``whole``), but on the period before only by
    what each period added.
    """
    if not whole and other == reading.period.year_before:
        return None  # a year has no period before but the year before
    share = is_ratio(target) and target.comparator not in ("+%", "-%")
    added = not whole and reading.measured == Measured.CUMULATIVE
    if added and share:
        return None
    now = _added(readings, reading.period) if added else reading.value
    earlier = readings.get((other.label, reading.measured))
    before = _added(readings, other) if added else (earlier.value if earlier else None)
    if now is None or before is None:
        return None
    percent = None if share or before <= 0 else 100 * (now - before) / before
    return Change(other.label, now - before, percent)


def _added(readings: Readings, period: Period) -> float | None:
    """What a period added to the value since January."""
    here = readings.get((period.label, Measured.CUMULATIVE))
    if here is None or period.before.year != period.year:
        return here.value if here else None
    before = readings.get((period.before.label, Measured.CUMULATIVE))
    return here.value - before.value if before else None

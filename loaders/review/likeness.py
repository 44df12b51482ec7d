"""When two goals, or two measures, are the same or contradict each other, however they are worded."""

from __future__ import annotations

import re
import unicodedata

from graph.schema import Measure, Target
from loaders.lexicon import fold

#: What stands before and behind what a goal is measured on, in any subject.
_GENERAL = re.compile("[全本我][国省市区县]|产业|行业|企业|工业|领域|新型|重点|规模以上|规上")
#: Two wordings of one indicator are at least so alike, of 100.
_ALIKE = 55.0
_TIMES = {"万亿": 1e12, "亿": 1e8, "万": 1e4}
_MONEY = ("cap", "amount", "total", "annual_cap")


def same_target(ours: Target, theirs: Target) -> float:
    """How alike two goals are that state the same figure; 0 if they do not."""
    return _alike(ours, theirs) if _figure(ours) == _figure(theirs) and _year(ours, theirs) else 0


def other_value(ours: Target, theirs: Target) -> float:
    """How alike two goals are that contradict: the same thing in the same year, another figure."""
    score = _alike(ours, theirs)
    comparable = _measure_of(ours)[0] == _measure_of(theirs)[0] and ours.year == theirs.year
    return score if comparable and score >= 80 else 0


def _alike(ours: Target, theirs: Target) -> float:
    """How alike two goals are in words; 0 if they speak of different things."""
    from rapidfuzz import fuzz

    subjects = [set(_GENERAL.sub("", t.subject)) for t in (ours, theirs) if t.subject]
    if len(subjects) == 2 and all(subjects) and not subjects[0] & subjects[1]:
        return 0
    pairs = [(a, b) for a in _wordings(ours) for b in _wordings(theirs)]
    if len(subjects) < 2:  # where one does not say of what, the indicator counts alone
        pairs.append((fold(ours.indicator), fold(theirs.indicator)))
    score = max(fuzz.partial_ratio(a, b) for a, b in pairs)
    return score if score >= _ALIKE else 0


def _wordings(target: Target) -> list[str]:
    words = (f"{target.subject or ''}{target.indicator}", target.name)
    return [re.sub(r"[\W_]+", "", fold(w)) or fold(w) for w in words]


def _year(ours: Target, theirs: Target) -> bool:
    return ours.year is None or theirs.year is None or ours.year == theirs.year


def _figure(target: Target) -> tuple[str, str, float]:
    """What a goal comes to: 0.3万亿元 and 3000亿元 are the same, 达到 and 不低于 too."""
    unit, times = _measure_of(target)
    comparator = ">=" if target.comparator == "=" else target.comparator
    return comparator, unit, round(target.value * times, 6)


def _measure_of(target: Target) -> tuple[str, float]:
    unit = unicodedata.normalize("NFKC", target.unit or "")
    prefix = next((p for p in _TIMES if unit.startswith(p)), "")
    return unit.removeprefix(prefix), _TIMES.get(prefix, 1.0)


def same_measure(ours: Measure, theirs: Measure) -> float:
    """How alike two measures are that pay the same; 0 if they do not."""
    if not _rates_agree(ours, theirs):
        return 0
    mine, other = _sums(ours), _sums(theirs)
    if not mine and not other and ours.rate_max is None:
        return 1.0 if ours.instrument == theirs.instrument else 0
    return 2.0 + (mine == other) if mine <= other or (other and other <= mine) else 0


def other_sum(ours: Measure, theirs: Measure) -> float:
    """How alike two measures are of which one pays more than the other."""
    rate = ours.rate_max is not None and _rates_agree(ours, theirs)
    money = bool(_sums(ours) & _sums(theirs))
    alike = ours.instrument == theirs.instrument
    return 2.0 * (rate or money) + alike if rate or money or alike else 0


def _rates_agree(ours: Measure, theirs: Measure) -> bool:
    ends = [{round(r, 6) for r in (m.rate_min, m.rate_max) if r is not None} for m in (ours, theirs)]
    return ends[0] == ends[1]


def _sums(measure: Measure) -> set[float]:
    return {round(v, 4) for name in _MONEY if (v := getattr(measure, name)) is not None}


def goal_words(target: Target) -> str:
    """A goal in a line: 光伏产业总产值 ≥ 1000亿元（2025）."""
    signs = {">=": "≥", "<=": "≤", "=": "＝", "+%": "+", "-%": "−"}
    year = f"（{target.year}）" if target.year else ""
    return f"{target.name} {signs[target.comparator]} {target.value:g}{target.unit or ''}{year}"


def sum_words(measure: Measure) -> str:
    """A measure in a line: its name, rate and sums."""
    rates = "–".join(f"{r * 100:g}" for r in dict.fromkeys((measure.rate_min, measure.rate_max)) if r is not None)
    money = [f"{v:g} 万元" for name in _MONEY if (v := getattr(measure, name)) is not None]
    return " · ".join([measure.name, *([f"{rates}%"] if rates else []), *money])

"""Wording of the way out of a gap: clauses and duties, targets, measures, firms elsewhere, parks.

What is worded is gathered and reckoned by ``services.ways_out``; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graph.analysis.candidates import Criterion, FirmCandidate, ParkCandidate
from graph.analysis.reasons import Reason
from graph.analysis.support import Decision, SupportMeasure
from graph.database.rows import ChainTarget
from graph.language import say
from graph.money import number_text, wan_text
from graph.schema import INSTRUMENT_NAMES, Stance
from reports.words import VERDICT_NAMES, bracketed, confidence_name, say_reason, value_name
from services.ways_out import Candidates, Duty, SegmentRemedies

_COMPARATORS = {">=": "≥", "<=": "≤", "=": "=", "+%": "+", "-%": "−"}


def wants(duty: Duty) -> list[str]:
    """What the clause wants of the link: 招引（招引重点企业）, 补链."""
    return [value_name(Stance, stance) + (bracketed(role) if role else "") for stance, role in duty.wants]


def target_text(target: ChainTarget) -> str:
    """A target in one line: 锂电产业总产值 ≥ 1000 亿元（2025 年）."""
    change = target.comparator in ("+%", "-%")
    value = (
        f"{_COMPARATORS[target.comparator]}{'' if change else ' '}{number_text(target.value)}{'%' if change else ''}"
    )
    unit = "" if change or not target.unit else f" {target.unit}"
    year = (
        say(f"（{target.year} 年）", f" ({target.year})") if target.year else say("（未注明年份）", " (no year given)")
    )
    base = say(f"，较 {target.base_year} 年", f" from {target.base_year}") if target.base_year else ""
    return f"{target.name} {value}{unit}{base}{year}"


def measure_headings() -> list[str]:
    """Column headings of the measures of a link."""
    return [
        say("措施", "measure"),
        say("针对", "for"),
        say("是否适用", "applies"),
        say("最多", "at most"),
        say("工具", "instrument"),
        say("比例", "rate"),
        say("上限或定额", "cap or fixed sum"),
        say("条件", "condition"),
        say("对象", "beneficiary"),
        say("条款", "clause"),
    ]


def measure_rows(way: SegmentRemedies) -> list[list[str]]:
    """One row a measure: what applies first."""
    return [_measure_row(d, _SCOPES[way.scopes[d.measure.id]]) for d in way.support.decisions]


#: What a measure is for, seen from a link.
_SCOPES = {"segment": ("本环节", "this segment"), "chain": ("本链", "this chain"), "any": ("通用", "any chain")}


def _measure_row(decision: Decision, scope: tuple[str, str]) -> list[str]:
    m = decision.measure
    return [
        m.name,
        say(*scope),
        verdict_text(decision),
        say_reason(decision.maximum.basis),
        instrument_name(m.instrument),
        rate_text(m),
        sums_text(m),
        m.condition or "",
        m.beneficiary or "",
        m.cited,
    ]


def verdict_text(decision: Decision) -> str:
    """Whether it applies, and why: 待核实：固定资产投资 ≥ 30 亿元 ..."""
    return f"{say(*VERDICT_NAMES[decision.verdict])}{say('：', ': ')}{say_reason(decision.reason)}"


def instrument_name(instrument: str) -> str:
    """The kind of support in the reader's language."""
    return say(INSTRUMENT_NAMES.get(instrument, instrument), instrument)


def rate_text(measure: SupportMeasure) -> str:
    """35%–50%，按固定资产投资补贴总额; empty where the document gives no rate."""
    rates = dict.fromkeys((measure.rate_min, measure.rate_max))
    ends = [f"{number_text(rate * 100)}%" for rate in rates if rate is not None]
    base = say(f"，按{measure.rate_base}", f" of {measure.rate_base}") if ends and measure.rate_base else ""
    return "–".join(ends) + base


def sums_text(measure: SupportMeasure) -> str:
    """Caps and sums with their units; empty where the document gives none."""
    kinds = (
        (measure.cap, say("单项上限", "at most")),
        (measure.amount, say("定额", "fixed")),
        (measure.annual_cap, say("年度上限", "at most a year")),
        (measure.total, say("总规模", "in all")),
    )
    return "；".join(f"{word} {wan_text(amount)}" for amount, word in kinds if amount is not None)


def candidate_headings() -> list[str]:
    """Column headings of the firms elsewhere."""
    return [
        say("企业", "firm"),
        say("得分", "score"),
        say("所在地", "home"),
        say("理由（得分/满分）", "reasons (points/most)"),
        say("提示", "note"),
        say("未应用", "not applied"),
        say("证据截至", "as of"),
        say("可信度", "confidence"),
    ]


def candidate_rows(candidates: Sequence[FirmCandidate]) -> list[list[Any]]:
    """One row a firm, best first; the score is a number 0-1, the confidence that of its least sure site.

    Reasons that are the same for all are in ``shared_reasons``.
    """
    shared = _shared(candidates)
    alike = _alike(candidates)
    return [
        [
            say(c.name, c.name_en),
            round(c.score, 2),
            "、".join(c.home) or say("未知", "unknown"),
            _reasons_text(r for r in c.reasons if r not in shared),
            say_reason(c.nearby_note) if c.nearby_note else "",
            "；".join(say_reason(t) for t in c.not_applied if t not in alike),
            c.as_of or say("未注明", "not stated"),
            confidence_name(c.confidence),
        ]
        for c in candidates
    ]


def shared_reasons(candidates: Sequence[FirmCandidate]) -> str:
    """What holds for all of several candidates, and what could be applied to none; empty for a single one."""
    shared, alike = _shared(candidates), _alike(candidates)
    parts = [say("各家相同：", "the same for all: ") + _reasons_text(shared)] if shared else []
    parts += [say("未应用：", "not applied: ") + "；".join(map(say_reason, alike))] if alike else []
    return "。".join(parts)


def _shared(candidates: Sequence[FirmCandidate]) -> list[Criterion]:
    return [r for r in candidates[0].reasons if all(r in c.reasons for c in candidates)] if len(candidates) > 1 else []


def _alike(candidates: Sequence[FirmCandidate]) -> list[Reason]:
    if len(candidates) < 2:
        return []
    return [t for t in candidates[0].not_applied if all(t in c.not_applied for c in candidates)]


def candidates_caption(candidates: Candidates) -> str:
    """How many are on record and listed, and how the list is to be read."""
    return say(
        f"登记 {candidates.total} 家，参加排序 {candidates.ranked} 家，列出 {len(candidates.firms)} 家。得分是已应用各项的得分率，分差小于 0.05 的先后没有意义。"
        "登记并非全国名录，未联系、未评估意愿。",
        f"{candidates.total} on record, {candidates.ranked} ranked, {len(candidates.firms)} listed. The score is the share of the points of the "
        "tests applied; a difference below 0.05 means nothing. The register is not a complete national list; nobody was asked.",
    )


def reasons_text(candidate: FirmCandidate | ParkCandidate) -> str:
    """The reasons with their points, those that count first: 本地下游客户 3 家：…（0.25/0.25）；…"""
    return _reasons_text(candidate.reasons)


def _reasons_text(reasons: Iterable[Criterion]) -> str:
    ordered = sorted(reasons, key=lambda r: -r.points)
    return say("；", "; ").join(
        say_reason(r.text) + bracketed(f"{_points(r.points)}/{_points(r.most)}") for r in ordered
    )


def _points(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def park_text(park: ParkCandidate) -> str:
    """A park in one line: name, score, where it is, reasons, clauses."""
    parts = [f"{park.score:.2f}", "、".join(park.places), reasons_text(park), "；".join(park.clauses)]
    return f"{say(park.name, park.name_en)} · " + " · ".join(p for p in parts if p)

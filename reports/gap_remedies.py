"""The way out of a gap: clauses and who answers for them, targets, measures, firms elsewhere, carrier parks.

Everything is what is on record; no amount is computed here. A list that is empty means "not on record".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.analysis.gaps import ChainGaps, SegmentGap
from graph.analysis.makers import oldest_evidence
from graph.language import language, say
from graph.schema import VALUE_NAMES, CarrierRole, Confidence, Stance
from reports.gap_table import value_name

Row = dict[str, Any]
#: Rows of a named query: ``Store.run_named``, or a cached form of it.
Named = Callable[..., list[Row]]

_INSTRUMENTS = {
    "subsidy": "补助", "reward": "奖励", "fund": "基金", "loan": "信贷", "tax": "税收", "land": "用地", "talent": "人才",
    "service": "服务", "priority": "优先支持", "other": "其他",
}  # fmt: skip
_COMPARATORS = {">=": "≥", "<=": "≤", "=": "=", "+%": "+", "-%": "−"}
_SURENESS = ("low", "medium", "high")


@dataclass(frozen=True)
class Duty:
    """A task that a clause sets, and who answers for it; ``wants`` is what the clause wants of the link."""

    clause: str
    path: str
    heading: str
    summary: str
    document: str
    wants: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True)
class ChainRemedies:
    """What is on record for the gaps of one chain in one region, as the named queries give it."""

    chain: str
    clauses: tuple[Row, ...]
    measures: tuple[Row, ...]
    targets: tuple[Row, ...]
    candidates: Mapping[str, Row]
    parks: tuple[Row, ...]


@dataclass(frozen=True)
class SegmentRemedies:
    """The same, for one link. ``chain_duties`` are clauses about the chain as a whole.

    ``candidates_total`` may be larger than the number of ``candidates``, which is limited.
    """

    duties: tuple[Duty, ...]
    chain_duties: tuple[Duty, ...]
    targets: tuple[Row, ...]
    measures: tuple[Row, ...]
    candidates: tuple[Row, ...]
    candidates_total: int
    parks: tuple[Row, ...]


def gather(named: Named, gaps: ChainGaps) -> ChainRemedies:
    """Everything on record for the gaps of a chain in a region: five queries, whatever the number of gaps."""
    about = {"chain": gaps.chain, "region": gaps.region}
    oldest = oldest_evidence(gaps.as_of, gaps.thresholds)
    return ChainRemedies(
        gaps.chain,
        tuple(named("chain_clauses", **about)),
        tuple(named("chain_measures", **about)),
        tuple(named("chain_targets", **about)),
        {row["segment"]: row for row in named("segment_candidates", **about, oldest=oldest)},
        tuple(named("region_parks", **about)),
    )


def of_segment(remedies: ChainRemedies, gap: SegmentGap) -> SegmentRemedies:
    """What of it is for one link: its own first, then what is for the whole chain, then what is for any."""
    here = {gap.id, remedies.chain}
    about = {stance.clause for stance in gap.stances}
    found = remedies.candidates.get(gap.id, {"firms": [], "total": 0})
    measures = [m for m in remedies.measures if gap.id in m["parts"] or m["whole_chain"] or not m["parts"]]
    return SegmentRemedies(
        duties=tuple(_duty(c, gap) for c in remedies.clauses if c["clause"] in about),
        chain_duties=tuple(
            _duty(c, gap) for c in remedies.clauses if c["clause"] not in about and remedies.chain in c["goals"]
        ),
        targets=tuple(sorted((t for t in remedies.targets if t["goal"] in here), key=lambda t: t["goal"] != gap.id)),
        measures=tuple(sorted(measures, key=lambda m: (gap.id not in m["parts"], not m["whole_chain"]))),
        candidates=tuple(found["firms"]),
        candidates_total=found["total"],
        parks=tuple(sorted((p for p in remedies.parks if p["goal"] in here), key=lambda p: p["goal"] != gap.id)),
    )


def _duty(row: Row, gap: SegmentGap) -> Duty:
    wants = dict.fromkeys(_want(s.stance, s.role) for s in gap.stances if s.clause == row["clause"])
    return Duty(
        row["clause"],
        row["path"] or row["clause"],
        row["heading"] or row["task_name"],
        row["summary"] or "",
        row["document_name"],
        "；".join(wants),
        tuple(sorted(row["lead"])),
        tuple(sorted(row["support"])),
    )


def _want(stance: str, role: str | None) -> str:
    return value_name(Stance, stance) + (say(f"（{role}）", f" ({role})") if role else "")


# -- wording ---------------------------------------------------------------------------------------


def target_text(row: Row) -> str:
    """A target in one line: 锂电产业总产值 ≥ 1000 亿元（2025 年）."""
    change = row["comparator"] in ("+%", "-%")
    value = f"{_COMPARATORS[row['comparator']]}{'' if change else ' '}{_amount(row['value'])}{'%' if change else ''}"
    unit = "" if change or not row["unit"] else f" {row['unit']}"
    year = (
        say(f"（{row['year']} 年）", f" ({row['year']})") if row["year"] else say("（未注明年份）", " (no year given)")
    )
    base = say(f"，较 {row['base_year']} 年", f" from {row['base_year']}") if row["base_year"] else ""
    return f"{row['name']} {value}{unit}{base}{year}"


def measure_headings() -> list[str]:
    """Column headings of the measures of a link."""
    return [
        say("措施", "measure"), say("针对", "for"), say("工具", "instrument"), say("比例", "rate"),
        say("上限或定额", "cap or fixed sum"), say("条件", "condition"), say("对象", "beneficiary"), say("条款", "clause"),
    ]  # fmt: skip


def measure_rows(measures: Sequence[Row], gap: SegmentGap) -> list[list[str]]:
    """One row a measure."""
    return [
        [
            m["name"], _scope(m, gap), instrument_name(m["instrument"]), rate_text(m), money_text(m),
            m["condition"] or "", m["beneficiary"] or "", m["path"] or m["clause"],
        ]
        for m in measures
    ]  # fmt: skip


def _scope(measure: Row, gap: SegmentGap) -> str:
    if gap.id in measure["parts"]:
        return say("本环节", "this segment")
    return say("本链", "this chain") if measure["whole_chain"] else say("通用", "any chain")


def instrument_name(instrument: str) -> str:
    """The kind of support in the reader's language."""
    return _INSTRUMENTS.get(instrument, instrument) if language() == "zh" else instrument


def rate_text(measure: Row) -> str:
    """35%–50%，按固定资产投资补贴总额; empty where the document gives no rate."""
    low, high = measure["rate_min"], measure["rate_max"]
    ends = [f"{_amount(rate * 100)}%" for rate in dict.fromkeys((low, high)) if rate is not None]
    base = say(f"，按{measure['rate_base']}", f" of {measure['rate_base']}") if ends and measure["rate_base"] else ""
    return "–".join(ends) + base


def money_text(measure: Row) -> str:
    """Caps and sums with their units; empty where the document gives none."""
    kinds = {
        "cap": say("单项上限", "at most"),
        "amount": say("定额", "fixed"),
        "annual_cap": say("年度上限", "at most a year"),
        "total": say("总规模", "in all"),
    }
    unit = say("万元", "×10⁴ yuan")
    return "；".join(
        f"{word} {_amount(measure[kind])} {unit}" for kind, word in kinds.items() if measure[kind] is not None
    )


def candidate_headings() -> list[str]:
    """Column headings of the firms elsewhere."""
    return [
        say("企业", "firm"), say("所在地", "home"), say("本地已有业务", "already here"), say("称号", "honours"),
        say("证券代码", "stock code"), say("证据截至", "as of"), say("可信度", "confidence"),
    ]  # fmt: skip


def candidate_rows(candidates: Sequence[Row]) -> list[list[str]]:
    """One row a firm; the confidence is that of its least sure fact."""
    return [
        [
            c["name"], "、".join(sorted(c["home"])) or say("未知", "unknown"), say("是", "yes") if c["here"] else "",
            "、".join(c["honours"] or []), c["stock_code"] or "", c["as_of"] or say("未注明", "not stated"),
            _least_sure(c["confidences"]),
        ]
        for c in candidates
    ]  # fmt: skip


def _least_sure(confidences: Sequence[str]) -> str:
    known = sorted(confidences, key=_SURENESS.index)
    if not known:
        return say("未注明", "not stated")
    return VALUE_NAMES[Confidence][known[0]] if language() == "zh" else known[0]


def park_text(row: Row, gap: SegmentGap) -> str:
    """A park in one line: name, role, what it carries, where it is, clause."""
    what = say("本环节", "this segment") if row["goal"] == gap.id else say("本链", "this chain")
    parts = [
        say(f"{value_name(CarrierRole, row['role'])}（{what}）", f"{value_name(CarrierRole, row['role'])} ({what})")
    ]
    parts += ["、".join(sorted(row["places"]))] if row["places"] else []
    parts += ["；".join(sorted(row["paths"]))] if row["paths"] else []
    return f"{row['name']} · " + " · ".join(parts)


def _amount(value: float) -> str:
    return f"{value:,.10g}"

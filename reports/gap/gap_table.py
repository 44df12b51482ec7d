"""The gap assessment as plain data, Markdown and Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from graph.analysis.assessment import ChainGaps, SegmentGap
from graph.analysis.ranking import Ranking
from graph.analysis.status import GAP_STATUSES, Status
from graph.language import say
from graph.schema import Position, Stage, Stance
from reports.formats.output import csv_text, file_stem, named_chains
from reports.words import say_reason, status_name, value_name

#: The criteria of the ranking in words.
CRITERIA_NAMES: dict[str, tuple[str, str]] = {
    "pull": ("需求拉动", "pull"),
    "risk": ("断供损失", "risk"),
    "ease": ("关联密度", "ease"),
    "stance": ("政策取向", "stance"),
}


def as_json(gaps: ChainGaps) -> dict[str, Any]:
    """The assessment as plain data, for ``--format json``."""
    return {
        "region": gaps.region,
        "region_name": gaps.region_name,
        "chain": gaps.chain,
        "chain_name": gaps.chain_name,
        "as_of": gaps.as_of,
        "stages": list(gaps.stages),
        "completeness": round(gaps.completeness, 4),
        "counts": gaps.counts,
        "thresholds": gaps.thresholds.model_dump(),
        "weights": gaps.weights.model_dump(),
        "formula": formula_text(gaps.ranking),
        "segments": [_segment_json(s) for s in gaps.segments],
    }


def _segment_json(s: SegmentGap) -> dict[str, Any]:
    return {
        "id": s.id,
        "name": s.name,
        "position": s.position,
        "status": s.status.value,
        "basis": say_reason(s.basis),
        "not_applied": [say_reason(r) for r in s.not_applied],
        "firms": [
            {
                "id": m.id,
                "name": m.name,
                "stage": m.stage,
                "place": m.place,
                "as_of": m.as_of,
                "confidence": m.confidence,
                "stale": m.stale,
                "active": m.active,
                "chain_leader": m.leads,
                "sources": list(m.sources),
            }
            for m in s.makers
        ],
        "location_quotient": None if s.location_quotient is None else round(s.location_quotient, 4),
        "effective_owners": None if s.effective_owners is None else round(s.effective_owners, 4),
        "local_coverage": None if s.sigma is None else round(s.sigma, 4),
        "criticality": round(s.criticality, 4),
        "front": s.front,
        "score": None if s.score is None else round(s.score, 4),
        "criteria": {name: None if value is None else round(value, 4) for name, value in asdict(s.criteria).items()},
        "stance": [
            {"stance": p.stance, "clause": p.clause, "path": p.path, "heading": p.heading, "document": p.document}
            for p in s.stances
        ],
    }


def headings() -> list[str]:
    """Column headings of the table."""
    return [
        say("序", "#"),
        say("环节", "segment"),
        say("位置", "position"),
        say("状态", "status"),
        say("依据", "basis"),
        say("本地企业", "local firms"),
        say("关键度", "criticality"),
        say("得分", "score"),
        say("政策取向", "policy stance"),
        say("条款", "clauses"),
    ]


def rows(gaps: ChainGaps) -> list[list[Any]]:
    """One row a segment, most urgent first; criticality and score are numbers 0-1, the score None of what is not ranked."""
    return [
        [
            number,
            say(s.name, s.name_en),
            value_name(Position, s.position),
            status_name(s.status),
            say_reason(s.basis),
            firms_text(s),
            round(s.criticality, 3),
            None if s.score is None else round(s.score, 3),
            say("、", ", ").join(dict.fromkeys(value_name(Stance, p.stance) for p in s.stances)),
            say("；", "; ").join(dict.fromkeys(p.cited for p in s.stances)),
        ]
        for number, s in enumerate(gaps.segments, start=1)
    ]


def firms_text(s: SegmentGap) -> str:
    """The makers in one line; it is said why one does not count: stage, low confidence, old evidence, closed."""
    parts = []
    for m in s.makers:
        remarks = [value_name(Stage, m.stage)] if m.stage != "operating" else []
        remarks += [say("可信度低", "low confidence")] if m.confidence == "low" else []
        remarks += [say(f"证据过期：{m.as_of}", f"evidence too old: {m.as_of}")] if m.stale else []
        remarks += [say("已停", "closed")] if not m.active else []
        text = say(m.name, m.name_en or m.name) + (
            f"{say('（', ' (')}{say('，', ', ').join(remarks)}{say('）', ')')}" if remarks else ""
        )
        if text not in parts:
            parts.append(text)
    return say("、", ", ").join(parts)


def as_markdown(chains: Sequence[ChainGaps]) -> str:
    """The assessment as a Markdown document."""
    parts = []
    for gaps in chains:
        title = say(
            f"{gaps.region_name} · {gaps.chain_name} 缺链报告",
            f"{gaps.region_name} · {gaps.chain_name}: gaps in the chain",
        )
        lines = [
            f"## {title}",
            "",
            summary(gaps),
            "",
            "| " + " | ".join(headings()) + " |",
            "|" + "---|" * len(headings()),
        ]
        lines += ["| " + " | ".join(_md("" if c is None else c) for c in row) + " |" for row in rows(gaps)]
        parts.append("\n".join([*lines, "", thresholds_text(gaps)]))
    return "\n\n".join(parts) + "\n"


def as_csv(chains: Sequence[ChainGaps]) -> str:
    """One table of all chains; no cell runs as a formula."""
    columns = [say("地区", "region"), say("产业链", "chain"), *headings(), say("数据截至", "data as of")]
    return csv_text(columns, ([c.region_name, c.chain_name, *row, c.as_of or ""] for c in chains for row in rows(c)))


def gaps_stem(chains: Sequence[ChainGaps]) -> str:
    """A file name without ending that says what is inside: 成都市-锂电池-缺链报告."""
    return file_stem(chains[0].region_name, named_chains([c.chain_name for c in chains]), say("缺链报告", "gaps"))


def conclusion(
    chains: Sequence[ChainGaps],
    names: Mapping[str, str] | None = None,
    order: Sequence[tuple[SegmentGap, ChainGaps]] = (),
    most: int = 3,
) -> str:
    """What the figures say, in two or three sentences; a segment of several chains counts once in each.

    ``names`` words regions and chains by id where their Chinese name is not wanted; ``order`` are the gaps of all chains,
    the most urgent first.
    """
    names = names or {}
    place = names.get(chains[0].region, chains[0].region_name)
    segments = [s for gaps in chains for s in gaps.segments]
    count = {status: sum(1 for s in segments if s.status is status) for status in Status}
    gaps_found = sum(count[status] for status in GAP_STATUSES)
    kinds = say("、", ", ").join(
        say(f"{status_name(s)} {count[s]}", f"{count[s]} {status_name(s)}") for s in GAP_STATUSES if count[s]
    )
    held = sum(round(gaps.completeness * len(gaps.segments)) for gaps in chains)
    known = say(
        f"{place} {len(chains)} 条链共 {len(segments)} 个环节，{held} 个有在产企业登记；",
        f"{place}: {len(segments)} segments in {len(chains)} chain{'s' if len(chains) > 1 else ''}, "
        f"{held} with a live maker on record; ",
    )
    if gaps_found:
        known += say(f"判定短板 {gaps_found} 个（{kinds}）。", f"{gaps_found} gaps ({kinds}).")
        first = [(s, status_name(s.status), names.get(c.chain, c.chain_name)) for s, c in order[:most]]
        named = say("、", ", ").join(
            say(f"{s.name}（{chain}，{status}）", f"{s.name_en} ({chain}, {status})") for s, status, chain in first
        )
        known += say(f"最优先：{named}。", f" Most urgent: {named}.") if named else ""
    else:
        known += say("没有可判定的缺链。", "no gap can be told.")
    if count[Status.UNKNOWN]:
        known += say(
            f"另有 {count[Status.UNKNOWN]} 个环节未知：没有企业登记不等于没有企业，需先普查。",
            f" {count[Status.UNKNOWN]} segments are unknown: no firm on record does not mean that there is none.",
        )
    return known


def summary(gaps: ChainGaps) -> str:
    """One line: completeness, how many of each status, date of the data, what else than operating firms counts."""
    counts = say("，", ", ").join(f"{status_name(Status(k))} {v}" for k, v in gaps.counts.items() if v)
    others = say("、", ", ").join(value_name(Stage, stage) for stage in gaps.stages if stage != "operating")
    return say(
        f"环节 {len(gaps.segments)} 个，完整度 {gaps.completeness:.0%}（有在产企业登记的环节占比）；{counts}。数据截至 {gaps.as_of or '未注明'}。",
        f"{len(gaps.segments)} segments, completeness {gaps.completeness:.0%} (share with a live maker on record); {counts}. Data as of {gaps.as_of or 'not stated'}.",
    ) + (say(f"{others}产能也已计入。", f" Capacity that is {others} counts too.") if others else "")


def thresholds_text(gaps: ChainGaps) -> str:
    """Thresholds and weights that were used, and what was not applied."""
    t = gaps.thresholds
    formula = formula_text(gaps.ranking)
    return say(
        f"阈值：区位商 弱 <{t.lq_weak:g}、强 ≥{t.lq_strong:g}；本地配套率 弱 <{t.coverage_weak:.0%}、强 ≥{t.coverage_strong:.0%}；"
        f"有效所有者 单 <{t.owners_single:g}、强 ≥{t.owners_strong:g}；证据有效期 {t.live_days} 天（自数据日期起算）。"
        f"短板按得分排序。{formula}未知环节按关键度排在其后。"
        "关键度：该环节中断时全链损失的份额（必需投入缺一不可，各环节等权）。",
        f"Thresholds: location quotient weak <{t.lq_weak:g}, strong ≥{t.lq_strong:g}; local coverage weak <{t.coverage_weak:.0%}, strong ≥{t.coverage_strong:.0%}; "
        f"effective owners single <{t.owners_single:g}, strong ≥{t.owners_strong:g}; evidence valid for {t.live_days} days back from the date of the data. "
        f"Gaps come by score. {formula}Unknown links follow by criticality. "
        "Criticality: share of the chain lost when the link is cut (essential inputs are all needed, links weigh the same).",
    )


def formula_text(ranking: Ranking) -> str:
    """How a score is made, the same whatever is compared, and for how many of the gaps compared a criterion is not known."""
    names = {c: say(zh, en) for c, (zh, en) in CRITERIA_NAMES.items()}
    used = " + ".join(f"{weight:.2f}×{names[c]}" for c, weight in ranking.weights.items())
    missing = say("、", ", ").join(say(f"{names[c]} {n} 个", f"{names[c]} of {n}") for c, n in ranking.unknown.items())
    return say(
        f"得分 =（{used}）÷ 有数据各项的权重之和，只看短板本身，与选了几条链无关。"
        + (f"缺数据的短板：{missing}。" if missing else ""),
        f"Score = ({used}) / the weights of what is on record; it looks at the gap alone, not at how many chains are chosen"
        + (f"; not on record: {missing} gaps. " if missing else ". "),
    )


def score_text(s: SegmentGap) -> str:
    """The score of a gap behind its name; nothing where it has none."""
    return "" if s.score is None else say(f" · 得分 {s.score:.2f}", f" · score {s.score:.2f}")


def _md(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")

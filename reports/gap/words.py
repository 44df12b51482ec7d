"""The gap report's figures in plain words: dates, shares, statuses, why a link is a gap, what hangs on it, sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph.analysis.gaps import ChainAssessment, ChainGaps, SegmentGap
from graph.analysis.makers import Maker, live_makers
from graph.analysis.status import Status
from graph.assessment import RegionGap
from graph.dossier import Dossier
from graph.language import language, say
from graph.schema import Stage, Stance
from reports.formats.document import Cell
from reports.gap.table import STATUS_COLOURS, status_name, value_name


def joined(parts: Iterable[str]) -> str:
    """Names in a row, each once: 甲、乙."""
    return say("、", ", ").join(dict.fromkeys(parts))


def clauses(parts: Iterable[str]) -> str:
    """Clauses in a row: 甲；乙."""
    return say("；", "; ").join(p for p in parts if p)


def sentence(parts: Iterable[str]) -> str:
    """Clauses as one sentence: 甲；乙。"""
    said = clauses(parts)
    return said + say("。", ".") if said else ""


def date_text(value: str | None) -> str:
    """An ISO date of any precision as people write it: 2026年1月."""
    if not value:
        return say("未注明", "not stated")
    if language() == "en":
        return value
    year, *rest = value[:10].split("-")
    return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))


def month_text(value: str | None) -> str:
    """The same to the month, for narrow columns."""
    return date_text(value[:7] if value else value)


def share(value: float) -> str:
    """A fraction as a percentage; what is not nothing is not shown as 0%."""
    return f"{value:.0%}" if value == 0 or value >= 0.005 else "<1%"


# -- names ------------------------------------------------------------------------------------------------------------


def name_of(segment: SegmentGap) -> str:
    """The link in the reader's language."""
    return say(segment.name, segment.name_en)


def region_name(dossier: Dossier) -> str:
    """The region in the reader's language."""
    a = dossier.assessment
    return say(a.region_name, dossier.english.get(a.region, a.region_name))


def chain_name(dossier: Dossier, gaps: ChainGaps) -> str:
    """The chain in the reader's language."""
    return say(gaps.chain_name, dossier.english.get(gaps.chain, gaps.chain_name))


def chains_of(dossier: Dossier, gap: RegionGap) -> str:
    """The chains that a gap belongs to, the one it is judged in first."""
    by_name = {c.gaps.chain_name: c.gaps for c in dossier.assessment.chains}
    return joined(chain_name(dossier, by_name[name]) for name in (gap.chain.chain_name, *gap.also_in))


def maker_name(maker: Maker) -> str:
    """A firm in the reader's language."""
    return say(maker.name, maker.name_en or maker.name)


def removed_name(dossier: Dossier, chain: ChainAssessment, what: str) -> str:
    """A firm, park, group or place of origin of the knock-out in the reader's language."""
    zh = chain.outages.names.get(what, what)
    return say(zh, dossier.english.get(what, zh))


def status_cell(status: Status) -> Cell:
    """The status in its colour; the word stands beside it."""
    return Cell(status_name(status), fill=STATUS_COLOURS[status])


def stages_text(dossier: Dossier) -> str:
    """Which operations count."""
    stages = dossier.assessment.chains[0].gaps.stages
    if tuple(stages) == (Stage.OPERATING,):
        return say("只计已投产的企业", "only what is in operation")
    return say("计入", "counted: ") + joined(value_name(Stage, s) for s in stages) + say("的企业", "")


# -- sources ------------------------------------------------------------------------------------------------------------


def source_numbers(dossier: Dossier) -> dict[str, int]:
    """Document -> its number: those that the document shows, then those of the workbook; with cited clauses first."""
    found = dossier.sources.values()
    shown, with_clauses = shown_documents(dossier), {s.document for s in found if s.path}
    names = {s.document: s.name for s in found}
    order = sorted(names, key=lambda d: (d not in shown, d not in with_clauses, names[d], d))
    return {document: number for number, document in enumerate(order, start=1)}


def shown_documents(dossier: Dossier) -> set[str]:
    """The documents behind the assessment and the first gaps."""
    return {s.document for i, s in dossier.sources.items() if i in dossier.shown}


def cite(dossier: Dossier, ids: Iterable[str]) -> str:
    """［3、7］: the numbers of the documents behind a fact."""
    numbers = source_numbers(dossier)
    found = sorted({numbers[dossier.sources[i].document] for i in ids if i in dossier.sources})
    return say("［", "[") + say("、", ", ").join(map(str, found)) + say("］", "]") if found else ""


def paths_text(paths: Iterable[str]) -> str:
    """Clauses of a document, the name of their part once: 行动方案 二、三（一）2；政策措施 1、3."""
    parts: dict[str, list[str]] = defaultdict(list)
    for path in dict.fromkeys(paths):
        part, _, number = path.partition(" ")
        parts[part].append(number)
    return clauses(f"{part} {joined(n for n in numbers if n)}".strip() for part, numbers in parts.items())


# -- firms ------------------------------------------------------------------------------------------------------------------


def counted(segment: SegmentGap, gaps: ChainGaps) -> list[Maker]:
    """The local firms that count, each once."""
    return list({m.id: m for m in live_makers(segment.makers, gaps.stages)}.values())


def firms_text(dossier: Dossier, segment: SegmentGap, gaps: ChainGaps) -> str:
    """The local firms that count, with their sources; how many more are on record and do not."""
    firms = counted(segment, gaps)
    others = {m.id for m in segment.makers} - {m.id for m in firms}
    text = joined(maker_name(m) + cite(dossier, m.sources) for m in firms) or say("无", "none")
    return text + (say(f"（另有 {len(others)} 家不计）", f" ({len(others)} more not counted)") if others else "")


def remarks(maker: Maker) -> list[str]:
    """Why an operation may not count: not yet carried out, old or uncertain evidence, closed."""
    found = [value_name(Stage, maker.stage)] if maker.stage != Stage.OPERATING else []
    found += [say("可信度低", "low confidence")] if maker.confidence == "low" else []
    found += [say("证据过期", "evidence too old")] if maker.stale else []
    return found + ([say("已停", "closed")] if not maker.active else [])


# -- why --------------------------------------------------------------------------------------------------------------------


def why(dossier: Dossier, gap: RegionGap) -> list[str]:
    """Why it is a gap and stands where it stands, in clauses; only what was computed or is cited."""
    segment = gap.segment
    found = [held_text(segment, gap.chain, names=True)]
    if segment.users:
        found.append(
            say(
                f"本链 {segment.users} 家本地企业要用",
                f"{segment.users} local firm{'s need' if segment.users > 1 else ' needs'} it",
            )
        )
    if segment.criteria.risk:
        found.append(risk_text(dossier, gap, segment.criteria.risk))
    stances = [x for x in segment.stances if x.stance != Stance.ABOUT]
    if stances:
        wanted = joined(value_name(Stance, x.stance) for x in stances) + cite(dossier, (x.clause for x in stances))
        found.append(say(f"政策要求{wanted}", f"policy asks: {wanted}"))
    return found


def held_text(segment: SegmentGap, gaps: ChainGaps, *, names: bool = False) -> str:
    """Who makes it here, and so which rule fired, in plain words."""
    firms = counted(segment, gaps)
    if not firms:
        return say("登记中没有在产企业", "no live maker on record") if names else segment.basis
    named = joined(maker_name(m) for m in firms[:3]) + (say("等", " and others") if len(firms) > 3 else "")
    who = say(f"（{named}）", f" ({named})") if names else ""
    if segment.status is not Status.SINGLE:
        return segment.basis + who
    if len(firms) > 1:
        return say(f"登记企业 {len(firms)} 家{who}，但实际控制人集中", f"{len(firms)} makers{who}, but few owners")
    return say(f"登记中只有{named if names else ''} 1 家企业", f"only 1 maker on record{who}")


def risk_text(dossier: Dossier, gap: RegionGap, risk: float) -> str:
    """What is lost when its source falls out."""
    chain = chain_name(dossier, gap.chain)
    if gap.segment.live:
        return say(f"断供后{chain}链最多损失 {share(risk)}", f"without it the local {chain} chain loses up to {share(risk)}")  # fmt: skip
    return say(
        f"外部一断供，{chain}链最多损失 {share(risk)}",
        f"without outside supply the local {chain} chain loses up to {share(risk)}",
    )


def stance_text(segment: SegmentGap) -> str:
    """What policy wants of it, with the clauses: 招引（行动方案 三（一）2）."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for s in segment.stances:
        if s.stance != Stance.ABOUT:
            wanted[s.stance].append(s.cited)
    return joined(
        say(
            f"{value_name(Stance, stance)}（{paths_text(cited)}）",
            f"{value_name(Stance, stance)} ({paths_text(cited)})",
        )
        for stance, cited in wanted.items()
    )


def weights_text(dossier: Dossier) -> str:
    """The criteria used, each with its weight."""
    names = {"pull": say("本地有多少企业要用它", "how many local firms need it"), "risk": say("断供会损失多少", "what is lost when it falls out"),
             "ease": say("本地相关产业基础", "related industry here"), "stance": say("政策要求有多明确", "how strongly policy asks for it")}  # fmt: skip
    weights = dossier.assessment.ranking.weights
    return joined(say(f"{names[c]}（权重 {share(w)}）", f"{names[c]} (weight {share(w)})") for c, w in weights.items())

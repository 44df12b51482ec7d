"""The gap report's figures in plain words: dates, shares, statuses, why a link is a gap, what hangs on it, sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from graph.analysis.assessment import ChainAssessment, ChainGaps, SegmentGap
from graph.analysis.makers import Basis, Maker, live_makers
from graph.analysis.status import Status
from graph.language import language, say
from graph.schema import Stage, Stance
from reports.formats.blocks import Cell, half_up
from reports.words import STATUS_COLOURS, status_name, value_name
from services.dossier import Dossier
from services.gaps import RegionGap


def joined(parts: Iterable[str]) -> str:
    """Names in a row, each once: 甲、乙."""
    return say("、", ", ").join(dict.fromkeys(parts))


def clauses(parts: Iterable[str]) -> str:
    """Clauses in a row: 甲；乙."""
    return say("；", "; ").join(p for p in parts if p)


def sentence(parts: Iterable[str]) -> str:
    """Clauses as one sentence: 甲；乙。"""
    text = clauses(parts)
    return text + say("。", ".") if text else ""


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
    return f"{half_up(value * 100)}%" if value == 0 or value >= 0.005 else "<1%"


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
    sources = dossier.sources.values()
    shown, with_clauses = shown_documents(dossier), {s.document for s in sources if s.path}
    names = {s.document: s.name for s in sources}
    order = sorted(names, key=lambda d: (d not in shown, d not in with_clauses, names[d], d))
    return {document: number for number, document in enumerate(order, start=1)}


def shown_documents(dossier: Dossier) -> set[str]:
    """The documents behind the assessment and the first gaps."""
    return {s.document for i, s in dossier.sources.items() if i in dossier.shown}


def cite(dossier: Dossier, ids: Iterable[str]) -> str:
    """［3、7］: the numbers of the documents behind a fact."""
    numbers = source_numbers(dossier)
    cited = sorted({numbers[dossier.sources[i].document] for i in ids if i in dossier.sources})
    return say("［", "[") + say("、", ", ").join(map(str, cited)) + say("］", "]") if cited else ""


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
    """The local firms that count, with place, capacity and sources; how many more are on record and do not."""
    firms = counted(segment, gaps)
    live = live_makers(segment.makers, gaps.stages)
    others = {m.id for m in segment.makers} - {m.id for m in firms}
    text = joined(_with_places(dossier, [m for m in live if m.id == firm.id]) for firm in firms) or say("无", "none")
    return text + (say(f"（另有 {len(others)} 家不计）", f" ({len(others)} more not counted)") if others else "")


def _with_places(dossier: Dossier, operations: list[Maker]) -> str:
    """A firm with where it makes the link and how much: 通威太阳能（双流区；金堂县，16 GW）［3］."""
    notes = clauses(dict.fromkeys(joined(p for p in (m.place_name, capacity_text(m)) if p) for m in operations))
    sources = [source for m in operations for source in m.sources]
    return maker_name(operations[0]) + (say(f"（{notes}）", f" ({notes})") if notes else "") + cite(dossier, sources)


def capacity_text(maker: Maker) -> str:
    """Its capacity where it is on record: 产能 20 GWh."""
    if maker.capacity is None:
        return ""
    return say(
        f"产能 {maker.capacity:,.10g} {maker.unit or ''}", f"capacity {maker.capacity:,.10g} {maker.unit or ''}"
    ).strip()


def remarks(maker: Maker) -> list[str]:
    """Why an operation may not count: not yet carried out, old or uncertain evidence, closed."""
    words = [value_name(Stage, maker.stage)] if maker.stage != Stage.OPERATING else []
    words += [say("可信度低", "low confidence")] if maker.confidence == "low" else []
    words += [say("证据过期", "evidence too old")] if maker.stale else []
    return words + ([say("已停", "closed")] if not maker.active else [])


# -- why --------------------------------------------------------------------------------------------------------------------


def why(dossier: Dossier, gap: RegionGap) -> list[str]:
    """Why it is a gap and stands where it stands, in clauses; only what was computed or is cited."""
    segment = gap.segment
    parts = [held_text(dossier, segment, gap.chain, names=True)]
    if segment.users:
        parts.append(
            say(
                f"本链 {segment.users} 家本地企业要用",
                f"by the chain's process relations {segment.users} local firm{'s need' if segment.users > 1 else ' needs'} it",
            )
        )
    if segment.criteria.risk:
        parts.append(risk_text(dossier, gap, segment.criteria.risk))
    return [x for x in (*parts, wanted_text(dossier, segment), after_clause(dossier, gap)) if x]


def wanted_text(dossier: Dossier, segment: SegmentGap) -> str:
    """What policy asks for; a document that applies to what the region is part of asks it of the whole of that."""
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for x in segment.stances:
        if x.stance != Stance.ABOUT:
            wanted[scope_text(dossier, x.clause)].append((x.stance, x.clause))
    return clauses(
        (scope or say("政策要求", "policy asks: "))
        + joined(value_name(Stance, stance) for stance, _ in asked)
        + cite(dossier, (clause for _, clause in asked))
        for scope, asked in wanted.items()
    )


def scope_text(dossier: Dossier, clause: str) -> str:
    """Whom a clause is for where that is more than the region: 全市性要求（可承接方向）：; empty where it is the region."""
    source = dossier.sources.get(clause)
    scope = dossier.scopes.get(source.document) if source else None
    if scope is None or scope.region == dossier.assessment.region:
        return ""
    if scope.level == "city":
        return say("全市性要求（可承接方向）：", "asked of the whole city (a direction that can be taken up here): ")
    return say(
        f"{scope.region_name}范围的要求（可承接方向）：",
        f"asked of all of {scope.region_name} (a direction that can be taken up here): ",
    )


def after_clause(dossier: Dossier, gap: RegionGap) -> str:
    """Where a clause that asks to attract or fill is older than the evidence of a live maker: what is left to ask."""
    firms = live_makers(gap.segment.makers, gap.chain.stages)
    issued = [
        dossier.sources[x.clause].issued or ""
        for x in gap.segment.stances
        if x.stance in (Stance.ATTRACT, Stance.FILL) and x.clause in dossier.sources
    ]
    newest = max((m.as_of or "" for m in firms), default="")
    if not firms or not any(issued) or newest <= max(issued):
        return ""
    later = joined(maker_name(m) for m in firms if (m.as_of or "") > max(issued))
    single = len({m.id for m in firms}) == 1
    return say(
        f"文件印发（{month_text(max(issued))}）之后登记到{later}在产（{month_text(newest)}）"
        + ("，现在的问题是登记只有这一家" if single else ""),
        f"asked in {max(issued)[:7]}; later evidence ({newest}) has {later} in operation"
        + (", so the question now is that only one is on record" if single else ""),
    )


def is_surveyed(dossier: Dossier, segment: SegmentGap) -> bool:
    """Whether the register of the link is declared complete."""
    return segment.id in dossier.surveyed


def held_text(dossier: Dossier, segment: SegmentGap, gaps: ChainGaps, *, names: bool = False) -> str:
    """Who makes it here, and so which rule fired, in plain words."""
    firms = counted(segment, gaps)
    if not firms:
        return _nobody(dossier, segment)
    named = joined(maker_name(m) for m in firms[:3]) + (say("等", " and others") if len(firms) > 3 else "")
    who = say(f"（{named}）", f" ({named})") if names else ""
    count = say(f"登记 {len(firms)} 家{who}", f"{len(firms)} on record{who}")
    if segment.status is not Status.SINGLE:
        return joined_clauses(count, _weight_here(segment), _concentrated(segment, len(firms)))
    if len(firms) > 1:
        return count + say("，但实际控制人集中", ", but few owners")
    if not names:
        return say("登记 1 家", "1 on record") + (
            "" if is_surveyed(dossier, segment) else say("，待核", ", to be verified")
        )
    unsure = (
        ""
        if is_surveyed(dossier, segment)
        else say("，待核是否还有别家", ", whether there are others is to be verified")
    )
    return say(f"登记中只有{named} 1 家企业", f"only 1 maker on record{who}") + unsure


def joined_clauses(*parts: str) -> str:
    """Clauses in a row without an end: 甲，乙."""
    return say("，", ", ").join(p for p in parts if p)


def _nobody(dossier: Dossier, segment: SegmentGap) -> str:
    if is_surveyed(dossier, segment):
        return say("登记已声明完整，没有在产企业", "the register is declared complete and holds no live maker")
    if segment.status is Status.MISSING:
        return say(
            "政策点名招引或补链，登记未见在产企业，待核", "named by policy, no live maker on record, to be verified"
        )
    return say("登记未见在产企业", "no live maker on record")


def _weight_here(segment: SegmentGap) -> str:
    """The location quotient in words; of a few firms it is a hint and no more."""
    quotient = segment.location_quotient
    if quotient is None or segment.status not in (Status.STRONG, Status.WEAK):
        return ""
    text = say(
        f"在本地全链中的占比是全国的 {half_up(quotient, 1)} 倍",
        f"{half_up(quotient, 1)} times its national share of the chain",
    )
    return text + (say("（家数少，供参考）", " (few firms: a hint only)") if segment.live < _FEW else "")


def _concentrated(segment: SegmentGap, firms: int) -> str:
    return say("只有一家，注意集中风险", "only one: mind the concentration") if segment.live and firms == 1 else ""


_FEW = 5  # firms on a link: one more or less changes its location quotient much


def risk_text(dossier: Dossier, gap: RegionGap, risk: float) -> str:
    """What is lost at most when its source falls out and nothing can be bought elsewhere."""
    chain = chain_name(dossier, gap.chain)
    if gap.segment.live:
        return say(
            f"来源中断时{chain}链登记企业最多 {share(risk)} 受影响",
            f"without it up to {share(risk)} of the local {chain} chain on record is hit",
        )
    return say(
        f"外部断供时{chain}链登记企业最多 {share(risk)} 受影响",
        f"without outside supply up to {share(risk)} of the local {chain} chain on record is hit",
    )


def shown_loss(segment: SegmentGap, loss: float | None) -> float | None:
    """The loss, or None where nothing here tells it: no maker of the link, and no user of it."""
    return loss if segment.live or segment.users or loss else None


def bound_text() -> str:
    """What all losses of the report are, in a sentence."""
    return say(
        "凡损失、断供影响都是上界：按环节之间的工艺关系和登记企业推算，没有采购合同数据，也没有计外地替代和库存，只用来定先核什么，不表示会停产。",
        "All losses are upper bounds: worked out from process relations and the firms on record, without purchase contracts, "
        "substitutes from elsewhere or stocks. They tell what to verify first, not that anything will stop.",
    )


def weighing_text(basis: Basis) -> str:
    """What losses are shares of."""
    if basis is Basis.COUNT:
        return say(
            "环节之间按企业家数加权，环节内有产能登记的按产能",
            "links weighed by number of firms, within a link by capacity where on record",
        )
    return say("按产值加权", "weighed by output") if basis is Basis.MONEY else say("按产能加权", "weighed by capacity")


# -- order ------------------------------------------------------------------------------------------------------------------

STABLE = 0.9  # of weightings that keep a gap among the first
_ALIKE = 0.05  # scores that differ by less say nothing about the order


def alike(first: float, second: float) -> bool:
    """Whether two scores are too close to tell an order."""
    return abs(first - second) < _ALIKE


def place_remark(dossier: Dossier, place: int) -> str:
    """What must be said of a place (0 the first): level with the one before, or unstable under other weights."""
    ranking = dossier.assessment.ranking
    if place >= len(ranking.rows):
        return ""
    row, before = ranking.rows[place], ranking.rows[place - 1] if place else None
    level = before is not None and alike(row.score, before.score)
    parts = [say("与上一位得分相近，可视为并列", "level with the one before") if level else ""]
    if len(ranking.rows) > ranking.top and row.stability < STABLE:
        parts.append(
            say(
                f"排位不稳：换权重后只有 {share(row.stability)} 的情况仍进前 {ranking.top}",
                f"unstable: among the first {ranking.top} in only {share(row.stability)} of weightings",
            )
        )
    return clauses(parts)


# -- dates of the evidence ----------------------------------------------------------------------------------------------------


def evidence_text(dossier: Dossier) -> str:
    """How old the evidence is: of the firm-link pairs that count, how many have their newest from which year."""
    newest: dict[tuple[str, str], str] = {}
    for chain in dossier.assessment.chains:
        for segment in chain.gaps.segments:
            for m in live_makers(segment.makers, chain.gaps.stages):
                key = (m.id, segment.id)
                newest[key] = max(newest.get(key, ""), m.as_of or "")
    if not newest:
        return ""
    years = Counter(date[:4] for date in newest.values())
    parts = joined(
        say(f"{year} 年 {n} 条" if year else f"未注明 {n} 条", f"{n} from {year or 'a date not stated'}")
        for year, n in sorted(years.items())
    )
    last = max(newest.values())
    return say(
        f"计入的“企业—环节”共 {len(newest)} 条，最新证据的年份：{parts}；最新一条为{month_text(last)}",
        f"{len(newest)} firm-link pairs count; newest evidence: {parts}; the latest of {last}",
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
    names = {
        "pull": say("本地有多少企业要用它", "how many local firms need it"),
        "risk": say("断供会损失多少", "what is lost when it falls out"),
        "ease": say("本地相关产业基础", "related industry here"),
        "stance": say("政策要求有多明确", "how strongly policy asks for it"),
    }
    weights = dossier.assessment.ranking.weights
    if len(weights) > 1 and max(weights.values()) - min(weights.values()) < 1e-9:
        return joined(names[c] for c in weights) + say("（权重相同）", " (of equal weight)")
    return joined(say(f"{names[c]}（权重 {share(w)}）", f"{names[c]} (weight {share(w)})") for c, w in weights.items())

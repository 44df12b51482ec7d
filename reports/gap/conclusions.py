"""The conclusions of the gap report: one page of plain sentences, made only from computed figures."""

from __future__ import annotations

from collections.abc import Sequence

from graph.analysis.assessment import SegmentGap
from graph.analysis.makers import Basis
from graph.analysis.status import GAP_STATUSES, Status
from graph.language import say
from graph.schema import Stage
from reports.formats.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Value,
)
from reports.gap.decision_page import city_site, clause_leads, in_city, open_decisions
from reports.gap.gap_words import (
    alike,
    bound_text,
    chain_name,
    clauses,
    is_surveyed,
    joined,
    name_of,
    place_remark,
    region_name,
    removed_name,
    sentence,
    share,
    why,
)
from reports.words import status_name
from services.dossier import Dossier, NamedFirm, counts_of
from services.gaps import RegionGap

_Row = tuple[Value | Cell, ...]
_FIRST = 5  # of what is named in the conclusions
_LISTED = 3  # gaps on the one page of conclusions; all are in the ranking
_LEVEL = 3  # of candidates with like scores that are named


# -- conclusions ----------------------------------------------------------------------------------------------------


def conclusions(dossier: Dossier) -> list[Block]:
    """One page: how things stand, what to fill first and why, what hangs on whom, what is at hand, what is not known.

    The tables stand on the page after it.
    """
    return [
        Heading(1, say("主要结论", "Conclusions")),
        Paragraph(situation(dossier) + doubt_words(dossier)),
        *_city_wide(dossier),
        *_too_little(dossier),
        *_first(dossier),
        *_paragraphs(say("主要风险点", "Where it may break"), risk_words(dossier)),
        *_paragraphs(say("现有条件", "What is at hand"), means_words(dossier)),
        *_paragraphs(say("待核事项", "What is not known"), unknown_words(dossier)),
        PageBreak(),
        Heading(2, say("各链状态与下一步", "The chains, and what comes next")),
        counts_table(dossier),
        *_table_notes(dossier),
        *next_steps(dossier),
    ]


def _first(dossier: Dossier) -> list[Block]:
    lines = first_lines(dossier)
    if not lines:
        return []
    text = (
        say(
            f"疑似短板按梯队和得分排序（全部见“短板排序”），前 {len(lines)} 个是：",
            f"The first {len(lines)} gaps in order (all are in the ranking):",
        )
        if dossier.assessment.ranked
        else say(
            f"算不出谁先谁后，只按政策要求排列，前 {len(lines)} 个是：",
            f"The first {len(lines)} by what policy asks for, since nothing else can be told:",
        )
    )
    held = any(s.live for c in dossier.assessment.chains for s in c.gaps.segments)
    label = say("补链建议", "Fill first") if held else say("政策要求清单", "What policy asks for")
    bound = [Note(bound_text(), say("读数说明", "How to read"))] if dossier.assessment.ranked else []
    return [*bound, Paragraph(text, label), Bullets(tuple(lines), ordered=True)]


def _too_little(dossier: Dossier) -> list[Block]:
    """A warning where chains have no live maker on record: what is said of them is policy, not the state of things."""
    bare = [chain_name(dossier, c.gaps) for c in dossier.assessment.chains if not any(s.live for s in c.gaps.segments)]
    if not bare:
        return []
    place = region_name(dossier)
    text = say(
        f"登记中{place}的{joined(bare)}没有在产企业。对这些链，本报告只能说明对本地有效的文件（含上级文件）要求什么，不能说明产业现状；应先核实企业登记。",
        f"No live maker in {joined(bare)} is on record in {place}. Of these chains the report can only say what the documents in force ask for, not how things stand.",
    )
    return [Note(text, say("数据不足", "Too little data"))]


def _paragraphs(label: str, text: str) -> list[Block]:
    return [Paragraph(text, label)] if text else []


def situation(dossier: Dossier) -> str:
    """How many links there are, and how they stand."""
    chains = dossier.assessment.chains
    c, place = counts_of(x.gaps for x in chains), region_name(dossier)
    kinds = joined(
        say(f"{status_name(s)} {c.by_status[s]} 个", f"{c.by_status[s]} {status_name(s)}")
        for s in GAP_STATUSES
        if c.by_status[s]
    )
    well = c.by_status[Status.PRESENT] + c.by_status[Status.STRONG]
    shared = (
        say(
            f"（几条链共有的环节在各链分别计数，不重复计为 {c.distinct_links} 个）",
            f" (links of several chains count in each; {c.distinct_links} different ones)",
        )
        if c.distinct_links != c.links
        else ""
    )
    once = (
        say(f"，不重复计为 {c.distinct_gaps} 个", f"; {c.distinct_gaps} different ones")
        if c.distinct_gaps != c.gaps
        else ""
    )
    gaps = (
        say(f"判定短板 {c.gaps} 个（{kinds}{once}）", f"{c.gaps} are gaps ({kinds}{once})")
        if c.gaps
        else say("没有可以判定的短板", "no link can be called a gap")
    )
    operating = "在产" if tuple(chains[0].gaps.stages) == (Stage.OPERATING,) else ""
    held = (
        say(
            f"其中 {c.held} 个环节有{operating}企业登记，涉及企业 {c.firms} 家；",
            f"{c.held} of them have a live maker on record ({c.firms} firms); ",
        )
        if c.held
        else say(f"没有一个环节有{operating}企业登记；", "none has a live maker on record; ")
    )
    present = say(f"具备或较强 {well} 个；", f"{well} are present or strong; ") if well else ""
    return say(
        f"{place} {len(chains)} 条产业链共 {c.links} 个环节{shared}。{held}{gaps}；{present}其余 {c.by_status[Status.UNKNOWN]} 个情况不明。",
        f"The {len(chains)} chains in {place} have {c.links} links{shared}. {held}{gaps}; {present}{c.by_status[Status.UNKNOWN]} are not known.",
    )


def single_on_record(dossier: Dossier) -> list[SegmentGap]:
    """The links, each once, that are single-sourced only by a register that is not declared complete."""
    found = {
        s.id: s
        for c in dossier.assessment.chains
        for s in c.gaps.segments
        if s.status is Status.SINGLE and len(s.quantities.by_firm) == 1 and not is_surveyed(dossier, s)
    }
    order = {g.segment.id: n for n, g in enumerate(dossier.gaps)}
    return sorted(found.values(), key=lambda s: (order.get(s.id, len(order)), s.id))


def named_only(dossier: Dossier) -> list[SegmentGap]:
    """The links, each once, that are missing only because a clause names them and the register has no maker."""
    return list(
        {
            g.segment.id: g.segment
            for g in dossier.gaps
            if g.segment.status is Status.MISSING and not is_surveyed(dossier, g.segment)
        }.values()
    )


def doubt_words(dossier: Dossier) -> str:
    """How many of the gaps are so only as far as an incomplete register goes; empty where none."""
    single, named = single_on_record(dossier), named_only(dossier)
    parts = [
        say(f"{len(single)} 个只是登记到一家企业", f"{len(single)} only have one firm on record") if single else "",
        say(f"{len(named)} 个是政策点名而登记未见企业", f"{len(named)} are named by policy with no firm on record")
        if named
        else "",
    ]
    if not any(parts):
        return ""
    return say(
        f"不重复计的短板中，{'，'.join(p for p in parts if p)}；这些环节的企业登记都没有声明完整，只算疑似短板，须先核实。",
        f" Of the different gaps {', '.join(p for p in parts if p)}; their registers are not declared complete, so they are suspected gaps, to be verified first.",
    )


def _table_notes(dossier: Dossier) -> list[Block]:
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    if len(dossier.assessment.chains) < 2:
        return []
    return [
        Note(
            say(
                f"跨链的企业和环节在各链重复计；不重复计：企业 {c.firms} 家，环节 {c.distinct_links} 个，短板 {c.distinct_gaps} 个，情况不明 {c.distinct_unknown} 个。",
                f"Firms and links of several chains count in each; different ones: {c.firms} firms, {c.distinct_links} links, {c.distinct_gaps} gaps, {c.distinct_unknown} not known.",
            ),
            say("表注", "Note"),
        )
    ]


def _city_wide(dossier: Dossier) -> list[Block]:
    """A remark where the documents cited apply to the city, not to the district alone."""
    if dossier.city is None:
        return []
    place, city = region_name(dossier), dossier.city.name
    return [
        Note(
            say(
                f"所引{city}文件的要求是全市性要求，对{place}是可承接方向，不等于{place}本身必须有；市内其他区县已有企业的，先做市内配套。",
                f"What the documents of {city} ask for is asked of the whole city: a direction that {place} can take up, not something it must have itself. Firms elsewhere in the city come first.",
            ),
            say("全市性要求", "Asked of the whole city"),
        )
    ]


def counts_table(dossier: Dossier) -> Table:
    """Each chain: how many links of each status, and how many firms."""
    columns = [Column(say("产业链", "chain"), 2.2)] + [
        Column(heading, 1, "integer")
        for heading in (
            say("环节", "links"),
            say("有企业", "held"),
            say("企业数", "firms"),
            *(status_name(s) for s in GAP_STATUSES),
            say("具备或较强", "present or strong"),
            status_name(Status.UNKNOWN),
        )
    ]
    rows: list[_Row] = []
    for chain in dossier.assessment.chains:
        c = counts_of([chain.gaps])
        well = c.by_status[Status.PRESENT] + c.by_status[Status.STRONG]
        name = chain_name(dossier, chain.gaps)
        gaps = (c.by_status[s] for s in GAP_STATUSES)
        rows.append((name, c.links, c.held, c.firms, *gaps, well, c.by_status[Status.UNKNOWN]))
    return Table(tuple(columns), tuple(rows), say("各链环节状态", "Links by status"), row_headings=True)


def first_lines(dossier: Dossier) -> list[str]:
    """The first gaps: why, and who could fill them."""
    lines = []
    for place, gap in enumerate(dossier.gaps[:_LISTED]):
        chain = chain_name(dossier, gap.chain)
        head = say(
            f"{name_of(gap.segment)}（{chain}，{status_name(gap.segment.status)}）：",
            f"{name_of(gap.segment)} ({chain}, {status_name(gap.segment.status)}): ",
        )
        remark = place_remark(dossier, place)
        lines.append(head + sentence([*why(dossier, gap), *offers(dossier, gap), remark]))
    return lines


def offers(dossier: Dossier, gap: RegionGap) -> list[str]:
    """Who makes the link elsewhere: in the same city first, then the best placed, those with like scores together."""
    candidates = dossier.way_out(gap).candidates
    near = [f for f in candidates.firms if in_city(dossier, f)]
    away = [f for f in candidates.firms if f not in near]
    offered = []
    if near:
        named = joined(city_site(dossier, f) for f in near)
        offered.append(
            say(f"市内已有{named}，先做市内配套", f"in the city already: {named}; supply within the city first")
        )
    if away:
        level = [f for f in away if alike(f.score, away[0].score)]
        named = joined(say(f.name, f.name_en) for f in level[:_LEVEL])
        more = say(f"等 {len(level)} 家并列", f" and others, {len(level)} alike") if len(level) > _LEVEL else ""
        total = candidates.total - len(near)
        offered.append(
            say(
                f"外地登记企业 {total} 家（未联系过），居前{named}{more}",
                f"{total} firms elsewhere on record (not asked), foremost {named}{more}",
            )
        )
    return offered or [say("外地没有登记可研究对接的企业", "no firm elsewhere is on record")]


def risk_words(dossier: Dossier) -> str:
    """Of each chain, the firm whose loss would cost most."""
    risks = []
    for chain in dossier.assessment.chains:
        firms = chain.outages.firms
        if firms and firms[0].loss > 0:
            worst = joined(removed_name(dossier, chain, k.id) for k in firms if k.loss >= firms[0].loss - 1e-9)
            risks.append(
                say(
                    f"{chain_name(dossier, chain.gaps)}链的{worst}（最多 {share(firms[0].loss)}）",
                    f"{worst} in {chain_name(dossier, chain.gaps)} (up to {share(firms[0].loss)})",
                )
            )
    if not risks:
        return ""
    return say(
        f"假设一家企业停产、外地又买不到，牵连登记企业最多的是{joined(risks)}。括号内是受影响份额的上界，应先核实这些企业的上下游是否另有来源。",
        f"If one firm stopped and nothing could be bought elsewhere, most would hang on {joined(risks)}: upper bounds; whether there are other sources is to be verified first.",
    )


def means_words(dossier: Dossier) -> str:
    """Firms, parks, measures and departments that stand ready for the first gaps."""
    if not dossier.top:
        return ""
    n, firms = len(dossier.top), {f.firm for way in dossier.ways_out for f in way.candidates.firms}
    parks = {p.park for way in dossier.ways_out for p in way.parks}
    measures = {d.measure.id for way in dossier.ways_out for d in open_decisions(way.support)}
    leads = clause_leads(duty for way in dossier.ways_out for duty in way.duties)
    found = [
        say(
            f"针对前 {n} 个短板，列出可研究对接的企业 {len(firms)} 家（未联系过）、本地可承接园区 {len(parks)} 个、可能适用的支持措施 {len(measures)} 项",
            f"for the first {n} gaps: {len(firms)} firms elsewhere, {len(parks)} parks here, {len(measures)} measures that may apply",
        ),
        say(
            f"文件明确的牵头部门（按文件所列次序）：{clauses(leads)}",
            f"lead departments in the order of the documents: {clauses(leads)}",
        )
        if leads
        else "",
    ]
    return sentence(found)


def unknown_words(dossier: Dossier) -> str:
    """What is not known and would change the picture."""
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    unclear, single = c.by_status[Status.UNKNOWN], c.by_status[Status.SINGLE]
    found = []
    if unclear:
        found.append(
            say(
                f"{unclear} 个环节既没有企业登记，也没有依据说本地没有，{first_to_check(dossier)}",
                f"{unclear} links have no firm on record and nothing says that there is none; {first_to_check(dossier)}",
            )
        )
    if single:
        found.append(
            say(
                f"{single} 个“单一来源”按现有登记判断，核实后若还有别的企业在做，就不再是短板",
                f"{single} links are single-sourced as far as the register goes; another maker found would change that",
            )
        )
    if not any(s.stances for x in dossier.assessment.chains for s in x.gaps.segments):
        found.append(
            say("图中没有对本地有效、针对这些环节的政策条款", "no clause in force here about these links is on record")
        )
    if any(x.outages.weighed is Basis.COUNT and x.outages.firms for x in dossier.assessment.chains):
        found.append(say("产值、产能登记不全，多按家数推算", "output and capacity are not fully on record"))
    return sentence(found)


def first_to_check(dossier: Dossier) -> str:
    """Which unknown links to verify first, and by what they were chosen."""
    first, losses = unknown_first(dossier)[:_FIRST], unknown_losses(dossier)
    hit = [s for s in first if losses.get(s.id)]
    if not hit:
        return say(
            f"建议先查{joined(name_of(s) for s in first)}（本地没有可推算的损失，按在链条结构中的位置排）",
            f"first to be verified, by place in the chain: {joined(name_of(s) for s in first)}",
        )
    named = joined(
        say(f"{name_of(s)}（上界 {share(losses[s.id])}）", f"{name_of(s)} (up to {share(losses[s.id])})") for s in hit
    )
    return say(
        f"建议先查断供推算中对本地登记企业影响最大的{named}",
        f"first to be verified, by the loss here without them: {named}",
    )


def unknown_losses(dossier: Dossier) -> dict[str, float]:
    """Unknown link -> the largest loss of a local chain without it (0-1)."""
    losses: dict[str, float] = {}
    for chain in dossier.assessment.chains:
        unknown = {s.id for s in chain.gaps.segments if s.status is Status.UNKNOWN}
        for k in (*chain.outages.outside, *chain.outages.links):
            if k.id in unknown:
                losses[k.id] = max(losses.get(k.id, 0.0), k.loss)
    return losses


def unknown_first(dossier: Dossier) -> list[SegmentGap]:
    """The unknown links, each once: by what is lost here without them, then by what hangs on them in the chain."""
    unknown = [s for c in dossier.assessment.chains for s in c.gaps.segments if s.status is Status.UNKNOWN]
    losses = unknown_losses(dossier)
    unknown.sort(key=lambda s: (-losses.get(s.id, 0.0), -s.criticality, s.id))
    first: dict[str, SegmentGap] = {}
    for segment in unknown:
        first.setdefault(segment.id, segment)
    return list(first.values())


# -- next steps -----------------------------------------------------------------------------------------------------------


def next_steps(dossier: Dossier) -> list[Block]:
    """What to do next, made only from what the report holds: what to verify, whom the documents put in the lead."""
    by_clause = say("文件未规定", "not laid down in a document")
    single, named, unknown = single_on_record(dossier), named_only(dossier), unknown_first(dossier)
    steps: list[tuple[str, list[str], str]] = [
        (
            say(
                "核实是否还有别家：登记只有一家的环节", "Verify whether there are others: links with one firm on record"
            ),
            [name_of(s) for s in single],
            by_clause,
        ),
        (
            say("核实有无企业：政策点名、登记未见的环节", "Verify whether there are firms: links that policy names"),
            [name_of(s) for s in named],
            _leads_of(dossier, named) or by_clause,
        ),
        (say("普查：情况不明的环节", "Survey: links that are not known"), [name_of(s) for s in unknown], by_clause),
        (
            say(
                "核对落实情况：政策点名、登记未见在产的企业",
                "Check: firms that policy names and that are not on record in operation here",
            ),
            [say(f.name, f.name_en or f.name) for f in dossier.named if not is_operating(f)],
            _leads_named(dossier) or by_clause,
        ),
    ]
    rows: list[_Row] = [(what, _some(links), lead) for what, links, lead in steps if links]
    if not rows:
        return []
    columns = (
        Column(say("事项", "step"), 2.6),
        Column(say("对象", "what"), 3.6),
        Column(say("条款：牵头部门", "clause: lead"), 3.2),
    )
    return [
        Table(columns, tuple(rows), say("下一步（只列本报告已有依据的）", "Next steps (only what this report holds)"))
    ]


def is_operating(firm: NamedFirm) -> bool:
    """Whether a firm is on record as in operation here, with evidence that is not of low confidence."""
    return any(r.stage == Stage.OPERATING and r.confidence != "low" for r in firm.records)


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _FIRST
    more = say(f"等 {len(names)} 个", f" and {rest} more") if rest > 0 else ""
    return joined(names[:_FIRST]) + more


def _leads_of(dossier: Dossier, segments: Sequence[SegmentGap]) -> str:
    wanted = {s.id for s in segments[:_FIRST]}
    return "\n".join(clause_leads(d for g in dossier.gaps if g.segment.id in wanted for d in dossier.way_out(g).duties))


def _leads_named(dossier: Dossier) -> str:
    """Who leads the clauses that name the firms."""
    clauses_named = {clause for firm in dossier.named if not is_operating(firm) for clause, _, _ in firm.mentions}
    found = (d for g in dossier.gaps for way in (dossier.way_out(g),) for d in (*way.duties, *way.chain_duties))
    return "\n".join(clause_leads(d for d in found if d.clause in clauses_named))

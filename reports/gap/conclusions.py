"""The conclusions of the gap report: one page of plain sentences, made only from computed figures."""

from __future__ import annotations

from graph.analysis.gaps import SegmentGap
from graph.analysis.makers import Basis
from graph.analysis.status import GAP_STATUSES, Status
from graph.dossier import Dossier, counts_of
from graph.language import say
from graph.schema import Stage
from reports.formats.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Note,
    Paragraph,
    Table,
    Value,
)
from reports.gap.page import open_decisions
from reports.gap.table import status_name
from reports.gap.words import (
    chain_name,
    joined,
    name_of,
    region_name,
    removed_name,
    sentence,
    share,
    why,
)

_Row = tuple[Value | Cell, ...]
_FIRST = 5  # of what is named in the conclusions
_DPI = 200


# -- conclusions ----------------------------------------------------------------------------------------------------


def conclusions(dossier: Dossier) -> list[Block]:
    """One page: how things stand, what to fill first and why, what hangs on whom, what is at hand, what is not known."""
    return [
        Heading(1, say("主要结论", "Conclusions")),
        Paragraph(situation(dossier)),
        counts_table(dossier),
        *_too_little(dossier),
        *_first(dossier),
        *_paragraphs(say("最怕断在哪里", "Where it may break"), risk_words(dossier)),
        *_paragraphs(say("手上有什么", "What is at hand"), means_words(dossier)),
        *_paragraphs(say("还不清楚什么", "What is not known"), unknown_words(dossier)),
    ]


def _first(dossier: Dossier) -> list[Block]:
    lines = first_lines(dossier)
    if not lines:
        return []
    text = (
        say(f"短板按梯队和得分排序，前 {len(lines)} 个是：", f"The first {len(lines)} gaps in order:")
        if dossier.assessment.ranked
        else say(f"算不出谁先谁后，只按政策要求排列，前 {len(lines)} 个是：", f"The first {len(lines)} by what policy asks for, since nothing else can be told:")
    )  # fmt: skip
    return [Paragraph(text, say("先补什么", "Fill first")), Bullets(tuple(lines), ordered=True)]


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
        say(f"（几条链共有的环节在各链分别计数，不重复计为 {c.distinct_links} 个）",
            f" (links of several chains count in each; {c.distinct_links} different ones)")
        if c.distinct_links != c.links else ""
    )  # fmt: skip
    once = (
        say(f"，不重复计为 {c.distinct_gaps} 个", f"; {c.distinct_gaps} different ones")
        if c.distinct_gaps != c.gaps
        else ""
    )
    gaps = (
        say(f"判定短板 {c.gaps} 个（{kinds}{once}）", f"{c.gaps} are gaps ({kinds}{once})")
        if c.gaps else say("没有可以判定的短板", "no link can be called a gap")
    )  # fmt: skip
    operating = "在产" if tuple(chains[0].gaps.stages) == (Stage.OPERATING,) else ""
    held = (
        say(f"其中 {c.held} 个环节有{operating}企业登记，涉及企业 {c.firms} 家；", f"{c.held} of them have a live maker on record ({c.firms} firms); ")
        if c.held else say(f"没有一个环节有{operating}企业登记；", "none has a live maker on record; ")
    )  # fmt: skip
    present = say(f"具备或较强 {well} 个；", f"{well} are present or strong; ") if well else ""
    return say(
        f"{place} {len(chains)} 条产业链共 {c.links} 个环节{shared}。{held}{gaps}；{present}其余 {c.by_status[Status.UNKNOWN]} 个情况不明。",
        f"The {len(chains)} chains in {place} have {c.links} links{shared}. {held}{gaps}; {present}{c.by_status[Status.UNKNOWN]} are not known.",
    )


def counts_table(dossier: Dossier) -> Table:
    """Each chain: how many links of each status, and how many firms."""
    columns = [Column(say("产业链", "chain"), 2.2)] + [
        Column(heading, 1, "integer")
        for heading in (
            say("环节", "links"), say("有企业", "held"), say("企业数", "firms"), *(status_name(s) for s in GAP_STATUSES),
            say("具备或较强", "present or strong"), status_name(Status.UNKNOWN),
        )
    ]  # fmt: skip
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
    for gap in dossier.gaps[:_FIRST]:
        chain = chain_name(dossier, gap.chain)
        head = say(f"{name_of(gap.segment)}（{chain}，{status_name(gap.segment.status)}）：",
                   f"{name_of(gap.segment)} ({chain}, {status_name(gap.segment.status)}): ")  # fmt: skip
        found = dossier.way_out(gap).candidates
        offers = (
            say(f"外地可接洽 {found.total} 家，首位是{found.firms[0].name}",
                f"{found.total} firms elsewhere make it, best placed {found.firms[0].name_en}")
            if found.firms else say("外地没有登记可接洽的企业", "no firm elsewhere is on record")
        )  # fmt: skip
        lines.append(head + sentence([*why(dossier, gap), offers]))
    return lines


def risk_words(dossier: Dossier) -> str:
    """Of each chain, the firm whose loss would cost most."""
    found = []
    for chain in dossier.assessment.chains:
        firms = chain.outages.firms
        if firms and firms[0].loss > 0:
            worst = joined(removed_name(dossier, chain, k.id) for k in firms if k.loss >= firms[0].loss - 1e-9)
            found.append(say(f"{chain_name(dossier, chain.gaps)}链的{worst}（{share(firms[0].loss)}）",
                             f"{worst} in {chain_name(dossier, chain.gaps)} ({share(firms[0].loss)})"))  # fmt: skip
    if not found:
        return ""
    return say(f"一家企业停产损失最大的，是{joined(found)}。括号内是本地该链最多损失的份额。",
               f"The single firms that matter most: {joined(found)}; in brackets what the local chain loses at most.")  # fmt: skip


def means_words(dossier: Dossier) -> str:
    """Firms, parks, measures and departments that stand ready for the first gaps."""
    if not dossier.top:
        return ""
    n, firms = len(dossier.top), {f.firm for way in dossier.ways_out for f in way.candidates.firms}
    parks = {p.park for way in dossier.ways_out for p in way.parks}
    measures = {d.measure.id for way in dossier.ways_out for d in open_decisions(way.support)}
    leads = list(dict.fromkeys(d for way in dossier.ways_out for duty in way.duties for d in duty.lead))
    found = [
        say(f"针对前 {n} 个短板，列出外地可接洽企业 {len(firms)} 家、本地可承接园区 {len(parks)} 个、可能适用的支持措施 {len(measures)} 项",
            f"for the first {n} gaps: {len(firms)} firms elsewhere, {len(parks)} parks here, {len(measures)} measures that may apply"),
        say(f"文件明确的牵头部门有{joined(leads)}", f"lead departments by the documents: {joined(leads)}") if leads else "",
    ]  # fmt: skip
    return sentence(found)


def unknown_words(dossier: Dossier) -> str:
    """What is not known and would change the picture."""
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    unclear, single = c.by_status[Status.UNKNOWN], c.by_status[Status.SINGLE]
    found = []
    if unclear:
        first = joined(name_of(s) for s in unknown_first(dossier)[:_FIRST])
        found.append(
            say(f"{unclear} 个环节既没有企业登记，也没有依据说本地没有，建议先查影响最大的{first}",
                f"{unclear} links have no firm on record and nothing says that there is none; those with most hanging on them come first: {first}")
        )  # fmt: skip
    if single:
        found.append(
            say(f"{single} 个“单一来源”按现有登记判断，核实后若还有别的企业在做，就不再是短板",
                f"{single} links are single-sourced as far as the register goes; another maker found would change that")
        )  # fmt: skip
    if not any(s.stances for x in dossier.assessment.chains for s in x.gaps.segments):
        found.append(
            say("图中没有对本地有效、针对这些环节的政策条款", "no clause in force here about these links is on record")
        )
    if any(x.outages.weighed is Basis.COUNT and x.outages.firms for x in dossier.assessment.chains):
        found.append(say("产值、产能登记不全，损失和配套率按企业家数计算",
                         "output and capacity are not fully on record, so losses and coverage are by number of firms"))  # fmt: skip
    return sentence(found)


def unknown_first(dossier: Dossier) -> list[SegmentGap]:
    """The unknown links, those with most hanging on them first, each once."""
    found = [s for c in dossier.assessment.chains for s in c.gaps.segments if s.status is Status.UNKNOWN]
    found.sort(key=lambda s: (-s.criticality, s.id))
    first: dict[str, SegmentGap] = {}
    for segment in found:
        first.setdefault(segment.id, segment)
    return list(first.values())

"""The conclusions of the gap report: one page of plain sentences, made only from computed figures."""

from __future__ import annotations

from collections.abc import Sequence

from graph.analysis.gaps import ChainAssessment, SegmentGap
from graph.analysis.makers import Basis
from graph.analysis.status import GAP_STATUSES, Status
from graph.dossier import Dossier, counts_of
from graph.language import say
from graph.schema import Stage
from reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    Value,
)
from reports.gap_table import status_name
from reports.gap_words import (
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
        *_labelled_list(say("先补什么", "Fill first"), first_lines(dossier), ordered=True),
        *_labelled_list(say("最怕断在哪里", "Where it may break"), risk_lines(dossier)),
        *_labelled_list(say("手上有什么", "What is at hand"), means_lines(dossier)),
        *_labelled_list(say("还不清楚什么", "What is not known"), unknown_lines(dossier)),
    ]


def _labelled_list(label: str, lines: Sequence[str], *, ordered: bool = False) -> list[Block]:
    return [Paragraph("", label=label), Bullets(tuple(lines), ordered=ordered)] if lines else []


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
    return say(
        f"{place} {len(chains)} 条产业链共 {c.links} 个环节{shared}。其中 {c.held} 个环节有{_in_operation(dossier)}企业登记，"
        f"涉及企业 {c.firms} 家；{gaps}；具备或较强 {well} 个；其余 {c.by_status[Status.UNKNOWN]} 个情况不明。",
        f"The {len(chains)} chains in {place} have {c.links} links{shared}. {c.held} of them have a live maker on record "
        f"({c.firms} firms); {gaps}; {well} are present or strong; {c.by_status[Status.UNKNOWN]} are not known.",
    )


def _in_operation(dossier: Dossier) -> str:
    return "在产" if dossier.assessment.chains[0].gaps.stages == (Stage.OPERATING,) else ""


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
            say(f"外地可接洽 {found.total} 家，评分最高的是{found.firms[0].name}",
                f"{found.total} firms elsewhere make it, best placed {found.firms[0].name_en}")
            if found.firms else say("外地没有登记可接洽的企业", "no firm elsewhere is on record")
        )  # fmt: skip
        lines.append(head + sentence([*why(dossier, gap), offers]))
    return lines


def risk_lines(dossier: Dossier) -> list[str]:
    """Of each chain, the firm whose loss would cost most."""
    lines = []
    for chain in dossier.assessment.chains:
        firms, name = chain.outages.firms, chain_name(dossier, chain.gaps)
        if not firms:
            continue
        worst = [k for k in firms if k.loss >= firms[0].loss - 1e-9]
        named = joined(removed_name(dossier, chain, k.id) for k in worst)
        lines.append(
            say(f"{name}：最依赖{named}，{'任一家' if len(worst) > 1 else '一家'}停产，本地该链最多损失 {share(firms[0].loss)}。",
                f"{name}: most depends on {named}; without {'any of them' if len(worst) > 1 else 'it'} the local chain loses up to {share(firms[0].loss)}.")
        )  # fmt: skip
    return lines


def means_lines(dossier: Dossier) -> list[str]:
    """Firms, parks, measures and departments that stand ready for the first gaps."""
    if not dossier.top:
        return []
    firms = {f.firm for way in dossier.ways_out for f in way.candidates.firms}
    with_firms = sum(1 for way in dossier.ways_out if way.candidates.firms)
    parks = {p.park for way in dossier.ways_out for p in way.parks}
    measures = {d.measure.id for way in dossier.ways_out for d in way.support.decisions}
    leads = list(dict.fromkeys(d for way in dossier.ways_out for duty in way.duties for d in duty.lead))
    n = len(dossier.top)
    lines = [
        say(f"前 {n} 个短板中，{with_firms} 个在外地登记有可接洽的企业，共列出 {len(firms)} 家；本地可承接的园区 {len(parks)} 个。",
            f"Of the first {n} gaps, {with_firms} have firms elsewhere that make it, {len(firms)} are listed; {len(parks)} parks could take them."),
        say(f"可能适用的支持措施 {len(measures)} 项，逐项写明最多可得多少、还要核实什么。",
            f"{len(measures)} measures may apply; each states its maximum and what must be asked."),
    ]  # fmt: skip
    if leads:
        lines.append(
            say(f"文件明确的牵头部门：{joined(leads)}。", f"Lead departments by the documents: {joined(leads)}.")
        )
    return lines


def unknown_lines(dossier: Dossier) -> list[str]:
    """What is not known and would change the picture."""
    c = counts_of(x.gaps for x in dossier.assessment.chains)
    lines = []
    if c.by_status[Status.UNKNOWN]:
        first = joined(name_of(s) for _, s in _unknown_first(dossier)[:_FIRST])
        lines.append(
            say(f"{c.by_status[Status.UNKNOWN]} 个环节没有企业登记，也没有依据说本地没有，只能算情况不明。建议先查影响最大的：{first}。",
                f"{c.by_status[Status.UNKNOWN]} links have no firm on record and nothing says that there is none. Those with most hanging on them should be surveyed first: {first}.")
        )  # fmt: skip
    if c.by_status[Status.SINGLE]:
        lines.append(
            say(f"{c.by_status[Status.SINGLE]} 个“单一来源”是按现有登记判断的；核实后若还有别的企业在做，就不再是短板。",
                f"{c.by_status[Status.SINGLE]} links are single-sourced as far as the register goes; another maker found would change that.")
        )  # fmt: skip
    if all(x.coverage.basis is Basis.COUNT and x.measured_coverage is None for x in dossier.assessment.chains):
        lines.append(say("产值和产能登记不全，配套率和断供损失都按企业家数计算。",
                         "Output and capacity are not fully on record: coverage and losses are by number of firms."))  # fmt: skip
    return lines


def _unknown_first(dossier: Dossier) -> list[tuple[ChainAssessment, SegmentGap]]:
    """The unknown links, those with most hanging on them first, each once."""
    found = [(c, s) for c in dossier.assessment.chains for s in c.gaps.segments if s.status is Status.UNKNOWN]
    found.sort(key=lambda pair: (-pair[1].criticality, pair[1].id))
    return list({s.id: (c, s) for c, s in reversed(found)}.values())[::-1]

"""The gap report: which links are missing, weak or single-sourced here, why, and what is on record against it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from graph.analysis.assessment import ChainAssessment, ChainGaps, SegmentGap
from graph.analysis.status import Status
from graph.database.rows import KnownChain
from graph.database.store import Store
from graph.language import Language, language, say, use_language
from graph.schema import Position, Stance, counted_stages
from graph.settings import settings
from reports.colours import ink_on
from reports.formats.output import Format, json_text
from reports.gap import gap_table, way_out_tables
from reports.words import STATUS_COLOURS, say_reason, say_reasons, status_name, value_name
from services.dossier import gather_dossier
from services.gaps import RegionAssessment, assess
from services.ways_out import ChainRemedies, Duty, SegmentRemedies, gather, of_segment
from views import common
from views.common import plain

#: Short columns stay on one line (segment, position, status; scores, stance): Chinese breaks anywhere.
_STYLE = """<style>
[class*="st-key-gap-table"] :is(th, td:nth-child(-n+4), td:nth-child(7), td:nth-child(8), td:nth-child(9)),
[class*="st-key-gap-table"] :is(th, td:nth-child(-n+4), td:nth-child(7), td:nth-child(8), td:nth-child(9)) * { white-space: nowrap; }
[class*="st-key-gap-table"] :is(td:nth-child(5), td:nth-child(6), td:nth-child(10)) { min-width: 9rem; }
[class*="st-key-gap-measures"] :is(th, td:nth-child(2), td:nth-child(5), td:nth-child(10)),
[class*="st-key-gap-measures"] :is(th, td:nth-child(2), td:nth-child(5), td:nth-child(10)) * { white-space: nowrap; }
[class*="st-key-gap-measures"] :is(td:nth-child(1), td:nth-child(3), td:nth-child(4), td:nth-child(8)) { min-width: 9rem; }
</style>"""


def page() -> None:
    """Draw the page."""
    st.title(say(f"缺链报告 · {plain(common.region_name())}", f"Gap report · {plain(common.region_name())}"))
    st.html(_STYLE)
    names = _chain_names()
    chosen = _choose_chains(names)
    if not chosen:
        st.info(say("请至少选一条产业链。", "Choose at least one chain."), icon=":material/arrow_upward:")
        return
    everything, planned = _switches()
    stages = counted_stages(planned=planned)
    assessed = common.region_assessment(chosen, stages)
    chains = [c.gaps for c in assessed.chains]
    _conclude(assessed, names)
    _downloads(chains, stages)
    if len(chains) > 1 and any(_has_firms(c) for c in chains):
        _compare(chains, names)
        _order(assessed, names)
    positions, statuses = _filters(chains, everything)
    drawn = [c for c in assessed.chains if everything or any(map(_has_firms, chains)) or c.gaps.gaps]
    for chain in drawn:
        _chain(chain, names[chain.gaps.chain], positions, statuses, everything)
    st.divider()
    st.caption(plain(gap_table.thresholds_text(chains[0])))


# -- what is wanted ------------------------------------------------------------------------------


def _chain_names() -> dict[str, str]:
    """The chains that have segments, the main ones first."""
    names = {chain.id: common.naming(chain) for chain in common.rows(KnownChain) if chain.segments}
    main = [c for c in settings.main_chains if c in names]
    return {c: names[c] for c in [*main, *(c for c in names if c not in main)]}


def _choose_chains(names: dict[str, str]) -> list[str]:
    """The main chains unless the reader chose otherwise; the choice outlives a visit to another page."""
    key = "gap:chosen"
    if key not in st.session_state:
        before = st.session_state.get("gap:chains", settings.main_chains)
        st.session_state[key] = [c for c in before if c in names]
    chosen = st.multiselect(
        say("产业链", "Chains"),
        list(names),
        format_func=names.__getitem__,
        placeholder=say("选择一条或几条链", "Choose one or more chains"),
        key=key,
    )
    st.session_state["gap:chains"] = chosen
    return chosen


def _switches() -> tuple[bool, bool]:
    with st.container(horizontal=True):
        everything = st.toggle(
            say("显示全部环节", "Show all segments"),
            help=say(
                "默认只列缺失、薄弱、单一来源的环节", "By default only missing, weak and single-sourced ones are listed"
            ),
        )
        planned = st.toggle(
            say("计入在建与规划产能", "Count capacity under construction or planned"),
            help=say("默认只有已投产的企业算数", "By default only operating firms count"),
        )
    return everything, planned


def _filters(chains: Sequence[ChainGaps], whole: bool) -> tuple[list[str], list[Status]]:
    shown = [s for gaps in chains for s in _listed(gaps, whole)]
    if not shown:
        return [], []
    with st.container(horizontal=True):
        positions = st.pills(
            say("位置", "Position"),
            [p.value for p in Position if any(s.position == p for s in shown)],
            selection_mode="multi",
            format_func=lambda p: value_name(Position, p),
        )
        statuses = st.pills(
            say("状态", "Status"),
            [s for s in Status if any(x.status is s for x in shown)],
            selection_mode="multi",
            format_func=lambda s: status_name(Status(s)),
        )
    return positions, statuses


def _listed(gaps: ChainGaps, whole: bool) -> tuple[SegmentGap, ...]:
    return gaps.segments if whole else gaps.gaps


# -- the whole ---------------------------------------------------------------------------------------


def _has_firms(gaps: ChainGaps) -> bool:
    return any(s.makers for s in gaps.segments)


def _conclude(assessed: RegionAssessment, names: dict[str, str]) -> None:
    """What the figures say; a region without a firm on record is told so instead of shown zeros."""
    place, chains = common.region_name(), [c.gaps for c in assessed.chains]
    if any(_has_firms(c) for c in chains):
        order = [(g.segment, g.chain) for g in assessed.ranked]
        text = gap_table.conclusion(chains, {**names, chains[0].region: place}, order)
        st.info(plain(text), icon=":material/summarize:")
        return
    total = sum(len(c.gaps) for c in chains)
    nothing = say(
        f"{place}在所选产业链上没有登记企业。登记为空不等于没有企业：除政策点名的环节外，状态只能是“未知”。",
        f"No firm on these chains is on record for {place}. That does not mean that there is none: "
        "apart from links that policy names, the status can only be unknown. ",
    )
    then = (
        say(
            f"在当地有效的政策点名要招引或补链的环节有 {total} 个，列在下面。",
            f"Policy in force there wants {total} links attracted or filled; they are listed below. ",
        )
        if total
        else say(
            "在当地有效的政策也没有点名要招引或补链的环节，因此无法判定短板；打开“显示全部环节”可看各链环节。",
            'Policy in force there names no link to attract or fill either, so no gap can be told; "Show all segments" lists them. ',
        )
    )
    advice = say(
        "可在侧栏改选上级地区，或先导入当地企业表。",
        "Choose a larger region at the side, or load a table of its firms first.",
    )
    st.info(plain(f"{nothing}{then}{advice}"), icon=":material/info:")


def _compare(chains: Sequence[ChainGaps], names: dict[str, str]) -> None:
    """The chains side by side: segments, completeness, how many of each status."""
    heads = [say("产业链", "chain"), say("环节", "segments"), say("完整度", "completeness")]
    table = pd.DataFrame(
        [
            [names[c.chain], len(c.segments), round(100 * c.completeness), *(c.counts[s.value] for s in Status)]
            for c in chains
        ],
        columns=[*heads, *(status_name(s) for s in Status)],
    )
    explained = say("有在产企业登记的环节占比", "share of segments with a live maker on record")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            heads[2]: st.column_config.ProgressColumn(help=explained, format="%d%%", min_value=0, max_value=100)
        },
    )


def _order(assessed: RegionAssessment, names: dict[str, str]) -> None:
    """Which gap first, over all chains chosen: the top of the ranking, with what it stands on."""
    if not assessed.ranked:
        return
    top = list(zip(assessed.ranking.rows, assessed.ranked, strict=True))[: assessed.ranking.top]
    st.subheader(say("先补哪个", "Which gap first"), anchor=False)
    heads = [
        say("位次", "#"),
        say("环节", "segment"),
        say("产业链", "chain"),
        say("状态", "status"),
        say("本地用户（家）", "local users"),
        say("断供损失", "loss"),
        say("政策取向", "stance"),
        say("梯队", "tier"),
        say("得分", "score"),
        say("稳定度", "stability"),
    ]
    rows = [
        [
            place,
            say(g.segment.name, g.segment.name_en),
            say("、", ", ").join([names[g.chain.chain], *g.also_in]),
            status_name(g.segment.status),
            g.segment.users,
            _percent(g.segment.criteria.risk),
            say("、", ", ").join(dict.fromkeys(value_name(Stance, p.stance) for p in g.segment.stances)),
            row.front,
            row.score,
            round(100 * row.stability),
        ]
        for place, (row, g) in enumerate(top, start=1)
    ]
    percent = st.column_config.NumberColumn(format="%d%%")
    stable = st.column_config.ProgressColumn(format="%d%%", min_value=0, max_value=100)
    st.dataframe(
        pd.DataFrame(rows, columns=heads),
        hide_index=True,
        height="content",
        column_config={
            heads[2]: st.column_config.TextColumn(width="medium"),
            heads[5]: percent,
            heads[8]: st.column_config.NumberColumn(format="%.2f"),
            heads[9]: stable,
        },
    )
    weights = gap_table.formula_text(assessed.ranking)
    st.caption(
        plain(
            say(
                f"共 {len(assessed.ranked)} 个短板，按得分排序。{weights}梯队（帕累托前沿）只作参考，不排次序。断供损失：其来源中断时本地该链最多损失的份额。"
                f"稳定度：另抽 {assessed.ranking.samples} 组权重，仍进前 {assessed.ranking.top} 的比例。",
                f"{len(assessed.ranked)} gaps, by score. {weights}Tiers (Pareto fronts) are shown, they do not order. Loss: the most that the chain loses here when the "
                f"link's source falls out. Stability: share of {assessed.ranking.samples} other weightings that keep it in the top {assessed.ranking.top}.",
            )
        )
    )


def _percent(fraction: float | None) -> int | None:
    return None if fraction is None else round(100 * fraction)


def _downloads(chains: Sequence[ChainGaps], stages: tuple[str, ...]) -> None:
    """The report as files, each made when it is asked for."""
    stem, words = gap_table.gaps_stem(chains), language()
    ids = tuple(c.chain for c in chains)
    labels = {Format.DOCX: "Word", Format.XLSX: "Excel", Format.PDF: "PDF", Format.HTML: say("网页", "Web page")}
    labels |= {Format.MD: "Markdown", Format.CSV: "CSV", Format.JSON: "JSON"}
    with st.container(horizontal=True, vertical_alignment="center"):
        for format, label in labels.items():
            make = partial(report_file, common.store(), chains[0].region, ids, stages, format, words)
            common.download(label, make, stem, format, f"gap:{format}")
        st.caption(
            say(
                "下载含所选各链的全部环节；Word、PDF 约需半分钟",
                "Downloads hold all segments of the chosen chains; Word and PDF take half a minute",
            ),
            width="content",
        )


def report_file(
    store: Store, region: str, chains: Sequence[str], stages: tuple[str, ...], format: Format, words: Language
) -> bytes:
    """The report as a file of that format.

    ``store`` and ``words``, the language, are handed in because it is made outside the page's run.
    """
    use_language(words)
    if format in (Format.CSV, Format.JSON):
        gaps = [c.gaps for c in assess(store, region, chains, stages).chains]
        if format is Format.CSV:
            return gap_table.as_csv(gaps).encode("utf-8-sig")
        return json_text([gap_table.as_json(c) for c in gaps]).encode()
    from reports.formats import renderers
    from reports.gap import (
        gap_document,  # the writers of files are slow to import
        gap_workbook,
    )

    dossier = gather_dossier(store, region, chains, stages)
    if format is Format.XLSX:
        return gap_workbook.gap_workbook(dossier)
    return renderers.render(gap_document.gap_document(dossier), format)


# -- one chain -----------------------------------------------------------------------------------------


def _chain(
    chain: ChainAssessment, name: str, positions: Sequence[str], statuses: Sequence[Status], whole: bool
) -> None:
    """Heading, summary, ranked table, and what is on record against each gap."""
    gaps = chain.gaps
    listed = _listed(gaps, whole)
    wanted = [
        s for s in listed if (not positions or s.position in positions) and (not statuses or s.status in statuses)
    ]
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader(plain(name), anchor=False)
        common.go("explorer", say("在图谱中看这条链", "See this chain drawn"), chain=gaps.chain)
    if _has_firms(gaps):
        st.caption(plain(gap_table.summary(gaps)))
        if hanging := _hanging(chain):
            st.caption(plain(hanging))
    else:
        st.caption(
            say(
                f"{len(gaps.segments)} 个环节都没有登记企业；没有登记不等于没有。",
                f"None of its {len(gaps.segments)} segments has a firm on record; that does not mean that there is none.",
            )
        )
    if not wanted:
        st.write(_why_nothing(gaps, listed))
        return
    _table(gaps, wanted)
    if any(s.is_gap for s in wanted):
        st.caption(
            say(
                "逐个缺口：条款与责任部门、目标、政策措施、外地候选企业、承载地",
                "Gap by gap: clauses and departments, targets, measures, firms elsewhere, parks",
            )
        )
    remedies = gather(common.rows, gaps)
    for s in wanted:
        if s.is_gap:
            _gap(gaps, s, remedies)


def _hanging(chain: ChainAssessment) -> str:
    """What the chain hangs on here, and how much of its inputs is made here, in one line."""
    outages, covered = chain.outages, chain.coverage.total
    parts = []
    if outages.firms:
        first = outages.firms[0]
        parts.append(
            say(
                f"最怕停产：{outages.names[first.id]}（本地该链最多损失 {first.loss:.0%}）",
                f"Hangs most on {outages.names[first.id]} (up to {first.loss:.0%} of the chain here)",
            )
        )
    if covered is not None:
        most = covered.value + covered.unknown
        parts.append(
            say(
                f"本地配套率（按家数）{covered.value:.0%}"
                + (f"–{most:.0%}，视未知环节而定" if covered.unknown else ""),
                f"local coverage (by number of firms) {covered.value:.0%}"
                + (f"–{most:.0%}, depending on what is unknown" if covered.unknown else ""),
            )
        )
    return say("；", "; ").join(parts) + say("。", ".") if parts else ""


def _why_nothing(gaps: ChainGaps, listed: Sequence[SegmentGap]) -> str:
    if listed:
        return say("没有环节符合所选的位置与状态。", "No segment has the chosen position and status.")
    unknown = gaps.counts[Status.UNKNOWN.value]
    return say(
        f"没有可判定的缺链；{unknown} 个环节未知，打开“显示全部环节”可查看。",
        f'No gap can be told; {unknown} segments are unknown: turn on "Show all segments" to see them.',
    )


def _table(gaps: ChainGaps, wanted: Sequence[SegmentGap]) -> None:
    """The ranked table, every cell in full; the status has its word and sign besides its colour."""
    heads = gap_table.headings()
    rank = {s.id: row for s, row in zip(gaps.segments, gap_table.rows(gaps), strict=True)}
    cells = [[_cell(value) for value in rank[s.id]] for s in wanted]
    table = pd.DataFrame(cells, columns=[plain(h) for h in heads])
    colours = {status_name(s): f"background-color: {c}; color: {ink_on(c)}" for s, c in STATUS_COLOURS.items()}
    styled = table.style.map(lambda word: colours[word], subset=[heads[3]])
    with st.container(key=f"gap-table-{gaps.chain}"):
        st.table(styled, hide_index=True, border="horizontal")


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else plain(value)


# -- one gap -------------------------------------------------------------------------------------------


def _gap(gaps: ChainGaps, gap: SegmentGap, remedies: ChainRemedies) -> None:
    """What is on record against one gap; made when it is opened."""
    title = say(
        f"**{plain(say(gap.name, gap.name_en))}** · {status_name(gap.status)} {gap_table.score_text(gap)}",
        f"**{plain(say(gap.name, gap.name_en))}** · {status_name(gap.status)} {gap_table.score_text(gap)}",
    )
    with st.expander(title, key=f"gap:{gaps.chain}:{gap.id}", on_change="rerun") as box:
        if not box.open:
            return
        way_out = of_segment(remedies, gap)
        st.markdown(say(f"**依据**　{plain(say_reason(gap.basis))}", f"**Basis**: {plain(say_reason(gap.basis))}"))
        if gap.criteria.risk is not None:
            st.markdown(
                say(
                    f"**影响**　本地 {gap.users} 家企业要用它；其来源中断，本地该链最多损失 {gap.criteria.risk:.0%}。",
                    f"**Impact**: {gap.users} firms here need it; without its source the chain loses up to {gap.criteria.risk:.0%} here.",
                )
            )
        if gap.not_applied:
            st.caption(say("未应用的检验：", "Tests not applied: ") + plain(say_reasons(gap.not_applied)))
        _policy(way_out)
        _targets(way_out)
        _measures(way_out, f"{gaps.chain}-{gap.id}")
        _candidates(way_out, f"{gaps.chain}:{gap.id}")
        _parks(way_out)


def _policy(way_out: SegmentRemedies) -> None:
    st.markdown(say("**政策条款与责任部门**", "**Clauses and who answers for them**"))
    for duty in way_out.duties:
        st.markdown(_duty(duty))
    for document in dict.fromkeys(d.document for d in way_out.duties):
        st.caption(say("出自：", "From: ") + plain(document))
    if not way_out.duties:
        st.markdown(say("没有条款点名该环节。", "No clause names this link."))
    if way_out.chain_duties:
        which = "；".join(f"{plain(d.path)} {plain(d.heading)}" for d in way_out.chain_duties)
        st.caption(say(f"另有针对整条链的条款：{which}", f"Clauses about the chain as a whole: {which}"))


def _duty(duty: Duty) -> str:
    unknown = say("未载明", "not stated")
    lead, support = plain("、".join(duty.lead) or unknown), plain("、".join(duty.support) or unknown)
    wants = f" · {plain('；'.join(way_out_tables.wants(duty)))}" if duty.wants else ""
    return "  \n".join(
        [
            f"- {plain(duty.path)} **{plain(duty.heading)}**{wants}",
            f"  {plain(duty.summary)}",
            say(f"  牵头：{lead}　配合：{support}", f"  Lead: {lead}. Support: {support}."),
        ]
    )


def _targets(way_out: SegmentRemedies) -> None:
    st.markdown(say("**服务的目标**", "**Targets it serves**"))
    if not way_out.targets:
        st.markdown(
            say("有效政策没有给该环节或该链设量化目标。", "Policy in force sets no figure for this link or chain.")
        )
    for target in way_out.targets:
        st.markdown(f"- {plain(way_out_tables.target_text(target))} · {plain(target.path or '')}")


def _measures(way_out: SegmentRemedies, key: str) -> None:
    number = len(way_out.support.decisions)
    st.markdown(
        say(
            f"**可能适用的政策措施** {number} 项（是否适用须核对条件与对象；“通用”指未限定产业链）",
            f"**{number} measures that may apply** (check condition and beneficiary)",
        )
    )
    if not number:
        st.markdown(say("没有登记在当地有效的措施。", "No measure in force here is on record."))
        return
    rows = [[plain(c) for c in row] for row in way_out_tables.measure_rows(way_out)]
    scrolls = number > 6
    with st.container(key=f"gap-measures-{key}", height=400 if scrolls else "content", border=scrolls):
        st.table(pd.DataFrame(rows, columns=way_out_tables.measure_headings()), hide_index=True, border="horizontal")


def _candidates(way_out: SegmentRemedies, key: str) -> None:
    st.markdown(say("**外地的候选企业**", "**Firms elsewhere that make it**"))
    if not way_out.candidates.firms:
        st.markdown(
            say(
                "全国登记中没有其他地方的企业，候选未知。",
                "The national register holds no maker elsewhere: candidates are unknown.",
            )
        )
        return
    st.dataframe(
        pd.DataFrame(
            way_out_tables.candidate_rows(way_out.candidates.firms), columns=way_out_tables.candidate_headings()
        ),
        hide_index=True,
        key=f"candidates:{key}",
        placeholder="",
    )
    shared = way_out_tables.shared_reasons(way_out.candidates.firms)
    st.caption(plain(f"{way_out_tables.candidates_caption(way_out.candidates)} {shared}".strip()))


def _parks(way_out: SegmentRemedies) -> None:
    st.markdown(say("**承载地与可选载体**", "**Parks that carry it or could**"))
    for park in way_out.parks:
        st.markdown(f"- {plain(way_out_tables.park_text(park))}")
    if not way_out.parks:
        st.markdown(
            say(
                "没有登记当地承载该环节或该链的载体，园内也没有相关企业登记。",
                "No park here is on record as carrying this link or chain, nor with firms of it or of the links next to it.",
            )
        )

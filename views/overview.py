"""The overview: what is on record, and how the five main chains stand in the chosen region."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from graph.analysis.assessment import ChainGaps, SegmentGap
from graph.analysis.status import Status
from graph.database.rows import ChainTarget, KnownChain, LabelCount, PolicyDocument, StatedTarget
from graph.language import say
from graph.schema import NODE_TYPES
from graph.settings import settings
from reports.colours import ink_on
from reports.formats.output import flat
from reports.words import STATUS_COLOURS, status_name, status_symbol
from views import common
from views.common import naming, plain

#: Altair does not say which of its classes the methods of a layered chart return.
Chart = Any

_GAPS_SHOWN = 3
_COMPARATORS = {">=": "≥", "<=": "≤", "=": "", "+%": "+", "-%": "-"}


def page() -> None:
    """Draw the page."""
    st.title(say(f"{common.region_name()} · 产业链总览", f"{common.region_name()}: industry chains at a glance"))
    chains = main_chains()
    _figures(chains)
    if not any(local_firms(item) for item in chains):
        st.info(
            say(
                f"{plain(common.region_name())}还没有登记企业，以下只反映政策；没有登记不等于没有企业。载入企业表：`liantu load 企业.xlsx`",
                f"No firm of {plain(common.region_name())} is on record yet: what follows shows policy only. "
                "To load a table of firms: `liantu load firms.xlsx`",
            ),
            icon=":material/info:",
        )
    st.header(say("五条主链", "The five main chains"))
    st.altair_chart(_status_chart(chains), width="stretch")
    for column, item in zip(st.columns(len(chains)), chains, strict=True):
        with column, st.container(border=True, height="stretch"):
            _card(item)
    with st.expander(say("状态怎么定", "How a status is found"), icon=":material/help:"):
        _explain()
    st.header(say("政策文件", "Policy documents"))
    _documents()
    st.header(say("量化指标", "Quantified targets"))
    _targets()
    st.header(say("图谱内容", "What the graph holds"))
    _contents()


def main_chains() -> list[ChainGaps]:
    """The assessments of the main chains that are on record, in the order of the settings."""
    known = {chain.id for chain in common.rows(KnownChain)}
    chains = [chain for chain in settings.main_chains if chain in known]
    return [found.gaps for found in common.region_assessment(chains).chains]


def chain_name(item: ChainGaps) -> str:
    """The name of an assessed chain in the reader's language."""
    return next((naming(chain) for chain in common.rows(KnownChain) if chain.id == item.chain), item.chain_name)


def local_firms(item: ChainGaps) -> int:
    """Firms on record in the region, whatever their stage."""
    return len({maker.id for segment in item.segments for maker in segment.makers})


# -- the five chains -----------------------------------------------------------------------------


def _figures(chains: list[ChainGaps]) -> None:
    counts = {counted.label: counted.nodes for counted in common.rows(LabelCount)}
    firms = {maker.id for item in chains for segment in item.segments for maker in segment.makers}
    statuses = [segment.status for item in chains for segment in item.segments]
    documents = common.rows(PolicyDocument)
    columns = st.columns(5)
    columns[0].metric(
        say("本地登记企业", "Firms on record here"),
        f"{len(firms):,}",
        border=True,
        help=say(
            f"在五条主链上的；全国登记 {counts.get('Firm', 0):,} 家",
            f"on the five main chains; {counts.get('Firm', 0):,} nationwide",
        ),
    )
    columns[1].metric(
        say("有在产企业的环节", "Segments with makers"),
        f"{sum(s not in (Status.MISSING, Status.UNKNOWN) for s in statuses)} / {len(statuses)}",
        border=True,
    )
    columns[2].metric(
        say("缺口环节", "Gaps"),
        f"{sum(segment.is_gap for item in chains for segment in item.segments)}",
        border=True,
        help=say("缺失、薄弱或单一来源的环节", "segments that are missing, weak or single-sourced"),
    )
    columns[3].metric(
        say("政策条款", "Policy clauses"),
        f"{sum(d.clauses for d in documents):,}",
        border=True,
        help=say(f"出自 {len(documents)} 份文件", f"of {len(documents)} documents"),
    )
    columns[4].metric(
        say("任务 / 措施", "Tasks / measures"), f"{counts.get('Task', 0):,} / {counts.get('Measure', 0):,}", border=True
    )


def _status_chart(chains: list[ChainGaps]) -> Chart:
    """Segments of each chain by status, as a stacked bar with the numbers in it."""
    rows = []
    for item in chains:
        at = 0
        for status in Status:
            number = item.counts[status.value]
            rows.append(
                {
                    "chain": chain_name(item),
                    "status": status_name(status),
                    "links": number,
                    "from": at,
                    "to": at + number,
                    "middle": at + number / 2,
                    "ink": ink_on(STATUS_COLOURS[status]),
                    "label": say(f"{status_symbol(status)} {number}" if number > 1 else "1", str(number)),
                }
            )
            at += number
    frame = pd.DataFrame([row for row in rows if row["links"]])
    names = [chain_name(item) for item in chains]
    base = alt.Chart(frame).encode(y=alt.Y("chain:N", sort=names, title=None, axis=alt.Axis(labelLimit=220)))
    tooltip = [
        alt.Tooltip("chain:N", title=say("产业链", "chain")),
        alt.Tooltip("status:N", title=say("状态", "status")),
        alt.Tooltip("links:Q", title=say("环节数", "segments")),
    ]
    bars = base.mark_bar(height=26).encode(
        x=alt.X("from:Q", title=say("环节数", "segments"), axis=alt.Axis(tickMinStep=5, grid=False)),
        x2="to:Q",
        color=alt.Color(
            "status:N",
            scale=alt.Scale(domain=[status_name(s) for s in Status], range=[STATUS_COLOURS[s] for s in Status]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        tooltip=tooltip,
    )
    words = base.mark_text(fontSize=12).encode(
        x="middle:Q", text="label:N", color=alt.Color("ink:N", scale=None, legend=None), tooltip=tooltip
    )
    return alt.layer(bars, words).properties(height=46 * len(chains) + 70).resolve_scale(color="independent")


def _card(item: ChainGaps) -> None:
    st.subheader(plain(chain_name(item)))
    st.progress(item.completeness, text=say(f"完整度 {item.completeness:.0%}", f"complete to {item.completeness:.0%}"))
    st.caption(
        say(
            f"环节 {len(item.segments)} · 本地登记企业 {local_firms(item)}",
            f"{len(item.segments)} segments · {local_firms(item)} firms here",
        )
    )
    common.status_chips(item.counts)
    gaps = item.gaps[:_GAPS_SHOWN]
    if gaps:
        st.markdown(say("**首要缺口**", "**Most urgent gaps**"))
        st.markdown("\n".join(f"{number}. {_gap_words(gap)}" for number, gap in enumerate(gaps, start=1)))
    else:
        st.caption(say("登记与政策都未显示缺口", "Neither register nor policy shows a gap"))
    with st.container(vertical_alignment="bottom", height="stretch"):
        common.go("explorer", say("看图谱", "Open in explorer"), chain=item.chain)


def _gap_words(gap: SegmentGap) -> str:
    clauses = list(dict.fromkeys(s.cited for s in gap.stances if s.stance != "about"))
    cited = f"  \n:gray[:small[{plain(say('；', '; ').join(clauses))}]]" if clauses else ""
    return f"{plain(say(gap.name, gap.name_en))} · {status_name(gap.status)}{cited}"


def _explain() -> None:
    t = settings.status
    common.status_chips()
    st.markdown(
        say(
            f"- **缺失**：无在产企业，且登记已声明完整，或有政策条款要求招引、补链\n"
            f"- **薄弱**：区位商低于 {t.lq_weak:g}（本地所占份额远低于全国）\n"
            f"- **单一来源**：有效所有者少于 {t.owners_single:g} 家\n"
            f"- **未知**：登记中无在产企业，但无从断定没有\n"
            f"- **较强**：区位商不低于 {t.lq_strong:g}，且有链主企业或有效所有者不少于 {t.owners_strong:g} 家\n"
            f"- **具备**：其余\n\n"
            "完整度是有在产企业登记的环节所占比例。没有登记不等于没有企业。",
            f"- **missing**: no live maker, and the register is declared complete or a clause wants it attracted or filled\n"
            f"- **weak**: location quotient below {t.lq_weak:g} (far less than the region's share)\n"
            f"- **single-sourced**: fewer than {t.owners_single:g} effective owners\n"
            f"- **unknown**: no live maker on record, but nothing says that there is none\n"
            f"- **strong**: location quotient of {t.lq_strong:g} or more, and a chain leader or {t.owners_strong:g} effective owners\n"
            f"- **present**: the rest\n\n"
            "Completeness is the share of segments with a live maker on record. Nobody on record does not mean nobody there.",
        )
    )


# -- policy --------------------------------------------------------------------------------------


def _documents() -> None:
    documents = common.rows(PolicyDocument)
    if not documents:
        st.caption(say("还没有政策文件入图", "No policy document is on record yet"))
    for start in range(0, len(documents), 2):
        for column, document in zip(st.columns(2), documents[start : start + 2], strict=False):
            with column, st.container(border=True, height="stretch"):
                _document(document)


def _document(document: PolicyDocument) -> None:
    st.markdown(f"**{plain(naming(document))}**")
    parts = [document.number, say("、", ", ").join(document.issuers) or document.publisher, _dates(document)]
    st.caption(" · ".join(plain(part) for part in parts if part))
    counted = [
        (say("条款", "clauses"), document.clauses),
        (say("任务", "tasks"), document.tasks),
        (say("指标", "targets"), document.targets),
        (say("措施", "measures"), document.measures),
    ]
    st.markdown(" &emsp; ".join(f"**{number}** {word}" for word, number in counted if number))


def _dates(document: PolicyDocument) -> str:
    issued = say(f"{document.issued} 印发", f"issued {document.issued}") if document.issued else ""
    if document.effective and document.expires:
        issued += say(
            f"，{document.effective} 至 {document.expires} 有效",
            f", in force {document.effective} to {document.expires}",
        )
    elif document.effective:
        issued += say(f"，{document.effective} 起施行", f", in force from {document.effective}")
    return issued


def _targets() -> None:
    targets = [target for target in common.rows(StatedTarget) if target.kind == "target"]
    if not targets:
        st.caption(say("还没有指标入图", "No target is on record yet"))
        return
    targets.sort(key=lambda target: (target.year or 9999, target.clauses, target.id))
    headings = [
        say("对象", "subject"),
        say("指标", "indicator"),
        say("目标", "goal"),
        say("年份", "by"),
        say("涉及", "about"),
        say("条款", "clause"),
    ]
    rows = [
        [
            target.subject or "",
            target.indicator,
            target_words(target),
            str(target.year or ""),
            flat(target.goals),
            flat(target.clauses),
        ]
        for target in targets
    ]
    common.table(headings, rows, say("量化指标", "targets"), height=min(38 * len(rows) + 40, 420))


def target_words(target: StatedTarget | ChainTarget) -> str:
    """The value of a target: ≥ 1000 亿元, or +20% 比 2020 年."""
    number = f"{target.value:,.10g}"
    if target.comparator in ("+%", "-%"):
        since = say(f"（比 {target.base_year} 年）", f" (on {target.base_year})") if target.base_year else ""
        return f"{_COMPARATORS[target.comparator]}{number}%{since}"
    return f"{_COMPARATORS[target.comparator]} {number} {target.unit or ''}".strip()


# -- what is loaded ------------------------------------------------------------------------------


def _contents() -> None:
    left, right = st.columns(2)
    with left:
        st.altair_chart(_types_chart(), width="stretch")
    with right:
        loaded = common.read(
            "MATCH (d:Dataset) RETURN d.id AS id, d.node_count AS nodes, d.relationship_count AS relationships, "
            "d.loaded_at AS at ORDER BY id"
        )
        headings = [say("数据集", "dataset"), say("节点", "nodes"), say("关系", "relations"), say("载入日期", "loaded")]
        rows = [
            [
                row["id"].removeprefix("dataset:").removeprefix("liantu/"),
                row["nodes"],
                row["relationships"],
                (row["at"] or "")[:10],
            ]
            for row in loaded
            if row["nodes"] or row["relationships"]
        ]
        common.table(headings, rows, say("数据集", "datasets"), height=min(36 * len(rows) + 40, 420))


def _types_chart() -> Chart:
    """Nodes by type, in the colours that they have in drawings."""
    rows = [
        {
            "type": say(NODE_TYPES[counted.label].zh, counted.label),
            "nodes": counted.nodes,
            "colour": NODE_TYPES[counted.label].colour,
        }
        for counted in common.rows(LabelCount)
        if counted.label in NODE_TYPES and not NODE_TYPES[counted.label].internal
    ]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("type:N", sort="-x", title=None, axis=alt.Axis(labelLimit=160)),
        x=alt.X("nodes:Q", title=None, axis=None),
    )
    bars = base.mark_bar(height=16).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=4, color="#808080").encode(text=alt.Text("nodes:Q", format=","))
    return alt.layer(bars, words).properties(height=26 * len(rows) + 20)

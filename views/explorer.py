"""The chain explorer: a chain as a picture from upstream to downstream, and everything on record of a segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import streamlit as st

from graph.analysis.assessment import ChainGaps, SegmentGap
from graph.analysis.chain_geometry import Geometry, Supply, chain_geometry
from graph.analysis.makers import Maker
from graph.analysis.status import Status
from graph.database.projection import segment_graph
from graph.database.rows import (
    ChainClause,
    ChainLeader,
    ChainPark,
    ChainTarget,
    CitedDocument,
    KnownChain,
    KnownRegion,
    PolicyDocument,
    SegmentClause,
    SegmentFirm,
    SegmentNeighbour,
    SegmentProduct,
)
from graph.language import language, say
from graph.schema import CarrierRole, Position, Stage, Stance
from graph.settings import settings
from reports.formats.output import flat
from reports.gap import gap_table
from reports.pictures.chain_picture import LINES
from reports.words import STATUS_COLOURS, say_reason, say_reasons, status_name, status_symbol, value_name
from views import common
from views.common import naming, plain
from views.network.network import Edge, Node, draw_network, network_html
from views.overview import chain_name, target_words

_PRODUCTS = "MATCH (p:Product) RETURN p.id AS id, p.name AS name, p.name_en AS name_en ORDER BY id"
_HEIGHT = 520
_HERE_SHOWN = 12
_STANCE_COLOURS = {"attract": "red", "fill": "red", "strengthen": "blue", "extend": "green"}
_MOST_SHOWN = 200
_ELSEWHERE_SHOWN = 200
_NEIGHBOURS = {"upstream": ("上游供给", "Supplied by"), "downstream": ("下游去向", "Supplies")}


def page() -> None:
    """Draw the page."""
    chains = [chain.id for chain in drawn_chains()]
    if not chains:
        st.info(say("还没有带环节的产业链", "No chain with segments is on record yet"))
        return
    if common.chain() not in chains:
        common.choose("chain", chains[0])
    gaps = common.assessment()
    _workbench(gaps)
    st.divider()
    _about_chain(gaps)


def drawn_chains() -> list[KnownChain]:
    """Chains that have segments: the main ones in the order of the settings, then the others, longest first."""
    order = {chain: number for number, chain in enumerate(settings.main_chains)}
    with_links = [chain for chain in common.rows(KnownChain) if chain.segments]
    return sorted(with_links, key=lambda chain: (order.get(chain.id, len(order)), -chain.segments))


# -- the drawing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """A chain, placed and coloured, with who supplies whom for the lists of neighbours."""

    nodes: list[Node]
    edges: list[Edge]
    geometry: Geometry
    title: str


def picture(gaps: ChainGaps) -> Picture:
    """The drawing of an assessed chain."""
    return _picture(common.data_state(), language(), gaps.region, gaps.chain)


@st.cache_data(ttl=600, max_entries=100, show_spinner=False)
def _picture(state: str, words: str, region: str, chain: str) -> Picture:  # noqa: ARG001
    gaps = common.assessment(chain, region)
    graph = segment_graph(common.store(), chain)
    products = {row["id"]: common.called(row["name"], row["name_en"]) for row in common.read(_PRODUCTS)}
    return picture_of(gaps, graph, products, f"{common.region_name(region)} {chain_name(gaps)}")


def picture_of(gaps: ChainGaps, graph: nx.MultiDiGraph[str], products: Mapping[str, str], title: str) -> Picture:
    """The drawing of a chain; ``products`` are the names of what flows."""
    geometry = chain_geometry(graph)
    return Picture([_node(s) for s in gaps.segments], _edges(graph, geometry, products), geometry, title)


def _node(s: SegmentGap) -> Node:
    firms = len({maker.id for maker in s.makers})
    lines = [
        f"{say(s.name, s.name_en)} · {status_name(s.status)}",
        say_reason(s.basis),
        say(f"本地登记企业 {firms} 家", f"{firms} firms on record here") if firms else "",
    ]
    return Node(
        s.id,
        say(s.name, s.name_en),
        colour=STATUS_COLOURS[s.status],
        symbol=status_symbol(s.status),
        border="dashed" if s.status is Status.MISSING else "solid",
        title="\n".join(line for line in lines if line),
    )


def _edges(graph: nx.MultiDiGraph[str], geometry: Geometry, products: Mapping[str, str]) -> list[Edge]:
    """One arrow for each pair of segments: what flows is its label; dashed if every flow can be done without."""
    flows: dict[tuple[str, str], list[str]] = {}
    for start, end, flow in graph.edges(data=True):
        names = flows.setdefault((start, end), [])
        if product := products.get(flow.get("via") or ""):
            names.append(product)
    return [
        Edge(
            *pair,
            label=say("、", ", ").join(dict.fromkeys(labels)),
            dashed=geometry.routes[pair].kind is Supply.OTHER,
            colour=LINES["back"][0] if geometry.routes[pair].back else None,
        )
        for pair, labels in flows.items()
        if pair in geometry.routes
    ]


def _headings() -> dict[str, str]:
    """What the places in the chain are called above their columns."""
    return {position.value: value_name(Position, position).capitalize() for position in Position}


@common.fragment
def _workbench(gaps: ChainGaps) -> None:
    """The drawing, the choices, and the segment that is selected; a click runs only this again."""
    if common.chain() != gaps.chain:
        st.rerun()
    heading, chain_choice, segment_choice = st.columns([4, 2, 3], vertical_alignment="bottom")
    heading.title(say(f"{common.region_name()} · {chain_name(gaps)}链", f"{chain_name(gaps)}, {common.region_name()}"))
    st.caption(plain(gap_table.summary(gaps)))
    by_id = {s.id: s for s in gaps.segments}
    key = f"chain:{gaps.chain}"
    _take_click(key)
    with chain_choice:
        words = {chain.id: naming(chain) for chain in drawn_chains()}
        common.chooser(say("产业链", "Chain"), list(words), "chain", lambda i: words[i])
    with segment_choice:
        common.chooser(
            say("环节", "Segment"),
            [s.id for s in sorted(gaps.segments, key=lambda s: (s.order, s.id))],
            "segment",
            lambda i: _segment_words(by_id[i]),
            empty=say("点击图中方框，或输入名称", "Click a box, or type a name"),
        )
    chosen = by_id.get(common.segment())
    common.write_address()
    drawing = picture(gaps)
    draw_network(
        drawing.nodes,
        drawing.edges,
        drawing.geometry,
        key=key,
        height=_HEIGHT,
        selected=_order(key, chosen),
        legend=common.legend(),
        headings=_headings(),
        title=drawing.title,
    )
    if chosen:
        _detail(gaps, chosen)
    else:
        st.caption(
            say(
                "点击方框看企业与政策。实线箭头是必需投入，虚线箭头可替代或非必需，绿色箭头是循环回用，虚线框表示缺失。",
                "Click a box for its firms and policy. Solid arrows are essential inputs, dashed ones can be replaced or done without, green ones return (recycling); a dashed box is missing.",
            )
        )


def _take_click(key: str) -> None:
    """Choose what was clicked in the drawing since the last run, before it is drawn again."""
    if key not in st.session_state:  # not drawn yet, or the page was left
        st.session_state.pop(f"{key}:seen", None)
        return
    clicked = (st.session_state[key] or {}).get("selected") or ""
    if clicked != st.session_state.get(f"{key}:seen", ""):
        common.choose("segment", clicked)
    st.session_state[f"{key}:seen"] = clicked


def _order(key: str, chosen: SegmentGap | None) -> str | None:
    """What the drawing is to select; nothing ("") only after something was, so that it may be let go of."""
    if chosen:
        st.session_state[f"{key}:ordered"] = True
        return chosen.id
    return "" if st.session_state.get(f"{key}:ordered") else None


def _segment_words(s: SegmentGap) -> str:
    return f"{say(s.name, s.name_en)} · {status_name(s.status)}"


# -- one segment ---------------------------------------------------------------------------------


def _detail(gaps: ChainGaps, s: SegmentGap) -> None:
    with st.container(border=True, key="detail"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(plain(say(s.name, s.name_en)), width="content")
            common.chips([(status_name(s.status), STATUS_COLOURS[s.status])])
        st.markdown(plain(say_reason(s.basis)))
        st.caption(
            say(
                f"关键度 {s.criticality:.2f}（该环节中断时全链损失的份额）{gap_table.score_text(s)} · 未应用："
                f"{plain(say_reasons(s.not_applied))}",
                f"criticality {s.criticality:.2f} (share of the chain lost if it is cut){gap_table.score_text(s)} · "
                f"not applied: {plain(say_reasons(s.not_applied))}",
            )
        )
        _neighbours(gaps, s)
        left, right = st.columns([1, 1], gap="medium")
        with left:
            _firms(s)
        with right:
            _policy(gaps, s)
            _parks(gaps, s)
            _products(s)


def _neighbours(gaps: ChainGaps, s: SegmentGap) -> None:
    """Buttons for what supplies the segment and what it supplies; those of other chains are told apart."""
    neighbours = common.rows(SegmentNeighbour, segment=s.id)
    statuses = {other.id: other.status for other in gaps.segments}
    chains = {chain.id: naming(chain) for chain in common.rows(KnownChain)}
    for direction, (zh, en) in _NEIGHBOURS.items():
        rows = {row.segment: row for row in neighbours if row.direction == direction}
        if not rows:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{say(zh, en)}**", width="content")
            for row in sorted(rows.values(), key=lambda row: (row.segment not in statuses, row.segment)):
                _neighbour(row, statuses, chains, f"{direction}:{s.id}")


def _neighbour(row: SegmentNeighbour, statuses: Mapping[str, Status], chains: Mapping[str, str], place: str) -> None:
    other = row.segment
    inside = other in statuses
    name = plain(naming(row))
    if inside:
        st.button(
            f"{status_symbol(statuses[other])} {name}",
            key=f"{place}:{other}",
            on_click=common.choose,
            args=("segment", other),
            help=plain(common.called(row.via_name, row.via_name_en)) if row.via_name else None,
        )
    else:
        home = next((c for c in row.chains if c == f"chain:{other.partition(':')[2].partition('/')[0]}"), row.chains[0])
        common.go(
            "explorer",
            say(f"{naming(row)}（{chains.get(home, home)}）", f"{naming(row)} ({chains.get(home, home)})"),
            chain=home,
            segment=other,
        )


def _firms(s: SegmentGap) -> None:
    rows = common.rows(SegmentFirm, segment=s.id)
    at = {(row.firm, row.place): row for row in rows}
    here = {(m.id, m.place) for m in s.makers}
    st.markdown(
        say(f"##### 本地企业 {len({m.id for m in s.makers})} 家", f"##### Firms here: {len({m.id for m in s.makers})}")
    )
    if s.makers:
        documents = _documents_of(source for m in s.makers for source in m.sources)
        makers = sorted(s.makers, key=lambda m: (not m.leads, m.stage != "operating", m.stage, m.name))
        st.markdown("\n".join(_here(m, at.get((m.id, m.place)), documents) for m in makers[:_HERE_SHOWN]))
        if len(makers) > _HERE_SHOWN:
            with st.expander(say(f"另 {len(makers) - _HERE_SHOWN} 项", f"{len(makers) - _HERE_SHOWN} more")):
                st.markdown(
                    "\n".join(_here(m, at.get((m.id, m.place)), documents) for m in makers[_HERE_SHOWN:_MOST_SHOWN])
                )
    else:
        st.caption(say("登记中没有；不等于没有", "None on record, which does not mean that there is none"))
    elsewhere = [row for row in rows if (row.firm, row.place) not in here]
    if elsewhere:
        _elsewhere(s, elsewhere)


def _here(maker: Maker, row: SegmentFirm | None, documents: Mapping[str, CitedDocument]) -> str:
    """One firm of the region as an item of a Markdown list: name, marks, place, date; then its sources."""
    marks = [say(":blue-badge[链主]", ":blue-badge[chain leader]")] if maker.leads else []
    marks += [f":violet-badge[{plain(value_name(Stage, maker.stage))}]"] if maker.stage != "operating" else []
    marks += [common.unsure()] if maker.confidence == "low" else []
    marks += [say(":orange-badge[证据过期]", ":orange-badge[evidence too old]")] if maker.stale else []
    marks += [say(":red-badge[已停]", ":red-badge[closed]")] if not maker.active else []
    marks += [f":green-badge[{plain(honour)}]" for honour in maker.honours]
    name = common.called(maker.name, row.firm_name_en if row else None)
    facts = [
        common.called(row.place_name, row.place_name_en) if row else "",
        f"{maker.capacity:g} {maker.unit or ''}" if maker.capacity is not None else "",
        say(f"截至 {maker.as_of}", f"as of {maker.as_of}") if maker.as_of else "",
        (row.note if row else None) or "",
    ]
    told = " · ".join(plain(fact) for fact in facts if fact)
    return f"- **{plain(name)}** {' '.join(marks)} {told}{_cited(maker.sources, documents)}"


def _documents_of(sources: Iterable[str]) -> dict[str, CitedDocument]:
    ids = tuple(sorted(set(sources)))
    return {document.id: document for document in common.rows(CitedDocument, ids=list(ids))} if ids else {}


def _cited(sources: Iterable[str], documents: Mapping[str, CitedDocument]) -> str:
    """The sources of a fact as Markdown, each with its address where it has one."""
    parts = []
    for source in sources:
        document = documents.get(source)
        name = plain(naming(document) if document else source)
        address = (document.url if document else None) or ""
        safe = address.startswith(("http://", "https://")) and not set(address) & set(" ()<>\"'\\")
        parts.append(f"[{name}]({address})" if safe else name)
    return f"  \n  :small[:gray[{say('来源：', 'Source: ')}] {say('；', '; ').join(parts)}]" if parts else ""


def _elsewhere(s: SegmentGap, rows: Sequence[SegmentFirm]) -> None:
    """Firms of other places, and how many each province has."""
    firms = {row.firm for row in rows}
    with st.expander(say(f"其他地区企业 {len(firms)} 家", f"Firms elsewhere: {len(firms)}"), icon=":material/public:"):
        provinces = _provinces(rows)
        st.caption(say("、", ", ").join(f"{plain(name)} {number}" for name, number in provinces.most_common(12)))
        headings = [
            say("企业", "firm"),
            say("地点", "place"),
            say("阶段", "stage"),
            say("截至", "as of"),
            say("可信度", "confidence"),
        ]
        table = [
            [
                common.called(row.firm_name, row.firm_name_en),
                common.called(row.place_name, row.place_name_en),
                value_name(Stage, row.stage),
                row.as_of or "",
                say("低", "low") if row.confidence == "low" else "",
            ]
            for row in rows
        ]
        if not any(row[-1] for row in table):
            headings, table = headings[:-1], [row[:-1] for row in table]
        shown = table[:_ELSEWHERE_SHOWN]
        common.table(
            headings,
            shown,
            say(f"{s.name} 其他地区企业", f"{s.name_en} elsewhere"),
            downloads=False,
            height=min(36 * len(shown) + 40, 330),
        )
        common.save_buttons(headings, table, say(f"{s.name} 其他地区企业", f"{s.name_en} elsewhere"))


def _provinces(rows: Iterable[SegmentFirm]) -> Counter[str]:
    """Firms by province (or country), each firm once in each."""
    regions = {place.id: place for place in common.rows(KnownRegion)}
    counts: Counter[str] = Counter()
    for _, place in {(row.firm, _province(row.region, regions)) for row in rows}:
        counts[naming(regions[place]) if place in regions else say("地点不详", "place unknown")] += 1
    return counts


def _province(place: str | None, regions: Mapping[str, KnownRegion]) -> str | None:
    for _ in range(6):
        row = regions.get(place or "")
        if row is None or row.level in ("province", "country"):
            break
        place = row.parent_id
    return place


def _policy(gaps: ChainGaps, s: SegmentGap) -> None:
    rows = common.rows(SegmentClause, segment=s.id, region=common.region())
    st.markdown(say("##### 政策条款", "##### Policy clauses"))
    if not rows:
        st.caption(say("在本地有效的文件未点名该环节", "No document in force here names this segment"))
    clauses: dict[tuple[str, str], list[SegmentClause]] = {}
    for row in rows:
        clauses.setdefault((row.clause, row.task), []).append(row)
    for wanted in clauses.values():
        _clause(wanted)
    told = {row.clause for row in rows}
    of_chain = [
        f"- **{plain(row.path or '')}** {plain(row.heading)} :gray[:small[{plain(say('、', ', ').join(row.lead))}]]"
        for row in common.rows(ChainClause, chain=gaps.chain, region=gaps.region)
        if gaps.chain in row.goals and row.clause not in told
    ]
    if of_chain:
        st.caption(say("针对全链的条款（牵头部门）", "Clauses about the whole chain (lead departments)"))
        st.markdown("\n".join(dict.fromkeys(of_chain)))


def _clause(rows: Sequence[SegmentClause]) -> None:
    """One clause: what it wants of the segment, its summary, who answers for it, the document."""
    row = rows[0]
    stances = [
        f":{_STANCE_COLOURS.get(r.stance, 'gray')}-badge[{plain(value_name(Stance, r.stance))}] {plain(r.role or '')}"
        for r in rows
    ]
    st.markdown("  \n".join([*dict.fromkeys(stances), f"**{plain(row.path or '')}** {plain(row.heading)}"]))
    if row.summary:
        st.markdown(plain(row.summary))
    parts = [
        say("牵头：", "lead: ") + say("、", ", ").join(row.leads) if row.leads else "",
        say("配合：", "support: ") + say("、", ", ").join(row.supports) if row.supports else "",
        _short(row),
    ]
    st.caption("  \n".join(plain(part) for part in parts if part))


def _short(row: SegmentClause) -> str:
    """The name of the document of a clause; of a long one, the part that the clause stands in."""
    document = next((d for d in common.rows(PolicyDocument) if d.id == row.document), None)
    name = common.called(row.document_name, row.document_name_en)
    part = (row.path or "").partition(" ")[0]
    if language() == "zh" and len(name) > 40 and part:
        name = next((alias for alias in (document.aliases if document else None) or [] if alias.endswith(part)), name)
    return f"《{name}》" if language() == "zh" else name


def _parks(gaps: ChainGaps, s: SegmentGap) -> None:
    rows = [row for row in common.rows(ChainPark, chain=gaps.chain) if row.goal in (s.id, gaps.chain)]
    if not rows:
        return
    st.markdown(say("##### 承载地", "##### Carrier parks"))
    rows.sort(key=lambda row: (row.goal != s.id, row.park))
    seen = {row.park: row for row in reversed(rows)}
    lines = []
    for row in reversed(list(seen.values())):
        what = say("本环节", "this segment") if row.goal == s.id else say("全链", "whole chain")
        where = say("、", ", ").join(row.regions)
        remarks = " · ".join(part for part in (where, what, value_name(CarrierRole, row.role), *row.clauses) if part)
        lines.append(f"- {plain(row.park_name)} :gray[:small[{plain(remarks)}]]")
    st.markdown("\n".join(lines))


def _products(s: SegmentGap) -> None:
    rows = common.rows(SegmentProduct, segment=s.id)
    if not rows:
        return
    st.markdown(say("##### 产品", "##### Products"))
    for kind, (zh, en) in {"PRODUCES": ("产出", "makes"), "USES": ("使用", "uses")}.items():
        names = list(
            dict.fromkeys(
                common.called(row.product_name, row.product_name_en) for row in rows if row.relationship == kind
            )
        )
        if names:
            st.markdown(f":gray[{say(zh, en)}] " + say("、", ", ").join(plain(name) for name in names))


# -- the chain as a whole ------------------------------------------------------------------------


def _about_chain(gaps: ChainGaps) -> None:
    tabs = st.tabs(
        [
            say("环节清单", "Segments"),
            say("链主企业", "Chain leaders"),
            say("承载地", "Carrier parks"),
            say("任务与部门", "Tasks and departments"),
            say("指标", "Targets"),
        ]
    )
    for tab, draw in zip(tabs, (_segments_tab, _leaders_tab, _parks_tab, _tasks_tab, _targets_tab), strict=True):
        with tab:
            draw(gaps)


def _segments_tab(gaps: ChainGaps) -> None:
    drawing = picture(gaps)
    headings, rows = gap_table.headings(), gap_table.rows(gaps)
    common.table(headings, rows, f"{drawing.title} {say('环节', 'segments')}", height=420)
    st.download_button(
        say("下载图谱网页（可离线打开）", "Drawing as a web page (works offline)"),
        lambda: network_html(
            drawing.nodes,
            drawing.edges,
            drawing.geometry,
            drawing.title,
            legend=common.legend(),
            headings=_headings(),
        ),
        f"{drawing.title}.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
    )


def _leaders_tab(gaps: ChainGaps) -> None:
    rows = common.rows(ChainLeader, chain=gaps.chain)
    headings = [
        say("企业", "firm"),
        say("地区", "region"),
        say("角色", "role"),
        say("梯队", "tier"),
        say("条款", "clause"),
    ]
    _table_or_note(
        headings,
        [[r.firm_name, r.region, r.role, r.tier, r.clause] for r in rows],
        f"{gaps.chain_name} {say('链主', 'leaders')}",
        say("还没有链主任命入图", "No chain leader is on record yet"),
    )


def _parks_tab(gaps: ChainGaps) -> None:
    rows = common.rows(ChainPark, chain=gaps.chain)
    headings = [
        say("载体", "park"),
        say("地区", "region"),
        say("承载", "carries"),
        say("类型", "role"),
        say("条款", "clause"),
    ]
    _table_or_note(
        headings,
        [[r.park_name, r.regions, r.goal_name, value_name(CarrierRole, r.role), r.clauses] for r in rows],
        f"{gaps.chain_name} {say('承载地', 'parks')}",
        say("还没有承载地入图", "No carrier park is on record yet"),
    )


def _tasks_tab(gaps: ChainGaps) -> None:
    rows = common.rows(ChainClause, chain=gaps.chain, region=gaps.region)
    headings = [
        say("任务", "task"),
        say("条款", "clause"),
        say("摘要", "summary"),
        say("牵头", "lead"),
        say("配合", "support"),
    ]
    _table_or_note(
        headings,
        [[r.task_name, r.path, r.summary, r.lead, r.support] for r in rows],
        f"{gaps.chain_name} {say('任务', 'tasks')}",
        say("在本地有效的文件没有针对该链的任务", "No document in force here sets a task about this chain"),
    )


def _targets_tab(gaps: ChainGaps) -> None:
    targets = {target.id: target for target in common.rows(ChainTarget, chain=gaps.chain, region=gaps.region)}
    _table_or_note(
        [say("指标", "target"), say("目标", "goal"), say("年份", "by"), say("条款", "clause")],
        [[t.name, target_words(t), str(t.year or ""), t.path] for t in targets.values()],
        f"{gaps.chain_name} {say('指标', 'targets')}",
        say("还没有针对该链的指标入图", "No target about this chain is on record yet"),
    )


def _table_or_note(headings: Sequence[str], rows: Sequence[Sequence[Any]], file: str, note: str) -> None:
    """A table without its empty columns, or a sentence where there is nothing."""
    if not rows:
        st.caption(note)
        return
    kept = [c for c in range(len(headings)) if any(row[c] for row in rows)]
    texts = [[flat(row[c]) for c in kept] for row in rows]
    common.table([headings[c] for c in kept], texts, file)

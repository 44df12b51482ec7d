"""The Cypher page: named queries and one's own, read-only, as a table and as a drawing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import pandas as pd
import streamlit as st

from graph.analysis.chain_geometry import Geometry, chain_geometry, free_geometry
from graph.analysis.layout import BOX
from graph.database.rows import KnownChain
from graph.database.store import NamedQuery, QueryResult, named_queries
from graph.errors import LiantuError
from graph.language import language, say
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, Fact, Node
from graph.schema import Relationship as RelationshipType
from graph.settings import settings
from reports.formats.output import Format, csv_file, flat, json_text
from views import common
from views.common import plain
from views.network import network as drawing

#: More boxes than this cannot be read.
MOST_DRAWN = 300

_TEXT, _PARAMETERS, _RESULT, _FAULT = "cypher-text", "cypher-parameters", "cypher:result", "cypher:fault"
_PLACED, _WANTED = "cypher:placed", "cypher:wanted"
_OWN = ""
_STYLE = """<style>
:is(.st-key-cypher-text textarea, .st-key-cypher-parameters input) { font-family: ui-monospace, "Noto Sans Mono CJK SC", monospace; }
.st-key-cypher-text [data-testid="InputInstructions"] { display: none; }
</style>"""
_SYMBOLS = {"Chain": "链", "Clause": "款", "Task": "任", "Measure": "措", "Platform": "平"}
_SYMBOLS_EN = {"Target": "Tg"}

_EXAMPLES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "一个区里有哪些环节的企业最多",
        "Which links have most firms in a city",
        "MATCH (:Region {id: $region})<-[:PART_OF*0..3]-(place:Region)<-[:LOCATED_IN]-(f:Firm)-[:OPERATES_IN]->(s:Segment)\n"
        "RETURN s.name AS segment, count(DISTINCT f) AS firms, collect(DISTINCT f.name) AS names\n"
        "ORDER BY firms DESC, segment LIMIT 20",
        {"region": "region:510100"},
    ),
    (
        "三步以内供给某环节的上游（图）",
        "What supplies a link within three steps (drawn)",
        "MATCH p = (:Segment)-[:SUPPLIES*1..3]->(:Segment {id: $segment})\nRETURN p LIMIT 200",
        {"segment": "seg:lithium/cell"},
    ),
    (
        "同一企业横跨哪些链",
        "Firms that work in several chains",
        "MATCH (f:Firm)-[:OPERATES_IN]->(:Segment)<-[:HAS_SEGMENT]-(c:Chain)\n"
        "WITH f, collect(DISTINCT c.name) AS chains WHERE size(chains) >= 3\n"
        "RETURN f.name AS firm, f.stock_code AS stock_code, size(chains) AS number, chains\n"
        "ORDER BY number DESC, firm LIMIT 50",
        {},
    ),
    (
        "一份文件的条款、任务与牵头部门（图）",
        "Clauses, tasks and lead departments of a document (drawn)",
        "MATCH (d:Document {id: $document})<-[b:PART_OF*1..4]-(k:Clause)<-[s:STATED_IN]-(t:Task)<-[r:RESPONSIBLE_FOR {role: 'lead'}]-(dept:Department)\n"
        "RETURN k, s, t, r, dept LIMIT 120",
        {"document": "doc:chengdu-2022-green-low-carbon"},
    ),
    (
        "证据可信度低的从事关系",
        "Operations of low confidence",
        "MATCH (f:Firm)-[o:OPERATES_IN {confidence: 'low'}]->(s:Segment)\n"
        "RETURN f.name AS firm, s.name AS segment, o.stage AS stage, o.as_of AS as_of, o.sources AS sources\nORDER BY firm",
        {},
    ),
)


def page() -> None:
    """Draw the page."""
    st.title(say("Cypher 查询", "Cypher"))
    st.html(_STYLE)
    st.caption(
        say(
            f"只读；最长 {settings.query_seconds:g} 秒，最多 {settings.query_rows:,} 行。值请用 $参数 传入。",
            f"Read-only; at most {settings.query_seconds:g} s and {settings.query_rows:,} rows. Pass values as $parameters.",
        )
    )
    query = _choose_query()
    if query:
        if language() == "zh":  # descriptions have no English yet
            st.markdown(plain(query.description))
        _parameter_inputs(query)
    _editor()
    _show_outcome()
    _examples()
    _crib()


# -- asking ----------------------------------------------------------------------------------------


def _choose_query() -> NamedQuery | None:
    queries = named_queries()
    key = "cypher:query"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get("cypher:chosen", "chain_segments")
        if _TEXT not in st.session_state:
            _take_over(st.session_state.get("cypher:kept") or _text_of(queries[st.session_state[key]]))
    chosen = st.selectbox(
        say("命名查询", "Named query"),
        [_OWN, *queries],
        format_func=lambda name: _query_words(queries[name]) if name else say("（自己写）", "(write one)"),
        key=key,
        on_change=_query_chosen,
    )
    st.session_state["cypher:chosen"] = chosen
    return queries.get(chosen)


def _query_words(query: NamedQuery) -> str:
    return f"{say(query.title, query.title_en)} · {query.name}"


def _query_chosen() -> None:
    query = named_queries().get(st.session_state["cypher:query"])
    _take_over(_text_of(query) if query else ("", {}))


def _text_of(query: NamedQuery) -> tuple[str, dict[str, Any]]:
    """A named query with its default parameters; region and chain are those chosen at the side."""
    chosen = {"region": common.region(), "chain": common.chain()}
    return query.cypher, {name: chosen.get(name, default) for name, default in query.parameters.items()}


def _take_over(text: tuple[str, Mapping[str, Any]]) -> None:
    """Put a query and its parameters into the editor; what was found before is no longer shown."""
    st.session_state[_TEXT] = text[0]
    st.session_state[_PARAMETERS] = json.dumps(text[1], ensure_ascii=False)
    for name in [k for k in st.session_state if str(k).startswith("cypher:input:")]:
        del st.session_state[name]
    for name in (_RESULT, _FAULT):
        st.session_state.pop(name, None)


def _parameter_inputs(query: NamedQuery) -> None:
    """An input for each parameter; regions and chains by name. What is chosen goes into the JSON below."""
    single = {name: default for name, default in query.parameters.items() if isinstance(default, str)}
    if not single:
        return
    try:
        now = _parameters(st.session_state[_PARAMETERS])
    except LiantuError:
        now = {}
    columns = st.columns(min(4, max(2, len(single))))
    for number, (name, default) in enumerate(single.items()):
        key = f"cypher:input:{query.name}:{name}"
        value = str(now.get(name, default))
        with columns[number % len(columns)]:
            if name in ("region", "chain"):
                _choose_thing(name, value, key)
            else:
                st.session_state[key] = value
                st.text_input(f"${name}", key=key, on_change=_set_parameter, args=(name, key))


def _choose_thing(name: str, value: str, key: str) -> None:
    things = common.regions() if name == "region" else common.rows(KnownChain)
    words = {thing.id: common.naming(thing) for thing in things}
    words.setdefault(value, value)
    st.session_state[key] = value
    label = say("地区", "Region") if name == "region" else say("产业链", "Chain")
    st.selectbox(
        f"{label} ${name}",
        list(words),
        format_func=lambda i: f"{words[i]}（{i}）" if language() == "zh" else f"{words[i]} ({i})",
        key=key,
        on_change=_set_parameter,
        args=(name, key),
    )


def _set_parameter(name: str, key: str) -> None:
    try:
        now = _parameters(st.session_state[_PARAMETERS])
    except LiantuError:
        now = {}
    st.session_state[_PARAMETERS] = json.dumps({**now, name: st.session_state[key]}, ensure_ascii=False)


def _editor() -> None:
    with st.form("cypher:form", border=False):
        lines = st.session_state[_TEXT].count("\n") + 2
        st.text_area(
            "Cypher",
            key=_TEXT,
            height=max(120, min(360, 26 * lines + 20)),
            placeholder="MATCH (f:Firm)-[o:OPERATES_IN]->(s:Segment) RETURN f, o, s LIMIT 50",
        )
        st.text_input(
            say("参数（JSON）", "Parameters (JSON)"),
            key=_PARAMETERS,
            help=say(
                '例如 {"chain": "chain:pv", "years": [2025, 2030]}',
                'such as {"chain": "chain:pv", "years": [2025, 2030]}',
            ),
        )
        st.form_submit_button(
            say("运行（Ctrl+Enter）", "Run (Ctrl+Enter)"),
            type="primary",
            icon=":material/play_arrow:",
            on_click=lambda: st.session_state.update({_WANTED: True}),
        )
    if st.session_state.get(_WANTED):
        _run(st.session_state[_TEXT], st.session_state[_PARAMETERS])
    st.session_state["cypher:kept"] = (st.session_state[_TEXT], _kept(st.session_state[_PARAMETERS]))


def _kept(text: str) -> dict[str, Any]:
    try:
        return _parameters(text)
    except LiantuError:
        return {}


def _run(text: str, parameters: str) -> None:
    """Run what stands in the editor; the outcome stays until the next run.

    The order to run is only struck off once there is an outcome, so that a rerun of the page in between cannot lose it.
    """
    with st.spinner(say("查询中……", "Running ...")):
        outcome: dict[str, Any] = {_RESULT: None, _FAULT: None}
        try:
            if not text.strip():
                raise LiantuError(say("请先写一条查询。", "Write a query first."))
            outcome[_RESULT] = common.store().query(text, _parameters(parameters))
        except LiantuError as error:
            outcome[_FAULT] = str(error)
        st.session_state.update({**outcome, _WANTED: False})


def _parameters(text: str) -> dict[str, Any]:
    """The parameters as typed.

    Raises:
        LiantuError: not a JSON object, or a whole number that no database holds.
    """
    try:
        values = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise LiantuError(say(f"参数不是合法的 JSON：{error}", f"the parameters are not JSON: {error}")) from error
    if not isinstance(values, dict):
        raise LiantuError(
            say(
                '参数应为 JSON 对象，如 {"chain": "chain:pv"}',
                'the parameters must be a JSON object such as {"chain": "chain:pv"}',
            )
        )
    if _too_large(values):
        raise LiantuError(say("参数中有超出 64 位的整数", "a whole number among the parameters exceeds 64 bits"))
    return values


def _too_large(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_too_large, value.values()))
    if isinstance(value, list):
        return any(map(_too_large, value))
    return isinstance(value, int) and not -(2**63) <= value < 2**63


# -- what came out -----------------------------------------------------------------------------------


def _show_outcome() -> None:
    if fault := st.session_state.get(_FAULT):
        st.error(plain(fault), icon=":material/error:")
        return
    result: QueryResult | None = st.session_state.get(_RESULT)
    if result is None:
        return
    st.caption(_outcome_words(result))
    if not result.rows:
        st.info(say("没有结果行。", "No rows."), icon=":material/inbox:")
        return
    views = {"table": say(f"表格（{len(result.rows)} 行）", f"Table ({len(result.rows)} rows)")}
    if result.nodes:
        views["graph"] = say(f"图（{len(result.nodes)} 个节点）", f"Graph ({len(result.nodes)} nodes)")
    first = "graph" if result.relationships else "table"
    view = (
        first
        if len(views) == 1
        else st.segmented_control(
            say("显示", "Show"),
            list(views),
            default=first,
            required=True,
            format_func=views.__getitem__,
            key=f"cypher:view:{id(result)}",
            label_visibility="collapsed",
        )
    )
    if view == "graph":
        _draw(result)
    else:
        _table(result)
    _save(result)


def _outcome_words(result: QueryResult) -> str:
    words = say(f"{len(result.rows)} 行，{result.seconds:.2f} 秒", f"{len(result.rows)} rows in {result.seconds:.2f} s")
    if result.truncated:
        words += say("；已达行数上限，后面的未取", "; the row limit was reached, later rows were not fetched")
    return words


def _table(result: QueryResult) -> None:
    columns = list(dict.fromkeys(result.columns))
    rows = [[cell_value(row[c]) for c in columns] for row in result.rows]
    for number in range(len(columns)):
        if len({type(row[number]) for row in rows if row[number] is not None}) > 1:
            rows = [[*r[:number], None if r[number] is None else str(r[number]), *r[number + 1 :]] for r in rows]
    table = pd.DataFrame(rows, columns=columns)
    st.dataframe(table, hide_index=True, placeholder="", height="content" if len(rows) <= 12 else 460)


def cell_value(value: Any) -> Any:
    """A value of a result as it stands in a cell: numbers stay numbers, what is nested becomes readable text."""
    if isinstance(value, dict):
        if "_label" in value:
            return _node_words(value)
        if "_type" in value:
            return _relationship_words(value)
        return "；".join(f"{k}: {cell_value(v)}" for k, v in value.items())
    if isinstance(value, list):
        if _is_path(value):
            return _path_words(value)
        return "、".join(str(cell_value(v)) for v in value)
    return value


def _node_words(node: Mapping[str, Any]) -> str:
    name = say(node.get("name") or "", node.get("name_en") or node.get("name") or "")
    known = node.get("id") or node["_label"]
    return say(f"{name}（{known}）", f"{name} ({known})") if name else str(known)


def _relationship_words(relationship: Mapping[str, Any]) -> str:
    return f"{relationship['_start']} -[{relationship['_type']}]-> {relationship['_end']}"


def _is_path(value: Sequence[Any]) -> bool:
    """Whether a list is a path: nodes, then the relationships between them."""
    nodes = [v for v in value if isinstance(v, dict) and "_label" in v]
    ties = [v for v in value if isinstance(v, dict) and "_type" in v]
    return bool(ties) and len(nodes) + len(ties) == len(value) and len(nodes) == len(ties) + 1


def _path_words(path: Sequence[Mapping[str, Any]]) -> str:
    nodes = path[: len(path) // 2 + 1]
    words = [str(nodes[0].get("name") or nodes[0].get("id"))]
    for node, tie in zip(nodes[1:], path[len(nodes) :], strict=True):
        forward = tie["_end"] == node.get("id")
        words.append(f"{'-' if forward else '<-'}[{tie['_type']}]{'->' if forward else '-'}")
        words.append(str(node.get("name") or node.get("id")))
    return " ".join(words)


def _save(result: QueryResult) -> None:
    query = named_queries().get(st.session_state.get("cypher:chosen", ""))
    name = query.name if query and query.cypher == st.session_state[_TEXT] else say("查询结果", "result")
    rows = [[row[c] for c in result.columns] for row in result.rows]
    with st.container(horizontal=True):
        common.download("CSV", lambda: csv_file(result.columns, rows), name, Format.CSV, "cypher:csv")
        common.download("JSON", lambda: json_text(result.rows).encode(), name, Format.JSON, "cypher:json")


# -- the drawing ---------------------------------------------------------------------------------------


def _draw(result: QueryResult) -> None:
    """The nodes and relationships of a result, and what is known of the one that was clicked."""
    shown = list(result.nodes)[:MOST_DRAWN]
    if len(result.nodes) > len(shown):
        st.caption(
            say(
                f"只画前 {MOST_DRAWN} 个节点，共 {len(result.nodes)} 个；可用 LIMIT 缩小范围。",
                f"Only the first {MOST_DRAWN} of {len(result.nodes)} nodes are drawn; LIMIT narrows it.",
            )
        )
    kept = {i: result.nodes[i] for i in shown}
    nodes, edges, geometry = _drawn_once(result, kept)
    labels = dict.fromkeys(str(n["_label"]) for n in kept.values())
    legend = [drawing.LegendItem(_label_words(label), _colour(label), _symbol(label)) for label in labels]
    clicked = drawing.draw_network(
        nodes,
        edges,
        geometry,
        key=f"cypher:graph:{id(result)}",
        height=520,
        legend=legend,
        title=say("查询结果", "Query result"),
    ).selected
    if clicked in kept:
        _details(kept[clicked])
    elif not result.relationships:
        st.caption(
            say(
                "结果里没有关系：请同时 RETURN 关系或路径。",
                "There are no relationships in the result: RETURN them or the path, too.",
            )
        )


def _drawn_once(
    result: QueryResult, kept: Mapping[str, Mapping[str, Any]]
) -> tuple[list[drawing.Node], list[drawing.Edge], Geometry]:
    """The drawing of a result is placed once, not at every click."""
    key = (id(result), language())
    if st.session_state.get(_PLACED, (None,))[0] != key:
        st.session_state[_PLACED] = (key, network_of(kept, result.relationships))
    placed: tuple[list[drawing.Node], list[drawing.Edge], Geometry] = st.session_state[_PLACED][1]
    return placed


def network_of(
    nodes: Mapping[str, Mapping[str, Any]], relationships: Mapping[str, Mapping[str, Any]]
) -> tuple[list[drawing.Node], list[drawing.Edge], Geometry]:
    """Boxes and arrows of a result, and where they are: links of a chain in columns, anything else by springs."""
    boxes = [
        drawing.Node(
            i,
            say(row.get("name") or i, row.get("name_en") or row.get("name") or i),
            colour=_colour(row["_label"]),
            symbol=_symbol(row["_label"]),
            title=f"{_label_words(row['_label'])}\n{i}",
        )
        for i, row in nodes.items()
    ]
    arrows = [
        drawing.Edge(
            r["_start"],
            r["_end"],
            label=_type_words(r["_type"]),
            id=str(r.get("id") or " ".join([r["_start"], r["_type"], r["_end"]])),
        )
        for r in relationships.values()
        if r["_start"] in nodes and r["_end"] in nodes
    ]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from((i, {"order": row.get("order"), "position": row.get("position")}) for i, row in nodes.items())
    for arrow in arrows:
        graph.add_edge(arrow.source, arrow.target, key=arrow.id)
    links_only = all(row["_label"] == "Segment" and row.get("order") is not None for row in nodes.values())
    placed = chain_geometry(graph, parallel=True) if links_only else free_geometry(graph, spring_places(graph))
    return boxes, arrows, placed


def spring_places(graph: nx.Graph[str]) -> dict[str, tuple[float, float]]:
    """Places by springs, set in rows so that no box covers another; the same graph gives the same drawing."""
    if not graph:
        return {}
    places = nx.spring_layout(nx.Graph(graph), seed=1, k=1.6 / math.sqrt(len(graph)))
    in_a_row = max(2, round(math.sqrt(0.9 * len(graph))))
    wide, high = BOX[0] * 1.2, BOX[1] * 1.7
    downwards = sorted(graph, key=lambda node: (places[node][1], node))
    left, right = min(p[0] for p in places.values()), max(p[0] for p in places.values())
    scale = in_a_row * wide * 1.15 / max(right - left, 1e-9)
    at: dict[str, tuple[float, float]] = {}
    for row in range(math.ceil(len(downwards) / in_a_row)):
        members = sorted(downwards[row * in_a_row : (row + 1) * in_a_row], key=lambda node: (places[node][0], node))
        wanted = [(places[node][0] - left) * scale for node in members]
        at |= {node: (x, row * high) for node, x in zip(members, _spread(wanted, wide), strict=True)}
    return {node: at[node] for node in graph}


def _spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Rising values at least ``gap`` apart, as near as can be to the wanted ones (least squares).

    >>> _spread([0.0, 1.0, 100.0], 10.0)
    [-4.5, 5.5, 100.0]
    """
    groups: list[tuple[float, int]] = []  # mean and size of the values that touch, each less its place times the gap
    for number, value in enumerate(wanted):
        mean, size = value - number * gap, 1
        while groups and groups[-1][0] > mean:
            before, count = groups.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        groups.append((mean, size))
    flat = [mean for mean, size in groups for _ in range(size)]
    return [mean + number * gap for number, mean in enumerate(flat)]


def _details(node: Mapping[str, Any]) -> None:
    """All properties of a node, with their Chinese titles."""
    kind = NODE_TYPES.get(node["_label"])
    rows = [
        [_property_words(kind, name), flat(value)]
        for name, value in node.items()
        if not name.startswith("_") and name not in ("datasets", "statements", "placeholder")
    ]
    st.markdown(f"**{plain(_node_words(node))}** · {plain(_label_words(node['_label']))}")
    heads = [say("属性", "property"), say("值", "value")]
    st.table(pd.DataFrame([[plain(a), plain(b)] for a, b in rows], columns=heads), hide_index=True, border="horizontal")


def _colour(label: str) -> str:
    return NODE_TYPES[label].colour if label in NODE_TYPES else Node.colour


def _symbol(label: str) -> str:
    """One Chinese character, or two Latin letters, so that a label never hangs on colour alone."""
    if label not in NODE_TYPES:
        return ""
    return say(_SYMBOLS.get(label, NODE_TYPES[label].zh[:1]), _SYMBOLS_EN.get(label, label[:2]))


def _label_words(label: str) -> str:
    return say(f"{NODE_TYPES[label].zh} {label}", label) if label in NODE_TYPES else label


def _type_words(kind: str) -> str:
    return say(RELATIONSHIP_TYPES[kind].zh, kind) if kind in RELATIONSHIP_TYPES else kind


def _property_words(kind: type[Fact] | None, name: str) -> str:
    field = kind.model_fields.get(name) if kind else None
    return say(f"{field.title} {name}", name) if field and field.title else name


# -- help ------------------------------------------------------------------------------------------------


def _examples() -> None:
    with st.expander(say("示例", "Examples"), icon=":material/lightbulb:"):
        for number, (title, title_en, text, _) in enumerate(_EXAMPLES):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{plain(say(title, title_en))}**", width="content")
                st.button(
                    say("放入编辑器", "Put into the editor"),
                    key=f"cypher:example:{number}",
                    on_click=_example_chosen,
                    args=(number,),
                )
            st.code(text, language="cypher")


def _example_chosen(number: int) -> None:
    st.session_state["cypher:query"] = _OWN
    _take_over((_EXAMPLES[number][2], _EXAMPLES[number][3]))


def _crib() -> None:
    """Labels, relationship types and their properties, as the ontology declares them."""
    with st.expander(
        say("图谱结构速查：标签、关系类型、属性", "Schema: labels, relationship types, properties"),
        icon=":material/schema:",
    ):
        st.markdown(say("**节点标签**", "**Labels**"))
        shared = set(Node.model_fields)
        nodes = [kind for kind in NODE_TYPES.values() if not kind.internal]
        heads = [say("标签", "label"), say("含义", "meaning"), say("编号前缀", "id prefix"), say("属性", "properties")]
        _reference(heads, [[k.label(), _meaning(k), f"{k.prefix}:", _properties(k, shared)] for k in nodes])
        st.caption(say("每个节点都有：", "Every node has: ") + plain(_properties(Node, set())))
        st.markdown(say("**关系类型**", "**Relationship types**"))
        shared = {*RelationshipType.model_fields}
        heads = [
            say("类型", "type"),
            say("含义", "meaning"),
            say("起点 → 终点", "from → to"),
            say("属性", "properties"),
        ]
        _reference(
            heads, [[k.type(), _meaning(k), _ends(k), _properties(k, shared)] for k in RELATIONSHIP_TYPES.values()]
        )
        st.caption(say("每条关系都有：id、", "Every relationship has: id, ") + plain(_properties(Fact, set())))


def _reference(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    cells = [[plain(c) for c in row] for row in rows]
    st.table(pd.DataFrame(cells, columns=list(heads)), hide_index=True, border="horizontal")


def _meaning(kind: type[Fact]) -> str:
    return say(kind.zh, (kind.__doc__ or "").splitlines()[0])


def _ends(kind: type[RelationshipType]) -> str:
    pairs: dict[str, list[str]] = {}
    for start, end in kind.ends:
        pairs.setdefault(end, []).append(say("任何", "any") if start == "*" else start)
    return "；".join(f"{', '.join(starts)} → {end}" for end, starts in pairs.items())


def _properties(kind: type[Fact], without: set[str]) -> str:
    fields = {name: field for name, field in kind.model_fields.items() if name not in without}
    return (
        "、".join(say(f"{name}（{field.title}）", name) for name, field in fields.items())
        if language() == "zh"
        else ", ".join(fields)
    )

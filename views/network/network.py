"""The chain drawing: boxes and edges that can be clicked, moved, zoomed, and saved as a picture or a page.

The drawing itself is ``network.js`` on vis-network, which comes with pyvis: nothing is fetched from anywhere.
In the app the library travels in a message of its own (a loader component without data), so that it is sent
once and a click costs a few kilobytes. Where boxes stand and edges run is computed before
(``graph.analysis.chain_geometry``); the script stretches it over its canvas and paints it.

Status is never told by colour alone: each box carries a symbol, and may have a dashed or double border.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyvis
import streamlit as st
from pyvis.network import Network

from graph.analysis.chain_geometry import Area, Geometry, Route, Spot
from graph.language import say
from reports.colours import ink_on

_HERE = Path(__file__).parent
_LIBRARY = resources.files(pyvis) / "lib" / "vis-9.1.2" / "vis-network.min.js"
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "edges": {"smooth": {"enabled": False}},
    "interaction": {"hover": True, "tooltipDelay": 350, "selectConnectedEdges": False, "hoverConnectedEdges": False},
}

Shape = Literal["box", "pill", "hexagon"]
Border = Literal["solid", "dashed", "double"]


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the drawing.

    Attributes:
        id: what a click gives back.
        label: the text in the box; wrapped, and shortened only if it fills three lines.
        colour: of the strip at the left and of the border.
        symbol: one or two characters in the strip (缺, 弱, ?, ...), the part of the status that needs no colour.
        shape: ``pill`` and ``hexagon`` set other kinds of things apart from links.
        border: ``dashed`` for what is planned or missing, ``double`` for what is essential, say.
        title: shown when the pointer rests on the box; plain text, lines by ``\\n``.
    """

    id: str
    label: str
    colour: str = "#7f8c8d"
    symbol: str = ""
    shape: Shape = "box"
    border: Border = "solid"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow of the drawing.

    Attributes:
        source, target: ids of nodes; an edge that the geometry does not have is left out.
        label: shown while one of its ends is selected (with all at once nothing could be read).
        dashed: for what can be replaced, is planned, or returns (recycling).
        colour: where it is not to be the theme's grey.
        id: made from ends and label if not given; of two with the same id the first is drawn.
    """

    source: str
    target: str
    label: str = ""
    dashed: bool = False
    colour: str | None = None
    id: str = ""


class LegendItem(NamedTuple):
    """A line of the legend: what a colour and symbol mean."""

    label: str
    colour: str
    symbol: str = ""


class Selection(NamedTuple):
    """What the user did: the node that is selected, and the one double-clicked just now."""

    selected: str | None = None
    expanded: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on the buttons, and how a screen reader introduces the drawing."""

    fit: str
    larger: str
    smaller: str
    full: str
    picture: str
    help: str

    @classmethod
    def spoken(cls) -> Labels:
        """In the reader's language."""
        return cls(
            fit=say("全图", "Show everything"),
            larger=say("放大", "Zoom in"),
            smaller=say("缩小", "Zoom out"),
            full=say("全屏", "Full screen"),
            picture=say("下载图片", "Save as picture"),
            help=say(
                "点击选中，双击展开，拖动移动；方向键换选，Esc 取消",
                "Click selects, double click expands, drag moves; arrow keys move the selection, Esc clears it",
            ),
        )


def draw_network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    geometry: Geometry,
    *,
    key: str,
    height: int = 620,
    selected: str | None = None,
    legend: Sequence[LegendItem | tuple[str, str, str]] | None = None,
    headings: Mapping[str, str] | None = None,
    labels: Labels | None = None,
    title: str = "",
) -> Selection:
    """Draw a network on the page and say what the user selected in it.

    Args:
        key: fixed for one drawing; zoom, moved boxes and selection are kept under it, also when the user leaves
            the page and returns.
        height: of the canvas in pixels; 620 shows eight rows.
        selected: a change of this argument selects that node (a search box, a table row). Otherwise the user's
            click counts. Do not hand back what this function returned: it lags one run, and a click would be lost.
        legend: shown above the drawing and on the saved picture.
        headings: of the areas, by position (上游 for ``upstream``); areas of other positions are not shown.
        title: heading and file name of the saved picture.
    """
    data = _payload(nodes, edges, geometry, legend or (), headings or {}, title) | {
        "key": key,
        "height": height,
        "labels": asdict(labels or Labels.spoken()),
        "command": _drive(key, selected),
    }
    with st.container(gap=None):
        result = _drawing(key=key, data=data, on_selected_change=_noted, on_expanded_change=_noted)
        _loader(key=f"{key}:library")
    return Selection(_settled(key, result.selected), result.expanded or None)


def network_html(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    geometry: Geometry,
    title: str,
    *,
    legend: Sequence[LegendItem | tuple[str, str, str]] | None = None,
    headings: Mapping[str, str] | None = None,
    labels: Labels | None = None,
) -> str:
    """The same drawing as one HTML file that needs no network, for download."""
    data = _payload(nodes, edges, geometry, legend or (), headings or {}, title) | {
        "height": 620,
        "labels": asdict(labels or Labels.spoken()),
        "command": None,
    }
    return _PAGE.format(
        title=escape(title),
        css=_source("network.css"),
        data=_embedded(data),
        library=_library(),
        script=_source("network.js"),
    )


_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
body {{ margin: 0 16px; font-family: "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1f2430; }}
h1 {{ font-size: 20px; margin: 14px 0 6px; }}
#note {{ white-space: pre-line; font-size: 13px; min-height: 3em; margin: 8px 0; }}
{css}
</style>
</head>
<body id="liantu-standalone">
<h1>{title}</h1>
<div id="drawing"></div>
<div id="note"></div>
<script type="application/json" id="data">{data}</script>
<script>{library}</script>
<script type="module">{script}</script>
</body>
</html>
"""


# -- what is sent ----------------------------------------------------------------------------


def _payload(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    geometry: Geometry,
    legend: Iterable[Sequence[str]],
    headings: Mapping[str, str],
    title: str,
) -> dict[str, Any]:
    """Everything that the drawing shows, as plain values."""
    drawn, linked, _, _, _, options = _network(nodes, edges, geometry).get_network_data()
    items = [LegendItem(*item) for item in legend]
    return {
        "nodes": drawn,
        "edges": linked,
        "options": json.loads(options),
        "geometry": {
            "columns": geometry.columns,
            "corners": geometry.corners,
            "beyond": geometry.beyond,
            "areas": [_area(area, headings) for area in geometry.areas if set(area.positions) <= headings.keys()],
        },
        "legend": [item._asdict() | {"ink": ink_on(item.colour)} for item in items],
        "title": title,
    }


def _network(nodes: Iterable[Node], edges: Iterable[Edge], geometry: Geometry) -> Network:
    """The pyvis network: each node and each edge once, only what the geometry has."""
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(_OPTIONS))
    for node in nodes:
        network.add_node(
            node.id,
            label=node.label,
            title=node.title,
            at=_numbers(geometry.boxes[node.id]),
            colour=node.colour,
            ink=ink_on(node.colour),
            symbol=node.symbol,
            shape=node.shape,
            border=node.border,
        )
    routed = [(edge, route) for edge in edges if (route := _route(edge, geometry))]
    unique = {_edge_id(edge): (edge, route) for edge, route in reversed(routed)}
    for name, (edge, route) in reversed(unique.items()):
        network.add_edge(
            edge.source,
            edge.target,
            id=name,
            label=edge.label,
            dashed=edge.dashed,
            colour=edge.colour,
            route={
                "start": _numbers(route.start),
                "legs": [[_numbers(spot) for spot in leg] for leg in route.legs],
                "middle": _numbers(route.middle),
                "enters": route.end.along,
            },
        )
    return network


def _edge_id(edge: Edge) -> str:
    return edge.id or json.dumps([edge.source, edge.label, edge.target], ensure_ascii=False)


def _route(edge: Edge, geometry: Geometry) -> Route | None:
    """Its own way where parallel edges are drawn apart, else that of all between its ends."""
    ends = (edge.source, edge.target)
    return geometry.routes.get((*ends, edge.id)) or geometry.routes.get(ends)


def _area(area: Area, headings: Mapping[str, str]) -> dict[str, Any]:
    """An area in the reader's words."""
    return {
        "label": say("、", ", ").join(headings[position] for position in area.positions),
        "start": _numbers(area.start),
        "end": _numbers(area.end),
        "below": area.below,
        "heading": area.heading and _numbers(area.heading),
    }


def _numbers(spot: Spot) -> list[float]:
    """A spot as short as a pixel's part allows."""
    return [round(spot.x, 1), round(spot.y, 1), round(spot.along, 3), round(spot.across, 3), round(spot.gap, 3)]


def _embedded(data: Mapping[str, Any]) -> str:
    """JSON that can stand inside a script element: nothing in it can end that element."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


@cache
def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _library() -> str:
    return _LIBRARY.read_text(encoding="utf-8")


# -- the component ---------------------------------------------------------------------------

_drawing = st.components.v2.component("liantu_drawing", css=_source("network.css"), js=_source("network.js"))
_loader = st.components.v2.component(
    "liantu_drawing_library", js=_library() + "\nexport default function () {}\n", html="<span></span>"
)


def _noted() -> None:
    """A value is only given back if it has a callback."""


def _drive(key: str, selected: str | None) -> list[Any] | None:
    """The order to select a node, numbered so that the drawing obeys it once.

    It stays the same until the next one: the data, and with them what is sent, do not change with a click.
    """
    memory = st.session_state.setdefault(f"{key}:memory", {"number": 0, "asked": None, "shown": None, "waiting": False})
    reported = (st.session_state.get(key) or {}).get("selected")
    wanted = selected if selected is not None and selected != memory["asked"] else None
    memory["asked"] = selected if selected is not None else memory["asked"]
    if wanted is None and reported is None and not memory["waiting"]:
        wanted = memory["shown"]  # the page was left and is shown again
    if wanted is not None and wanted != reported:
        memory |= {"number": memory["number"] + 1, "order": wanted, "waiting": True, "before": reported}
    return [memory["number"], memory["order"]] if memory["number"] else None


def _settled(key: str, reported: str | None) -> str | None:
    """What is selected: what was ordered until the drawing has answered, then what it reports."""
    memory = st.session_state[f"{key}:memory"]
    if memory["waiting"] and reported != memory["before"]:
        memory["waiting"] = False
    shown: str | None = memory["order"] if memory["waiting"] else (reported or None)
    memory["shown"] = shown
    return shown

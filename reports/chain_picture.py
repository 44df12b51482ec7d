"""The chain as a picture: its links in columns from upstream to downstream, each with its status, for print on A4."""

from __future__ import annotations

from typing import Any

import networkx as nx

from graph.analysis.gaps import ChainGaps
from reports.drawing import A4_LANDSCAPE, Drawing, Paper


def draw_chain(
    gaps: ChainGaps,
    graph: nx.MultiDiGraph[Any],
    *,
    paper: Paper = A4_LANDSCAPE,
    title: str = "",
    source: str = "",
) -> tuple[Drawing, ...]:
    """The chain with the status of every link in a region.

    Parameters
    ----------
    gaps: status, firms and date, as ``graph.assessment`` gives them.
    graph: links and what supplies what, as ``graph.projection.segment_graph`` gives it.
    paper: size; upright paper is filled from top to bottom, wide paper from left to right.
    title: "" for chain and region.
    source: a line at the foot: where the data come from.

    Returns:
        One picture, or several (parts of the chain by position) where one page cannot hold it at 7 points.
    """
    raise NotImplementedError

"""What the maps-and-lists package of one chain in one region is made from, gathered in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from graph import remedies
from graph.analysis.gaps import ChainGaps
from graph.assessment import assess_chain
from graph.lists import ChainLists, cited_sources, gather_lists
from graph.projection import segment_graph
from graph.remedies import SegmentRemedies
from graph.store import Row, Store

#: With what is being built and planned.
ALL_STAGES = ("operating", "under_construction", "planned")


@dataclass(frozen=True)
class Package:
    """The state of a chain in a region and what is on record of it.

    ``future`` is the assessment with what is being built and planned counted as if it ran; ``remedies`` are those of the
    gaps (segment -> way out), ``products`` what each segment makes, ``districts`` the region and all in it,
    ``sources`` what the sources in the lists are called (id -> name).
    """

    gaps: ChainGaps
    future: ChainGaps
    graph: nx.MultiDiGraph[Any]
    lists: ChainLists
    remedies: Mapping[str, SegmentRemedies]
    products: Mapping[str, tuple[str, ...]]
    districts: tuple[Row, ...]
    sources: Mapping[str, str]


def gather_package(store: Store, region: str, chain: str) -> Package:
    """Everything that the package shows.

    Parameters
    ----------
    region, chain: ids, names or aliases.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    gaps = assess_chain(store, region, chain)
    lists = gather_lists(store, gaps.region, gaps.chain)
    ways = remedies.gather(store.run_named, gaps)
    tables = (lists.firms, lists.operations, lists.parks, lists.carriers, lists.leaders, lists.platforms)
    cited = {s for table in tables for row in table.values() for s in row["sources"] or ()}
    products = store.run_named("chain_products", chain=gaps.chain)
    return Package(
        gaps=gaps,
        future=assess_chain(store, gaps.region, gaps.chain, ALL_STAGES),
        graph=segment_graph(store, gaps.chain),
        lists=lists,
        remedies={gap.id: remedies.of_segment(ways, gap) for gap in gaps.gaps},
        products={row["segment"]: tuple(sorted(row["products"])) for row in products},
        districts=tuple(store.run_named("districts", region=gaps.region)),
        sources=cited_sources(store, cited),
    )

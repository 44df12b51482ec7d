"""What the maps-and-lists package of one chain in one region is made from, gathered in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx

from graph.analysis.assessment import ChainGaps
from graph.analysis.candidates import FirmCandidate, Site, distance_km
from graph.analysis.makers import Maker, live_makers
from graph.database.projection import segment_graph
from graph.database.rows import ChainOperation, ChainProducts, District
from graph.database.store import Store
from graph.schema import ALL_STAGES
from services import ways_out
from services.chain_lists import ChainLists, cited_sources, gather_lists
from services.gaps import assess_chain
from services.ways_out import SegmentRemedies


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
    districts: tuple[District, ...]
    sources: Mapping[str, str]

    @cached_property
    def makers(self) -> dict[tuple[str, str, str | None], Maker]:
        """The makers of the assessment: (segment, firm, place) -> maker."""
        return {(s.id, m.id, m.place): m for s in self.gaps.segments for m in s.makers}

    def maker(self, operation: ChainOperation) -> Maker | None:
        """An operation as the assessment knows it."""
        return self.makers.get((operation.segment, operation.firm, operation.place))

    def counts(self, operation: ChainOperation) -> bool:
        """Whether the assessment counts an operation."""
        maker = self.maker(operation)
        return maker is not None and bool(live_makers([maker], self.gaps.stages))

    def sites_of(self, candidate: FirmCandidate) -> list[tuple[Site, float | None]]:
        """All places of a firm elsewhere, nearest first, each with its distance in km where it is on record."""
        here = next((d for d in self.districts if d.id == self.gaps.region), None)
        sites = [(site, _distance(site, here)) for site in candidate.sites]
        return sorted(sites, key=lambda pair: (pair[1] is None, pair[1] or 0.0, str(pair[0].name)))


def _distance(site: Site, here: District | None) -> float | None:
    if here is None or here.lat is None or here.lon is None or site.lat is None or site.lon is None:
        return None
    return distance_km(here.lat, here.lon, site.lat, site.lon)


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
    ways = ways_out.gather(store.rows, gaps)
    tables = (lists.firms, lists.operations, lists.parks, lists.carriers, lists.leaders, lists.platforms)
    cited = {s for table in tables for row in table.values() for s in row.sources or ()}
    products = store.rows(ChainProducts, chain=gaps.chain)
    return Package(
        gaps=gaps,
        future=assess_chain(store, gaps.region, gaps.chain, ALL_STAGES),
        graph=segment_graph(store, gaps.chain),
        lists=lists,
        remedies={gap.id: ways_out.of_segment(ways, gap) for gap in gaps.gaps},
        products={row.segment: tuple(sorted(row.products)) for row in products},
        districts=tuple(store.rows(District, region=gaps.region)),
        sources=cited_sources(store, cited),
    )

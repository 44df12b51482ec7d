"""Out of the database: the whole graph, one chain, one assessment."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.databases import Database, median_of, timed
from graph.database.projection import segment_graph, whole_graph
from graph.database.writing import load
from graph.settings import settings
from loaders.sources import read_sources
from services.gaps import assess_chain


@dataclass(frozen=True)
class Reading:
    """Seconds; a whole graph once, the small ones as medians."""

    whole_graph: float
    segment_graph: float
    assess_chain: float


def read_shipped(database: Database, times: int) -> Reading:
    """The graph of data/, loaded here into the empty database: each main chain in the default region."""
    load(database.store, read_sources([settings.data]))
    chains = settings.main_chains
    reading = _read(database, settings.default_region, chains, times)
    database.wipe()
    return reading


def read_large(database: Database, times: int) -> Reading:
    """The made-up graph, which is in the database already: its first chains in one of its provinces."""
    chains = [row["id"] for row in database.store.read("MATCH (c:Chain) RETURN c.id AS id ORDER BY id LIMIT 5")]
    return _read(database, "region:synthetic/province-0000", chains, times)


def _read(database: Database, region: str, chains: tuple[str, ...] | list[str], times: int) -> Reading:
    store = database.store
    whole_time = timed(lambda: whole_graph(store))
    for chain in chains:  # once unmeasured: plans are made and pages are read
        assess_chain(store, region, chain)
    segments = median_of(times, lambda: [segment_graph(store, chain) for chain in chains]) / len(chains)
    assessed = median_of(times, lambda: [assess_chain(store, region, chain) for chain in chains]) / len(chains)
    return Reading(whole_time, segments, assessed)

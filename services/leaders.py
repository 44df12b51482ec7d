"""Chain leaders of a region: the figures of ``graph.analysis.leader_tiers`` from the graph, against the appointments on record."""

from __future__ import annotations

from dataclasses import fields

from graph.analysis.assessment import unknown_links
from graph.analysis.leader_tiers import Appointment, ChainLeaders, losses_of, propose_leaders
from graph.analysis.makers import live_makers, mark_stale
from graph.analysis.outages import supply_model
from graph.database.rows import RegionLeader
from graph.database.store import Store
from graph.schema import counted_stages
from graph.settings import settings
from services.gaps import gather_evidence


def chain_leaders(
    store: Store, region: str, chain: str, stages: tuple[str, ...] = counted_stages(planned=False)
) -> ChainLeaders:
    """Tiers that the figures speak for, firm by firm, and the appointments on record.

    Parameters
    ----------
    region, chain: ids, names or aliases.
    stages: which operations count: operating, under_construction, planned.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    evidence = gather_evidence(store, region, chain)
    live = {
        link: live_makers(mark_stale(evidence.makers.get(link, ()), evidence.as_of, settings.status), stages)
        for link in evidence.graph
    }
    model, _ = supply_model(evidence.graph, live, evidence.inflows, unknown_links(evidence, live))
    appointed = store.rows(RegionLeader, chain=evidence.chain, region=evidence.region)
    return propose_leaders(
        evidence.graph,
        live,
        losses_of(model, live, evidence.surveyed),
        map(_appointment, appointed),
        settings.leaders,
        surveyed=evidence.surveyed,
        as_of=evidence.as_of,
    )


def _appointment(row: RegionLeader) -> Appointment:
    values = {f.name: getattr(row, f.name) for f in fields(Appointment)}
    return Appointment(**{**values, "clauses": tuple(row.clauses), "sources": tuple(row.sources or ())})

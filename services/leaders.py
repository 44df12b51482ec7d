"""Chain leaders of a region: the figures of ``graph.analysis.leader_tiers`` from the graph, against the appointments on record."""

from __future__ import annotations

from graph.analysis.assessment import unknown_links
from graph.analysis.leader_tiers import Appointment, ChainLeaders, losses_of, propose_leaders
from graph.analysis.makers import live_makers, mark_stale
from graph.analysis.outages import supply_model
from graph.database.store import Row, Store
from graph.settings import settings
from services.gaps import gather_evidence


def chain_leaders(store: Store, region: str, chain: str, stages: tuple[str, ...] = ("operating",)) -> ChainLeaders:
    """Tiers that the figures speak for, firm by firm, and the appointments on record.

    Parameters
    ----------
    region, chain: ids, names or aliases.
    stages: which operations count: operating, under_construction, planned.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    found = gather_evidence(store, region, chain)
    live = {
        link: live_makers(mark_stale(found.makers.get(link, ()), found.as_of, settings.status), stages)
        for link in found.graph
    }
    model, _ = supply_model(found.graph, live, found.inflows, unknown_links(found, live))
    rows = store.run_named("region_leaders", chain=found.chain, region=found.region)
    return propose_leaders(
        found.graph,
        live,
        losses_of(model, live, found.surveyed),
        [_appointment(row) for row in rows],
        settings.leaders,
        surveyed=found.surveyed,
        as_of=found.as_of,
    )


def _appointment(row: Row) -> Appointment:
    values = {name: row[name] for name in Appointment.__dataclass_fields__ if name in row}
    return Appointment(**{**values, "clauses": tuple(row["clauses"] or ()), "sources": tuple(row["sources"] or ())})

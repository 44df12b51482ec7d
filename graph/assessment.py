"""From the store to a gap assessment: gather what is on record of a chain in a region, then ``analysis.gaps``.

Counting is done in the database, so it costs the same with 300 firms and with 3 million.
"""

from __future__ import annotations

from collections import defaultdict

from graph.analysis.gaps import ChainEvidence, ChainGaps, Maker, PolicyStance, assess, oldest_evidence
from graph.projection import segment_graph
from graph.settings import settings
from graph.store import Row, Store


def assess_chain(store: Store, region: str, chain: str, stages: tuple[str, ...] = ("operating",)) -> ChainGaps:
    """The gaps of one chain in one region.

    Parameters
    ----------
    region, chain: ids, names or aliases.
    stages: which operations count: operating, under_construction, planned.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    return assess(gather_evidence(store, region, chain), settings.status, settings.priority, stages)


def gather_evidence(store: Store, region: str, chain: str) -> ChainEvidence:
    """What is on record of a chain in a region."""
    region_row, chain_row = store.find(region, "Region"), store.find(chain, "Chain")
    ids = {"chain": chain_row["id"], "region": region_row["id"]}
    as_of = data_date(store)
    oldest = oldest_evidence(as_of, settings.status)
    makers: dict[str, list[Maker]] = defaultdict(list)
    for row in store.run_named("segment_makers", **ids):
        makers[row["segment"]].append(_maker(row))
    stances: dict[str, list[PolicyStance]] = defaultdict(list)
    for row in store.run_named("segment_stances", **ids):
        stances[row["segment"]].append(
            PolicyStance(
                stance=row["stance"],
                clause=row["clause"],
                path=row["path"] or "",
                heading=row["heading"] or "",
                document=row["document_name"],
                role=row["role"],
                number=row["document_number"],
            )
        )
    return ChainEvidence(
        chain=chain_row["id"],
        chain_name=chain_row["name"],
        region=region_row["id"],
        region_name=region_row["name"],
        graph=segment_graph(store, chain_row["id"]),
        makers=makers,
        benchmark={
            r["segment"]: r["makers"] for r in store.run_named("benchmark_makers", chain=ids["chain"], oldest=oldest)
        },
        stances=stances,
        surveyed={r["segment"] for r in store.run_named("surveyed_segments", **ids)},
        as_of=as_of,
    )


def data_date(store: Store) -> str | None:
    """The date of the newest evidence on firms: what the reports call the date of the data."""
    rows = store.read("MATCH (d:Dataset) RETURN max(d.evidence) AS newest")
    newest: str | None = rows[0]["newest"] if rows else None
    return newest


def _maker(row: Row) -> Maker:
    return Maker(
        id=row["firm"],
        name=row["firm_name"],
        stage=row["stage"],
        owner=row["owner"],
        place=row["place"],
        capacity=row["capacity"],
        unit=row["unit"],
        as_of=row["as_of"],
        confidence=row["confidence"],
        active=row["active"] is not False,
        leads=bool(row["leads"]),
        sources=tuple(row["sources"] or ()),
        honours=tuple(row["honours"] or ()),
        name_en=row["firm_name_en"],
    )

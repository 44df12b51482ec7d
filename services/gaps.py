"""From the store to a gap assessment: gather what is on record of a chain in a region, then ``analysis.gaps``.

Counting is done in the database, so it costs the same with 300 firms and with 3 million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph.analysis.assessment import (
    ChainAssessment,
    ChainEvidence,
    ChainGaps,
    SegmentGap,
    order_of_unranked,
)
from graph.analysis.assessment import assess as assess_evidence
from graph.analysis.makers import Inflow, Maker, oldest_evidence
from graph.analysis.ranking import Ranking, rank
from graph.analysis.reasons import Reason, reason
from graph.analysis.status import PolicyStance
from graph.database.projection import segment_graph
from graph.database.rows import BenchmarkMakers, RegionInflow, SegmentMaker, SegmentStance, SurveyedSegment
from graph.database.store import Store
from graph.schema import counted_stages
from graph.settings import settings


@dataclass(frozen=True)
class RegionGap:
    """A gap of a region: the link as it stands in the chain where its score is highest, and the other chains it is in."""

    chain: ChainGaps
    segment: SegmentGap
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegionAssessment:
    """All measures of several chains in a region, and the gaps of all of them in one order.

    ``ranking`` and ``ranked`` run in parallel. ``unranked`` are the gaps of chains in which no live local firm is on
    record, so that nothing tells what hangs on them: they come after, by what the policy asks for.
    """

    region: str
    region_name: str
    as_of: str | None
    chains: tuple[ChainAssessment, ...]
    ranking: Ranking
    ranked: tuple[RegionGap, ...]
    unranked: tuple[RegionGap, ...]


def assess(
    store: Store, region: str, chains: Sequence[str], stages: tuple[str, ...] = counted_stages(planned=False)
) -> RegionAssessment:
    """The gaps of chains in a region: what every page, command and report shows of them.

    Each chain is assessed by itself, with one relatedness of the region for all; a gap has the score that it has in its
    chain. So neither a score nor the order of two gaps changes with the number of chains.

    Parameters
    ----------
    region, chains: ids, names or aliases.
    stages: which operations count: operating, under_construction, planned.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    place = store.find(region, "Region")
    ids = dict.fromkeys(store.find(chain, "Chain").id for chain in chains)
    ease, refused = _ease(store, place.id)
    assessed = tuple(
        assess_evidence(
            replace(gather_evidence(store, place.id, chain), ease=ease, ease_refused=refused),
            settings.status,
            settings.ranking,
            stages,
            settings.dependence,
        )
        for chain in ids
    )
    gaps = _region_gaps([c.gaps for c in assessed])
    ranking = rank({i: g.segment.criteria for i, g in gaps.items() if g.segment.is_ranked}, settings.ranking)
    unranked = [g for g in gaps.values() if not g.segment.is_ranked]
    return RegionAssessment(
        place.id,
        place.name,
        store.data_date(),
        assessed,
        ranking,
        tuple(gaps[row.id] for row in ranking.rows),
        tuple(sorted(unranked, key=lambda g: order_of_unranked(g.segment))),
    )


def assess_chain(
    store: Store, region: str, chain: str, stages: tuple[str, ...] = counted_stages(planned=False)
) -> ChainGaps:
    """The links of one chain in one region, its gaps first: ``assess`` for one chain.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    return assess(store, region, [chain], stages).chains[0].gaps


def _ease(store: Store, region: str) -> tuple[Mapping[str, float], Reason | None]:
    """Relatedness density of a region for links, or why it is not taken."""
    from services.regions import ease_of  # pandas, which only this needs

    density = ease_of(store, region)
    if isinstance(density, Reason):
        return {}, reason("relatedness_refused", why=density)
    return density, None


def _region_gaps(chains: Sequence[ChainGaps]) -> dict[str, RegionGap]:
    """Every link that is a gap in some chain, once: where its score is highest; of equal ones in the first chain by id."""
    judged: dict[str, list[tuple[ChainGaps, SegmentGap]]] = defaultdict(list)
    for gaps in chains:
        for segment in gaps.gaps:
            judged[segment.id].append((gaps, segment))
    best = {i: min(several, key=_highest_first) for i, several in judged.items()}
    return {
        i: RegionGap(gaps, segment, tuple(other.chain_name for other, _ in judged[i] if other is not gaps))
        for i, (gaps, segment) in best.items()
    }


def _highest_first(judged: tuple[ChainGaps, SegmentGap]) -> tuple[float, str]:
    gaps, segment = judged
    return (1.0 if segment.score is None else -segment.score), gaps.chain


def gather_evidence(store: Store, region: str, chain: str) -> ChainEvidence:
    """What is on record of a chain in a region."""
    place, subject = store.find(region, "Region"), store.find(chain, "Chain")
    ids = {"chain": subject.id, "region": place.id}
    as_of = store.data_date()
    oldest = oldest_evidence(as_of, settings.status)
    makers: dict[str, list[Maker]] = defaultdict(list)
    for operation in store.rows(SegmentMaker, **ids):
        makers[operation.segment].append(_maker(operation))
    inflows: dict[str, list[Inflow]] = defaultdict(list)
    for brought in store.rows(RegionInflow, **ids):
        inflows[brought.segment].append(_inflow(brought))
    stances: dict[str, list[PolicyStance]] = defaultdict(list)
    for wanted in store.rows(SegmentStance, **ids):
        stances[wanted.segment].append(_stance(wanted))
    return ChainEvidence(
        chain=subject.id,
        chain_name=subject.name,
        region=place.id,
        region_name=place.name,
        graph=segment_graph(store, subject.id),
        makers=makers,
        inflows=inflows,
        benchmark={b.segment: b.makers for b in store.rows(BenchmarkMakers, chain=ids["chain"], oldest=oldest)},
        stances=stances,
        surveyed={s.segment for s in store.rows(SurveyedSegment, **ids)},
        as_of=as_of,
    )


def _maker(row: SegmentMaker) -> Maker:
    return Maker(
        id=row.firm,
        name=row.firm_name,
        stage=row.stage,
        owner=row.owner,
        place=row.place,
        capacity=row.capacity,
        unit=row.unit,
        output=row.output,
        as_of=row.as_of,
        confidence=row.confidence,
        active=row.active is not False,
        leads=row.leads,
        sources=tuple(row.sources or ()),
        honours=tuple(row.honours or ()),
        name_en=row.firm_name_en,
        place_name=row.place_name,
        park=row.park,
        park_name=row.park_name,
    )


def _inflow(row: RegionInflow) -> Inflow:
    return Inflow(row.origin, row.origin_name, row.quantity, row.unit, row.value, row.as_of, tuple(row.sources or ()))


def _stance(row: SegmentStance) -> PolicyStance:
    return PolicyStance(
        stance=row.stance,
        clause=row.clause,
        path=row.path or "",
        heading=row.heading or "",
        document=row.document_name,
        role=row.role,
        number=row.document_number,
    )

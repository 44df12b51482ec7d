"""The gaps of a chain in a region: what goes in, and the assessment that comes out.

``assess`` puts the measures together: status of every link (M1), local coverage (M2), what hangs on it (M3), and the
order of the gaps (M5). Pure functions: everything on record comes in as plain tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from graph.analysis.concentration import effective_number
from graph.analysis.coverage import ChainCoverage, coverage
from graph.analysis.dependence import Dependence, outside_dependence
from graph.analysis.knockout import Supply, SupplyModel, criticality
from graph.analysis.makers import Basis, Inflow, Maker, Quantities, live_makers, mark_stale, operation_key, quantities
from graph.analysis.outages import ChainOutages, outages, supply_model
from graph.analysis.ranking import Criteria, Ranking, rank
from graph.analysis.reasons import Reason, reason
from graph.analysis.status import GAP_STATUSES, Findings, PolicyStance, Status, status_of
from graph.schema import counted_stages
from graph.settings import DependenceThresholds, RankingWeights, StatusThresholds

_STANCE = {"attract": 1.0, "fill": 1.0, "strengthen": 0.6, "extend": 0.3, "about": 0.0}
_ORDER = {Status.UNKNOWN: 1, Status.PRESENT: 2, Status.STRONG: 3}


@dataclass(frozen=True)
class ChainEvidence:
    """What is on record of a chain in a region.

    ``benchmark`` counts the live makers of each link nationwide; ``surveyed`` are the links whose register
    is declared complete; ``ease`` is the region's relatedness density for links, with ``ease_refused`` the reason where
    it cannot be taken; ``as_of`` is the date of the newest evidence: age is counted from there, so that the same
    data give the same report on any day.
    """

    chain: str
    chain_name: str
    region: str
    region_name: str
    graph: nx.MultiDiGraph[str]
    makers: Mapping[str, Sequence[Maker]] = field(default_factory=dict)
    inflows: Mapping[str, Sequence[Inflow]] = field(default_factory=dict)
    benchmark: Mapping[str, int] = field(default_factory=dict)
    stances: Mapping[str, Sequence[PolicyStance]] = field(default_factory=dict)
    surveyed: Collection[str] = ()
    ease: Mapping[str, float] = field(default_factory=dict)
    ease_refused: Reason | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class SegmentGap:
    """One link: its status, why, and how much hangs on it.

    ``criticality`` is the loss (0-1) of the whole chain, links weighing the same, when it is cut; ``sigma`` local coverage
    by money or capacity (0-1). Of a gap: ``users`` the live local firms that need it, ``unmet`` the unmet local demand in
    亿元, ``criteria`` the fractions it is ranked by, ``score`` (0-1) what they come to, ``front`` its Pareto front among the
    gaps of the chain; both None of what is no gap, and of a gap that cannot be ranked: nothing tells who needs it.
    """

    id: str
    name: str
    name_en: str
    position: str
    order: int
    status: Status
    basis: Reason
    not_applied: tuple[Reason, ...]
    makers: tuple[Maker, ...]
    live: int
    quantities: Quantities
    location_quotient: float | None
    effective_owners: float | None
    sigma: float | None
    criticality: float
    stances: tuple[PolicyStance, ...]
    users: int = 0
    unmet: float | None = None
    criteria: Criteria = field(default_factory=Criteria)
    front: int | None = None
    score: float | None = None

    @property
    def is_gap(self) -> bool:
        """Missing, weak or single-sourced."""
        return self.status in GAP_STATUSES

    @property
    def is_ranked(self) -> bool:
        """A gap of which it is known who needs it: it has a score."""
        return self.is_gap and self.criteria.pull is not None


@dataclass(frozen=True)
class ChainGaps:
    """All links of a chain in a region: the gaps in order of urgency, then the unknown links, then the rest.

    ``completeness`` is the share (0-1) of links with a live maker on record. ``as_of`` is the date of the data.
    ``ranking`` tells by which criteria the gaps are ordered.
    """

    chain: str
    chain_name: str
    region: str
    region_name: str
    as_of: str | None
    completeness: float
    segments: tuple[SegmentGap, ...]
    thresholds: StatusThresholds
    weights: RankingWeights
    ranking: Ranking
    stages: tuple[str, ...] = counted_stages(planned=False)

    @property
    def counts(self) -> dict[str, int]:
        """How many links have each status."""
        counted = Counter(s.status for s in self.segments)
        return {status.value: counted[status] for status in Status}

    @property
    def gaps(self) -> tuple[SegmentGap, ...]:
        """The links that are missing, weak or single-sourced, most urgent first."""
        return tuple(s for s in self.segments if s.is_gap)


@dataclass(frozen=True)
class ChainAssessment:
    """All measures of a chain in a region.

    ``coverage`` is by number of firms; ``measured_coverage`` by money or capacity where these are on record. ``unknown``
    are the links of which nobody knows whether they are made here.
    """

    gaps: ChainGaps
    coverage: ChainCoverage
    measured_coverage: ChainCoverage | None
    outages: ChainOutages
    dependence: tuple[Dependence, ...]
    unknown: tuple[str, ...] = ()
    not_applied: tuple[Reason, ...] = ()


def assess(
    evidence: ChainEvidence,
    thresholds: StatusThresholds,
    weights: RankingWeights,
    stages: Sequence[str] = counted_stages(planned=False),
    dependence: DependenceThresholds | None = None,
) -> ChainAssessment:
    """All measures of a chain in a region.

    Parameters
    ----------
    stages: which operations count as makers; planned and under-construction ones only where asked for.
    """
    makers = {s: mark_stale(evidence.makers.get(s, ()), evidence.as_of, thresholds) for s in evidence.graph}
    live = {s: live_makers(of_link, stages) for s, of_link in makers.items()}
    unknown = unknown_links(evidence, live)
    by_count = coverage(evidence.graph, live, evidence.inflows, Basis.COUNT, unknown)
    measured = _measured_coverage(evidence, live, unknown)
    model, weighed = supply_model(evidence.graph, live, evidence.inflows, unknown)
    hanging = criticality(evidence.graph)
    segments = []
    for s in evidence.graph:
        sigma = measured.segments[s].sigma if measured and s in measured.segments else None
        segments.append(_segment(s, evidence, makers[s], live, sigma, hanging[s], thresholds))
    ranked = _with_criteria(segments, evidence, live, model, measured)
    ranking = rank({s.id: s.criteria for s in ranked if s.is_ranked}, weights)
    held = sum(1 for of_link in live.values() if of_link)
    gaps = ChainGaps(
        evidence.chain,
        evidence.chain_name,
        evidence.region,
        evidence.region_name,
        evidence.as_of,
        held / len(live) if live else 0.0,
        tuple(_in_order(ranked, ranking)),
        thresholds,
        weights,
        ranking,
        tuple(stages),
    )
    return ChainAssessment(
        gaps,
        by_count,
        measured,
        outages(evidence.graph, model, live, weighed),
        tuple(
            outside_dependence(
                [measured, by_count] if measured else [by_count],
                evidence.inflows,
                dependence or DependenceThresholds(),
                unknown,
            )
        ),
        tuple(sorted(unknown)),
        tuple(_not_applied(evidence, live, measured)),
    )


def location_quotient(local: int, local_total: int, benchmark: int, benchmark_total: int) -> float:
    """LQ = (local / local_total) / (benchmark / benchmark_total): above 1 the region has more than its share.

    Raises:
        ZeroDivisionError: the benchmark or the region is empty.
    """
    return (local / local_total) / (benchmark / benchmark_total)


def unknown_links(evidence: ChainEvidence, live: Mapping[str, Sequence[Maker]]) -> set[str]:
    """The links of which nobody knows whether they are made here."""
    return {s for s in evidence.graph if not live[s] and not _absence_is_known(s, evidence)}


def _absence_is_known(segment: str, evidence: ChainEvidence) -> bool:
    """Whether something says that nobody makes it here, or where it is brought in from."""
    wanted = any(s.stance in ("attract", "fill") for s in evidence.stances.get(segment, ()))
    return wanted or segment in evidence.surveyed or bool(evidence.inflows.get(segment))


def _measured_coverage(
    evidence: ChainEvidence, live: Mapping[str, Sequence[Maker]], unknown: Collection[str]
) -> ChainCoverage | None:
    """Coverage by money where it can be taken, else by capacity, else none."""
    for basis in (Basis.MONEY, Basis.CAPACITY):
        measured = coverage(evidence.graph, live, evidence.inflows, basis, unknown)
        if any(s.demand for s in measured.segments.values()):
            return measured
    return None


def _segment(
    segment: str,
    evidence: ChainEvidence,
    makers: Sequence[Maker],
    live: Mapping[str, Sequence[Maker]],
    sigma: float | None,
    hanging: float,
    thresholds: StatusThresholds,
) -> SegmentGap:
    attributes = evidence.graph.nodes[segment]
    stances = tuple(evidence.stances.get(segment, ()))
    quotient, why_not = _quotient(segment, evidence, live, thresholds)
    held = quantities(live[segment])
    owners = effective_number(_by_owner(live[segment], held)) if live[segment] else None
    status, basis = status_of(
        Findings(live[segment], segment in evidence.surveyed, stances, quotient, owners, sigma), thresholds
    )
    not_applied = [why_not] if live[segment] and why_not else []
    if sigma is None:
        not_applied.append(reason("coverage_not_taken"))
    return SegmentGap(
        segment,
        attributes["name"],
        attributes.get("name_en") or attributes["name"],
        attributes["position"],
        attributes["order"],
        status,
        basis,
        tuple(not_applied),
        tuple(makers),
        len({m.id for m in live[segment]}),
        held,
        quotient,
        owners,
        sigma,
        hanging,
        stances,
    )


def _by_owner(live: Sequence[Maker], held: Quantities) -> dict[str, float]:
    """What each ultimate owner holds of a link."""
    owners = {m.id: m.owner or m.id for m in live}
    held_by: dict[str, float] = {}
    for firm, quantity in held.by_firm.items():
        held_by[owners[firm]] = held_by.get(owners[firm], 0.0) + quantity
    return held_by


def _quotient(
    segment: str, evidence: ChainEvidence, live: Mapping[str, Sequence[Maker]], thresholds: StatusThresholds
) -> tuple[float | None, Reason | None]:
    """The location quotient by number of firms, or the reason why none is taken."""
    local = {s: len({m.id for m in makers}) for s, makers in live.items()}
    local_total, nation = sum(local.values()), evidence.benchmark.get(segment, 0)
    nation_total = sum(evidence.benchmark.values())
    if nation < thresholds.benchmark_min_makers:
        return None, reason("quotient_few_in_nation", makers=nation, least=thresholds.benchmark_min_makers)
    if local_total < thresholds.region_min_operations:
        return None, reason("quotient_few_here", operations=local_total, least=thresholds.region_min_operations)
    return location_quotient(local[segment], local_total, nation, nation_total), None


# -- the order of the gaps ---------------------------------------------------------------------------


def _with_criteria(
    segments: Sequence[SegmentGap],
    evidence: ChainEvidence,
    live: Mapping[str, Sequence[Maker]],
    model: SupplyModel,
    measured: ChainCoverage | None,
) -> list[SegmentGap]:
    """The links, gaps among them with what they are ranked by."""
    firms = {m.id for found in live.values() for m in found}
    money = measured if measured is not None and measured.basis is Basis.MONEY else None
    if money is not None and any(s.is_gap and s.id not in money.segments for s in segments):
        money = None  # one measure for all gaps, or none
    demand = sum(s.demand or 0.0 for s in money.segments.values()) if money else 0.0
    found = []
    for s in segments:
        if not s.is_gap:
            found.append(s)
            continue
        users = {m.id for user in evidence.graph.successors(s.id) for m in live[user]}
        unmet = money.segments[s.id].unmet if money else None
        pull = unmet / demand if unmet is not None and demand else len(users) / len(firms) if firms else None
        criteria = Criteria(pull, _risk(model, s.id, live[s.id]), evidence.ease.get(s.id), _pull_of_policy(s.stances))
        found.append(replace(s, users=len(users), unmet=unmet, criteria=criteria))
    return found


def _risk(model: SupplyModel, segment: str, live: Sequence[Maker]) -> float | None:
    """The largest loss (0-1) that one source of the link can cause: its outside source, or what one owner makes of it."""
    if not model.total_weight:
        return None
    owners: dict[str, set[Supply]] = {}
    for maker in live:
        owners.setdefault(maker.owner or maker.id, set()).add((segment, operation_key(maker)))
    outside = model.supplies(segment, local=False)
    return max(model.losses([outside, *owners.values()]), default=0.0)


def _pull_of_policy(stances: Sequence[PolicyStance]) -> float:
    return max((_STANCE.get(s.stance, 0.0) for s in stances), default=0.0)


def _in_order(segments: Sequence[SegmentGap], ranking: Ranking) -> list[SegmentGap]:
    """Gaps as ranked and by what policy asks for, then unknown links by what hangs on them, then the rest by their place."""
    by_id = {s.id: s for s in segments}
    gaps = [replace(by_id[r.id], front=r.front, score=r.score) for r in ranking.rows]
    gaps += sorted((s for s in segments if s.is_gap and not s.is_ranked), key=order_of_unranked)
    others = [s for s in segments if not s.is_gap]

    def place(s: SegmentGap) -> tuple[int, float, int, str]:
        hanging = -s.criticality if s.status is Status.UNKNOWN else 0.0
        return _ORDER[s.status], hanging, s.order, s.id

    return [*gaps, *sorted(others, key=place)]


def order_of_unranked(gap: SegmentGap) -> tuple[float, float, str]:
    """Gaps that cannot be ranked come by what policy asks for, then by what hangs on them."""
    return -(gap.criteria.stance or 0.0), -gap.criticality, gap.id


def _not_applied(
    evidence: ChainEvidence, live: Mapping[str, Sequence[Maker]], measured: ChainCoverage | None
) -> list[Reason]:
    """What could not be computed for the chain as a whole, and why."""
    reasons = []
    if measured is None:
        reasons.append(reason("coverage_by_number_only"))
    if not any(evidence.inflows.values()):
        reasons.append(reason("dependence_without_origins"))
    if not evidence.ease:
        reasons.append(evidence.ease_refused or reason("relatedness_not_taken"))
    if not any(live.values()):
        reasons.append(reason("no_live_maker"))
    return reasons

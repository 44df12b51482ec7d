"""M1 Status of every link of a chain in a region, with the rule that fired, and the gaps in order.

Pure functions: makers, benchmark counts, policy clauses and the segment graph come in as plain tables.

* unknown 未知: no live maker, and neither a complete register nor a policy clause says that there is none.
* missing 缺: no live maker, and one of them does.
* weak 弱: the region has far less of it than the nation has (location quotient).
* single 单: one owner holds it.
* strong 强: well represented, several owners, or a chain leader on the link.
* present 中: the rest.

A test whose data are missing is "not applied" and listed; missing data never become zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

import networkx as nx

from graph.analysis.knockout import criticality
from graph.language import say
from graph.settings import PriorityWeights, StatusThresholds


class Status(StrEnum):
    """Status of a link in a region."""

    MISSING = "missing"
    WEAK = "weak"
    SINGLE = "single"
    UNKNOWN = "unknown"
    PRESENT = "present"
    STRONG = "strong"


#: One character each, so that status never hangs on colour alone.
STATUS_NAMES: dict[Status, tuple[str, str, str]] = {
    Status.MISSING: ("缺", "缺失", "missing"),
    Status.WEAK: ("弱", "薄弱", "weak"),
    Status.SINGLE: ("单", "单一来源", "single-sourced"),
    Status.UNKNOWN: ("？", "未知", "unknown"),
    Status.PRESENT: ("中", "具备", "present"),
    Status.STRONG: ("强", "较强", "strong"),
}

GAP_STATUSES = (Status.MISSING, Status.WEAK, Status.SINGLE)
_SEVERITY = {Status.MISSING: 1.0, Status.WEAK: 0.7, Status.SINGLE: 0.5, Status.UNKNOWN: 0.3}
_PULL = {"attract": 1.0, "fill": 1.0, "strengthen": 0.6, "extend": 0.3, "about": 0.0}


@dataclass(frozen=True)
class Maker:
    """One firm's operation on a link, at a place in the region.

    ``stale`` is set by ``assess`` where the evidence is too old to count. ``owner`` is the ultimate owner (the firm itself if not known), ``as_of`` the date of the evidence,
    ``leads`` whether the firm is a chain leader of this chain.
    """

    id: str
    name: str
    stage: str = "operating"
    owner: str | None = None
    place: str | None = None
    capacity: float | None = None
    unit: str | None = None
    as_of: str | None = None
    confidence: str | None = None
    active: bool = True
    leads: bool = False
    sources: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()
    name_en: str | None = None
    stale: bool = False


@dataclass(frozen=True)
class PolicyStance:
    """What a clause in force in the region wants of a link."""

    stance: str
    clause: str
    path: str = ""
    heading: str = ""
    document: str = ""
    role: str | None = None
    number: str | None = None

    @property
    def cited(self) -> str:
        """The clause as a reader looks it up: number of the document, where it has one, and path."""
        return f"{self.number or ''} {self.path or self.clause}".strip()


@dataclass(frozen=True)
class SegmentGap:
    """One link: its status, why, and how much hangs on it."""

    id: str
    name: str
    name_en: str
    position: str
    order: int
    status: Status
    basis: str
    not_applied: tuple[str, ...]
    makers: tuple[Maker, ...]
    live: int
    location_quotient: float | None
    effective_owners: float | None
    criticality: float
    priority: float
    stances: tuple[PolicyStance, ...]

    @property
    def is_gap(self) -> bool:
        """Missing, weak or single-sourced."""
        return self.status in GAP_STATUSES


@dataclass(frozen=True)
class ChainGaps:
    """All links of a chain in a region, most urgent first.

    ``completeness`` is the share (0-1) of links with a live maker on record. ``as_of`` is the date of the data.
    """

    chain: str
    chain_name: str
    region: str
    region_name: str
    as_of: str | None
    completeness: float
    segments: tuple[SegmentGap, ...]
    thresholds: StatusThresholds
    weights: PriorityWeights
    stages: tuple[str, ...] = ("operating",)

    @property
    def counts(self) -> dict[str, int]:
        """How many links have each status."""
        found = Counter(s.status for s in self.segments)
        return {status.value: found[status] for status in Status}

    @property
    def gaps(self) -> tuple[SegmentGap, ...]:
        """The links that are missing, weak or single-sourced, most urgent first."""
        return tuple(s for s in self.segments if s.is_gap)


@dataclass(frozen=True)
class ChainEvidence:
    """What is on record of a chain in a region.

    ``benchmark`` counts the live makers of each link nationwide; ``surveyed`` are the links whose register
    is declared complete; ``as_of`` is the date of the newest evidence: age is counted from there, so that the same
    data give the same report on any day.
    """

    chain: str
    chain_name: str
    region: str
    region_name: str
    graph: nx.MultiDiGraph[str]
    makers: Mapping[str, Sequence[Maker]] = field(default_factory=dict)
    benchmark: Mapping[str, int] = field(default_factory=dict)
    stances: Mapping[str, Sequence[PolicyStance]] = field(default_factory=dict)
    surveyed: Collection[str] = ()
    as_of: str | None = None


def assess(
    evidence: ChainEvidence,
    thresholds: StatusThresholds,
    weights: PriorityWeights,
    stages: tuple[str, ...] = ("operating",),
) -> ChainGaps:
    """Status, criticality and priority of every link.

    Parameters
    ----------
    stages: which operations count as makers; planned and under-construction ones only where asked for.
    """
    oldest = oldest_evidence(evidence.as_of, thresholds)
    makers = {
        s: tuple(replace(m, stale=_stale(m.as_of, oldest)) for m in evidence.makers.get(s, ())) for s in evidence.graph
    }
    evidence = replace(evidence, makers=makers)
    live = {s: _live(makers[s], stages) for s in evidence.graph}
    hanging = criticality(evidence.graph)
    segments = [
        _assess_segment(segment, evidence, live, hanging[segment], thresholds, weights) for segment in evidence.graph
    ]
    segments.sort(key=lambda s: (-s.priority, s.order, s.id))
    held = sum(1 for found in live.values() if found)
    return ChainGaps(
        evidence.chain,
        evidence.chain_name,
        evidence.region,
        evidence.region_name,
        evidence.as_of,
        held / len(live) if live else 0.0,
        tuple(segments),
        thresholds,
        weights,
        stages,
    )


def location_quotient(local: int, local_total: int, benchmark: int, benchmark_total: int) -> float:
    """LQ = (local / local_total) / (benchmark / benchmark_total): above 1 the region has more than its share.

    Raises:
        ZeroDivisionError: the benchmark or the region is empty.
    """
    return (local / local_total) / (benchmark / benchmark_total)


def effective_owners(owners: Mapping[str, float]) -> float:
    """N_eff = 1/HHI over the owners' shares: 1 if one owner holds all, n if n hold equal parts."""
    total = sum(owners.values())
    return 1 / sum((share / total) ** 2 for share in owners.values())


def _live(makers: Sequence[Maker], stages: tuple[str, ...]) -> list[Maker]:
    return [m for m in makers if m.active and m.stage in stages and m.confidence != "low" and not m.stale]


def _stale(as_of: str | None, oldest: str) -> bool:
    """Whether evidence is too old; one that gives only the year is good for the whole year."""
    return as_of is not None and as_of < oldest and not oldest.startswith(as_of)


def oldest_evidence(as_of: str | None, thresholds: StatusThresholds) -> str:
    """The date (ISO 8601) before which evidence no longer makes a maker live."""
    if as_of is None:
        return ""
    newest = date.fromisoformat(f"{as_of}-12-31"[:10] if len(as_of) == 4 else f"{as_of}-28"[:10])
    return (newest - timedelta(days=thresholds.live_days)).isoformat()


def _assess_segment(
    segment: str,
    evidence: ChainEvidence,
    live: Mapping[str, list[Maker]],
    hanging: float,
    thresholds: StatusThresholds,
    weights: PriorityWeights,
) -> SegmentGap:
    attributes = evidence.graph.nodes[segment]
    stances = tuple(evidence.stances.get(segment, ()))
    quotient, why_not = _quotient(segment, evidence, live, thresholds)
    owners = effective_owners(_by_owner(live[segment])) if live[segment] else None
    status, basis = _status(segment, evidence, live[segment], stances, quotient, owners, thresholds)
    not_applied = [say("本地配套率 σ：无产量或产能数据", "local coverage σ: no output or capacity on record")]
    if live[segment] and why_not:
        not_applied.insert(0, why_not)
    return SegmentGap(
        segment,
        attributes["name"],
        attributes.get("name_en") or attributes["name"],
        attributes["position"],
        attributes["order"],
        status,
        basis,
        tuple(not_applied),
        tuple(evidence.makers.get(segment, ())),
        len({m.id for m in live[segment]}),
        quotient,
        owners,
        hanging,
        _priority(status, hanging, stances, weights),
        stances,
    )


def _by_owner(makers: Sequence[Maker]) -> dict[str, float]:
    """Firms of each ultimate owner; capacity would need one unit for all, which is rarely on record."""
    firms = {m.id: m.owner or m.id for m in makers}
    return {owner: float(count) for owner, count in Counter(firms.values()).items()}


def _quotient(
    segment: str, evidence: ChainEvidence, live: Mapping[str, list[Maker]], thresholds: StatusThresholds
) -> tuple[float | None, str]:
    """The location quotient by number of firms, or the reason why none is taken."""
    local = {s: len({m.id for m in makers}) for s, makers in live.items()}
    local_total, nation = sum(local.values()), evidence.benchmark.get(segment, 0)
    nation_total = sum(evidence.benchmark.values())
    if nation < thresholds.benchmark_min_makers:
        return None, say(
            f"区位商：全国登记仅 {nation} 家，少于 {thresholds.benchmark_min_makers} 家",
            f"location quotient: only {nation} makers nationwide, fewer than {thresholds.benchmark_min_makers}",
        )
    if local_total < thresholds.region_min_operations:
        return None, say(
            f"区位商：本地登记仅 {local_total} 项，少于 {thresholds.region_min_operations} 项",
            f"location quotient: only {local_total} operations here, fewer than {thresholds.region_min_operations}",
        )
    return location_quotient(local[segment], local_total, nation, nation_total), ""


def _status(
    segment: str,
    evidence: ChainEvidence,
    live: Sequence[Maker],
    stances: Sequence[PolicyStance],
    quotient: float | None,
    owners: float | None,
    t: StatusThresholds,
) -> tuple[Status, str]:
    if not live:
        return _status_without_makers(segment, evidence, stances)
    assert owners is not None
    firms = _count_words(live)
    if quotient is not None and quotient < t.lq_weak:
        return Status.WEAK, say(f"{firms}；区位商 {quotient:.2f} < {t.lq_weak:g}",
                                f"{firms}; location quotient {quotient:.2f} < {t.lq_weak:g}")  # fmt: skip
    leader = next((m for m in live if m.leads), None)
    well_represented = quotient is not None and quotient >= t.lq_strong
    if well_represented and leader is not None:
        return Status.STRONG, say(f"{firms}；链主企业 {leader.name} 在此环节；区位商 {quotient:.2f} ≥ {t.lq_strong:g}",
                                  f"{firms}; chain leader {leader.name}; location quotient {quotient:.2f} ≥ {t.lq_strong:g}")  # fmt: skip
    if owners < t.owners_single:
        return Status.SINGLE, say(f"{firms}；有效所有者 {owners:.2f} < {t.owners_single:g}",
                                  f"{firms}; effective owners {owners:.2f} < {t.owners_single:g}")  # fmt: skip
    if well_represented and owners >= t.owners_strong:
        return Status.STRONG, say(f"{firms}；区位商 {quotient:.2f} ≥ {t.lq_strong:g}，有效所有者 {owners:.2f} ≥ {t.owners_strong:g}",
                                  f"{firms}; location quotient {quotient:.2f} ≥ {t.lq_strong:g}, effective owners {owners:.2f} ≥ {t.owners_strong:g}")  # fmt: skip
    return Status.PRESENT, firms


def _count_words(live: Sequence[Maker]) -> str:
    count = len({m.id for m in live})
    if any(m.stage != "operating" for m in live):
        return say(f"企业 {count} 家（含在建、规划）", f"{count} makers, planned ones and those being built included")
    return say(f"在产企业 {count} 家", f"{count} live maker{'' if count == 1 else 's'}")


def _status_without_makers(
    segment: str, evidence: ChainEvidence, stances: Sequence[PolicyStance]
) -> tuple[Status, str]:
    if segment in evidence.surveyed:
        return Status.MISSING, say(
            "登记已声明完整，且无在产企业", "the register is declared complete and holds no live maker"
        )
    wanted = [s for s in stances if s.stance in ("attract", "fill")]
    if wanted:
        paths = "、".join(dict.fromkeys(s.cited for s in wanted))
        return Status.MISSING, say(f"登记中无在产企业；政策要求招引或补链（{paths}）",
                                   f"no live maker on record; policy wants it attracted or filled ({paths})")  # fmt: skip
    return Status.UNKNOWN, say(
        "登记中无在产企业，但登记未声明完整，政策也未要求招引或补链",
        "no live maker on record, but the register is not declared complete and no clause wants it attracted or filled",
    )


def _priority(status: Status, hanging: float, stances: Sequence[PolicyStance], weights: PriorityWeights) -> float:
    """Weighted score (0-1); zero where there is no gap. An unknown link counts as the little that is known of it."""
    severity = _SEVERITY.get(status, 0.0)
    if severity == 0.0:
        return 0.0
    pull = max((_PULL.get(s.stance, 0.0) for s in stances), default=0.0)
    score = weights.status * severity + weights.criticality * hanging + weights.stance * pull
    return score / 2 if status is Status.UNKNOWN else score

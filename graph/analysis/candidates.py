"""The way out of a gap: firms elsewhere that make the link, and parks here that could take them, in order.

Pure functions. Every reason is a fact on record, with its points; a test whose data are missing is "not applied" and
leaves the score, which is the points reached as a share of the points that could be reached: what is not known neither
helps nor harms. Nobody has been asked: a candidate is a firm worth a call, no more. The tests are those of
docs/methods.md (M5, candidate firms); the weights are a judgement and stand in ``settings.candidates`` and
``settings.parks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from graph.analysis.reasons import Reason, reason
from graph.schema import CarrierRole, Stage
from graph.settings import CandidateWeights, ParkWeights

#: Mean radius of the Earth (IUGG), km.
_EARTH_KM = 6371.0088
_STAGES = (Stage.OPERATING, Stage.UNDER_CONSTRUCTION, Stage.PLANNED)
_SURENESS = ("low", "medium", "high")
_NAMES_SHOWN = 3


# -- what is on record ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A place where a firm works on the link; ``city`` is the city that the place is, or lies in."""

    place: str | None
    name: str | Reason
    stage: str = "operating"
    as_of: str | None = None
    confidence: str | None = None
    city: str | None = None
    lat: float | None = None
    lon: float | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class LocalPlant:
    """What a firm, or another firm of its owner, does in the region."""

    firm: str
    firm_name: str
    segment: str
    segment_name: str
    stage: str = "operating"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirmElsewhere:
    """A firm that works on the link outside the region; ``home`` are names of the places it is located in."""

    id: str
    name: str
    sites: tuple[Site, ...]
    name_en: str | None = None
    home: tuple[str, ...] = ()
    owner: str | None = None
    honours: tuple[str, ...] = ()
    stock_code: str | None = None
    plants_here: tuple[LocalPlant, ...] = ()


@dataclass(frozen=True)
class Customer:
    """A live maker in the region on a link that this link supplies.

    ``cities`` are those outside the region where it works on that link, id -> name.
    """

    firm: str
    name: str
    segment_name: str
    leads: bool = False
    cities: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Surroundings:
    """What the region offers to a maker of the link.

    Parameters
    ----------
    customers: at most as many as were gathered, of ``customers_total``; None: the link supplies no link on record.
    leaders: names of the chain's leaders here that work on a link that buys from this one; None: no leader of the
        chain is on record for the region.
    lat, lon: degrees (WGS 84) of the region.
    """

    region_name: str
    customers: tuple[Customer, ...] | None = None
    customers_total: int = 0
    leaders: tuple[str, ...] | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Neighbour:
    """A live maker on this link or one next to it; ``inside`` the park, or else in its district."""

    firm: str
    name: str
    segment_name: str
    inside: bool
    segment_name_en: str | None = None


@dataclass(frozen=True)
class ParkHere:
    """A park of the region; ``district`` is None where its place is on record to the city only."""

    id: str
    name: str
    name_en: str | None = None
    places: tuple[str, ...] = ()
    district: str | None = None
    carries_link: str | None = None
    carries_chain: str | None = None
    neighbours: tuple[Neighbour, ...] = ()
    targets: tuple[str | Reason, ...] = ()
    clauses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


# -- results ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Criterion:
    """Why a candidate stands where it stands: the test, the fact, its points and the most it could give."""

    kind: str
    text: Reason
    points: float
    most: float


@dataclass(frozen=True)
class FirmCandidate:
    """A firm elsewhere that makes the link.

    ``score`` (0-1) is the points reached as a share of ``applied``, the points that could be reached with the
    data on record. ``confidence`` is that of its least sure site, ``as_of`` the newest evidence,
    ``distance`` km from its nearest live site to the region. ``nearby`` are its sites close to the region, with km: it
    may serve the region from there, which speaks for asking and against building; no points.
    """

    firm: str
    name: str
    name_en: str
    home: tuple[str, ...]
    sites: tuple[Site, ...]
    reasons: tuple[Criterion, ...]
    not_applied: tuple[Reason, ...]
    score: float
    applied: float
    here: bool
    honours: tuple[str, ...]
    stock_code: str | None
    owner: str | None
    distance: float | None
    nearby: tuple[tuple[Site, float], ...]
    as_of: str | None
    confidence: str | None
    sources: tuple[str, ...]

    @property
    def nearby_note(self) -> Reason | None:
        """What a caller should know: it has sites close by, at which stage and how far."""
        if not self.nearby:
            return None
        sites = [reason("site_near", place=s.name, stage=s.stage, km=km) for s, km in self.nearby]
        return reason("nearby", sites=_shown(sites, len(sites)))


@dataclass(frozen=True)
class ParkCandidate:
    """A park here that could take a maker of the link; score and ``applied`` as of a firm."""

    park: str
    name: str
    name_en: str
    places: tuple[str, ...]
    reasons: tuple[Criterion, ...]
    not_applied: tuple[Reason, ...]
    score: float
    applied: float
    role: str | None
    clauses: tuple[str, ...]
    sources: tuple[str, ...]


# -- firms -----------------------------------------------------------------------------------------------


def rank_firms(
    firms: Iterable[FirmElsewhere], around: Surroundings, weights: CandidateWeights
) -> tuple[FirmCandidate, ...]:
    """The firms, best first; equal ones by newest evidence, then by id."""
    ranked = [_firm(firm, around, weights) for firm in firms]
    ranked.sort(key=lambda c: c.firm)
    ranked.sort(key=lambda c: c.as_of or "", reverse=True)
    ranked.sort(key=lambda c: c.score, reverse=True)
    return tuple(ranked)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine) of two points in degrees, in km."""
    dlat, dlon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(dlat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(dlon) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def _firm(firm: FirmElsewhere, around: Surroundings, weights: CandidateWeights) -> FirmCandidate:
    distance = _nearest(firm.sites, around)
    tests = (
        _customers(around, weights),
        _beside(firm, around, weights),
        _sisters(firm, around, weights),
        _leader(around, weights),
        _stage(firm, weights),
        _honours(firm, weights),
        _distance(distance, around, weights),
    )
    reasons = tuple(t for t in tests if isinstance(t, Criterion))
    score, applied = _share(reasons)
    sure = [s.confidence for s in firm.sites if s.confidence]
    return FirmCandidate(
        firm=firm.id,
        name=firm.name,
        name_en=firm.name_en or firm.name,
        home=firm.home,
        sites=firm.sites,
        reasons=reasons,
        not_applied=tuple(t for t in tests if isinstance(t, Reason)),
        score=score,
        applied=applied,
        here=bool(firm.plants_here),
        honours=firm.honours,
        stock_code=firm.stock_code,
        owner=firm.owner,
        distance=distance,
        nearby=_nearby(firm.sites, around, weights.near),
        as_of=max((s.as_of for s in firm.sites if s.as_of), default=None),
        confidence=min(sure, key=_SURENESS.index, default=None),
        sources=tuple(
            sorted({s for x in firm.sites for s in x.sources} | {s for p in firm.plants_here for s in p.sources})
        ),
    )


def _customers(around: Surroundings, weights: CandidateWeights) -> Criterion | Reason:
    """The same for all candidates of a link: it tells one link from another, not one firm from another."""
    if around.customers is None:
        return reason("customers_no_link")
    total = around.customers_total
    named = _shown([_remarked(c.name, c.segment_name) for c in around.customers], total)
    text = (
        reason("customers", count=total, firms=named) if total else reason("customers_none", region=around.region_name)
    )
    return _criterion("customers", text, total / weights.customers_full, weights.customers)


def _beside(firm: FirmElsewhere, around: Surroundings, weights: CandidateWeights) -> Criterion | Reason:
    """Plants of both in one city elsewhere: not proof that they trade, but the reason to ask."""
    if not around.customers:
        return reason("beside_no_buyer")
    cities = {s.city for s in firm.sites if s.city}
    met = {
        c.name: "、".join(name for city, name in sorted((c.cities or {}).items()) if city in cities)
        for c in around.customers
        if c.firm != firm.id and cities & set(c.cities or {})
    }
    named = _shown([_remarked(name, where) for name, where in met.items()], len(met))
    text = reason("beside", firms=named) if met else reason("beside_none")
    return _criterion("beside", text, len(met) / weights.beside_full, weights.beside)


def _sisters(firm: FirmElsewhere, around: Surroundings, weights: CandidateWeights) -> Criterion:
    """Its own plants here, or those of another firm of the same owner; a planned one counts half."""
    plants = firm.plants_here
    worth: dict[tuple[str, str], float] = {}
    for plant in plants:
        value = 1.0 if plant.stage == Stage.OPERATING else 0.5
        key = (plant.firm, plant.segment)
        worth[key] = max(worth.get(key, 0.0), value)
    named = list(dict.fromkeys(map(_plant_name, plants)))
    text = (
        reason("sisters", plants=_shown(named, len(named)))
        if plants
        else reason("sisters_none", region=around.region_name)
    )
    return _criterion("sisters", text, sum(worth.values()) / weights.sisters_full, weights.sisters)


def _leader(around: Surroundings, weights: CandidateWeights) -> Criterion | Reason:
    if around.leaders is None:
        return reason("leader_unknown")
    text = reason("leader_buys", leaders=around.leaders) if around.leaders else reason("leader_buys_none")
    return _criterion("leader", text, float(bool(around.leaders)), weights.leader)


def _stage(firm: FirmElsewhere, weights: CandidateWeights) -> Criterion:
    worth = {
        Stage.OPERATING: 1.0,
        Stage.UNDER_CONSTRUCTION: weights.under_construction,
        Stage.PLANNED: weights.planned,
    }
    by_stage = {stage: [_site_name(s) for s in firm.sites if s.stage == stage] for stage in _STAGES}
    parts = tuple(
        reason("stage_at", stage=stage.value, count=len(names), places=_shown(names, len(names)))
        for stage, names in by_stage.items()
        if names
    )
    best = max((worth[stage] for stage, names in by_stage.items() if names), default=0.0)
    return _criterion("stage", reason("stages", parts=parts), best, weights.stage)


def _honours(firm: FirmElsewhere, weights: CandidateWeights) -> Criterion | Reason:
    """The best of its honours counts, not their number: they overlap."""
    held: list[str | Reason] = list(firm.honours)
    value = max((v for h in firm.honours for name, v in weights.honour_values.items() if name in h), default=0.0)
    if firm.stock_code:
        held.append(reason("listed", code=firm.stock_code))
        value = max(value, weights.listed)
    if not held:
        return reason("honours_none_nor_code")
    return _criterion("honours", reason("honours", held=tuple(held)), value, weights.honours)


def _distances(sites: Sequence[Site], around: Surroundings) -> list[tuple[Site, float]]:
    """The sites whose distance from the region is known, with km, nearest first."""
    if around.lat is None or around.lon is None:
        return []
    known = [
        (s, distance_km(s.lat, s.lon, around.lat, around.lon)) for s in sites if s.lat is not None and s.lon is not None
    ]
    return sorted(known, key=lambda pair: pair[1])


def _nearest(sites: Sequence[Site], around: Surroundings) -> float | None:
    return next((km for site, km in _distances(sites, around) if site.stage == Stage.OPERATING), None)


def _nearby(sites: Sequence[Site], around: Surroundings, near: float) -> tuple[tuple[Site, float], ...]:
    return tuple((site, km) for site, km in _distances(sites, around) if km <= near)


def _distance(distance: float | None, around: Surroundings, weights: CandidateWeights) -> Criterion | Reason:
    if distance is None:
        return reason("distance_unknown")
    text = reason("distance", region=around.region_name, km=distance)
    return _criterion("distance", text, 1 - distance / weights.distance_far, weights.distance)


# -- parks -----------------------------------------------------------------------------------------------


def rank_parks(parks: Iterable[ParkHere], weights: ParkWeights) -> tuple[ParkCandidate, ...]:
    """The parks that have a reason of their own, best first; equal ones by id.

    A park that neither carries the chain nor is named by a target nor has such makers inside is left out, whatever
    its district holds: the waste park next door is no place for a battery works.
    """
    fit = (p for p in parks if p.carries_link or p.carries_chain or p.targets or any(n.inside for n in p.neighbours))
    return tuple(sorted((_park(p, weights) for p in fit), key=lambda c: (-c.score, c.park)))


def _park(park: ParkHere, weights: ParkWeights) -> ParkCandidate:
    tests = (_carries(park, weights), _neighbours(park, weights), _targets(park, weights))
    reasons = tuple(t for t in tests if isinstance(t, Criterion))
    score, applied = _share(reasons)
    return ParkCandidate(
        park=park.id,
        name=park.name,
        name_en=park.name_en or park.name,
        places=park.places,
        reasons=reasons,
        not_applied=tuple(t for t in tests if isinstance(t, Reason)),
        score=score,
        applied=applied,
        role=park.carries_link or park.carries_chain,
        clauses=park.clauses,
        sources=park.sources,
    )


def _carries(park: ParkHere, weights: ParkWeights) -> Criterion:
    """The better of both appointments counts: for the link, or for the chain."""
    worth = {CarrierRole.MAIN: 1.0, CarrierRole.SUPPORTING: weights.supporting}
    held = [
        (worth[CarrierRole(role)] * share, reason(code, role=role))
        for code, role, share in (
            ("carries_link", park.carries_link, 1.0),
            ("carries_chain", park.carries_chain, weights.chain_share),
        )
        if role is not None
    ]
    if not held:
        return _criterion("carries", reason("carries_none"), 0.0, weights.carries)
    text = reason("carries", roles=tuple(text for _, text in held))
    return _criterion("carries", text, max(share for share, _ in held), weights.carries)


def _neighbours(park: ParkHere, weights: ParkWeights) -> Criterion | Reason:
    worth: dict[str, float] = {}
    for n in park.neighbours:
        worth[n.firm] = max(worth.get(n.firm, 0.0), 1.0 if n.inside else weights.in_district)
    if not worth and park.district is None:
        return reason("neighbours_no_district")
    inside = [_neighbour_name(n) for n in park.neighbours if n.inside]
    around = [_neighbour_name(n) for n in park.neighbours if not n.inside]
    parts = []
    if inside:
        parts.append(reason("neighbours_inside", firms=_shown(inside, len(inside))))
    if around:
        parts.append(reason("neighbours_around", district=park.district, firms=_shown(around, len(around))))
    text = reason("neighbours", parts=tuple(parts)) if parts else reason("neighbours_none")
    return _criterion("neighbours", text, sum(worth.values()) / weights.neighbours_full, weights.neighbours)


def _targets(park: ParkHere, weights: ParkWeights) -> Criterion | Reason:
    if not park.targets:
        return reason("park_targets_none")
    named = _shown(park.targets, len(park.targets))
    return _criterion("targets", reason("park_targets", targets=named), 1.0, weights.targets)


# -- shared ------------------------------------------------------------------------------------------------


def _criterion(kind: str, text: Reason, share: float, weight: float) -> Criterion:
    """The share of the weight that is reached, cut to 0-1."""
    return Criterion(kind, text, weight * min(1.0, max(0.0, share)), weight)


def _share(reasons: Sequence[Criterion]) -> tuple[float, float]:
    """Points reached as a share of those that could be reached, and the latter."""
    applied = sum(r.most for r in reasons)
    return (sum(r.points for r in reasons) / applied if applied else 0.0), applied


def _shown(names: Sequence[str | Reason], total: int) -> tuple[str | Reason, ...] | Reason:
    """The first few, and how many there are."""
    distinct = tuple(dict.fromkeys(names))
    first = distinct[:_NAMES_SHOWN]
    return (
        first if len(distinct) == len(first) else reason("and_more", names=first, total=total, more=total - len(first))
    )


def _remarked(name: str, remark: str | Reason) -> Reason:
    return reason("remarked", name=name, remark=remark)


def _neighbour_name(n: Neighbour) -> Reason:
    return _remarked(n.name, reason("named", zh=n.segment_name, en=n.segment_name_en or n.segment_name))


def _plant_name(plant: LocalPlant) -> Reason:
    code = "plant" if plant.stage == Stage.OPERATING else "plant_at_stage"
    return reason(code, firm=plant.firm_name, segment=plant.segment_name, stage=plant.stage)


def _site_name(site: Site) -> str | Reason:
    """What is only planned or being built is named with the date of the evidence: it may have changed since."""
    if site.stage == Stage.OPERATING or site.as_of is None:
        return site.name
    return reason("site_as_of", place=site.name, as_of=site.as_of)

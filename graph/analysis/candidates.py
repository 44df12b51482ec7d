"""The way out of a gap: firms elsewhere that make the link, and parks here that could take them, in order.

Pure functions. Every reason is a fact on record, in words and with its points; a test whose data are missing is
"not applied" and leaves the score, which is the points reached as a share of the points that could be reached:
what is not known neither helps nor harms. Nobody has been asked: a candidate is a firm worth a call, no more.
The tests are those of docs/methods.md (M5, candidate firms); the weights are a judgement and stand in
``settings.candidates`` and ``settings.parks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from graph.language import say
from graph.schema import VALUE_NAMES, CarrierRole, Stage
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
    name: str
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
    targets: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


# -- results ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """Why a candidate stands where it stands: the test, the fact in words, its points and the most it could give."""

    kind: str
    text: str
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
    reasons: tuple[Reason, ...]
    not_applied: tuple[str, ...]
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
    def nearby_text(self) -> str:
        """What a caller should know: 近处已有布局：宜宾市（在建，227 公里）; empty where there is none."""
        if not self.nearby:
            return ""
        named = _names([f"{s.name}{_site_remark(s.stage, km)}" for s, km in self.nearby], len(self.nearby))
        return say(f"近处已有布局，可能就近供应：{named}", f"already close by and may serve from there: {named}")


@dataclass(frozen=True)
class ParkCandidate:
    """A park here that could take a maker of the link; score and ``applied`` as of a firm."""

    park: str
    name: str
    name_en: str
    places: tuple[str, ...]
    reasons: tuple[Reason, ...]
    not_applied: tuple[str, ...]
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
    found = [_firm(firm, around, weights) for firm in firms]
    found.sort(key=lambda c: c.firm)
    found.sort(key=lambda c: c.as_of or "", reverse=True)
    found.sort(key=lambda c: c.score, reverse=True)
    return tuple(found)


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
    reasons = tuple(t for t in tests if isinstance(t, Reason))
    score, applied = _share(reasons)
    sure = [s.confidence for s in firm.sites if s.confidence]
    return FirmCandidate(
        firm=firm.id,
        name=firm.name,
        name_en=firm.name_en or firm.name,
        home=firm.home,
        sites=firm.sites,
        reasons=reasons,
        not_applied=tuple(t for t in tests if isinstance(t, str)),
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


def _customers(around: Surroundings, weights: CandidateWeights) -> Reason | str:
    """The same for all candidates of a link: it tells one link from another, not one firm from another."""
    if around.customers is None:
        return say("本地客户：图中没有该环节供给的下游环节", "customers here: the graph has no link that it supplies")
    total = around.customers_total
    if not total:
        text = say(
            f"{around.region_name}的下游环节没有在产企业登记", f"no live buyer on record in {around.region_name}"
        )
    else:
        named = _names([c.name + bracketed(c.segment_name) for c in around.customers], total)
        text = say(f"本地下游客户 {total} 家：{named}", f"{total} buyers here: {named}")
    return _reason("customers", text, total / weights.customers_full, weights.customers)


def _beside(firm: FirmElsewhere, around: Surroundings, weights: CandidateWeights) -> Reason | str:
    """Plants of both in one city elsewhere: not proof that they trade, but the reason to ask."""
    if not around.customers:
        return say("与本地客户在外地同城：没有本地客户登记", "beside a local buyer elsewhere: no buyer on record here")
    cities = {s.city for s in firm.sites if s.city}
    met = {
        c.name: "、".join(name for city, name in sorted((c.cities or {}).items()) if city in cities)
        for c in around.customers
        if c.firm != firm.id and cities & set(c.cities or {})
    }
    if not met:
        text = say("登记中未见与本地客户在外地同城设厂", "no plant on record beside a local buyer's elsewhere")
    else:
        named = _names([name + bracketed(where) for name, where in met.items()], len(met))
        text = say(f"在外地与本地客户同城设厂：{named}", f"has plants beside those of local buyers elsewhere: {named}")
    return _reason("beside", text, len(met) / weights.beside_full, weights.beside)


def _sisters(firm: FirmElsewhere, around: Surroundings, weights: CandidateWeights) -> Reason:
    """Its own plants here, or those of another firm of the same owner; a planned one counts half."""
    plants = firm.plants_here
    worth: dict[tuple[str, str], float] = {}
    for plant in plants:
        value = 1.0 if plant.stage == Stage.OPERATING else 0.5
        key = (plant.firm, plant.segment)
        worth[key] = max(worth.get(key, 0.0), value)
    if not plants:
        text = say(
            f"{around.region_name}没有该企业或同一集团的业务登记",
            f"neither it nor its group is on record in {around.region_name}",
        )
    else:
        lines = list(dict.fromkeys(f"{p.firm_name}·{p.segment_name}{_stage_remark(p.stage)}" for p in plants))
        named = _names(lines, len(lines))
        text = say(f"本地已有本企业或同一集团的业务：{named}", f"it or its group is already here: {named}")
    return _reason("sisters", text, sum(worth.values()) / weights.sisters_full, weights.sisters)


def _leader(around: Surroundings, weights: CandidateWeights) -> Reason | str:
    if around.leaders is None:
        return say(
            "链主的供应商：本地没有该链链主任命登记", "supplier of a leader: no leader of the chain is on record here"
        )
    if not around.leaders:
        text = say("登记的本地链主不在该环节的下游", "no leader on record here works on a link that it supplies")
    else:
        named = "、".join(around.leaders)
        text = say(f"本地链主 {named} 从事该环节的下游", f"chain leader here works on a link that it supplies: {named}")
    return _reason("leader", text, float(bool(around.leaders)), weights.leader)


def _stage(firm: FirmElsewhere, weights: CandidateWeights) -> Reason:
    worth = {
        Stage.OPERATING: 1.0,
        Stage.UNDER_CONSTRUCTION: weights.under_construction,
        Stage.PLANNED: weights.planned,
    }
    by_stage = {stage: [_site_name(s) for s in firm.sites if s.stage == stage] for stage in _STAGES}
    parts = [
        say(
            f"{VALUE_NAMES[Stage][stage]} {len(names)} 处（{_names(names, len(names))}）",
            f"{stage.replace('_', ' ')} at {len(names)} ({_names(names, len(names))})",
        )
        for stage, names in by_stage.items()
        if names
    ]
    best = max((worth[stage] for stage, names in by_stage.items() if names), default=0.0)
    return _reason("stage", say("，", ", ").join(parts), best, weights.stage)


def _honours(firm: FirmElsewhere, weights: CandidateWeights) -> Reason | str:
    """The best of its honours counts, not their number: they overlap."""
    held = list(firm.honours)
    value = max((v for h in held for name, v in weights.honour_values.items() if name in h), default=0.0)
    if firm.stock_code:
        held.append(say(f"上市公司 {firm.stock_code}", f"listed {firm.stock_code}"))
        value = max(value, weights.listed)
    if not held:
        return say("称号：没有登记称号或证券代码", "honours: no honour or stock code on record")
    return _reason("honours", "、".join(held), value, weights.honours)


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


def _distance(distance: float | None, around: Surroundings, weights: CandidateWeights) -> Reason | str:
    if distance is None:
        return say("距离：在产地点或本地没有坐标", "distance: no coordinates of a live site or of the region")
    text = say(
        f"最近的在产地点距{around.region_name} {distance:.0f} 公里",
        f"nearest live site is {distance:.0f} km from {around.region_name}",
    )
    return _reason("distance", text, 1 - distance / weights.distance_far, weights.distance)


# -- parks -----------------------------------------------------------------------------------------------


def rank_parks(parks: Iterable[ParkHere], weights: ParkWeights) -> tuple[ParkCandidate, ...]:
    """The parks that have a reason of their own, best first; equal ones by id.

    A park that neither carries the chain nor is named by a target nor has such makers inside is left out, whatever
    its district holds: the waste park next door is no place for a battery works.
    """
    fit = (p for p in parks if p.carries_link or p.carries_chain or p.targets or any(n.inside for n in p.neighbours))
    found = [_park(p, weights) for p in fit]
    return tuple(sorted(found, key=lambda c: (-c.score, c.park)))


def _park(park: ParkHere, weights: ParkWeights) -> ParkCandidate:
    tests = (_carries(park, weights), _neighbours(park, weights), _targets(park, weights))
    reasons = tuple(t for t in tests if isinstance(t, Reason))
    score, applied = _share(reasons)
    return ParkCandidate(
        park=park.id,
        name=park.name,
        name_en=park.name_en or park.name,
        places=park.places,
        reasons=reasons,
        not_applied=tuple(t for t in tests if isinstance(t, str)),
        score=score,
        applied=applied,
        role=park.carries_link or park.carries_chain,
        clauses=park.clauses,
        sources=park.sources,
    )


def _carries(park: ParkHere, weights: ParkWeights) -> Reason:
    """The better of both appointments counts: for the link, or for the chain."""
    worth = {CarrierRole.MAIN: 1.0, CarrierRole.SUPPORTING: weights.supporting}
    held = [
        (worth[CarrierRole(role)] * share, f"{_carrier_name(role)}{what}")
        for role, share, what in (
            (park.carries_link, 1.0, say("：本环节", ": this link")),
            (park.carries_chain, weights.chain_share, say("：本链", ": this chain")),
        )
        if role is not None
    ]
    if not held:
        return _reason("carries", say("未登记承载本链或本环节", "not on record as carrying it"), 0.0, weights.carries)
    return _reason("carries", say("；", "; ").join(text for _, text in held), max(held)[0], weights.carries)


def _neighbours(park: ParkHere, weights: ParkWeights) -> Reason | str:
    worth: dict[str, float] = {}
    for n in park.neighbours:
        worth[n.firm] = max(worth.get(n.firm, 0.0), 1.0 if n.inside else weights.in_district)
    if not worth and park.district is None:
        return say(
            "相邻环节：载体的位置只登记到市，无法按区县统计",
            "neighbouring links: its place is on record to the city only",
        )
    inside = [n.name + bracketed(n.segment_name) for n in park.neighbours if n.inside]
    around = [n.name + bracketed(n.segment_name) for n in park.neighbours if not n.inside]
    parts = []
    if inside:
        parts.append(
            say(
                f"园内本环节与相邻环节：{_names(inside, len(inside))}",
                f"this and next links inside: {_names(inside, len(inside))}",
            )
        )
    if around:
        named = _names(around, len(around))
        parts.append(
            say(f"所在{park.district}本环节与相邻环节：{named}", f"this and next links in {park.district}: {named}")
        )
    text = say("；", "; ").join(parts) or say(
        "园内与所在区县没有本环节或相邻环节的在产企业登记",
        "no live maker of this or a next link on record in it or its district",
    )
    return _reason("neighbours", text, sum(worth.values()) / weights.neighbours_full, weights.neighbours)


def _targets(park: ParkHere, weights: ParkWeights) -> Reason | str:
    if not park.targets:
        return say("目标：没有登记点名该载体的量化目标", "targets: none on record names the park")
    named = _names(list(park.targets), len(park.targets))
    return _reason(
        "targets",
        say(f"点名该载体的任务所设目标：{named}", f"targets of tasks that name it: {named}"),
        1.0,
        weights.targets,
    )


# -- shared ------------------------------------------------------------------------------------------------


def bracketed(text: str) -> str:
    """The text in the brackets of the reader's language."""
    return say(f"（{text}）", f" ({text})")


def _reason(kind: str, text: str, share: float, weight: float) -> Reason:
    """The share of the weight that is reached, cut to 0-1."""
    return Reason(kind, text, weight * min(1.0, max(0.0, share)), weight)


def _share(reasons: Sequence[Reason]) -> tuple[float, float]:
    """Points reached as a share of those that could be reached, and the latter."""
    applied = sum(r.most for r in reasons)
    return (sum(r.points for r in reasons) / applied if applied else 0.0), applied


def _names(names: Sequence[str], total: int) -> str:
    """The first few, and how many there are."""
    distinct = list(dict.fromkeys(names))
    text = say("、", ", ").join(distinct[:_NAMES_SHOWN])
    return (
        text
        if len(distinct) <= _NAMES_SHOWN
        else say(f"{text}等 {total} 个", f"{text} and {total - _NAMES_SHOWN} more")
    )


def _stage_remark(stage: str) -> str:
    return "" if stage == Stage.OPERATING else bracketed(say(VALUE_NAMES[Stage][stage], stage.replace("_", " ")))


def _site_name(site: Site) -> str:
    """What is only planned or being built is named with the date of the evidence: it may have changed since."""
    if site.stage == Stage.OPERATING or site.as_of is None:
        return site.name
    return say(f"{site.name}，截至 {site.as_of}", f"{site.name}, as of {site.as_of}")


def _site_remark(stage: str, km: float) -> str:
    words = say(VALUE_NAMES[Stage][stage], stage.replace("_", " "))
    return bracketed(say(f"{words}，{km:.0f} 公里", f"{words}, {km:.0f} km"))


def _carrier_name(role: str) -> str:
    return say(VALUE_NAMES[CarrierRole][role], f"{role} carrier")

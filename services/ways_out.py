"""The way out of the gaps of a chain in a region: clauses and duties, targets, measures with their maxima, firms elsewhere, parks.

Gathered from the graph in a fixed number of named queries, whatever the number of gaps, counted and limited in the
database; ranked and reckoned by ``graph.analysis.candidates`` and ``graph.analysis.support``. A list that is empty
means "not on record".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from graph.analysis.assessment import ChainGaps, SegmentGap
from graph.analysis.candidates import (
    Customer,
    FirmCandidate,
    FirmElsewhere,
    LocalPlant,
    Neighbour,
    ParkCandidate,
    ParkHere,
    Site,
    Surroundings,
    rank_firms,
    rank_parks,
)
from graph.analysis.leader_tiers import has_ended
from graph.analysis.makers import Maker, live_makers, oldest_evidence
from graph.analysis.reasons import Reason, reason
from graph.analysis.support import Project, Support, SupportMeasure, support_for
from graph.database.rows import (
    Buyer,
    CandidateFirm,
    ChainClause,
    ChainMeasure,
    ChainSupply,
    ChainTarget,
    FirmSite,
    GroupPlant,
    ParkPlace,
    ReadRows,
    RegionLeader,
    RegionPark,
    RegionPoint,
    SegmentCandidates,
    SegmentChain,
    SegmentCustomers,
)
from graph.database.store import Store
from graph.errors import NotFoundError
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from services.gaps import assess_chain

#: The place of firms that work all over the country: no city of theirs.
_NATION = "region:100000"
#: Levels of a place that is small enough for its firms to be a park's neighbours.
_DISTRICTS = ("county", "zone")


@dataclass(frozen=True)
class Duty:
    """A task that a clause sets, and who answers for it; ``wants`` is what the clause wants of the link: (stance, role)."""

    clause: str
    path: str
    heading: str
    summary: str
    document: str
    wants: tuple[tuple[str, str | None], ...]
    lead: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """Firms elsewhere for one link, best first: at most ``settings.candidates.shown`` of ``ranked``.

    ``total`` are all on record; more than the database gives for ranking are cut there (plants here, then stage, then
    newest evidence).
    """

    firms: tuple[FirmCandidate, ...] = ()
    ranked: int = 0
    total: int = 0


@dataclass(frozen=True)
class ChainRemedies:
    """What is on record for the gaps of one chain in one region.

    ``support`` are all measures in force that may apply, against the stated project; ``scopes`` what each is for:
    measure -> (links that it names, whether it names the chain).
    """

    chain: str
    region: str
    project: Project
    clauses: tuple[ChainClause, ...]
    targets: tuple[ChainTarget, ...]
    support: Support
    scopes: Mapping[str, tuple[frozenset[str], bool]]
    candidates: Mapping[str, Candidates]
    parks: Mapping[str, tuple[ParkCandidate, ...]]


@dataclass(frozen=True)
class SegmentRemedies:
    """The same, for one link. ``chain_duties`` are clauses about the chain as a whole.

    ``scopes`` of the measures: ``segment``, ``chain`` or ``any``.
    """

    duties: tuple[Duty, ...]
    chain_duties: tuple[Duty, ...]
    targets: tuple[ChainTarget, ...]
    support: Support
    scopes: Mapping[str, str]
    candidates: Candidates
    parks: tuple[ParkCandidate, ...]


def gather(rows: ReadRows, gaps: ChainGaps, project: Project | None = None) -> ChainRemedies:
    """Everything on record for the gaps of a chain in a region, in eleven queries.

    Parameters
    ----------
    rows: reads the rows of a named query, ``Store.rows``.
    project: what is known of the investment that is to fill the gap; maxima of measures are reckoned for it.
    """
    about = {"chain": gaps.chain, "region": gaps.region}
    project = project or Project()
    measures = rows(ChainMeasure, **about)
    return ChainRemedies(
        chain=gaps.chain,
        region=gaps.region,
        project=project,
        clauses=tuple(rows(ChainClause, **about)),
        targets=tuple(rows(ChainTarget, **about)),
        support=support_for(project, (support_measure(m) for m in measures)),
        scopes={m.id: (frozenset(m.parts), m.whole_chain) for m in measures},
        candidates=_Elsewhere(rows, gaps).candidates(),
        parks=_parks(rows, gaps),
    )


def of_segment(remedies: ChainRemedies, gap: SegmentGap) -> SegmentRemedies:
    """What of it is for one link: its own first, then what is for the whole chain, then what is for any."""
    here = {gap.id, remedies.chain}
    about = {stance.clause for stance in gap.stances}
    scopes = {m: _scope(gap.id, *scope) for m, scope in remedies.scopes.items()}
    wanted = {m: s for m, s in scopes.items() if s is not None}
    decisions = (d.measure for d in remedies.support.decisions if d.measure.id in wanted)
    return SegmentRemedies(
        duties=tuple(_duty(c, gap) for c in remedies.clauses if c.clause in about),
        chain_duties=tuple(
            _duty(c, gap) for c in remedies.clauses if c.clause not in about and remedies.chain in c.goals
        ),
        targets=tuple(sorted((t for t in remedies.targets if t.goal in here), key=lambda t: t.goal != gap.id)),
        support=support_for(remedies.project, decisions),
        scopes=wanted,
        candidates=remedies.candidates.get(gap.id, Candidates()),
        parks=remedies.parks.get(gap.id, ()),
    )


def remedies_of(
    store: Store,
    region: str,
    segment: str,
    chain: str | None = None,
    project: Project | None = None,
    stages: tuple[str, ...] = counted_stages(planned=False),
) -> tuple[ChainGaps, SegmentGap, SegmentRemedies]:
    """The way out for one link of a region, whether it is a gap there or not.

    Parameters
    ----------
    region, segment, chain: ids, names or aliases; without a chain the one that the link has its id from.

    Raises:
        NotFoundError: no such region, link or chain, several, or a link that the chain does not have.
    """
    link = store.find(segment, "Segment")
    chains = [row.chain for row in store.rows(SegmentChain, segment=link.id)]
    wanted = store.find(chain, "Chain").id if chain is not None else next(iter(chains), None)
    if wanted is None or wanted not in chains:
        raise NotFoundError(
            say(
                f"{chain or '任何产业链'}中没有环节“{link.name}”",
                f"{chain or 'no chain'} has no link {link.name!r}",
            )
        )
    gaps = assess_chain(store, region, wanted, stages)
    gap = next(s for s in gaps.segments if s.id == link.id)
    return gaps, gap, of_segment(gather(store.rows, gaps, project), gap)


def measures_in_force(store: Store, region: str, chain: str) -> tuple[SupportMeasure, ...]:
    """The measures that may apply to a chain in a region, in the order of the documents (ids of both)."""
    return tuple(map(support_measure, store.rows(ChainMeasure, chain=chain, region=region)))


def support_measure(row: ChainMeasure) -> SupportMeasure:
    """What is on record of a measure, for the reckoning."""
    alike = {f.name for f in fields(SupportMeasure)} & {f.name for f in fields(row)}
    values = {name: getattr(row, name) for name in alike}
    return SupportMeasure(
        **{**values, "path": row.path or "", "lead": tuple(row.leading), "support": tuple(row.supporting)}
    )


def _scope(segment: str, parts: frozenset[str], whole_chain: bool) -> str | None:
    """What a measure is for, seen from a link; None where it is for another link."""
    if segment in parts:
        return "segment"
    return "chain" if whole_chain else None if parts else "any"


def _duty(row: ChainClause, gap: SegmentGap) -> Duty:
    return Duty(
        row.clause,
        row.path or row.clause,
        row.heading or row.task_name,
        row.summary or "",
        row.document_name,
        tuple(dict.fromkeys((s.stance, s.role) for s in gap.stances if s.clause == row.clause)),
        tuple(row.lead),
        tuple(row.support),
    )


# -- firms elsewhere ---------------------------------------------------------------------------------------


class _Elsewhere:
    """Gathers, for every link of a chain, the firms elsewhere and what the region offers them."""

    def __init__(self, rows: ReadRows, gaps: ChainGaps) -> None:
        about = {"chain": gaps.chain, "region": gaps.region}
        oldest = oldest_evidence(gaps.as_of, gaps.thresholds)
        self.gaps = gaps
        self.elsewhere = {r.segment: r for r in rows(SegmentCandidates, **about, oldest=oldest)}
        appointed = [a.firm for a in rows(RegionLeader, **about) if not has_ended(a.valid_to, gaps.as_of)]
        self.leaders_known = bool(appointed)
        leaders = sorted(set(appointed))
        self.buyers = {r.segment: r for r in rows(SegmentCustomers, **about, oldest=oldest, leaders=leaders)}
        candidates = [f for r in self.elsewhere.values() for f in r.firms]
        wanted = {f.firm for f in candidates} | {c.firm for r in self.buyers.values() for c in r.customers}
        self.sites: dict[str, list[FirmSite]] = defaultdict(list)
        for site in rows(FirmSite, firms=sorted(wanted), region=gaps.region, oldest=oldest):
            self.sites[site.firm].append(site)
        owners = sorted({f.owner for f in candidates if f.owner})
        self.groups: dict[str, list[GroupPlant]] = defaultdict(list)
        for plant in rows(GroupPlant, owners=owners, region=gaps.region, oldest=oldest):
            self.groups[plant.owner].append(plant)
        self.point = next(iter(rows(RegionPoint, region=gaps.region)), None)

    def candidates(self) -> dict[str, Candidates]:
        """The links that have any, each with its firms in order."""
        return {s.id: self._of(s, self.elsewhere[s.id]) for s in self.gaps.segments if s.id in self.elsewhere}

    def _of(self, segment: SegmentGap, row: SegmentCandidates) -> Candidates:
        held = {m.owner for m in live_makers(segment.makers, self.gaps.stages) if m.owner}
        firms = [self._firm(f, segment.id) for f in row.firms if f.owner is None or f.owner not in held]
        dropped = len(row.firms) - len(firms)  # another firm of a group that makes it here adds no source
        ranked = rank_firms(firms, self._around(segment.id), settings.candidates)
        return Candidates(ranked[: settings.candidates.shown], len(ranked), row.total - dropped)

    def _firm(self, row: CandidateFirm, segment: str) -> FirmElsewhere:
        own = [_plant(s) for s in self.sites[row.firm] if s.here]
        group = [_plant(p) for p in self.groups[row.owner] if p.firm != row.firm] if row.owner else []
        return FirmElsewhere(
            id=row.firm,
            name=row.name,
            sites=tuple(_site(s) for s in self.sites[row.firm] if s.segment == segment),
            name_en=row.name_en,
            home=tuple(sorted(row.home)),
            owner=row.owner,
            honours=tuple(row.honours or ()),
            stock_code=row.stock_code,
            plants_here=(*own, *group),
        )

    def _around(self, segment: str) -> Surroundings:
        row = self.buyers.get(segment)
        return Surroundings(
            region_name=self.gaps.region_name,
            customers=None if row is None else tuple(self._customer(c) for c in row.customers),
            customers_total=0 if row is None else row.total,
            leaders=None if not self.leaders_known else () if row is None else tuple(row.leaders),
            lat=self.point.lat if self.point else None,
            lon=self.point.lon if self.point else None,
        )

    def _customer(self, buyer: Buyer) -> Customer:
        cities = {
            s.city: s.city_name or s.city
            for s in self.sites[buyer.firm]
            if s.segment in buyer.links and not s.here and s.stage == "operating" and s.city and _is_city(s)
        }
        return Customer(buyer.firm, buyer.name, "、".join(buyer.names), buyer.leads, cities)


def _site(row: FirmSite) -> Site:
    return Site(
        place=row.place,
        name=row.place_name or reason("place_unknown"),
        stage=row.stage,
        as_of=row.as_of,
        confidence=row.confidence,
        city=row.city if _is_city(row) and row.stage == "operating" else None,
        lat=row.lat if row.place != _NATION else None,
        lon=row.lon if row.place != _NATION else None,
        sources=tuple(row.sources or ()),
    )


def _is_city(row: FirmSite) -> bool:
    """Whether the place says in which city it is: a province or the whole country does not."""
    return (
        row.city is not None
        and row.level not in ("country", "circle", "corridor")
        and (row.level != "province" or row.place in _MUNICIPALITIES)
    )


#: Cities of the rank of a province.
_MUNICIPALITIES = ("region:110000", "region:120000", "region:310000", "region:500000")


def _plant(row: FirmSite | GroupPlant) -> LocalPlant:
    return LocalPlant(row.firm, row.firm_name, row.segment, row.segment_name, row.stage, tuple(row.sources or ()))


# -- parks -------------------------------------------------------------------------------------------------


def _parks(rows: ReadRows, gaps: ChainGaps) -> dict[str, tuple[ParkCandidate, ...]]:
    """Every link with the parks of the region that have a reason to take it."""
    parks = rows(RegionPark, chain=gaps.chain, region=gaps.region)
    next_to: dict[str, set[str]] = {s.id: {s.id} for s in gaps.segments}
    for supply in rows(ChainSupply, chain=gaps.chain):
        next_to[supply.start].add(supply.end)
        next_to[supply.end].add(supply.start)
    live = {s.id: live_makers(s.makers, gaps.stages) for s in gaps.segments}
    links = {s.id: s for s in gaps.segments}
    districts = {p.park: _district(p) for p in parks}

    def park_for(park: RegionPark, segment: str) -> ParkHere:
        near = ((links[link], live[link]) for link in sorted(next_to[segment]))
        return _park(park, gaps.chain, segment, _neighbours(park.park, near, districts))

    return {s.id: rank_parks((park_for(p, s.id) for p in parks), settings.parks) for s in gaps.segments}


def _district(park: RegionPark) -> ParkPlace | None:
    """The district that a park lies in; None where only the city is on record."""
    return next((place for place in park.places if place.level in _DISTRICTS), None)


def _neighbours(
    park: str, near: Iterable[tuple[SegmentGap, Sequence[Maker]]], districts: Mapping[str, ParkPlace | None]
) -> tuple[Neighbour, ...]:
    """Live makers on these links in the park, or elsewhere in its district."""
    district = districts[park]
    neighbours = []
    for link, makers in near:
        for maker in makers:
            inside = park in (maker.place, maker.park)
            of_its_park = districts.get(maker.park or maker.place or "")
            lies_in = of_its_park.id if of_its_park else maker.place
            if inside or (district is not None and lies_in == district.id):
                neighbours.append(Neighbour(maker.id, maker.name, link.name, inside, link.name_en))
    return tuple(dict.fromkeys(neighbours))


def _park(park: RegionPark, chain: str, segment: str, neighbours: tuple[Neighbour, ...]) -> ParkHere:
    roles = {c.goal: c.role for c in park.carries}
    about = [c for c in park.carries if c.goal in (chain, segment)]
    district = _district(park)
    return ParkHere(
        id=park.park,
        name=park.name,
        name_en=park.name_en,
        places=tuple(p.name for p in park.places),
        district=district.name if district else None,
        carries_link=roles.get(segment),
        carries_chain=roles.get(chain),
        neighbours=neighbours,
        targets=tuple(_in_year(t.name, t.year) for t in park.targets),
        clauses=tuple(dict.fromkeys(p for c in about for p in c.paths)),
        sources=tuple(sorted({s for c in about for s in c.sources or ()} or set(park.sources or ()))),
    )


def _in_year(name: str, year: int | None) -> str | Reason:
    return reason("in_year", name=name, year=year) if year else name

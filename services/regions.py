"""Regions side by side: what each of them has of a chain, in what it specialises, and how near it is to what it lacks.

Counting is done in the database, one aggregate for all regions and links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from graph.analysis.makers import oldest_evidence
from graph.analysis.reasons import Reason, reason
from graph.analysis.specialisation import (
    Complexity,
    RelatedSegment,
    advantages,
    carried,
    complexity,
    location_quotient,
    related_segments,
)
from graph.database.rows import (
    BenchmarkMakers,
    ChainSegment,
    KnownChain,
    KnownRegion,
    KnownSegment,
    MemberRegion,
    RegionMakers,
    RegionPlace,
)
from graph.database.store import Match, Store
from graph.errors import LiantuError
from graph.language import say
from graph.schema import VALUE_NAMES, RegionLevel
from graph.settings import SpecialisationThresholds, StatusThresholds, settings

_LEVEL_BELOW = {"country": "province", "province": "city", "city": "county"}
#: With whom a region is compared; functional zones stand beside districts and counties.
_PEERS = {"province": "province", "city": "city", "county": "county", "zone": "county"}


@dataclass(frozen=True)
class Presence:
    """What a region has of a link.

    ``quotient`` is the location quotient by number of firms against all makers on record, ``parent_quotient`` against the
    region that this one is part of, each None where it is not taken; ``effective_owners`` is 1/HHI over owners, None
    where there is no maker; ``rank`` the place by ``quotient`` among the regions compared, 1 the highest.
    """

    makers: int = 0
    quotient: float | None = None
    parent_quotient: float | None = None
    effective_owners: float | None = None
    rank: int | None = None


@dataclass(frozen=True)
class ComparedLink:
    """A link of a chain, and what every region has of it (by the region's id).

    ``nation`` counts all live makers on record; ``not_applied`` says why no quotient is taken, if none is.
    """

    id: str
    name: str
    name_en: str
    position: str
    order: int
    nation: int
    presence: Mapping[str, Presence]
    not_applied: Reason | None = None

    @property
    def holders(self) -> tuple[str, ...]:
        """Ids of the regions with a live maker."""
        return tuple(region for region, presence in self.presence.items() if presence.makers)


@dataclass(frozen=True)
class ComparedRegion:
    """A region in a chain.

    ``operations`` adds up the makers of all links (家次: a firm on two links counts twice), ``held`` counts the links with
    a live maker, ``completeness`` is their share (0-1); ``specialised`` are the ids of links with a quotient of 1 or more,
    highest first; ``not_applied`` says why no quotient is taken, if none is.
    """

    id: str
    name: str
    name_en: str
    level: str
    parent_name: str
    parent_name_en: str
    operations: int
    held: int
    completeness: float
    specialised: tuple[str, ...]
    not_applied: Reason | None = None


@dataclass(frozen=True)
class ChainComparison:
    """One chain in several regions; ``regions`` come in the order asked for, ``links`` from upstream to downstream."""

    chain: str
    name: str
    name_en: str
    regions: tuple[ComparedRegion, ...]
    links: tuple[ComparedLink, ...]


@dataclass(frozen=True)
class RegionComparison:
    """Several chains in several regions; ``as_of`` is the date of the data."""

    as_of: str | None
    chains: tuple[ChainComparison, ...]
    thresholds: StatusThresholds


@dataclass(frozen=True)
class Relatedness:
    """The links of the region x segment matrix by how near they are to what a region has, nearest first.

    ``regions`` and ``segments`` are the size of the matrix after thin rows and columns were left out. ``names`` are the
    Chinese and English names of segments, ``chains`` those of the chains they are in; ``complexity`` is the region's ECI and its rank among ``regions``, or why there
    is none.
    """

    region: str
    region_name: str
    level: str
    as_of: str | None
    regions: int
    segments: int
    links: tuple[RelatedSegment, ...]
    names: Mapping[str, tuple[str, str]]
    chains: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    complexity: tuple[float, int] | Reason
    thresholds: SpecialisationThresholds

    @property
    def absent(self) -> tuple[RelatedSegment, ...]:
        """The links without a live maker in the region, nearest first."""
        return tuple(link for link in self.links if not link.makers)


def members(store: Store, region: str, level: str | None = None) -> tuple[str, ...]:
    """Ids of the regions of a level within a region; by default the level below it: the districts of a city.

    Raises:
        LiantuError: the region has none of them, or no level below.
    """
    place = store.find(region, "Region")
    wanted = level or _LEVEL_BELOW.get(_regions(store)[place.id].level)
    if wanted is None:
        raise LiantuError(say(f"{place.name}没有下一级行政区", f"{place.name} has no level below it"))
    members = store.rows(MemberRegion, region=place.id, level=wanted)
    if not members:
        name = VALUE_NAMES[RegionLevel].get(wanted, wanted)
        raise LiantuError(say(f"图中没有{place.name}下辖的{name}地区", f"no {wanted} of {place.name} is on record"))
    return tuple(member.id for member in members)


def compare_regions(store: Store, regions: Sequence[str], chains: Sequence[str]) -> RegionComparison:
    """What each of several regions has of every link of each chain.

    Parameters
    ----------
    regions, chains: ids, names or aliases; of regions at least two.

    Raises:
        NotFoundError: no such region or chain, or several.
        LiantuError: fewer than two regions.
    """
    ids = list(dict.fromkeys(store.find(region, "Region").id for region in regions))
    if len(ids) < 2:
        raise LiantuError(say("比较需要至少两个地区", "a comparison needs two regions or more"))
    subjects = {subject.id: subject for subject in (store.find(chain, "Chain") for chain in chains)}
    known = _regions(store)
    parents = {i: p for i in ids if (p := known[i].parent_id) and known[p].level != "country"}
    as_of = store.data_date()
    counts = _count(store, [*ids, *parents.values()], _links_of(store, subjects), as_of)
    compared = [_compare_chain(store, subject, ids, parents, known, counts, as_of) for subject in subjects.values()]
    return RegionComparison(as_of, tuple(compared), settings.status)


def relatedness(
    store: Store, region: str, level: str | None = None, chains: Sequence[str] = ()
) -> Relatedness | Reason:
    """How near every link is to what a region has, from what goes together in all regions of its level.

    Parameters
    ----------
    region: id, name or alias.
    level: province, city or county; the region's own by default.
    chains: only the links of these; all by default.

    Returns:
        A reason where the matrix of regions and links does not carry it, or the region is too thin itself.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    place = store.find(region, "Region")
    known = _regions(store)
    country = next((one.id for one in known.values() if one.level == "country"), None)
    wanted, peers = _peers(store, known[place.id], level, country)
    if not peers:
        return reason("no_peers", region=place.name)
    as_of = store.data_date()
    names = {link.id: link for link in store.rows(KnownSegment)}
    matrix = _matrix(_count(store, peers, _links_of(store, chains) if chains else set(names), as_of))
    kept = carried(matrix, settings.specialisation)
    if isinstance(kept, Reason):
        return reason("at_level", level=wanted, why=kept)
    if place.id not in kept.index:
        return _left_out(place, matrix, peers, wanted)
    least = settings.specialisation.advantage
    return Relatedness(
        place.id,
        place.name,
        wanted,
        as_of,
        len(kept),
        kept.shape[1],
        related_segments(kept, place.id, least),
        {segment: (link.name, link.name_en or link.name) for segment, link in names.items()},
        {segment: (tuple(sorted(link.chains)), tuple(sorted(link.chains_en))) for segment, link in names.items()},
        _own_complexity(place.id, complexity(advantages(kept, least))),
        settings.specialisation,
    )


def ease_of(store: Store, region: str) -> dict[str, float] | Reason:
    """The "ease" of M5: a region's relatedness density by segment id (0-1), or why it is not taken.

    Raises:
        NotFoundError: no such region, or several.
    """
    related = relatedness(store, region)
    return related if isinstance(related, Reason) else {link.id: link.density for link in related.links}


# --- reading ------------------------------------------------------------------------------------------

#: (region, segment) -> live makers, and Σ (makers of an owner)².
_Counts = Mapping[tuple[str, str], tuple[int, int]]


def _regions(store: Store) -> dict[str, KnownRegion]:
    return {region.id: region for region in store.rows(KnownRegion)}


def _count(store: Store, regions: Sequence[str], segments: Collection[str], as_of: str | None) -> _Counts:
    places: dict[str, list[str]] = defaultdict(list)
    for inside in store.rows(RegionPlace, regions=list(dict.fromkeys(regions))):
        places[inside.place].append(inside.region)
    oldest = oldest_evidence(as_of, settings.status)
    rows = store.rows(RegionMakers, places=dict(places), segments=sorted(segments), oldest=oldest)
    return {(row.region, row.segment): (row.makers, row.squares) for row in rows}


def _links_of(store: Store, chains: Iterable[str]) -> set[str]:
    ids = [store.find(chain, "Chain").id for chain in chains]
    return {link.id for chain in ids for link in store.rows(ChainSegment, chain=chain)}


def _matrix(counts: _Counts) -> pd.DataFrame:
    """Regions x segments, number of makers."""
    cells = pd.Series({key: makers for key, (makers, _) in counts.items()}, dtype=int)
    return cells.unstack(fill_value=0) if len(cells) else pd.DataFrame()


# --- side by side -------------------------------------------------------------------------------------


def _compare_chain(
    store: Store,
    chain: Match,
    ids: Sequence[str],
    parents: Mapping[str, str],
    known: Mapping[str, KnownRegion],
    counts: _Counts,
    as_of: str | None,
) -> ChainComparison:
    rows = store.rows(ChainSegment, chain=chain.id)
    segments = [row.id for row in rows]
    oldest = oldest_evidence(as_of, settings.status)
    benchmark = store.rows(BenchmarkMakers, chain=chain.id, oldest=oldest)
    nation = dict.fromkeys(segments, 0) | {row.segment: row.makers for row in benchmark}
    local = {
        region: {segment: counts.get((region, segment), (0, 0))[0] for segment in segments}
        for region in (*ids, *parents.values())
    }
    links = tuple(_compared_link(row, ids, parents, counts, local, nation) for row in rows)
    regions = tuple(_compared_region(known[region], local[region], links) for region in ids)
    name_en = next(c.name_en for c in store.rows(KnownChain) if c.id == chain.id)
    return ChainComparison(chain.id, chain.name, name_en or chain.name, regions, links)


def _compared_link(
    row: ChainSegment,
    ids: Sequence[str],
    parents: Mapping[str, str],
    counts: _Counts,
    local: Mapping[str, Mapping[str, int]],
    nation: Mapping[str, int],
) -> ComparedLink:
    segment, presence = row.id, {}
    for region in ids:
        makers, squares = counts.get((region, segment), (0, 0))
        around = local.get(parents.get(region, ""))
        presence[region] = Presence(
            makers,
            _quotient(segment, local[region], nation),
            _quotient(segment, local[region], around) if around else None,
            makers**2 / squares if squares else None,
        )
    return ComparedLink(
        segment,
        row.name,
        row.name_en or row.name,
        row.position,
        row.order,
        nation[segment],
        _with_ranks(presence),
        _why_not_link(nation[segment]),
    )


def _quotient(segment: str, local: Mapping[str, int], base: Mapping[str, int]) -> float | None:
    """The location quotient within the chain, as in the gap report; None where the numbers are too small for one."""
    local_total = sum(local.values())
    t = settings.status
    if base[segment] < t.benchmark_min_makers or local_total < t.region_min_operations:
        return None
    return location_quotient(local[segment], local_total, base[segment], sum(base.values()))


def _with_ranks(presence: Mapping[str, Presence]) -> dict[str, Presence]:
    """Ranks by quotient; equal quotients share a rank, and who has no maker has none."""
    taken = [of_region.quotient for of_region in presence.values() if of_region.quotient]
    return {
        region: Presence(
            of_region.makers,
            of_region.quotient,
            of_region.parent_quotient,
            of_region.effective_owners,
            1 + sum(q > of_region.quotient for q in taken) if of_region.quotient else None,
        )
        for region, of_region in presence.items()
    }


def _compared_region(row: KnownRegion, local: Mapping[str, int], links: Sequence[ComparedLink]) -> ComparedRegion:
    held, operations = sum(1 for makers in local.values() if makers), sum(local.values())
    quotients = {link.id: q for link in links if (q := link.presence[row.id].quotient) is not None}
    strong = [s for s, q in quotients.items() if q >= settings.status.lq_strong]
    return ComparedRegion(
        row.id,
        row.name,
        row.name_en or row.name,
        row.level,
        row.parent or "",
        row.parent_en or row.parent or "",
        operations,
        held,
        held / len(links) if links else 0.0,
        tuple(sorted(strong, key=lambda s: (-quotients[s], s))),
        _why_not_region(operations),
    )


def _why_not_link(nation: int) -> Reason | None:
    least = settings.status.benchmark_min_makers
    return None if nation >= least else reason("few_in_nation", makers=nation, least=least)


def _why_not_region(operations: int) -> Reason | None:
    least = settings.status.region_min_operations
    return None if operations >= least else reason("few_in_region", operations=operations, least=least)


# --- relatedness --------------------------------------------------------------------------------------


def _peers(store: Store, region: KnownRegion, level: str | None, country: str | None) -> tuple[str, list[str]]:
    """The level at which a region is compared and all regions of it; a municipality stands among the cities."""
    own = _PEERS.get(region.level)
    for wanted in [level] if level else ["city", own] if own == "province" else [own]:
        rows = store.rows(MemberRegion, region=country, level=wanted) if country and wanted else []
        ids = [row.id for row in rows]
        if region.id in ids or wanted == level:
            return wanted or "", ids
    return own or "", ids


def _left_out(region: Match, matrix: pd.DataFrame, peers: Sequence[str], level: str) -> Reason:
    name, least = region.name, settings.specialisation.region_min_makers
    if region.id not in peers:
        return reason("not_of_level", region=name, level=level)
    operations = int(matrix.loc[region.id].to_numpy().sum()) if region.id in matrix.index else 0
    return reason("region_too_thin", region=name, operations=operations, least=least)


def _own_complexity(region: str, complexities: Complexity | Reason) -> tuple[float, int] | Reason:
    if isinstance(complexities, Reason):
        return complexities
    own = float(complexities.regions[region])
    return own, 1 + int((complexities.regions > own).sum())

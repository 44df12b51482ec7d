"""Everything that the gap report of a region says: assessment, way out of the first gaps, sources, version of the data.

Gathered in a fixed number of queries a chain; ``reports.gap.gap_document`` and ``reports.gap.gap_workbook`` put it into words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from graph.analysis.assessment import ChainAssessment, ChainGaps
from graph.analysis.makers import Maker
from graph.analysis.status import GAP_STATUSES, Status
from graph.analysis.support import Project
from graph.database.projection import segment_graph
from graph.database.rows import (
    ClauseFirm,
    DocumentScope,
    FirmSite,
    KnownChain,
    KnownRegion,
    LoadedDataset,
    RegionCity,
    Source,
    SurveyedSegment,
)
from graph.database.store import Store
from graph.schema import counted_stages
from services.gaps import RegionAssessment, RegionGap, assess
from services.ways_out import ChainRemedies, SegmentRemedies, gather, of_segment


@dataclass(frozen=True)
class FirmRecord:
    """What a firm does in the region, or in the city that the region is part of, by the register."""

    segment: str
    segment_name: str
    place: str
    stage: str
    as_of: str | None
    confidence: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class NamedFirm:
    """A firm that documents in force name, with (clause id, path, role), and what is on record of it in the region, or in its city."""

    id: str
    name: str
    name_en: str | None
    mentions: tuple[tuple[str, str, str | None], ...]
    records: tuple[FirmRecord, ...]


@dataclass(frozen=True)
class DataVersion:
    """What data a report stands on: how many datasets, when the last was loaded (UTC), and a digest of all of them."""

    datasets: int
    loaded_at: str | None
    digest: str


@dataclass(frozen=True)
class Dossier:
    """What is known for the gap report of a region.

    ``top`` are the gaps that get a page of their own, with ``ways_out`` in parallel; ``graphs`` and ``remedies`` are by
    chain, ``sources`` by the id that a fact cites, ``shown`` those of them that stand behind the assessment and the
    first gaps; ``english`` has names by id. ``surveyed`` are the links whose register is declared complete, ``scopes``
    tells by document what it applies to, ``city`` is the city that the region is part of, ``named`` the firms
    that documents in force name.
    """

    assessment: RegionAssessment
    top: tuple[RegionGap, ...]
    ways_out: tuple[SegmentRemedies, ...]
    graphs: Mapping[str, nx.MultiDiGraph[str]]
    remedies: Mapping[str, ChainRemedies]
    project: Project
    sources: Mapping[str, Source]
    shown: frozenset[str]
    version: DataVersion
    english: Mapping[str, str] = field(default_factory=dict)
    surveyed: frozenset[str] = frozenset()
    scopes: Mapping[str, DocumentScope] = field(default_factory=dict)
    city: RegionCity | None = None
    named: tuple[NamedFirm, ...] = ()

    @property
    def gaps(self) -> tuple[RegionGap, ...]:
        """All gaps in order: those that could be ranked, then the others."""
        return (*self.assessment.ranked, *self.assessment.unranked)

    def way_out(self, gap: RegionGap) -> SegmentRemedies:
        """What is on record for a gap."""
        return of_segment(self.remedies[gap.chain.chain], gap.segment)

    def chain_of(self, gap: RegionGap) -> ChainAssessment:
        """The assessment of the chain that a gap is judged in."""
        return next(c for c in self.assessment.chains if c.gaps.chain == gap.chain.chain)


@dataclass(frozen=True)
class RegionCounts:
    """How many links there are of each kind; a link of several chains counts once in each.

    ``distinct_links``, ``distinct_gaps`` and ``distinct_unknown`` count every link once. ``firms`` are live local firms.
    """

    links: int
    held: int
    by_status: Mapping[Status, int]
    gaps: int
    distinct_links: int
    distinct_gaps: int
    distinct_unknown: int
    firms: int


def counts_of(chains: Iterable[ChainGaps]) -> RegionCounts:
    """The counts of one chain or several."""
    segments = [s for chain in chains for s in chain.segments]
    by_status = {status: sum(1 for s in segments if s.status is status) for status in Status}
    return RegionCounts(
        links=len(segments),
        held=sum(1 for s in segments if s.live),
        by_status=by_status,
        gaps=sum(by_status[status] for status in GAP_STATUSES),
        distinct_links=len({s.id for s in segments}),
        distinct_gaps=len({s.id for s in segments if s.is_gap}),
        distinct_unknown=len({s.id for s in segments if s.status is Status.UNKNOWN}),
        firms=len({firm for s in segments for firm in s.quantities.by_firm}),
    )


def gather_dossier(
    store: Store,
    region: str,
    chains: Sequence[str],
    stages: tuple[str, ...] = counted_stages(planned=False),
    project: Project | None = None,
    top: int = 5,
    progress: Callable[[str], None] = lambda _: None,
) -> Dossier:
    """Assess a region and gather what its gap report needs.

    Parameters
    ----------
    stages: which operations count: operating, under_construction, planned.
    project: what is known of an investment that is to fill a gap; maxima of measures are reckoned for it.
    top: how many gaps get a page of their own.
    progress: told the name of each chain as it is taken up.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    project = project or Project()
    assessment = assess(store, region, chains, stages)
    remedies, graphs = {}, {}
    for chain in assessment.chains:
        progress(chain.gaps.chain_name)
        remedies[chain.gaps.chain] = gather(store.rows, chain.gaps, project)
        graphs[chain.gaps.chain] = segment_graph(store, chain.gaps.chain)
    gaps = (*assessment.ranked, *assessment.unranked)
    ways_out = tuple(of_segment(remedies[g.chain.chain], g.segment) for g in gaps)
    about = {"region": assessment.region}
    city = next(iter(store.rows(RegionCity, **about)), None)
    named = _named_firms(store, assessment, city.id if city else assessment.region)
    mentioned = {clause for firm in named for clause, _, _ in firm.mentions}
    mentioned |= {source for firm in named for record in firm.records for source in record.sources}
    sources = _sources(store, _cited(assessment, ways_out) | mentioned)
    return Dossier(
        assessment,
        gaps[:top],
        ways_out[:top],
        graphs,
        remedies,
        project,
        sources,
        frozenset(_cited(assessment, ways_out[:top]) | mentioned),
        _version(store),
        _english(store, assessment),
        surveyed=frozenset(
            surveyed.segment
            for chain in assessment.chains
            for surveyed in store.rows(SurveyedSegment, chain=chain.gaps.chain, **about)
        ),
        scopes=_scopes(store, assessment.region, {s.document for s in sources.values()}),
        city=city,
        named=named,
    )


def _scopes(store: Store, region: str, documents: Iterable[str]) -> dict[str, DocumentScope]:
    """What each document applies to: the region itself where it does, else what it is part of."""
    scopes: dict[str, DocumentScope] = {}
    for scope in store.rows(DocumentScope, region=region, documents=sorted(documents)):
        if scope.document not in scopes or scope.region == region:
            scopes[scope.document] = scope
    return scopes


def _named_firms(store: Store, assessment: RegionAssessment, region: str) -> tuple[NamedFirm, ...]:
    """The firms that documents in force name, in the order of the clauses, with all that is on record of them in a region."""
    mentions: dict[str, dict[tuple[str, str, str | None], None]] = {}
    names: dict[str, tuple[str, str | None]] = {}
    for mention in store.rows(ClauseFirm, region=assessment.region):
        names[mention.firm] = (mention.name, mention.name_en)
        mentions.setdefault(mention.firm, {})[(mention.clause, mention.path or "", mention.role)] = None
    records: dict[str, dict[tuple[str, str], FirmRecord]] = {firm: {} for firm in names}
    for site in store.rows(FirmSite, firms=sorted(names), region=region, oldest=""):
        if site.here:
            records[site.firm][(site.segment, site.place or "")] = FirmRecord(
                site.segment,
                site.segment_name,
                site.place_name or "",
                site.stage,
                site.as_of,
                site.confidence,
                tuple(site.sources or ()),
            )
    for chain in assessment.chains:  # those of low confidence, which the query leaves out
        for segment in chain.gaps.segments:
            for m in segment.makers:
                if m.id in records:
                    records[m.id].setdefault(
                        (segment.id, m.place or ""),
                        FirmRecord(
                            segment.id, segment.name, m.place_name or "", m.stage, m.as_of, m.confidence, m.sources
                        ),
                    )
    return tuple(
        NamedFirm(firm, *names[firm], tuple(mentions[firm]), tuple(records[firm].values())) for firm in mentions
    )


def _cited(assessment: RegionAssessment, ways_out: Iterable[SegmentRemedies]) -> set[str]:
    """Ids of all documents and clauses that stand behind an assessment and the ways out of gaps."""
    cited: set[str] = set()
    for chain in assessment.chains:
        for segment in chain.gaps.segments:
            cited.update(source for m in segment.makers for source in m.sources)
            cited.update(s.clause for s in segment.stances)
    for way in ways_out:
        cited.update(source for firm in way.candidates.firms for source in firm.sources)
        cited.update(source for park in way.parks for source in park.sources)
        cited.update(d.measure.clause for d in way.support.decisions)
        cited.update(duty.clause for duty in (*way.duties, *way.chain_duties))
    return cited


def _sources(store: Store, ids: Iterable[str]) -> dict[str, Source]:
    """Documents and clauses by id; those who issued one stand for its publisher."""
    return {
        source.id: replace(source, publisher="、".join(source.issuers) or source.publisher)
        for source in store.rows(Source, ids=sorted(ids))
    }


def _version(store: Store) -> DataVersion:
    datasets = store.rows(LoadedDataset)
    digest = hashlib.sha256("\n".join(f"{d.id} {d.sha256}" for d in datasets).encode()).hexdigest()
    return DataVersion(len(datasets), max((d.loaded_at for d in datasets if d.loaded_at), default=None), digest[:12])


def _english(store: Store, assessment: RegionAssessment) -> dict[str, str]:
    """English names of chains, regions and local firms, where they have one."""
    makers = [m for c in assessment.chains for s in c.gaps.segments for m in s.makers]
    named: list[KnownChain | KnownRegion | Maker] = [*store.rows(KnownChain), *store.rows(KnownRegion), *makers]
    return {thing.id: thing.name_en for thing in named if thing.name_en}

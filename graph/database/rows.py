"""The rows of the named queries, a dataclass a query: nobody above this floor sees a dict that came from Cypher.

Fields are the columns of the query of that name in ``queries/``; ``None`` is what Cypher calls null. The tests run every
query and hold its columns and values against its dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, ClassVar, Protocol, Self, TypeVar, get_args, get_type_hints

R = TypeVar("R", bound="QueryRow")


class QueryRow:
    """One row of a named query: ``class Region(QueryRow, query="regions")`` is a row of ``queries/regions.cypher``."""

    query: ClassVar[str]
    #: Every row type by the name of its query.
    of_query: ClassVar[dict[str, type[QueryRow]]] = {}

    def __init_subclass__(cls, query: str) -> None:
        cls.query = query
        QueryRow.of_query[query] = cls

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> Self:
        """The row of these columns; maps in a list become what the field is a list of."""
        parts = {name: [part(**m) for m in columns[name]] for name, part in _parts(cls).items()}  # type: ignore[arg-type]
        return cls(**{**columns, **parts})


@cache
def _parts(kind: type[QueryRow]) -> dict[str, Any]:
    """The fields of a row that are lists of a dataclass, with that dataclass."""
    items = ((name, get_args(hint)) for name, hint in get_type_hints(kind).items())
    return {name: args[0] for name, args in items if len(args) == 1 and is_dataclass(args[0])}


class ReadRows(Protocol):
    """Reads the rows of a named query: ``Store.rows``, or a cached form of it."""

    def __call__(self, kind: type[R], /, **parameters: Any) -> list[R]:
        """All rows of the query that ``kind`` is a row of."""


@dataclass(frozen=True)
class DataDate(QueryRow, query="data_date"):
    """Date of the newest evidence on firms."""

    newest: str | None


@dataclass(frozen=True)
class SegmentMaker(QueryRow, query="segment_makers"):
    """A firm's operation on a link of a chain, at a place in a region."""

    segment: str
    segment_name: str
    firm: str
    firm_name: str
    firm_name_en: str | None
    owner: str | None
    active: bool | None
    stage: str
    place: str | None
    place_name: str | None
    park: str | None
    park_name: str | None
    capacity: float | None
    unit: str | None
    output: float | None
    as_of: str | None
    confidence: str | None
    sources: list[str] | None
    honours: list[str] | None
    leads: bool


@dataclass(frozen=True)
class RegionInflow(QueryRow, query="region_inflows"):
    """What a region brings in of a link of a chain, by origin."""

    segment: str
    origin: str | None
    origin_name: str | None
    quantity: float | None
    unit: str | None
    value: float | None
    as_of: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class SegmentStance(QueryRow, query="segment_stances"):
    """What a clause in force in a region wants of a link of a chain."""

    segment: str
    stance: str
    role: str | None
    task: str
    task_name: str
    clause: str
    path: str | None
    heading: str | None
    document: str
    document_name: str
    document_number: str | None


@dataclass(frozen=True)
class BenchmarkMakers(QueryRow, query="benchmark_makers"):
    """Live makers of a link nationwide."""

    segment: str
    makers: int


@dataclass(frozen=True)
class SurveyedSegment(QueryRow, query="surveyed_segments"):
    """A link whose register of firms is declared complete."""

    segment: str
    as_of: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class ChainSegment(QueryRow, query="chain_segments"):
    """A link of a chain, at its place in it."""

    id: str
    name: str
    name_en: str | None
    aliases: list[str] | None
    position: str
    order: int
    essential: bool | None
    sources: list[str] | None


@dataclass(frozen=True)
class ChainSupply(QueryRow, query="chain_supplies"):
    """What supplies what inside a chain."""

    id: str
    start: str
    end: str
    via: str | None
    via_name: str | None
    essential: bool
    group: str | None
    cost_share: float | None
    coefficient: float | None


# -- the way out of a gap -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChainClause(QueryRow, query="chain_clauses"):
    """A task that a clause sets for a chain or its links, and who answers for it."""

    clause: str
    path: str | None
    heading: str | None
    summary: str | None
    document: str
    document_name: str
    task: str
    task_name: str
    goals: list[str]
    stances: list[str]
    lead: list[str]
    support: list[str]


@dataclass(frozen=True)
class ChainTarget(QueryRow, query="chain_targets"):
    """A quantified target of a chain or one of its links."""

    id: str
    name: str
    comparator: str
    value: float
    unit: str | None
    year: int | None
    base_year: int | None
    goal: str
    path: str | None


@dataclass(frozen=True)
class ChainMeasure(QueryRow, query="chain_measures"):
    """A support measure that may apply to a chain: rates are fractions, money is 万元; ``parts`` are links that it names."""

    id: str
    name: str
    instrument: str
    rate_min: float | None
    rate_max: float | None
    rate_base: str | None
    rate_of: str | None
    cap: float | None
    amount: float | None
    total: float | None
    annual_cap: float | None
    years: int | None
    condition: str | None
    rule: str | None
    beneficiary: str | None
    recipient: str | None
    note: str | None
    stacking: str | None
    leading: list[str]
    supporting: list[str]
    document: str
    parts: list[str]
    whole_chain: bool
    clause: str
    path: str | None
    document_name: str


@dataclass(frozen=True)
class SegmentChain(QueryRow, query="segment_chains"):
    """A chain that a link belongs to; ``home`` is the one that it has its id from."""

    chain: str
    name: str
    home: bool


@dataclass(frozen=True)
class CandidateFirm:
    """A firm that works on a link elsewhere; ``home`` are names of places."""

    firm: str
    name: str
    name_en: str | None
    home: list[str]
    owner: str | None
    honours: list[str] | None
    stock_code: str | None


@dataclass(frozen=True)
class SegmentCandidates(QueryRow, query="segment_candidates"):
    """The firms elsewhere of a link, ``total`` of them."""

    segment: str
    total: int
    firms: list[CandidateFirm]


@dataclass(frozen=True)
class Buyer:
    """A live local maker of links that a link supplies, ids and names in parallel."""

    firm: str
    name: str
    links: list[str]
    names: list[str]
    leads: bool


@dataclass(frozen=True)
class SegmentCustomers(QueryRow, query="segment_customers"):
    """The local buyers of a link, ``total`` of them; ``leaders`` are the names of those that lead the chain."""

    segment: str
    total: int
    customers: list[Buyer]
    leaders: list[str]


@dataclass(frozen=True)
class RegionLeader(QueryRow, query="region_leaders"):
    """An appointment as chain leader."""

    id: str
    firm: str
    name: str
    name_en: str | None
    region_name: str | None
    tier: str | None
    batch: str | None
    role: str | None
    valid_from: str | None
    valid_to: str | None
    clauses: list[str]
    as_of: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class FirmSite(QueryRow, query="firm_sites"):
    """Where a firm works on a link; ``city`` is the city that the place is or lies in, else the place itself."""

    firm: str
    firm_name: str
    segment: str
    segment_name: str
    stage: str
    place: str | None
    place_name: str | None
    here: bool | None
    city: str | None
    city_name: str | None
    level: str | None
    lat: float | None
    lon: float | None
    as_of: str | None
    confidence: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class GroupPlant(QueryRow, query="group_plants"):
    """What a firm of a group does in a region."""

    owner: str
    firm: str
    firm_name: str
    segment: str
    segment_name: str
    stage: str
    place: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class RegionPoint(QueryRow, query="region_point"):
    """Coordinates of a region, degrees (WGS 84)."""

    id: str
    name: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class ParkPlace:
    """A region that a park lies in."""

    id: str
    name: str
    level: str | None


@dataclass(frozen=True)
class ParkCarries:
    """A chain or link that a park is appointed to carry, with the paths of the clauses."""

    goal: str
    role: str | None
    paths: list[str]
    sources: list[str] | None


@dataclass(frozen=True)
class ParkTarget:
    """A target of a task that names a park."""

    name: str
    year: int | None


@dataclass(frozen=True)
class RegionPark(QueryRow, query="park_candidates"):
    """A park of a region and what it has to do with a chain."""

    park: str
    name: str
    name_en: str | None
    sources: list[str] | None
    places: list[ParkPlace]
    carries: list[ParkCarries]
    targets: list[ParkTarget]


@dataclass(frozen=True)
class CalledChain(QueryRow, query="chain_names"):
    """What a chain is called."""

    id: str
    name: str
    aliases: list[str]


@dataclass(frozen=True)
class CalledSegment(QueryRow, query="segment_names"):
    """What a link is called, and the chains that hold it."""

    id: str
    name: str
    aliases: list[str]
    chains: list[str]


@dataclass(frozen=True)
class CalledProduct(QueryRow, query="product_names"):
    """What a product is called, the links that make and use it, and its subtypes."""

    id: str
    name: str
    aliases: list[str]
    made_by: list[str]
    used_by: list[str]
    subtypes: list[str]


@dataclass(frozen=True)
class CodedRegion(QueryRow, query="region_codes"):
    """A region with its code."""

    code: str
    name: str


@dataclass(frozen=True)
class KnownChain(QueryRow, query="chains"):
    """A chain with the number of its links; one without links is only named by a policy."""

    id: str
    name: str
    name_en: str | None
    segments: int


@dataclass(frozen=True)
class KnownRegion(QueryRow, query="regions"):
    """A region and what it is part of."""

    id: str
    name: str
    name_en: str | None
    level: str
    code: str | None
    parent_id: str | None
    parent: str | None
    parent_en: str | None


@dataclass(frozen=True)
class MemberRegion(QueryRow, query="member_regions"):
    """A region of a level inside another; a municipality stands among the cities."""

    id: str
    name: str
    name_en: str | None
    level: str


@dataclass(frozen=True)
class RegionPlace(QueryRow, query="region_places"):
    """A place (region or park) inside a region, or the region itself."""

    region: str
    place: str


@dataclass(frozen=True)
class RegionMakers(QueryRow, query="region_makers"):
    """Live makers of a link in a region; ``squares`` is Σ (makers of an owner)²."""

    region: str
    segment: str
    makers: int
    squares: int


@dataclass(frozen=True)
class KnownSegment(QueryRow, query="segments"):
    """A link, and the names of the chains that hold it."""

    id: str
    name: str
    name_en: str | None
    chains: list[str]
    chains_en: list[str]


@dataclass(frozen=True)
class RegionCity(QueryRow, query="region_city"):
    """The city that a region is part of."""

    id: str
    name: str
    name_en: str | None


# -- what the app shows of a link and of a chain ---------------------------------------------------------------


@dataclass(frozen=True)
class LabelCount(QueryRow, query="overview_counts"):
    """How many nodes of a label there are."""

    label: str
    nodes: int


@dataclass(frozen=True)
class SegmentNeighbour(QueryRow, query="segment_neighbours"):
    """A link that supplies one, or that it supplies, with what flows; ``direction`` is upstream or downstream."""

    direction: str
    segment: str
    name: str
    name_en: str | None
    via_name: str | None
    via_name_en: str | None
    essential: bool
    group: str | None
    chains: list[str]
    chain_names: list[str]


@dataclass(frozen=True)
class SegmentFirm(QueryRow, query="segment_firms"):
    """A firm's operation on a link, anywhere."""

    firm: str
    firm_name: str
    firm_name_en: str | None
    active: bool | None
    honours: list[str] | None
    stage: str
    place: str | None
    place_name: str | None
    place_name_en: str | None
    region: str | None
    capacity: float | None
    unit: str | None
    as_of: str | None
    confidence: str | None
    sources: list[str] | None
    note: str | None


@dataclass(frozen=True)
class SegmentClause(QueryRow, query="segment_policy"):
    """What a clause in force in a region wants of a link, and who answers for it."""

    stance: str
    role: str | None
    task: str
    task_name: str
    clause: str
    path: str | None
    heading: str | None
    summary: str | None
    document: str
    document_name: str
    document_name_en: str | None
    leads: list[str]
    supports: list[str]


@dataclass(frozen=True)
class SegmentProduct(QueryRow, query="segment_products"):
    """A product that a link makes (``PRODUCES``) or uses (``USES``)."""

    relationship: str
    product: str
    product_name: str
    product_name_en: str | None
    kind: str | None


@dataclass(frozen=True)
class ChainPark(QueryRow, query="chain_parks"):
    """A park that carries a chain or one of its links, anywhere."""

    park: str
    park_name: str
    kind: str | None
    goal: str
    goal_name: str
    role: str
    regions: list[str]
    clauses: list[str]


@dataclass(frozen=True)
class ChainLeader(QueryRow, query="chain_leaders"):
    """An appointment as leader of a chain, anywhere."""

    firm: str
    firm_name: str
    role: str | None
    tier: str | None
    region: str | None
    region_id: str | None
    valid_from: str | None
    clause: str | None
    clause_id: str | None


@dataclass(frozen=True)
class StatedTarget(QueryRow, query="targets"):
    """A quantified target or figure of a policy."""

    id: str
    subject: str | None
    indicator: str
    comparator: str
    value: float
    unit: str | None
    year: int | None
    base_year: int | None
    kind: str
    goals: list[str]
    clauses: list[str]


# -- documents and sources ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PolicyDocument(QueryRow, query="policy_documents"):
    """A policy document, with how much stands in it."""

    id: str
    name: str
    name_en: str | None
    aliases: list[str] | None
    number: str | None
    publisher: str | None
    issued: str | None
    effective: str | None
    expires: str | None
    url: str | None
    clauses: int
    tasks: int
    targets: int
    measures: int
    issuers: list[str]
    regions: list[str]


@dataclass(frozen=True)
class CitedDocument(QueryRow, query="documents_named"):
    """A document or clause by its id: what it is called and where it is published."""

    id: str
    name: str
    name_en: str | None
    url: str | None


@dataclass(frozen=True)
class Source(QueryRow, query="sources_named"):
    """A document, or a clause of one (with ``path`` and ``heading``)."""

    id: str
    document: str
    name: str
    name_en: str | None
    number: str | None
    publisher: str | None
    issuers: list[str]
    issued: str | None
    expires: str | None
    note: str | None
    url: str | None
    path: str | None
    heading: str | None


@dataclass(frozen=True)
class DocumentScope(QueryRow, query="document_scopes"):
    """The region that a document applies to: the one asked about, or one that it is part of."""

    document: str
    region: str
    region_name: str
    level: str | None


@dataclass(frozen=True)
class ClauseFirm(QueryRow, query="policy_firms"):
    """A firm that a clause in force names."""

    firm: str
    name: str
    name_en: str | None
    clause: str
    path: str | None
    role: str | None


@dataclass(frozen=True)
class LoadedDataset(QueryRow, query="datasets_loaded"):
    """A dataset, when it was loaded (UTC) and the digest of its file."""

    id: str
    path: str | None
    sha256: str | None
    loaded_at: str | None
    evidence: str | None


# -- tasks, targets and who answers for them -------------------------------------------------------------------


@dataclass(frozen=True)
class RegionScope(QueryRow, query="region_scopes"):
    """A region, the regions in it, and those that it lies in."""

    own: str
    inside: list[str]
    above: list[str]


@dataclass(frozen=True)
class TargetGoal(QueryRow, query="target_goals"):
    """A target: where it is stated, the regions and chains that it is of, the tasks that set it."""

    id: str
    name: str
    subject: str | None
    indicator: str
    comparator: str
    value: float
    unit: str | None
    year: int | None
    base_year: int | None
    kind: str | None
    note: str | None
    scopes: list[str]
    paths: list[str]
    document_number: str | None
    document_name: str | None
    tasks: list[str]
    regions: list[str]
    whole: list[str]
    homes: list[str]


@dataclass(frozen=True)
class TargetObservation(QueryRow, query="target_observations"):
    """A reported value of a target."""

    target: str
    id: str
    name: str | None
    period: str
    value: float
    measured: str | None
    as_of: str | None
    confidence: str | None
    note: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class Responsibility:
    """A task or measure and one department that answers for it; ``department`` is None where none does."""

    id: str
    name: str | None
    scopes: list[str]
    paths: list[str]
    document_number: str | None
    document_name: str | None
    whole: list[str]
    homes: list[str]
    department: str | None
    department_name: str | None
    department_name_en: str | None
    level: str | None
    role: str | None
    named: int | None
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class TaskResponsibility(Responsibility, QueryRow, query="task_responsibilities"):
    """A task and a department."""


@dataclass(frozen=True)
class MeasureResponsibility(Responsibility, QueryRow, query="measure_responsibilities"):
    """A measure and a department."""


# -- the lists of a chain in a region ---------------------------------------------------------------------------


@dataclass(frozen=True)
class ChainOperation(QueryRow, query="chain_operations"):
    """A firm's operation on a link of a chain in a region."""

    id: str
    segment: str
    segment_name: str
    segment_name_en: str | None
    firm: str
    firm_name: str
    firm_name_en: str | None
    active: bool | None
    stage: str
    place: str | None
    place_name: str | None
    park: str | None
    region_name: str | None
    capacity: float | None
    unit: str | None
    output: float | None
    since: str | None
    as_of: str | None
    confidence: str | None
    sources: list[str] | None
    note: str | None


@dataclass(frozen=True)
class ChainFirm(QueryRow, query="chain_firms"):
    """A firm that works on a chain in a region; ``homes`` are names of places."""

    id: str
    name: str
    name_en: str | None
    full_name: str | None
    credit_code: str | None
    stock_code: str | None
    owner: str | None
    honours: list[str] | None
    active: bool | None
    homes: list[str]
    as_of: str | None
    sources: list[str] | None
    note: str | None


@dataclass(frozen=True)
class RegionCarrier(QueryRow, query="region_carriers"):
    """An appointment of a park to carry a chain or link, with the paths of the clauses."""

    id: str
    park: str
    name: str
    goal: str
    goal_name: str
    role: str | None
    valid_from: str | None
    valid_to: str | None
    clauses: list[str]
    as_of: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class ListedPark(QueryRow, query="parks_named"):
    """A park by its id; ``regions`` are names."""

    id: str
    name: str
    name_en: str | None
    kind: str | None
    lat: float | None
    lon: float | None
    regions: list[str]
    as_of: str | None
    sources: list[str] | None
    note: str | None


@dataclass(frozen=True)
class ChainTask(QueryRow, query="chain_tasks"):
    """A task about a chain, its links or products; departments in the order of the document."""

    id: str
    name: str
    goals: list[str]
    stances: list[str]
    leads: list[str]
    supports: list[str]
    targets: list[str]
    year: int | None
    clause: str
    path: str | None
    place: int | None
    summary: str | None
    document: str
    document_name: str
    document_number: str | None
    issued: str | None
    expires: str | None
    as_of: str | None


@dataclass(frozen=True)
class ObservedValue:
    """A reported value of a target."""

    id: str
    name: str | None
    period: str
    value: float
    measured: str | None
    as_of: str | None
    sources: list[str] | None


@dataclass(frozen=True)
class ChainTargetValue(QueryRow, query="chain_target_values"):
    """A target of a chain with what was reported of it."""

    id: str
    name: str
    indicator: str
    comparator: str
    value: float
    unit: str | None
    year: int | None
    base_year: int | None
    kind: str | None
    path: str | None
    document_name: str
    document_number: str | None
    as_of: str | None
    observations: list[ObservedValue]


@dataclass(frozen=True)
class RegionPlatform(QueryRow, query="region_platforms"):
    """An innovation platform in a region; ``tasks`` are those that join it to the chain."""

    id: str
    name: str
    name_en: str | None
    kind: str | None
    places: list[str]
    tasks: list[str]
    all_tasks: list[str]
    clauses: list[str]
    as_of: str | None
    sources: list[str] | None
    note: str | None


@dataclass(frozen=True)
class RegionDocument(QueryRow, query="region_documents"):
    """A document that applies to a region; ``regions`` are names."""

    id: str
    name: str
    name_en: str | None
    number: str | None
    issued: str | None
    effective: str | None
    expires: str | None
    url: str | None
    regions: list[str]


@dataclass(frozen=True)
class ChainProducts(QueryRow, query="chain_products"):
    """What a link of a chain makes, by name."""

    segment: str
    products: list[str]


@dataclass(frozen=True)
class District(QueryRow, query="districts"):
    """A region and those below it, with coordinates in degrees (WGS 84)."""

    id: str
    name: str
    name_en: str | None
    level: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class FirmOnRecord(QueryRow, query="firms_named"):
    """A firm by its id, wherever it works; ``homes`` are names of places."""

    id: str
    name: str
    owner: str | None
    honours: list[str] | None
    active: bool | None
    homes: list[str]
    sources: list[str] | None

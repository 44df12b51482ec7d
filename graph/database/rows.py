"""The rows of the named queries, a dataclass a query: nobody above this floor sees a dict that came from Cypher.

Fields are the columns of the query of that name in ``queries/``; ``None`` is what Cypher calls null. The tests run every
query and hold its columns and values against its dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class QueryRow:
    """One row of a named query: ``class Region(QueryRow, query="regions")`` is a row of ``queries/regions.cypher``."""

    query: ClassVar[str]
    #: Every row type by the name of its query.
    of_query: ClassVar[dict[str, type[QueryRow]]] = {}

    def __init_subclass__(cls, query: str) -> None:
        cls.query = query
        QueryRow.of_query[query] = cls


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

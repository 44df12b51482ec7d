"""The lists of one chain in one region: what an office keeps up to date, hands in, and compares with last month's.

Rows of the named queries, keyed by id, every list in them sorted: the same from every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from graph.database.rows import (
    ChainFirm,
    ChainMeasure,
    ChainOperation,
    ChainTargetValue,
    ChainTask,
    CitedDocument,
    ListedPark,
    ObservedValue,
    QueryRow,
    RegionCarrier,
    RegionDocument,
    RegionLeader,
    RegionPlatform,
)
from graph.database.store import Store

R = TypeVar("R", bound=QueryRow)


@dataclass(frozen=True)
class ListedObservation(ObservedValue):
    """A reported value with the target that it is of."""

    target: str
    target_name: str
    unit: str | None


@dataclass(frozen=True)
class ChainLists:
    """What is on record of a chain in a region, table by table (id -> row).

    ``firms`` and ``operations`` are in the region, ``parks`` carry the chain or hold one of these operations, ``tasks``,
    ``targets``, ``measures`` and ``documents`` are in force there, ``leaders`` and ``carriers`` are appointments,
    ``observations`` belong to the targets, ``platforms`` are in the region (``tasks`` in a row: those that join it
    to the chain).
    """

    region: str
    region_name: str
    chain: str
    chain_name: str
    firms: Mapping[str, ChainFirm] = field(default_factory=dict)
    operations: Mapping[str, ChainOperation] = field(default_factory=dict)
    leaders: Mapping[str, RegionLeader] = field(default_factory=dict)
    carriers: Mapping[str, RegionCarrier] = field(default_factory=dict)
    parks: Mapping[str, ListedPark] = field(default_factory=dict)
    tasks: Mapping[str, ChainTask] = field(default_factory=dict)
    targets: Mapping[str, ChainTargetValue] = field(default_factory=dict)
    observations: Mapping[str, ListedObservation] = field(default_factory=dict)
    measures: Mapping[str, ChainMeasure] = field(default_factory=dict)
    platforms: Mapping[str, RegionPlatform] = field(default_factory=dict)
    documents: Mapping[str, RegionDocument] = field(default_factory=dict)


def gather_lists(store: Store, region: str, chain: str) -> ChainLists:
    """Every list of a chain in a region.

    Parameters
    ----------
    region, chain: ids, names or aliases.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    place, subject = store.find(region, "Region"), store.find(chain, "Chain")
    ids = {"region": place.id, "chain": subject.id}

    operations, carriers = _table(store.rows(ChainOperation, **ids)), _table(store.rows(RegionCarrier, **ids))
    parks = {o.park for o in operations.values() if o.park} | {c.park for c in carriers.values()}
    targets = _table(store.rows(ChainTargetValue, **ids))
    return ChainLists(
        place.id,
        place.name,
        subject.id,
        subject.name,
        firms=_table(store.rows(ChainFirm, **ids)),
        operations=operations,
        leaders=_table(store.rows(RegionLeader, **ids)),
        carriers=carriers,
        parks=_table(store.rows(ListedPark, ids=sorted(parks))),
        tasks=_table(store.rows(ChainTask, **ids)),
        targets=targets,
        observations={o.id: o for target in targets.values() for o in _observations(target)},
        measures=_table(store.rows(ChainMeasure, **ids)),
        platforms=_table(store.rows(RegionPlatform, **ids)),
        documents=_table(store.rows(RegionDocument, region=place.id)),
    )


def cited_sources(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What documents and clauses are called, by id; an id that is none of these stands for itself."""
    wanted = sorted(set(ids))
    known = {document.id: document.name for document in store.rows(CitedDocument, ids=wanted)}
    return {source: known.get(source) or source for source in wanted}


def _table(rows: Iterable[R]) -> dict[str, R]:
    """Rows by id; what is said of one thing by several clauses is one row."""
    table: dict[str, R] = {}
    for row in rows:
        lists = {f.name: value for f in fields(row) if isinstance(value := getattr(row, f.name), list)}  # type: ignore[arg-type]
        ordered = {name: _in_order(name, value) for name, value in lists.items()}
        table.setdefault(row.id, replace(row, **ordered))  # type: ignore[attr-defined, type-var]
    return table


#: Lists whose order is the document's: the department named first is the one in charge.
_AS_NAMED = ("leads", "supports")


def _in_order(name: str, values: list[Any]) -> list[Any]:
    known = [v for v in values if v is not None]
    return known if name in _AS_NAMED else sorted(known, key=repr)


def _observations(target: ChainTargetValue) -> list[ListedObservation]:
    """The observations of a target, each with its name and unit."""
    return [
        ListedObservation(**asdict(observed), target=target.id, target_name=target.name, unit=target.unit)
        for observed in target.observations
    ]

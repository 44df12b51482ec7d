"""The lists of one chain in one region: what an office keeps up to date, hands in, and compares with last month's.

Rows as the named queries give them, keyed by id, every list in them sorted: the same from every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.database.rows import CitedDocument
from graph.database.store import Row, Store

Table = Mapping[str, Row]


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
    firms: Table = field(default_factory=dict)
    operations: Table = field(default_factory=dict)
    leaders: Table = field(default_factory=dict)
    carriers: Table = field(default_factory=dict)
    parks: Table = field(default_factory=dict)
    tasks: Table = field(default_factory=dict)
    targets: Table = field(default_factory=dict)
    observations: Table = field(default_factory=dict)
    measures: Table = field(default_factory=dict)
    platforms: Table = field(default_factory=dict)
    documents: Table = field(default_factory=dict)


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

    def table(name: str, **parameters: object) -> dict[str, Row]:
        return _table(store.run_named(name, **parameters))

    operations = table("chain_operations", **ids)
    carriers = table("region_carriers", **ids)
    parks = {row["park"] for row in (*operations.values(), *carriers.values()) if row["park"]}
    targets = table("chain_target_values", **ids)
    return ChainLists(
        place.id,
        place.name,
        subject.id,
        subject.name,
        firms=table("chain_firms", **ids),
        operations=operations,
        leaders=table("region_leaders", **ids),
        carriers=carriers,
        parks=table("parks_named", ids=sorted(parks)),
        tasks=table("chain_tasks", **ids),
        targets=targets,
        observations=_observations(targets.values()),
        measures=table("chain_measures", **ids),
        platforms=table("region_platforms", **ids),
        documents=table("region_documents", region=ids["region"]),
    )


def cited_sources(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What documents and clauses are called, by id; an id that is none of these stands for itself."""
    wanted = sorted(set(ids))
    known = {document.id: document.name for document in store.rows(CitedDocument, ids=wanted)}
    return {source: known.get(source) or source for source in wanted}


def _table(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by id; what is said of one thing by several clauses is one row."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row["id"], {name: _in_order(name, value) for name, value in row.items()})
    return found


#: Lists whose order is the document's: the department named first is the one in charge.
_AS_NAMED = ("leads", "supports")


def _in_order(name: str, value: object) -> object:
    if not isinstance(value, list):
        return value
    known = [v for v in value if v is not None]
    return known if name in _AS_NAMED else sorted(known, key=repr)


def _observations(targets: Iterable[Row]) -> dict[str, Row]:
    """The observations of the targets, each with its target's name and unit."""
    return {
        said["id"]: {**said, "target": target["id"], "target_name": target["name"], "unit": target["unit"]}
        for target in targets
        for said in target["observations"]
    }

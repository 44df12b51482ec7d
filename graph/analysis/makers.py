"""Who makes what, how much, and which of it counts: makers, what comes from outside, and how they are measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from graph.settings import StatusThresholds

#: The source of what a link gets from outside when nothing says where from.
OUTSIDE = "outside"


class Basis(StrEnum):
    """What quantities are measured in; the kinds are never mixed."""

    MONEY = "money"
    CAPACITY = "capacity"
    COUNT = "count"


@dataclass(frozen=True)
class Maker:
    """One firm's operation on a link, at a place in the region.

    ``owner`` is the ultimate owner (the firm itself if not known), ``park`` the park it stands in, ``capacity`` in
    ``unit``, ``output`` 亿元 a year, ``as_of`` the date of the evidence, ``leads`` whether the firm is a chain leader of
    this chain. ``stale`` is set where the evidence is too old to count.
    """

    id: str
    name: str
    stage: str = "operating"
    owner: str | None = None
    place: str | None = None
    capacity: float | None = None
    unit: str | None = None
    output: float | None = None
    as_of: str | None = None
    confidence: str | None = None
    active: bool = True
    leads: bool = False
    sources: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()
    name_en: str | None = None
    place_name: str | None = None
    park: str | None = None
    park_name: str | None = None
    stale: bool = False


@dataclass(frozen=True)
class Inflow:
    """What a region brings in of a link's product in a year: ``quantity`` in ``unit``, ``value`` in 亿元."""

    origin: str | None = None
    origin_name: str | None = None
    quantity: float | None = None
    unit: str | None = None
    value: float | None = None
    as_of: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quantities:
    """What the live makers of one link hold, by firm, all measured in one way."""

    basis: Basis
    unit: str | None = None
    by_firm: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The sum, in ``unit``."""
        return sum(self.by_firm.values())


def mark_stale(makers: Iterable[Maker], as_of: str | None, thresholds: StatusThresholds) -> tuple[Maker, ...]:
    """The makers, each marked whether its evidence is too old to count."""
    oldest = oldest_evidence(as_of, thresholds)
    return tuple(replace(m, stale=_is_stale(m.as_of, oldest)) for m in makers)


def live_makers(makers: Iterable[Maker], stages: Sequence[str]) -> list[Maker]:
    """Those that count: active, of a stage asked for, evidence neither too old nor of low confidence."""
    return [m for m in makers if m.active and m.stage in stages and m.confidence != "low" and not m.stale]


def oldest_evidence(as_of: str | None, thresholds: StatusThresholds) -> str:
    """The date (ISO 8601) before which evidence no longer makes a maker live."""
    if as_of is None:
        return ""
    newest = date.fromisoformat(f"{as_of}-12-31"[:10] if len(as_of) == 4 else f"{as_of}-28"[:10])
    return (newest - timedelta(days=thresholds.live_days)).isoformat()


def operation_key(maker: Maker) -> str:
    """Names one operation of a firm on a link: the firm, and where it is."""
    return f"{maker.id}@{maker.place or ''}"


def by_operation(live: Sequence[Maker], held: Quantities) -> dict[str, float]:
    """What each operation holds of a link, by ``operation_key``; a firm that counts 1 is split evenly over its places."""
    places: dict[str, list[Maker]] = {}
    for maker in live:
        places.setdefault(maker.id, []).append(maker)
    held_at: dict[str, float] = {}
    for makers in places.values():
        for maker in makers:
            own = maker.output if held.basis is Basis.MONEY else maker.capacity
            share = 1 / len(makers) if held.basis is Basis.COUNT else own or 0.0
            held_at[operation_key(maker)] = held_at.get(operation_key(maker), 0.0) + share
    return held_at


def quantities(live: Sequence[Maker]) -> Quantities:
    """How much each firm holds of a link: by output or capacity where it is on record for all, else 1 a firm."""
    for basis in (Basis.MONEY, Basis.CAPACITY):
        measured = quantities_by(live, basis)
        if measured is not None and measured.total:
            return measured
    return Quantities(Basis.COUNT, None, dict.fromkeys((m.id for m in live), 1.0))


def quantities_by(live: Sequence[Maker], basis: Basis) -> Quantities | None:
    """The same on one basis; None where it is not on record for every maker, or in several units."""
    if basis is Basis.COUNT:
        return Quantities(basis, None, dict.fromkeys((m.id for m in live), 1.0))
    values = [(m.id, m.output if basis is Basis.MONEY else m.capacity) for m in live]
    units = {m.unit for m in live} if basis is Basis.CAPACITY else set()
    if len(units) > 1 or (basis is Basis.CAPACITY and live and units == {None}):
        return None
    by_firm: dict[str, float] = {}
    for firm, value in values:
        if value is None:
            return None
        by_firm[firm] = by_firm.get(firm, 0.0) + value
    return Quantities(basis, "亿元" if basis is Basis.MONEY else next(iter(units), None), by_firm)


def inflow_by(inflows: Sequence[Inflow], basis: Basis, unit: str | None) -> dict[str, float] | None:
    """Origin -> what comes from there, in 亿元 or in ``unit``; None where it is not on record for every inflow."""
    by_origin: dict[str, float] = {}
    for inflow in inflows:
        value = inflow.value if basis is Basis.MONEY else inflow.quantity
        if value is None or (basis is Basis.CAPACITY and unit is not None and inflow.unit != unit):
            return None
        origin = inflow.origin or OUTSIDE
        by_origin[origin] = by_origin.get(origin, 0.0) + value
    return by_origin


def _is_stale(as_of: str | None, oldest: str) -> bool:
    """Whether evidence is too old; one that gives only the year is good for the whole year."""
    return as_of is not None and as_of < oldest and not oldest.startswith(as_of)

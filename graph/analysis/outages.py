"""M3 for a chain in a region: who and what it hangs on (断供分析): firms, owners, parks, outside sources, links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graph.analysis.knockout import (
    Knockout,
    RemovalCurve,
    Supply,
    SupplyModel,
    knock_out,
    random_curve,
    targeted_curve,
)
from graph.analysis.makers import (
    OUTSIDE,
    Basis,
    Inflow,
    Maker,
    Quantities,
    by_operation,
    inflow_by,
    operation_key,
    quantities,
)
from graph.analysis.stopping import StoppingSets, stopping_sets


@dataclass(frozen=True)
class ChainOutages:
    """What is lost when one thing falls out, worst first.

    ``firms``, ``owners`` (groups with several firms or links), ``parks``, ``outside`` (what comes from outside, by
    link), ``origins`` (all that comes from one region or country), ``links``; ``names`` of firms, parks and origins.
    ``weighed`` tells what the losses are shares of; ``stopping`` which firms alone, and which two together, stop
    each link; ``assumed`` the links that nobody here is on record for: what is known to be missing is taken to come
    from outside, what is unknown to need its inputs wherever it is made.
    None of it is applied where the region has no live maker in the chain.
    """

    weighed: Basis
    firms: tuple[Knockout, ...] = ()
    owners: tuple[Knockout, ...] = ()
    parks: tuple[Knockout, ...] = ()
    outside: tuple[Knockout, ...] = ()
    origins: tuple[Knockout, ...] = ()
    links: tuple[Knockout, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    stopping: Mapping[str, StoppingSets] = field(default_factory=dict)
    targeted: RemovalCurve | None = None
    at_random: RemovalCurve | None = None
    assumed: tuple[str, ...] = ()

    @property
    def resilience(self) -> float | None:
        """1 - the largest loss that one firm can cause (0-1); None where there is no firm."""
        return 1 - self.firms[0].loss if self.firms else None

    @property
    def mean_resilience(self) -> float | None:
        """1 - the mean loss over firms (0-1); None where there is no firm."""
        return 1 - sum(k.loss for k in self.firms) / len(self.firms) if self.firms else None


def supply_model(
    graph: nx.MultiDiGraph[str],
    live: Mapping[str, Sequence[Maker]],
    inflows: Mapping[str, Sequence[Inflow]],
    unknown: Collection[str] = (),
) -> tuple[SupplyModel, Basis]:
    """Who supplies how much of each link here, and what the links are weighed by.

    The suppliers of a link are the operations of firms (``operation_key``). Each link is measured by output or capacity where it is on record for all its makers, else 1 a firm. What is brought
    in counts where it is measured like the makers, or where there are none. Links are weighed by output, or by capacity
    in one unit, where that is on record for all of them; else by their number of makers. ``unknown`` links pass on what
    their inputs lose.
    """
    held = {link: quantities(live.get(link, ())) for link in graph}
    outside = {link: _outside(inflows.get(link, ()), q) for link, q in held.items()}
    made = [q for q in held.values() if q.by_firm]
    bases = {q.basis for q in made}
    alike = len(bases) == 1 and len({q.unit for q in made}) == 1
    weighed = next(iter(bases)) if alike else Basis.COUNT
    weights = {link: q.total if alike else float(len(q.by_firm)) for link, q in held.items()}
    local = {link: by_operation(live.get(link, ()), q) for link, q in held.items()}
    return SupplyModel(graph, local, outside, weights, unknown), weighed


def _outside(inflows: Sequence[Inflow], held: Quantities) -> dict[str, float]:
    """Origin -> what comes from there, measured like the makers; in any one way where there are none."""
    for basis in (Basis.MONEY, Basis.CAPACITY) if not held.by_firm else (held.basis,):
        inflow = inflow_by(inflows, basis, held.unit) if basis is not Basis.COUNT else None
        if inflow:
            return inflow
    return {}


def outages(
    graph: nx.MultiDiGraph[str], model: SupplyModel, live: Mapping[str, Sequence[Maker]], weighed: Basis
) -> ChainOutages:
    """Every knock-out of a chain in a region."""
    if not model.total_weight:
        return ChainOutages(weighed, assumed=tuple(model.assumed))
    firms = units_of(live, lambda m: m.id)
    makers = [m for of_link in live.values() for m in of_link]
    outside = {link: model.supplies(link, local=False) for link in graph}
    origins = {o: held for o, held in model.suppliers(outside=True).items() if o != OUTSIDE}
    return ChainOutages(
        weighed,
        tuple(knock_out(model, firms)),
        tuple(knock_out(model, _owners(makers, firms))),
        tuple(knock_out(model, units_of(live, lambda m: m.park))),
        tuple(knock_out(model, {link: held for link, held in outside.items() if held})),
        tuple(knock_out(model, origins)),
        tuple(knock_out(model, {link: model.supplies(link) for link in graph})),
        {m.id: m.name for m in makers} | {m.park: m.park_name or m.park for m in makers if m.park},
        stopping_sets(model, firms),
        targeted_curve(model, firms),
        random_curve(model, firms),
        tuple(model.assumed),
    )


def _owners(makers: Sequence[Maker], firms: Mapping[str, set[Supply]]) -> dict[str, set[Supply]]:
    """Owner -> all that its firms supply, for owners of several firms: one of a single firm is that firm."""
    held: dict[str, set[str]] = {}
    for maker in makers:
        if maker.owner:
            held.setdefault(maker.owner, set()).add(maker.id)
    return {owner: set().union(*(firms[f] for f in ids)) for owner, ids in held.items() if len(ids) > 1}


def units_of(live: Mapping[str, Sequence[Maker]], kind: Callable[[Maker], str | None]) -> dict[str, set[Supply]]:
    """What belongs together of all that is supplied here: by firm, by park ...; operations without one are left out."""
    held: dict[str, set[Supply]] = {}
    for link, makers in live.items():
        for maker in makers:
            unit = kind(maker)
            if unit is not None:
                held.setdefault(unit, set()).add((link, operation_key(maker)))
    return held

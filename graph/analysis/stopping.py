"""M3 Single points of failure: which units stop a link alone, and which pairs do only together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from graph.analysis.inputs import Need
from graph.analysis.knockout import STOPPED, Supply, SupplyModel


@dataclass(frozen=True)
class StoppingSets:
    """What stops a link (q = 0): the units that do so alone, and the pairs of units of which neither does alone."""

    single: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def stopping_sets(model: SupplyModel, units: Mapping[str, Collection[Supply]]) -> dict[str, StoppingSets]:
    """The minimal sets of one and of two units that stop each link; links that none stops are left out.

    Nothing stops unless some link loses all its supply, or a loop that lives on nothing but itself loses some: only units
    that hold all of a link, alone or with one other, or part of such a loop, need trying. Two that each hold something
    for themselves matter only where inputs replace one another.
    """
    alone, together = _holders(model, units)
    looping = _links_of_closed_loops(model)
    alone |= {name for name, held in units.items() if any(link in looping for link, _ in held)}
    ids = sorted(alone)
    single: dict[str, list[str]] = {}
    for unit, left in zip(ids, model.remaining([units[i] for i in ids]), strict=True):
        for link in (link for link, q in left.items() if q < STOPPED):
            single.setdefault(link, []).append(unit)
    both = sorted(together | (_with_substitutes(model, units, ids) if _has_substitutes(model) else set()))
    double: dict[str, list[tuple[str, str]]] = {}
    for pair, left in zip(both, model.remaining([{*units[a], *units[b]} for a, b in both]), strict=True):
        for link in (link for link, q in left.items() if q < STOPPED):
            if not set(pair) & set(single.get(link, ())):
                double.setdefault(link, []).append(pair)
    return {
        link: StoppingSets(tuple(single.get(link, ())), tuple(double.get(link, ())))
        for link in model.links
        if link in single or link in double
    }


def _holders(model: SupplyModel, units: Mapping[str, Collection[Supply]]) -> tuple[set[str], set[tuple[str, str]]]:
    """Units that hold all supply of some link, and pairs of units that do so only together."""
    held: dict[str, dict[str, set[Supply]]] = {}
    for name, supplies in units.items():
        for supply in supplies:
            held.setdefault(supply[0], {}).setdefault(name, set()).add(supply)
    alone: set[str] = set()
    together: set[tuple[str, str]] = set()
    for link, holders in held.items():
        needed = model.supplies(link)
        if sum(sorted(len(s) for s in holders.values())[-2:]) < len(needed):
            continue
        enough = {name for name, supplies in holders.items() if supplies >= needed}
        alone |= enough
        rest = sorted(holders.keys() - enough)
        together |= {(a, b) for a, b in combinations(rest, 2) if holders[a] | holders[b] >= needed}
    return alone, together


def _with_substitutes(
    model: SupplyModel, units: Mapping[str, Collection[Supply]], ids: Sequence[str]
) -> set[tuple[str, str]]:
    """Pairs that may stop a link whose inputs replace one another: two of ``ids``, or one of them and a part of a loop.

    Once one of the two has taken what stands in for it, the loop lives on itself, and bleeds to nothing with the other.
    """
    looping = _links_of_closed_loops(model, alone=False)
    parts = [name for name, held in units.items() if any(link in looping for link, _ in held)]
    mixed = {(min(one, other), max(one, other)) for one in ids for other in parts if one != other}
    return set(combinations(ids, 2)) | mixed


def _has_substitutes(model: SupplyModel) -> bool:
    """Whether some link stops only when several inputs are gone."""
    return any(
        len(need.suppliers) > 1 or not any(n.essential for n in needs)
        for needs in model.needs.values()
        for need in needs
    )


def _links_of_closed_loops(model: SupplyModel, *, alone: bool = True) -> set[str]:
    """Links of loops in which every link can make no more than the one before, and nothing comes from outside.

    Whatever such a loop loses it loses again in every round, down to nothing. Without ``alone`` also those that become
    one once what could stand in for a failing input is gone.
    """
    binding = {
        link: [need for need in needs if need.essential or not any(n.essential for n in needs)]
        for link, needs in model.needs.items()
        if not model.supplies(link, local=False) or link in model.unknown
    }
    while True:
        edges = [(s, link) for link, needs in binding.items() for need in needs for s in need.suppliers]
        loops = [c for c in nx.strongly_connected_components(nx.DiGraph(edges)) if len(c) > 1]
        loop_of = {link: number for number, loop in enumerate(loops) for link in loop}
        kept = {link: [n for n in needs if _closed(link, n, needs, loop_of, alone)] for link, needs in binding.items()}
        if kept == binding:
            return set(loop_of)
        binding = kept


def _closed(link: str, need: Need, needs: list[Need], loop_of: Mapping[str, int], alone: bool) -> bool:
    """Whether all that could stand in for a failing input (some of it, if not ``alone``) is in the same loop."""
    others = need.suppliers if need.essential else [s for n in needs for s in n.suppliers]
    inside = (loop_of.get(s) == loop_of[link] for s in others) if link in loop_of else iter(())
    return link in loop_of and (all(inside) if alone else any(inside))

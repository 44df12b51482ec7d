"""M2 Local coverage (本地配套率): how much of what the local makers need is made locally.

For a link m and the local links n that it supplies

    D_m = Σ_n a_mn·X_n       local demand (by output, a the cost share, X local output in 亿元)
    σ_m = min(1, S_m / D_m)  S_m local supply;  unmet demand U_m = max(0, D_m - S_m)
    λ_n = Σ_m a_mn·σ_m / Σ_m a_mn, the chain's λ weighted by Σ_m a_mn·X_n

By capacity the demand is coefficient × capacity of the user, one for one where both have the same unit, and else the
local supply and what is brought in. Without quantities σ_m is 1 if there is a live maker, else 0 (按家数). It is not
the share of firms that have a local supplier, and the bases are never mixed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graph.analysis.inputs import cost_shares, needs_of
from graph.analysis.makers import Basis, Inflow, Maker, inflow_by, quantities_by


@dataclass(frozen=True)
class SegmentCoverage:
    """Local demand and supply of one link in ``unit``; ``sigma`` and ``unmet`` follow from them.

    ``demand`` None: somebody here needs it and nobody makes it, but how much is needed is not on record.
    """

    demand: float | None
    supply: float
    unit: str | None = None

    @property
    def sigma(self) -> float | None:
        """σ (0-1); None where nobody here needs it."""
        if self.demand is None:
            return 0.0
        return min(1.0, self.supply / self.demand) if self.demand else None

    @property
    def unmet(self) -> float | None:
        """U, in ``unit``; None where the demand is not on record."""
        return None if self.demand is None else max(0.0, self.demand - self.supply)


@dataclass(frozen=True)
class UserCoverage:
    """λ of one link: ``value`` counts inputs of unknown state as not made here; ``unknown`` is their weight (0-1).

    So the true λ lies between ``value`` and ``value + unknown``.
    """

    value: float
    unknown: float = 0.0


@dataclass(frozen=True)
class ChainCoverage:
    """Coverage of a chain on one basis.

    ``segments`` are the links whose σ can be taken, ``users`` the λ of the links that are made here, ``total`` the λ of
    the chain. ``assumed`` are users some of whose cost shares are not on record. What is absent is not applied.
    """

    basis: Basis
    segments: Mapping[str, SegmentCoverage] = field(default_factory=dict)
    users: Mapping[str, UserCoverage] = field(default_factory=dict)
    total: UserCoverage | None = None
    assumed: Collection[str] = ()


def coverage(
    graph: nx.MultiDiGraph[str],
    live: Mapping[str, Sequence[Maker]],
    inflows: Mapping[str, Sequence[Inflow]],
    basis: Basis,
    unknown: Collection[str] = (),
) -> ChainCoverage:
    """M2 of a chain in a region.

    Parameters
    ----------
    live: the live makers of each link. inflows: what the region brings in of each.
    basis: MONEY needs the output of every maker concerned, CAPACITY the capacity in one unit; COUNT needs nothing.
    unknown: links of which nobody knows whether they are made here; they count as not made, and are shown.
    """
    held = {link: quantities_by(live.get(link, ()), basis) for link in graph}
    supply = {link: q.total for link, q in held.items() if q is not None}
    units = {link: q.unit for link, q in held.items() if q is not None and q.unit}
    segments = {}
    for link in graph:
        if basis is Basis.COUNT:
            needed = any(supply[n] for n in graph.successors(link))
            segments[link] = SegmentCoverage(1.0 if needed else 0.0, min(1.0, supply[link]))
        elif link in supply:
            demand = (_demand_by_money if basis is Basis.MONEY else _demand_by_capacity)(
                graph, link, supply, units, inflows
            )
            if demand is not None or not supply[link]:
                segments[link] = SegmentCoverage(demand, supply[link], units.get(link))
    users_here = [n for n in graph if supply.get(n)]
    users = {n: own for n in users_here if (own := _user_coverage(graph, n, segments, basis, unknown)) is not None}
    assumed = [n for n in users if any(assumed for _, assumed in cost_shares(graph, n).values())]
    return ChainCoverage(basis, segments, users, _chain_total(graph, users, users_here, supply, units, basis), assumed)


def _demand_by_money(
    graph: nx.MultiDiGraph[str],
    link: str,
    supply: Mapping[str, float],
    _units: Mapping[str, str],
    _inflows: Mapping[str, Sequence[Inflow]],
) -> float | None:
    """Σ a·X, 亿元; None where the output of a user is not on record."""
    demand = 0.0
    for user in dict.fromkeys(graph.successors(link)):
        if user not in supply:
            return None
        demand += cost_shares(graph, user)[link][0] * supply[user]
    return demand


def _demand_by_capacity(
    graph: nx.MultiDiGraph[str],
    link: str,
    supply: Mapping[str, float],
    units: Mapping[str, str],
    inflows: Mapping[str, Sequence[Inflow]],
) -> float | None:
    """What the users' capacity takes, in the link's unit; None where units differ or are unknown and nothing tells."""
    brought = inflow_by(inflows.get(link, ()), Basis.CAPACITY, units.get(link))
    unit = units.get(link) or next((i.unit for i in inflows.get(link, ())), None)
    demand = 0.0
    for user, edges in graph.adj[link].items():
        coefficients = [e["coefficient"] for e in edges.values() if e.get("coefficient") is not None]
        if user not in supply:
            return None
        if not supply[user]:
            continue
        if coefficients:
            demand += max(coefficients) * supply[user]
        elif unit is not None and units.get(user) == unit:
            demand += supply[user]
        else:
            return supply[link] + sum(brought.values()) if brought else None
    return demand


def _user_coverage(
    graph: nx.MultiDiGraph[str],
    user: str,
    segments: Mapping[str, SegmentCoverage],
    basis: Basis,
    unknown: Collection[str],
) -> UserCoverage | None:
    """λ of one link; None where it has no inputs or one of them cannot be measured."""
    needs = needs_of(graph, user)
    total = sum(need.share for need in needs)
    if not total:
        return None
    value = missing = 0.0
    for need in needs:
        sigmas = [segments[s].sigma if s in segments else None for s in need.suppliers]
        known = [sigma for sigma in sigmas if sigma is not None]
        if not known or (basis is not Basis.COUNT and len(known) < len(sigmas)):
            return None
        value += need.share * max(known)
        if max(known) == 0 and any(s in unknown for s in need.suppliers):
            missing += need.share
    return UserCoverage(value / total, missing / total)


def _chain_total(
    graph: nx.MultiDiGraph[str],
    users: Mapping[str, UserCoverage],
    users_here: Sequence[str],
    supply: Mapping[str, float],
    units: Mapping[str, str],
    basis: Basis,
) -> UserCoverage | None:
    """λ of the chain, weighted by what each link buys; None where links cannot be measured alike."""
    buying = [n for n in users_here if graph.in_degree(n)]
    alike = basis is not Basis.CAPACITY or len({units.get(n) for n in buying}) == 1
    if not buying or not alike or any(n not in users for n in buying):
        return None
    weight = {n: sum(need.share for need in needs_of(graph, n)) * supply[n] for n in buying}
    total = sum(weight.values())
    return UserCoverage(
        sum(weight[n] * users[n].value for n in buying) / total,
        sum(weight[n] * users[n].unknown for n in buying) / total,
    )

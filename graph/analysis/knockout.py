"""M3 Knock-out: what is lost when a link is cut, all essential inputs being needed (AND).

q_n, the share of its normal output that link n still makes, starts at 1 everywhere and goes down to the
greatest fixpoint: a link makes no more than its scarcest essential input allows; inputs of one ``group``
replace one another (OR: the group is as good as its best member); a missing non-essential input costs
its share. Compare the ESRI of Diem et al. 2022 (Sci. Rep. 12:7719, https://doi.org/10.1038/s41598-022-11522-z).

Path measures (dominators, minimum cuts, betweenness) take any one input to be enough and miss this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import networkx as nx

_PRECISION = 1e-12


@dataclass(frozen=True)
class _Need:
    """One input of a link, or a group of inputs that replace one another."""

    suppliers: tuple[str, ...]
    essential: bool
    share: float


def remaining_output(graph: nx.MultiDiGraph[str], cut: Collection[str]) -> dict[str, float]:
    """Share (0-1) of its output that every link still makes once the links of ``cut`` make nothing.

    Parameters
    ----------
    graph: edges run from supplier to user; edge attributes ``essential`` (default true), ``group`` (substitutable
        inputs of one target) and ``cost_share`` (fraction 0-1; where it is absent the inputs share equally).
    cut: links that make nothing. Inputs from outside the graph are taken to be there.

    Notes
    -----
    Monotone in ``cut``, independent of the order of nodes, and finite on cycles: a recycling loop keeps itself
    going unless something else in it fails.
    """
    needs = {node: _needs(graph, node) for node in graph}
    output = {node: 0.0 if node in cut else 1.0 for node in graph}
    waiting = {user for node in cut if node in graph for user in graph.successors(node)}
    while waiting:
        node = waiting.pop()
        now = min(output[node], _factor(needs[node], output))
        if output[node] - now > _PRECISION:
            output[node] = now
            waiting.update(graph.successors(node))
    return output


def loss(graph: nx.MultiDiGraph[str], cut: Collection[str], weights: Mapping[str, float] | None = None) -> float:
    """L: the weighted share (0-1) of the chain's output that is lost with the links of ``cut``.

    Parameters
    ----------
    weights: local output or capacity of each link; every link counts the same where it is not known.
    """
    weight = weights or dict.fromkeys(graph.nodes, 1.0)
    total = sum(weight[n] for n in graph)
    if total == 0:
        return 0.0
    output = remaining_output(graph, cut)
    return sum(weight[n] * (1 - output[n]) for n in graph) / total


def criticality(graph: nx.MultiDiGraph[str]) -> dict[str, float]:
    """L of each single link: how much of the chain (0-1) hangs on it."""
    return {node: loss(graph, {node}) for node in graph}


def _needs(graph: nx.MultiDiGraph[str], node: str) -> list[_Need]:
    """The inputs of a link; parallel edges from one supplier (several products) are one input."""
    suppliers: dict[str, list[dict[str, object]]] = {}
    for supplier, _, data in graph.in_edges(node, data=True):
        suppliers.setdefault(supplier, []).append(data)
    groups: dict[str, list[str]] = {}
    single: list[_Need] = []
    even = 1 / len(suppliers) if suppliers else 0.0
    shares = {s: _share(edges, even) for s, edges in suppliers.items()}
    for supplier, edges in suppliers.items():
        own = [e for e in edges if not e.get("group")]
        for edge in edges:
            if edge.get("group"):
                groups.setdefault(str(edge["group"]), []).append(supplier)
        if own:
            essential = any(e.get("essential", True) for e in own)
            single.append(_Need((supplier,), essential, shares[supplier]))
    for name, members in groups.items():
        essential = any(e.get("essential", True) for m in members for e in suppliers[m] if e.get("group") == name)
        single.append(_Need(tuple(dict.fromkeys(members)), essential, sum(shares[m] for m in dict.fromkeys(members))))
    return single


def _share(edges: list[dict[str, object]], even: float) -> float:
    known = [float(str(e["cost_share"])) for e in edges if e.get("cost_share") is not None]
    return sum(known) if known else even


def _factor(needs: list[_Need], output: Mapping[str, float]) -> float:
    got = [(need, max(output[s] for s in need.suppliers)) for need in needs]
    scarcest = min((q for need, q in got if need.essential), default=1.0)
    total = sum(need.share for need, _ in got)
    missed = sum(need.share * (1 - q) for need, q in got if not need.essential)
    return min(scarcest, 1 - missed / total) if total else scarcest

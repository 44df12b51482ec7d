"""What a link needs: its inputs, those that replace one another, and their cost shares.

Shared by coverage (M2) and knock-out (M3), so that both read the segment graph in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx


@dataclass(frozen=True)
class Need:
    """One input of a link, or a group of inputs that replace one another.

    ``share`` is the cost share (0-1) of all members together; ``assumed`` that some of it is not on record.
    """

    suppliers: tuple[str, ...]
    essential: bool
    share: float
    assumed: bool = False


def needs_of(graph: nx.MultiDiGraph[str], node: str) -> list[Need]:
    """The inputs of a link; parallel edges from one supplier (several products) are one input."""
    suppliers = _by_supplier(graph, node)
    shares = cost_shares(graph, node)
    groups: dict[str, list[str]] = {}
    needs: list[Need] = []
    for supplier, edges in suppliers.items():
        own = [e for e in edges if not e.get("group")]
        for group in dict.fromkeys(str(e["group"]) for e in edges if e.get("group")):
            groups.setdefault(group, []).append(supplier)
        if own:
            essential = any(e.get("essential", True) for e in own)
            needs.append(Need((supplier,), essential, shares[supplier][0], shares[supplier][1]))
    for group, members in groups.items():
        essential = any(e.get("essential", True) for m in members for e in suppliers[m] if e.get("group") == group)
        share = sum(shares[m][0] for m in members)
        needs.append(Need(tuple(members), essential, share, any(shares[m][1] for m in members)))
    return needs


def cost_shares(graph: nx.MultiDiGraph[str], node: str) -> dict[str, tuple[float, bool]]:
    """a_mn of every supplier m of a link n, and whether it is assumed: 1 / number of suppliers where none is known."""
    suppliers = _by_supplier(graph, node)
    even = 1 / len(suppliers) if suppliers else 0.0
    by_supplier = {}
    for supplier, edges in suppliers.items():
        known = [float(e["cost_share"]) for e in edges if e.get("cost_share") is not None]
        by_supplier[supplier] = (sum(known) if known else even, not known)
    return by_supplier


def _by_supplier(graph: nx.MultiDiGraph[str], node: str) -> dict[str, list[dict[str, Any]]]:
    suppliers: dict[str, list[dict[str, Any]]] = {}
    for supplier, _, data in graph.in_edges(node, data=True):
        suppliers.setdefault(supplier, []).append(data)
    return suppliers

"""Neo4j to NetworkX: the same graph from every backend, in the same order.

Analyses work on what comes out of here and know no database.
"""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

from graph.database.rows import ChainSegment, ChainSupply
from graph.database.store import Store
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES


def segment_graph(store: Store, chain_id: str) -> nx.MultiDiGraph[str]:
    """The segments of a chain and what supplies what among them. It may hold recycling loops.

    Node attributes: name, name_en, aliases, position, order, essential (of this chain where it differs
    from the segment's home chain). Edges run from supplier to user, keyed by the relationship's id, with via, via_name,
    essential, group (substitutable inputs of one target), cost_share (fraction 0-1) and coefficient (units of the supplier's
    capacity per unit of the user's), the last two absent if unknown.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(chain=chain_id)
    for segment in store.rows(ChainSegment, chain=chain_id):
        graph.add_node(segment.id, **{k: v for k, v in vars(segment).items() if k != "id"})
    for supply in store.rows(ChainSupply, chain=chain_id):
        flow = {k: v for k, v in vars(supply).items() if k not in ("id", "start", "end") and v is not None}
        graph.add_edge(supply.start, supply.end, key=supply.id, **flow)
    return graph


def whole_graph(
    store: Store, labels: Collection[str] | None = None, types: Collection[str] | None = None
) -> nx.MultiDiGraph[str]:
    """The graph, or the part of it with these labels and relationship types, with all properties.

    Internal labels (books of the store) are left out unless asked for. Nodes are keyed by id and have ``label``;
    edges are keyed by the relationship's id and have ``type``.

    Raises:
        KeyError: a label or type that the schema does not declare.
    """
    wanted = [c for name, c in NODE_TYPES.items() if (not c.internal if labels is None else name in labels)]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for label in sorted(c.label() for c in wanted):
        for row in store.read(f"MATCH (n:{label}) RETURN properties(n) AS p ORDER BY n.id"):
            graph.add_node(row["p"]["id"], label=label, **_sorted(row["p"]))
    for kind in sorted(RELATIONSHIP_TYPES if types is None else types):
        cypher = (
            f"MATCH (a)-[r:{RELATIONSHIP_TYPES[kind].type()}]->(b) "
            "RETURN a.id AS start, b.id AS end, properties(r) AS p ORDER BY r.id"
        )
        for row in store.read(cypher):
            if row["start"] in graph and row["end"] in graph:
                graph.add_edge(row["start"], row["end"], key=row["p"]["id"], type=kind, **_sorted(row["p"]))
    return graph


def _sorted(properties: dict[str, object]) -> dict[str, object]:
    """Properties in the order of their names: engines give them back in different orders."""
    return {name: properties[name] for name in sorted(properties)}

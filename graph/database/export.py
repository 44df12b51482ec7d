"""The graph as files: CSV per label and relationship type, GraphML, a Cypher script."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx

from graph.cells import safe_cell
from graph.database.dialect import constraint_statements
from graph.schema import NODE_TYPES

#: Rows of one statement of the Cypher script.
_STATEMENT_ROWS = 500
#: A cell that a spreadsheet would take for a formula.


def export_csv(graph: nx.MultiDiGraph[str], folder: Path) -> list[Path]:
    """One file a label (``nodes-Firm.csv``) and a relationship type (``relationships-LEADS.csv``)."""
    nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node_id, data in graph.nodes(data=True):
        nodes[f"nodes-{data['label']}"].append({"id": node_id, **_without(data, "label", "id")})
    edges: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for start, end, key, data in graph.edges(keys=True, data=True):
        row = {"start": start, "end": end, "id": key, **_without(data, "type", "id")}
        edges[f"relationships-{data['type']}"].append(row)
    return [_write_csv(folder / f"{name}.csv", rows) for name, rows in sorted({**nodes, **edges}.items())]


def export_graphml(graph: nx.MultiDiGraph[str], path: Path) -> Path:
    """GraphML for Gephi, yEd, Cytoscape; lists become text divided by ``;``."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    plain.add_nodes_from((n, {k: _cell(v) for k, v in d.items()}) for n, d in graph.nodes(data=True))
    for start, end, key, data in graph.edges(keys=True, data=True):
        plain.add_edge(start, end, key=key, **{name: _cell(value) for name, value in data.items()})
    nx.write_graphml(plain, path, encoding="utf-8", infer_numeric_types=True)
    return path


def export_cypher(graph: nx.MultiDiGraph[str], path: Path) -> Path:
    """A script that makes the same graph in an empty Neo4j: ``cypher-shell < graph.cypher``."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{statement};\n" for statement in constraint_statements())
        file.writelines(_node_statements(graph))
        file.writelines(_relationship_statements(graph))
    return path


def _node_statements(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Many nodes a statement: a server compiles every one anew."""
    rows: dict[str, list[str]] = defaultdict(list)
    for node_id, data in graph.nodes(data=True):
        rows[NODE_TYPES[data["label"]].label()].append(_map({"id": node_id, **_without(data, "label", "id")}))
    for label, maps in rows.items():
        for batch in _batched(maps):
            yield f"UNWIND [\n{batch}\n] AS row CREATE (n:{label}) SET n = row;\n"


def _relationship_statements(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for start, end, _, data in graph.edges(keys=True, data=True):
        kind = (graph.nodes[start]["label"], data["type"], graph.nodes[end]["label"])
        rows[kind].append(f"[{_literal(start)}, {_literal(end)}, {_map(_without(data, 'type'))}]")
    for (start_label, kind_name, end_label), triples in rows.items():
        for batch in _batched(triples):
            yield (
                f"UNWIND [\n{batch}\n] AS row MATCH (a:{start_label} {{id: row[0]}}) MATCH (b:{end_label} {{id: row[1]}}) "
                f"CREATE (a)-[r:{kind_name}]->(b) SET r = row[2];\n"
            )


def _batched(rows: list[str]) -> Iterator[str]:
    for first in range(0, len(rows), _STATEMENT_ROWS):
        yield ",\n".join(rows[first : first + _STATEMENT_ROWS])


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(
            {k: safe_cell(v) if isinstance(v := _cell(value), str) else v for k, value in row.items()} for row in rows
        )
    return path


def _cell(value: Any) -> Any:
    return ";".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: v for k, v in data.items() if k not in names}


def _map(properties: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_literal(value)}" for name, value in properties.items()) + "}"


def _literal(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

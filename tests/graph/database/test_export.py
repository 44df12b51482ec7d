"""What leaves the program: the same graph, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.cells import safe_cell
from graph.database.export import export_csv, export_cypher, export_graphml
from graph.database.projection import whole_graph
from graph.database.store import Store
from graph.database.writing import load
from graph.schema import Chain, Firm, HasSegment, Leads, OperatesIn, Region, Segment
from reports.gap.gap_workbook import gap_workbook
from services.dossier import gather_dossier
from tests.conftest import Database, contents, facts_of, plain, wipe

NASTY = facts_of(
    "nasty",
    Firm(id="firm:a", name='=HYPERLINK("http://x","点")', aliases=["+1+1", "@SUM(A1)", "甲;乙"], active=False),
    Firm(id="firm:b", name="a\"b'c\\d\n$x", note="-2+3"),
    Segment(id="seg:a", name="环节", position="upstream", order=1),
    OperatesIn(start="firm:a", end="seg:a", capacity=0.1, unit="GW/年"),
    OperatesIn(start="firm:a", end="seg:a", place="region:1", capacity=3),
)


def test_the_script_makes_the_same_graph_in_an_empty_database(store: Store, tmp_path: Path) -> None:
    load(store, [NASTY])
    before = contents(store)
    script = export_cypher(whole_graph(store), tmp_path / "graph.cypher")
    wipe(store)
    replay(store, script)
    assert contents(store) == before


def replay(store: Store, script: Path) -> None:
    """As cypher-shell does: statements end with a semicolon at the end of a line."""
    for statement in (s for s in script.read_text(encoding="utf-8").split(";\n") if s.strip()):
        store.write(lambda tx, s=statement: tx.run(s).consume())


@pytest.mark.neo4j
@pytest.mark.timeout(900)  # Neo4j plans every row of the script: two minutes, more on a busy machine
def test_the_graph_moves_from_the_embedded_engine_to_neo4j(
    databases: Callable[[str], Database], shipped_embedded: Store, tmp_path: Path
) -> None:
    whole = whole_graph(shipped_embedded)
    neo4j = databases("neo4j").empty()
    replay(neo4j, export_cypher(whole, tmp_path / "graph.cypher"))
    assert contents(neo4j) == plain(whole)


def test_graphml_reads_back(shipped_embedded: Store, tmp_path: Path) -> None:
    whole = whole_graph(shipped_embedded)
    again = nx.read_graphml(export_graphml(whole, tmp_path / "graph.graphml"), force_multigraph=True)
    assert set(again) == set(whole)
    assert again.number_of_edges() == whole.number_of_edges()
    assert {(a, b, k) for a, b, k in again.edges(keys=True)} == {(a, b, k) for a, b, k in whole.edges(keys=True)}
    pv = again.nodes["chain:pv"]
    assert (pv["label"], pv["name"]) == ("Chain", "光伏")
    assert pv["aliases"] == ";".join(whole.nodes["chain:pv"]["aliases"])


def test_csv_files_hold_every_node_and_relationship(shipped_embedded: Store, tmp_path: Path) -> None:
    whole = whole_graph(shipped_embedded)
    files = export_csv(whole, tmp_path)
    rows = {f.stem: list(csv.DictReader(f.open(encoding="utf-8-sig", newline=""))) for f in files}
    assert sum(len(r) for n, r in rows.items() if n.startswith("nodes-")) == whole.number_of_nodes()
    assert sum(len(r) for n, r in rows.items() if n.startswith("relationships-")) == whole.number_of_edges()
    assert {r["id"] for r in rows["nodes-Chain"]} == {n for n, d in whole.nodes(data=True) if d["label"] == "Chain"}
    assert all(f.read_bytes().startswith(b"\xef\xbb\xbf") for f in files)  # or Excel takes it for another encoding


def test_no_cell_of_a_csv_is_a_formula(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, [NASTY])
    for file in export_csv(whole_graph(embedded_store), tmp_path):
        for row in csv.reader(file.open(encoding="utf-8-sig", newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(max_size=12))
def test_a_safe_cell_is_no_formula_and_keeps_its_text(text: str) -> None:
    cell = safe_cell(text)
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "@", "\t", "\r"))
    if cell.startswith(("+", "-")):
        float(cell.rstrip("%"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-3.5", "-3.5"),
        ("+86 28", "'+86 28"),
        ("+5%", "+5%"),
        ("-", "'-"),
        ("@x", "'@x"),
        ("甲=乙", "甲=乙"),
        ("", ""),
    ],
)
def test_numbers_stay_numbers(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


def test_no_cell_of_a_gap_workbook_is_a_formula(embedded_store: Store, tmp_path: Path) -> None:
    load(
        embedded_store,
        [
            facts_of(
                "formulas",
                Region(id="region:510100", name="成都市", level="city"),
                Chain(id="chain:a", name="=甲[链]"),
                Segment(id="seg:a", name="=1+1", position="upstream", order=1),
                HasSegment(start="chain:a", end="seg:a"),
                Firm(id="firm:a", name="=cmd|' /C calc'!A0"),
                OperatesIn(start="firm:a", end="seg:a", place="region:510100"),
                Leads(start="firm:a", end="chain:a"),
            )
        ],
    )
    path = tmp_path / "gaps.xlsx"
    path.write_bytes(gap_workbook(gather_dossier(embedded_store, "成都市", ["chain:a"])))
    cells = [
        c for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for c in row if c.value is not None
    ]
    assert not [c.value for c in cells if c.data_type == "f"]
    assert not [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "@"))]
    assert any(c.value == "'=1+1" for c in cells)

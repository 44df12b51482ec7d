"""The command: exit codes, one readable line, names as people write them, output for other programs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import openpyxl
import pytest

from graph.settings import settings
from tests.conftest import Database, Ended, path_of

TOP = Path(__file__).resolve().parents[2]
Liantu = Callable[..., Ended]


@pytest.fixture
def filled(configured: Database) -> Database:
    """data/ is loaded, and the command opens it."""
    configured.shipped()
    return configured


@pytest.fixture
def blank(configured: Database) -> Database:
    """Nothing is loaded, and the command opens it."""
    configured.empty()
    return configured


# --- errors -------------------------------------------------------------------------------------------


def test_an_error_is_one_line_and_no_traceback(liantu: Liantu, filled: Database) -> None:
    ended = liantu("gaps", "-r", "成都市", "-c", "没有的链")
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.startswith("✗ 没有名为“没有的链”的产业链")
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.err


def test_debug_shows_the_traceback(
    databases: Callable[[str], Database], environment: Callable[[Database], dict[str, str]]
) -> None:
    database = databases("embedded")
    database.shipped()
    for flags, traceback in (([], False), (["--debug"], True)):
        ended = subprocess.run(
            [sys.executable, "cli.py", *flags, "gaps", "-c", "没有的链"],
            cwd=TOP,
            env=environment(database),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 1
        assert ("Traceback" in ended.stderr) is traceback
        assert "没有名为“没有的链”的产业链" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query", "MATCH (n) DETACH DELETE n"], "这里只能查询，不能写入"),
        (["query", "MATCH (n RETURN n"], "语法错误"),
        (["query"], "请给出 Cypher 语句或 --name"),
        (["query", "-n", "nothing"], "没有命名查询 nothing"),
        (["query", "-n", "chain_parks", "-p", "chain"], "参数应为 k=v"),
        (["gaps", "-f", "xlsx"], "xlsx 需要 -o 文件名"),
        (["gaps", "-r", "亚特兰蒂斯"], "没有名为“亚特兰蒂斯”的地区"),
        (["load", "nowhere.csv"], "没有这个文件"),
        (["load"], "请给出要载入的文件"),
        (["load", "--resume"], "没有中断的载入"),
        (["forget", "nothing"], "没有数据集 dataset:nothing"),
    ],
)
def test_each_mistake_is_told(liantu: Liantu, shipped_embedded: object, arguments: list[str], said: str) -> None:
    ended = liantu(*arguments)
    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_an_empty_graph_says_what_to_do(liantu: Liantu, blank: Database) -> None:
    ended = liantu("gaps")
    assert (ended.code, ended.err) == (1, "✗ 图中还没有数据：请先运行 liantu build\n")
    assert liantu("--english", "gaps").err == "✗ the graph is empty: run liantu build first\n"


def test_a_home_that_cannot_be_written_is_one_line(
    liantu: Liantu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(settings, "home", tmp_path / "file")
    ended = liantu("build")
    assert ended.code == 1
    assert ended.err.startswith("✗ 目录")
    assert "用 LIANTU_HOME 指定别处" in ended.err


# --- loading ------------------------------------------------------------------------------------------


def test_faults_come_all_at_once_and_nothing_is_loaded(liantu: Liantu, blank: Database, tmp_path: Path) -> None:
    file = path_of(tmp_path, "企业.csv", "编号,名称,存续\nfirm:a,甲,也许\nb,乙,是\n")
    ended = liantu("load", file)
    assert ended.code == 1
    lines = ended.err.splitlines()
    assert lines[0] == "✗ 企业.csv 第2行 列 active（存续）: '也许' 应为 是/否"
    assert lines[1].startswith("✗ 企业.csv 第3行 列 id（编号）: 'b' 格式不对")
    assert lines[2] == "共 2 处问题，未载入任何内容"
    assert blank.store.read("MATCH (f:Firm) RETURN f") == []


def test_load_again_and_forget(liantu: Liantu, blank: Database, tmp_path: Path) -> None:
    file = path_of(tmp_path, "firms.csv", "id,name,located_in\nfirm:a,甲公司,region:510100\n")
    first = liantu("load", file)
    assert first.code == 0
    assert first.out.splitlines()[-1] == "新增 3，更新 0，移除 0"  # the region is a placeholder
    assert liantu("load", file).out == "无变化：图谱已是最新\n"
    assert "dataset:firms.csv" in liantu("status").out
    assert liantu("forget", "firms.csv").code == 0
    assert blank.store.read("MATCH (n) WHERE NOT n:LoadState RETURN n") == []


# --- questions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "chain"),
    [("成都市", "锂电"), ("成都", "锂电池"), ("510100", "lithium"), ("region:510100", "chain:lithium")],
)
def test_gaps_as_json(liantu: Liantu, shipped_embedded: object, region: str, chain: str) -> None:
    ended = liantu("gaps", "-r", region, "-c", chain, "-f", "json")
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    assert (found["region"], found["chain"]) == ("region:510100", "chain:lithium")
    assert 0 <= found["completeness"] <= 1
    for segment in found["segments"]:
        assert segment.keys() >= {
            "id",
            "name",
            "position",
            "status",
            "basis",
            "firms",
            "criticality",
            "score",
            "stance",
        }
        assert all(firm.keys() >= {"id", "name", "stage"} for firm in segment["firms"])
        assert all(stance.keys() >= {"stance", "clause"} for stance in segment["stance"])
    scores = [s["score"] for s in found["segments"] if s["score"] is not None]
    assert scores == sorted(scores, reverse=True)
    assert "得分 =（0.30×需求拉动" in found["formula"]
    missing = {s["id"] for s in found["segments"] if s["status"] in ("missing", "weak", "single")}
    assert missing >= {"seg:lithium/separator", "seg:lithium/electrolyte", "seg:lithium/aluminium-foil"}


def test_several_chains_are_a_list(liantu: Liantu, filled: Database) -> None:
    found = json.loads(liantu("gaps", "-c", "光伏", "-c", "氢能", "-f", "json").out)
    assert [f["chain"] for f in found] == ["chain:pv", "chain:hydrogen"]
    found = json.loads(liantu("gaps", "-f", "json").out)
    assert [f["chain"] for f in found] == list(settings.main_chains)


def test_gaps_in_the_other_forms(liantu: Liantu, shipped_embedded: object, tmp_path: Path) -> None:
    assert "隔膜" in liantu("gaps", "-c", "锂电").out
    markdown = liantu("gaps", "-c", "锂电", "-f", "md").out
    assert markdown.startswith("## 成都市 · ")
    book = tmp_path / "gaps.xlsx"
    ended = liantu("gaps", "-c", "锂电", "-f", "xlsx", "-o", book)
    assert (ended.code, ended.err) == (0, f"已写出 {book}\n")
    report = tmp_path / "report.xlsx"
    assert liantu("report", "gaps", "-c", "锂电", "-o", report).code == 0
    assert book.read_bytes() == report.read_bytes()  # one workbook of gaps, whichever command is asked
    refused = liantu("gaps", "-f", "docx")
    assert refused.code != 0
    assert "table, json, md, csv, xlsx" in refused.err


def test_query_as_json_and_csv(liantu: Liantu, filled: Database) -> None:
    cypher = "MATCH (c:Chain) WHERE c.id IN ['chain:pv', 'chain:lithium'] RETURN c.id AS id, 1.5 AS x, null AS none ORDER BY id"
    rows = [{"id": "chain:lithium", "x": 1.5, "none": None}, {"id": "chain:pv", "x": 1.5, "none": None}]
    assert json.loads(liantu("query", cypher, "-f", "json").out) == rows
    assert list(csv.reader(io.StringIO(liantu("query", cypher, "-f", "csv").out))) == [
        ["id", "x", "none"],
        ["chain:lithium", "1.5", ""],
        ["chain:pv", "1.5", ""],
    ]
    cut = liantu("query", cypher, "-f", "json", "--limit", 1)
    assert json.loads(cut.out) == rows[:1]
    assert cut.err == "只显示前 1 行\n"
    named = json.loads(liantu("query", "-n", "chain_leaders", "-p", "chain=chain:pv", "-f", "json").out)
    assert [row["firm"] for row in named] == ["firm:tongwei-solar"]


def test_a_formula_in_csv_is_text(liantu: Liantu, blank: Database) -> None:
    out = liantu("query", "RETURN '=1+1' AS x, '-5' AS y", "-f", "csv").out
    assert list(csv.reader(io.StringIO(out))) == [["x", "y"], ["'=1+1", "-5"]]


def test_every_named_query_is_listed(liantu: Liantu) -> None:
    from graph.database.store import named_queries

    out = liantu("queries").out
    assert all(f" {name} " in out for name in named_queries())


# --- files --------------------------------------------------------------------------------------------


def test_template_and_export(liantu: Liantu, shipped_embedded: object, tmp_path: Path) -> None:
    template = tmp_path / "企业.xlsx"
    assert liantu("template", template).code == 0
    assert openpyxl.load_workbook(template).sheetnames == ["企业", "说明"]
    again = liantu("template", template)
    assert (again.code, again.err) == (1, f"✗ {template} 已存在，不覆盖\n")
    assert "没有名为“nothing”的表" in liantu("template", tmp_path / "nothing.xlsx").err
    assert liantu("export", tmp_path / "out").code == 0
    graph = nx.read_graphml(tmp_path / "out" / "graph.graphml", force_multigraph=True)
    assert graph.number_of_nodes() > 1000
    assert (tmp_path / "out" / "nodes-Chain.csv").exists()
    assert (tmp_path / "out" / "graph.cypher").exists()


def test_check_passes_on_the_shipped_graph(liantu: Liantu, shipped_embedded: object) -> None:
    ended = liantu("check")
    assert "✗" not in ended.out
    assert ended.code == 0

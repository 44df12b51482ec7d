"""The store: users' queries are read-only, bounded and readable when they fail; names find what they mean."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from graph.database.dialect import constraint_statements
from graph.database.store import Match, Store
from graph.database.writing import load
from graph.errors import NotFoundError, QueryError, StoreError
from graph.language import use_language
from graph.schema import NODE_TYPES, Chain, Firm, LocatedIn, Park, Region
from graph.settings import settings
from tests.conftest import Database, contents, facts_of

SMALL = facts_of(
    "small",
    Region(id="region:510100", name="成都市", name_en="Chengdu", aliases=["成都", "蓉"], code="510100", level="city"),
    Region(id="region:510104", name="锦江区", code="510104", level="county"),
    Region(id="region:510105", name="青羊区", code="510105", level="county"),
    Park(id="park:jj", name="锦江区"),
    Chain(id="chain:lithium", name="锂电池", aliases=["锂电"]),
    Chain(id="chain:lithium-mining", name="锂矿", aliases=["锂电"]),
    Firm(id="firm:a", name="甲公司"),
    LocatedIn(start="firm:a", end="region:510100"),
)


@pytest.fixture
def small(store: Store) -> Store:
    load(store, [SMALL])
    return store


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh")


# --- read-only ------------------------------------------------------------------------------------

WRITES = [
    "CREATE (n:Firm {id: 'firm:x', name: 'x'})",
    "CREATE (n:Firm {id: 'firm:x', name: 'x'}) RETURN n",
    "MERGE (n:Firm {id: 'firm:x'}) RETURN n",
    "MATCH (n:Firm) SET n.name = 'x'",
    "MATCH (n:Firm) SET n += {name: 'x'} RETURN n",
    "MATCH (n:Firm) SET n:Park RETURN n",
    "MATCH (n:Firm) REMOVE n.name RETURN n",
    "MATCH ()-[r:LOCATED_IN]->() DELETE r",
    "MATCH (n:Firm) DETACH DELETE n",
    "MATCH (n) DETACH DELETE n RETURN count(*)",
    "MATCH (a:Firm), (b:Region {id: 'region:510104'}) CREATE (a)-[:LOCATED_IN {id: 'x'}]->(b)",
    "MATCH (n:Firm) CALL { WITH n SET n.name = 'x' } RETURN n.id",
    "MATCH (n:Firm) WITH collect(n) AS ns FOREACH (n IN ns | SET n.name = 'x')",
    "UNWIND [1] AS i CREATE (:Firm {id: 'firm:' + i})",
    "CREATE CONSTRAINT wanted IF NOT EXISTS FOR (n:Wanted) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX wanted IF NOT EXISTS FOR (n:Wanted) ON (n.name)",
    "DROP CONSTRAINT firm_id IF EXISTS",
    "/* read */ CREATE (n:Firm {id: 'firm:x'})",
    "MATCH (n:Firm) RETURN n UNION CREATE (n:Firm {id: 'firm:x'}) RETURN n",
]


@pytest.mark.parametrize("cypher", WRITES)
def test_the_database_refuses_to_write(small: Store, cypher: str) -> None:
    before = contents(small)
    with pytest.raises(QueryError) as refused:
        small.query(cypher)
    assert contents(small) == before
    if "UNION" not in cypher:  # one engine does not even parse it
        assert str(refused.value) == "这里只能查询，不能写入"


def test_a_profiled_write_is_none(small: Store) -> None:
    """One engine refuses it, the other profiles a write without writing."""
    before = contents(small)
    with suppress(QueryError):
        small.query("PROFILE CREATE (n:Firm {id: 'firm:x'})")
    assert contents(small) == before


def test_the_refusal_in_english(small: Store, english: None) -> None:
    with pytest.raises(QueryError, match=r"^queries here are read-only: nothing may be written$"):
        small.query("MATCH (n:Firm) DETACH DELETE n")


def test_a_refused_write_leaves_the_constraints(small: Store) -> None:
    for statement in ("DROP CONSTRAINT firm_id", "DROP INDEX firm_name"):
        with pytest.raises(QueryError):
            small.query(statement)
    names = {row["name"] for row in small.read("SHOW CONSTRAINTS YIELD name RETURN name")}
    assert len(names) >= len(NODE_TYPES)


def test_our_own_reads_do_not_write_either(small: Store) -> None:
    before = contents(small)
    with pytest.raises(StoreError):
        small.read("MATCH (n:Firm) SET n.name = 'x' RETURN n")
    assert contents(small) == before


def test_queries_read_no_files_and_no_addresses(small: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nxyzzy\n", encoding="utf-8")
    for address in (secret.as_uri(), "http://127.0.0.1:9/secret.csv"):
        with pytest.raises(QueryError) as refused:
            small.query(f"LOAD CSV FROM '{address}' AS line RETURN line")
        assert "xyzzy" not in str(refused.value)


# --- bounds ---------------------------------------------------------------------------------------

ENDLESS = [
    "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN a + b + c AS n",
    "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN count(*) AS n",
]


def test_rows_are_counted_and_cut(store: Store) -> None:
    cut = store.query("UNWIND range(1, 100) AS n RETURN n ORDER BY n", rows=10)
    assert ([row["n"] for row in cut.rows], cut.truncated) == (list(range(1, 11)), True)
    whole = store.query("UNWIND range(1, 10) AS n RETURN n ORDER BY n", rows=10)
    assert ([row["n"] for row in whole.rows], whole.truncated) == (list(range(1, 11)), False)


def test_rows_that_are_not_wanted_are_not_computed(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        result = store.query(ENDLESS[0], rows=10, seconds=60)
    assert (len(result.rows), result.truncated) == (10, True)
    assert time.monotonic() - started < 15
    assert caplog.messages == []


def test_the_limit_of_rows_is_a_setting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "query_rows", 3)
    result = store.query("UNWIND range(1, 4) AS n RETURN n")
    assert (len(result.rows), result.truncated) == (3, True)


@pytest.mark.parametrize("cypher", ENDLESS, ids=["many rows", "one row"])
def test_a_long_query_is_stopped(store: Store, cypher: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryError) as stopped:
        store.query(cypher, seconds=1, rows=10**9)
    assert str(stopped.value) == "查询超过 1 秒，已停止"
    assert time.monotonic() - started < 8
    again = time.monotonic()
    assert store.query("RETURN 1 AS one", seconds=5).rows == [{"one": 1}]
    assert time.monotonic() - again < 5


# --- what can be wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("cypher", ["MATCH (n RETURN n", "SELECT * FROM firms", "MATCH (n:Firm) RETRUN n"])
def test_a_syntax_error_is_one_readable_message(store: Store, cypher: str) -> None:
    with pytest.raises(QueryError) as error:
        store.query(cypher)
    text = str(error.value)
    assert text.startswith("语法错误：")
    assert "Traceback" not in text
    assert "neo4j_code" not in text
    assert "com.arcadedb" not in text
    assert not re.search("[0-9a-f]{32}", text)  # the mark by which queries are ended


def test_a_missing_parameter_is_named(store: Store) -> None:
    with pytest.raises(QueryError, match="wanted"):
        store.query("RETURN $wanted AS x")


def test_values_come_in_through_parameters_only(small: Store) -> None:
    before = contents(small)
    nasty = "甲' OR 1=1 }) DETACH DELETE n // \\ \" 😀 \n"
    result = small.query(
        "MATCH (n:Firm) WHERE n.name <> $name RETURN $name AS name, $list AS list, $map AS map",
        {"name": nasty, "list": [1, 2.5, "三", None], "map": {"键": [True]}},
    )
    assert result.rows == [{"name": nasty, "list": [1, 2.5, "三", None], "map": {"键": [True]}}]
    assert result.columns == ["name", "list", "map"]
    assert contents(small) == before


def test_nodes_relationships_and_paths_are_gathered(small: Store) -> None:
    result = small.query("MATCH p = (f:Firm)-[r:LOCATED_IN]->(c:Region) RETURN f, r, p, [c] AS list")
    key = LocatedIn(start="firm:a", end="region:510100").id
    assert set(result.nodes) == {"firm:a", "region:510100"}
    assert result.nodes["firm:a"]["_label"] == "Firm"
    assert result.nodes["region:510100"]["name"] == "成都市"
    assert list(result.relationships) == [key]
    edge = result.relationships[key]
    assert (edge["_type"], edge["_start"], edge["_end"]) == ("LOCATED_IN", "firm:a", "region:510100")
    row = result.rows[0]
    assert row["f"]["id"] == "firm:a"
    assert [node["id"] for node in row["list"]] == ["region:510100"]
    assert [part.get("_label") or part["_type"] for part in row["p"]] == ["Firm", "Region", "LOCATED_IN"]


def test_an_error_in_the_work_of_a_write_takes_it_all_back(small: Store) -> None:
    before = contents(small)

    def work(tx: object) -> None:
        tx.run("CREATE (:Firm {id: 'firm:b', name: 'b'})").consume()  # type: ignore[attr-defined]
        raise LookupError

    with pytest.raises(LookupError):
        small.write(work)
    assert contents(small) == before


# --- the schema of the database -------------------------------------------------------------------


def test_every_id_is_unique_by_constraint(store: Store) -> None:
    store.prepare()
    store.prepare()
    for label, node_type in NODE_TYPES.items():
        row = {"id": f"{node_type.prefix}:x", "name": "x"}
        store.write(lambda tx, label=label, row=row: tx.run(f"CREATE (n:{label}) SET n = $row", row=row).consume())
        with pytest.raises(StoreError, match="数据库约束不允许"):
            store.write(lambda tx, label=label, row=row: tx.run(f"CREATE (n:{label}) SET n = $row", row=row).consume())
    assert store.read("MATCH (n) RETURN count(n) AS n") == [{"n": len(NODE_TYPES)}]


def test_one_constraint_a_label_and_an_index_of_what_is_looked_up() -> None:
    statements = constraint_statements()
    for label in NODE_TYPES:
        mine = [s for s in statements if f"(n:{label})" in s]
        assert [s.split(" IF")[0] for s in mine] == [
            f"CREATE CONSTRAINT {label.lower()}_id",
            f"CREATE INDEX {label.lower()}_name",
            *(f"CREATE INDEX {label.lower()}_{name}" for name in NODE_TYPES[label].indexed),
        ]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["region:510100", "510100", "成都市", "成都", "蓉", " 成都市 ", "Chengdu", "chengdu", "成"]
)
def test_one_thing_has_many_names(small: Store, text: str) -> None:
    assert small.find(text, "Region") == Match("region:510100", "成都市", "Region")


def test_a_whole_name_goes_before_the_beginning_of_another(store: Store) -> None:
    load(store, [facts_of("two", Chain(id="chain:a", name="锂电"), Chain(id="chain:b", name="锂电池"))])
    assert store.find("锂电", "Chain").id == "chain:a"


def test_a_name_of_several_is_refused_with_all_of_them(small: Store) -> None:
    with pytest.raises(NotFoundError) as error:
        small.find("锂电", "Chain")
    assert str(error.value) == "“锂电”可指多个产业链：锂电池（chain:lithium），锂矿（chain:lithium-mining）"
    with pytest.raises(NotFoundError, match="锦江区（park:jj），锦江区（region:510104）"):
        small.find("锦江区", "Park", "Region")
    assert small.find("锦江区", "Region").id == "region:510104"


def test_an_unknown_name_is_refused_with_what_is_near(small: Store) -> None:
    with pytest.raises(NotFoundError) as error:
        small.find("青阳区", "Region")
    assert str(error.value).startswith("没有名为“青阳区”的地区；相近的有：青羊区")
    with pytest.raises(NotFoundError, match=r"^没有名为“zzz”的产业链$"):
        small.find("zzz", "Chain")


# --- no way in ------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "neo4j_uri", "bolt://127.0.0.1:1")
    monkeypatch.setattr(settings, "neo4j_password", SecretStr("hunter2"))
    started = time.monotonic()
    with pytest.raises(StoreError) as error:
        Store.open()
    assert str(error.value).startswith("连不上数据库：")
    assert "hunter2" not in str(error.value)
    assert time.monotonic() - started < 20


def test_a_wrong_password_is_one_line(database: Database) -> None:
    wrong = replace(database.store.backend, writer=("neo4j", "wrong-password"), reader=None)
    store = Store(wrong)
    with pytest.raises(StoreError) as error:
        store.read("RETURN 1")
    store.close()
    assert str(error.value) == "数据库拒绝登录：请检查 NEO4J_USER 与 NEO4J_PASSWORD"

"""The Neo4j that the tests start: it comes up, it writes, and a READ session does not."""

from __future__ import annotations

import pytest
from neo4j import READ_ACCESS, GraphDatabase
from neo4j.exceptions import ClientError

from tests.neo4j_server import Neo4jServer, Neo4jUnavailable


@pytest.mark.neo4j
def test_neo4j_writes_and_a_read_session_refuses_to() -> None:
    try:
        server = Neo4jServer().start()
    except Neo4jUnavailable as why:
        pytest.skip(str(why))
    try:
        with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
            made = driver.execute_query("CREATE (n:SmokeTest {name: '链图'}) RETURN n.name AS name").records
            assert made[0]["name"] == "链图"
            with driver.session(default_access_mode=READ_ACCESS) as session:
                with pytest.raises(ClientError) as refused:
                    session.run("MATCH (n:SmokeTest) SET n.name = 'x'").consume()
                assert refused.value.code == "Neo.ClientError.Statement.AccessMode"
            gone = driver.execute_query("MATCH (n:SmokeTest {name: '链图'}) DETACH DELETE n").summary
            assert gone.counters.nodes_deleted >= 1
    finally:
        server.stop()

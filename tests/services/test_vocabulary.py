"""The names by which documents are read, from the shipped files and from a graph."""

from __future__ import annotations

from pathlib import Path

from graph.database.store import Store
from graph.database.writing import load
from loaders.documents import SourceText
from loaders.documents.mapped import Mapped
from loaders.extraction import extract
from loaders.extraction.known_names import Vocabulary, shipped_vocabulary
from loaders.sources import read_sources
from services.vocabulary import vocabulary_on_record

BAMBOO = """
chain: {id: chain:bamboo, name: 竹缠绕, aliases: [竹缠绕产业]}
sources: [doc:bamboo]
segments:
  - {id: seg:bamboo/strip, name: 竹篾卷, position: upstream, order: 1, produces: [prod:bamboo-strip]}
  - {id: seg:bamboo/pipe, name: 竹缠绕复合管, aliases: [竹管廊], position: downstream, order: 2}
products:
  - {id: prod:bamboo-strip, name: 竹篾}
"""
PLAN = """临江市推进竹缠绕产业发展实施方案
各区县人民政府，市级有关部门：
为加快推进产业发展，支持企业创新，制定本方案。
一、重点任务
（一）建强竹缠绕产业。加快发展竹管廊，推动竹篾卷。
"""


def wanted(vocabulary: Vocabulary) -> dict[str, str | None]:
    gaps = extract(SourceText(Mapped.of(PLAN), "txt"), vocabulary).as_json()["chain_gaps"]
    return {gap["product_or_segment"]: gap["chain"] for gap in gaps}


def test_the_shipped_graph_knows_the_names_that_the_shipped_files_do(shipped: Store) -> None:
    assert vocabulary_on_record(shipped) is shipped_vocabulary()


def test_an_empty_graph_knows_the_shipped_names(store: Store) -> None:
    assert vocabulary_on_record(store) is shipped_vocabulary()


def test_the_links_of_a_chain_that_a_user_added_are_found_in_a_document(store: Store, tmp_path: Path) -> None:
    (tmp_path / "bamboo.yaml").write_text(BAMBOO, encoding="utf-8")
    load(store, read_sources([tmp_path / "bamboo.yaml"]))
    vocabulary = vocabulary_on_record(store)
    assert wanted(shipped_vocabulary()) == {}
    assert wanted(vocabulary) == {"竹管廊": "竹缠绕", "竹篾卷": "竹缠绕"}
    assert vocabulary.chain_of["竹篾"] == "竹缠绕"
    assert vocabulary_on_record(store) is vocabulary, "one content, one object: patterns are made once"


def test_a_region_that_a_user_added_is_known_by_its_name(store: Store, tmp_path: Path) -> None:
    (tmp_path / "bamboo.yaml").write_text(BAMBOO, encoding="utf-8")
    (tmp_path / "regions.csv").write_text("id,name,code,level\nregion:519977,临江新城市,519977,county\n", "utf-8")
    load(store, read_sources([tmp_path]))
    assert vocabulary_on_record(store).region_names["临江新城市"].code == "519977"
    assert "临江新城市" not in shipped_vocabulary().region_names

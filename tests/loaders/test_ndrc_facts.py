"""The facts of NDRC 1618 (2021) against annotations made independently by hand, and against the source text."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SHARED = Path(__file__).parents[3] / "shared"
FACTS = ROOT / "data" / "policies" / "ndrc-2021-1618.yaml"
GOLD = SHARED / "gold" / "ndrc.json"
TEXT = SHARED / "policies" / "ndrc-2021-1618-demonstration-zones.txt"

needs_gold = pytest.mark.skipif(not GOLD.is_file(), reason="no hand annotations beside the repository")
needs_text = pytest.mark.skipif(not TEXT.is_file(), reason="no source text beside the repository")


@cache
def load_facts() -> dict[str, Any]:
    return yaml.safe_load(FACTS.read_text(encoding="utf-8"))


@cache
def load_gold() -> dict[str, Any]:
    return json.loads(GOLD.read_text(encoding="utf-8"))


def required(kind: str) -> list[dict[str, Any]]:
    return [item for item in load_gold()[kind] if not item.get("optional")]


@cache
def clauses_by_path() -> dict[str, dict[str, Any]]:
    return {clause["path"]: clause for clause in load_facts()["clauses"]}


def clauses_at(place: list[str | None]) -> list[dict[str, Any]]:
    """The clause of an annotation; what stands before the first section is the notice and the preamble."""
    path = "".join(part for part in place if part)
    clauses = clauses_by_path()
    return [clauses[path]] if path else [clauses["印发通知"], clauses["前言"]]


def names_of(row: dict[str, Any]) -> set[str]:
    return {name for name in [row["name"], row.get("full_name"), *(row.get("aliases") or [])] if name}


@cache
def region_names() -> dict[str, set[str]]:
    with (ROOT / "data" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: {row["name"], *row["aliases"].split(";")} - {""} for row in rows}


@cache
def chain_names() -> dict[str, set[str]]:
    rows = list(load_facts()["declares"]["chains"])
    for file in sorted((ROOT / "data" / "chains").glob("*.yaml")):
        rows += [d["chain"] for d in yaml.safe_load_all(file.read_text(encoding="utf-8")) if d and "chain" in d]
    return {row["id"]: names_of(row) for row in rows}


@cache
def departments() -> dict[str, set[str]]:
    return {row["id"]: names_of(row) for row in load_facts()["declares"]["departments"]}


def stated_at(row: dict[str, Any], clauses: list[dict[str, Any]]) -> bool:
    return bool({clause["id"] for clause in clauses} & set(row.get("sources", [])))


@needs_gold
def test_document_is_that_of_the_annotations() -> None:
    gold, document = load_gold()["document"], load_facts()["document"]
    assert (document["name"], document["number"], document["issued"]) == (gold["title"], gold["number"], gold["date"])
    issuers = [departments()[id_] for id_ in document["issued_by"]]
    assert len(issuers) == len(gold["issuers"])
    assert all(name in names for name, names in zip(gold["issuers"], issuers, strict=True))
    cited = [names_of(row) for row in load_facts()["declares"]["documents"] if row["id"] in document["cites"]]
    assert len(cited) == len(gold["cited_documents"])
    assert all(any(c["title"] in names for names in cited) for c in gold["cited_documents"])


@needs_gold
@pytest.mark.parametrize("expected", load_gold()["clauses"] if GOLD.is_file() else [], ids=lambda c: c["heading"])
def test_headings_are_those_of_the_annotations(expected: dict[str, Any]) -> None:
    assert [clause["name"] for clause in clauses_at(expected["clause"])] == [expected["heading"]]


@needs_gold
@pytest.mark.parametrize(
    "expected", required("city_roles") if GOLD.is_file() else [], ids=lambda r: f"{r['city_or_place']} {r['role']}"
)
def test_every_annotated_role_of_a_city_is_on_record(expected: dict[str, Any]) -> None:
    wanted = {expected["city_or_place"], *expected.get("aliases", [])}
    wanted |= {name.removeprefix(expected["parent"]) for name in wanted if "parent" in expected}
    (clause,) = clauses_at(expected["clause"])
    names = region_names()
    roles = [c["role"] for c in clause["concerns"] if names.get(c["to"], set()) & wanted]
    assert any(expected["role"] in role and (expected["industry"] or "") in role for role in roles), roles


@needs_gold
@pytest.mark.parametrize(
    "expected", required("departments") if GOLD.is_file() else [], ids=lambda d: f"{d['name']} {d['role']}"
)
def test_every_annotated_department_is_on_record(expected: dict[str, Any]) -> None:
    found = [row for row in load_facts()["declares"]["departments"] if expected["name"] in names_of(row)]
    assert len(found) == 1
    clauses = clauses_at(expected["clause"])
    assert stated_at(found[0], clauses)
    if expected["role"] == "issuer":
        assert found[0]["id"] in load_facts()["document"]["issued_by"]
    if expected["role"] == "finance":
        assert found[0]["id"] in clauses[0].get("lead", []) + clauses[0].get("support", [])


@needs_gold
@pytest.mark.parametrize("expected", required("targets") if GOLD.is_file() else [], ids=lambda t: t["indicator"])
def test_every_annotated_target_is_on_record(expected: dict[str, Any]) -> None:
    targets = [target for clause in clauses_at(expected["clause"]) for target in clause.get("targets", [])]
    matching = [t for t in targets if t["indicator"] == expected["indicator"] and t["subject"] == expected["subject"]]
    assert len(matching) == 1
    (target,) = matching
    assert target["comparator"] in [expected["comparator"], *expected.get("accept_comparators", [])]
    for key in ("value", "unit", "year", "base_year"):
        assert target.get(key) == expected[key], key
    assert target.get("kind", "target") == expected["kind"]


@needs_gold
@pytest.mark.parametrize(
    "expected",
    load_gold()["chain_links"] if GOLD.is_file() else [],
    ids=lambda link: f"{link['clause'][2]} {link['named_as']}",
)
def test_every_annotated_chain_is_on_record(expected: dict[str, Any]) -> None:
    """Also the optional ones: the document names them."""
    (clause,) = clauses_at(expected["clause"])
    names = chain_names()
    found = [
        c
        for c in clause["concerns"]
        if expected["named_as"] in names.get(c["to"], set()) | {c["role"]}
        or (c["to"] in names and expected["named_as"] in c["role"])
    ]
    assert found
    for city in expected["cities"]:
        assert any(city in concern["role"] for concern in found)
        regions = region_names()
        assert any(
            city in regions.get(c["to"], set()) and expected["named_as"] in c["role"] for c in clause["concerns"]
        )


@needs_gold
def test_chains_that_the_document_does_not_name_are_not_on_record() -> None:
    names = chain_names()
    absent = {id_ for id_, found in names.items() if found & set(load_gold()["chains_not_named"])}
    assert absent
    concerned = {c["to"] for clause in load_facts()["clauses"] for c in clause.get("concerns", [])}
    assert {id_ for id_ in concerned if id_ in absent or id_.split("/")[0].replace("seg:", "chain:") in absent} == set()


def test_outline_is_complete() -> None:
    clauses = load_facts()["clauses"]
    numbers = [clause["number"] for clause in clauses if "number" in clause]
    sections = "一二三四五"
    items = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五"]
    assert [n for n in numbers if n in sections] == list(sections)
    assert [n for n in numbers if n not in sections] == [f"（{n}）" for n in items]
    assert len({clause["path"] for clause in clauses}) == len(clauses)
    assert all(clause["summary"] and clause["name"] for clause in clauses)


def test_references_are_declared_here_or_in_the_tables() -> None:
    facts = load_facts()
    declared = {row["id"] for rows in facts["declares"].values() for row in rows}
    known = declared | set(region_names()) | set(chain_names())
    for file in sorted((ROOT / "data" / "chains").glob("*.yaml")):
        for chain in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            known |= {segment["id"] for segment in (chain or {}).get("segments", [])}
    for clause in facts["clauses"]:
        used = {c["to"] for c in clause.get("concerns", [])} | {*clause.get("lead", []), *clause.get("support", [])}
        assert used <= known, used - known


def test_parks_and_platforms_lie_somewhere() -> None:
    declares, regions = load_facts()["declares"], region_names()
    for row in declares["parks"] + declares["platforms"]:
        assert row["located_in"] and set(row["located_in"]) <= set(regions), row["id"]


@needs_text
def test_spans_nest_and_begin_with_the_number() -> None:
    facts, text = load_facts(), TEXT.read_bytes().decode("utf-8")
    assert hashlib.sha256(TEXT.read_bytes()).hexdigest() == facts["source_sha256"]
    spans = {clause["id"]: clause["span"] for clause in facts["clauses"]}
    ends: dict[str | None, int] = {}
    for clause in facts["clauses"]:
        start, end = clause["span"]
        assert 0 <= start < end <= len(text)
        parent = clause.get("within")
        if parent is not None:
            assert spans[parent][0] <= start and end <= spans[parent][1], clause["id"]
        assert start >= ends.get(parent, 0), f"{clause['id']} overlaps the clause before it"
        ends[parent] = end
        said = re.sub(r"\s", "", text[start:end]).replace("(", "（").replace(")", "）")
        assert said.startswith(clause.get("number", "")), clause["id"]
        assert text[start:end] == text[start:end].strip()


@needs_text
def test_headings_are_the_text_s_own_and_summaries_are_not() -> None:
    opencc = pytest.importorskip("opencc")
    text = "".join(re.sub(r"\([a-zà-ǿ]+\)|—\s*\d+\s*—", "", TEXT.read_text(encoding="utf-8")).split())
    text = opencc.OpenCC("t2s").convert(text).replace(",", "，")
    for clause in load_facts()["clauses"]:
        if "number" in clause:
            assert clause["name"] in text, clause["id"]
        summary = clause["summary"]
        copied = [summary[i : i + 16] for i in range(len(summary) - 15) if summary[i : i + 16] in text]
        assert not copied, f"{clause['id']} repeats {copied[0]}"

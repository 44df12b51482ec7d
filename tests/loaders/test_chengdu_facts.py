"""The Chengdu 2022 facts against annotations made independently by hand, and against the source text."""

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

from graph.database.store import Store

ROOT = Path(__file__).parents[2]
SHARED = Path(__file__).parents[3] / "shared"
FACTS = ROOT / "data" / "policies" / "chengdu-2022-green-low-carbon.yaml"
GOLD = SHARED / "gold" / "chengdu.json"
TEXT = SHARED / "policies" / "chengdu-2022-green-low-carbon.txt"

CHAIN_IDS = {"光伏": "chain:pv", "氢能": "chain:hydrogen", "储能": "chain:storage", "电子信息": "chain:electronics"}

needs_gold = pytest.mark.skipif(not GOLD.is_file(), reason="no hand annotations beside the repository")
needs_text = pytest.mark.skipif(not TEXT.is_file(), reason="no source text beside the repository")


@cache
def load_facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return facts


@cache
def load_gold() -> dict[str, Any]:
    gold: dict[str, Any] = json.loads(GOLD.read_text(encoding="utf-8"))
    return gold


def required(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in items if not item.get("optional")]


def path_of(clause: list[str | None]) -> str:
    """[行动方案, 三, （一）, 2] -> 行动方案 三（一）2"""
    part, *rest = clause
    return " ".join(x for x in (part, "".join(r for r in rest if r)) if x)


def clauses_by_path() -> dict[str, dict[str, Any]]:
    return {clause["path"]: clause for clause in load_facts()["clauses"]}


def names_on_record(table: str) -> dict[str, set[str]]:
    """id -> every name, from the table's file (if it is there) and from what the document declares."""
    rows: list[dict[str, Any]] = list(load_facts()["declares"].get(table, []))
    file = ROOT / "data" / f"{table}.csv"
    if file.is_file():
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows += list(csv.DictReader(stream))
    names: dict[str, set[str]] = {}
    for row in rows:
        aliases = row.get("aliases") or []
        aliases = aliases if isinstance(aliases, list) else re.split("[;；|]", aliases)
        names[row["id"]] = {n.strip() for n in (row["name"], row.get("full_name"), *aliases) if n}
    return names


def concerned(clause: dict[str, Any]) -> set[str]:
    """Ids that the clause is about, appoints or makes answerable."""
    ids = {c["to"] for said in (clause, *clause.get("measures", [])) for c in said.get("concerns", [])}
    ids |= {leader["firm"] for leader in clause.get("leaders", [])}
    ids |= {carrier["park"] for carrier in clause.get("carriers", [])}
    return ids | set(clause.get("lead", [])) | set(clause.get("support", []))


@needs_gold
def test_document_is_that_of_the_annotations() -> None:
    gold, document = load_gold()["document"], load_facts()["document"]
    assert document["name"] == gold["titles"][0]
    assert document["aliases"] == gold["titles"][1:]
    assert (document["issued"], document["effective"], document["url"]) == (
        gold["issued"],
        gold["effective"],
        gold["source_url"],
    )
    assert int(document["expires"][:4]) - int(document["effective"][:4]) == gold["valid_years"]
    assert names_on_record("departments")[document["issued_by"][0]] >= {gold["issuer"]}
    cited = {(c["title"], c["number"]) for c in gold["cited_documents"]}
    assert {(c["name"], c["number"]) for c in document["cites"]} == cited


@needs_gold
def test_headings_are_those_of_the_annotations() -> None:
    clauses = clauses_by_path()
    expected = {path_of(c["clause"]): c["heading"] for c in load_gold()["clauses"]}
    assert {path: clauses[path]["name"] for path in expected} == expected


@needs_gold
def test_responsibilities_are_those_of_the_annotations() -> None:
    names, clauses = names_on_record("departments"), clauses_by_path()
    for expected in load_gold()["responsibilities"]:
        clause = clauses[path_of(expected["clause"])]
        for role in ("lead", "support"):
            ours, theirs = clause.get(role, []), set(expected[role])
            assert len(ours) == len(theirs), f"{clause['path']} {role}"
            found = {name for i in ours for name in names[i] & theirs}
            assert found == theirs, f"{clause['path']} {role}"


@needs_gold
def test_covered_clauses_without_annotated_departments_name_none() -> None:
    gold = load_gold()
    answered = {path_of(r["clause"]) for r in gold["responsibilities"]}
    silent = {path_of(c["clause"]) for c in gold["clauses"]} - answered
    clauses = clauses_by_path()
    assert {path for path in silent if clauses[path].get("lead") or clauses[path].get("support")} == set()


@needs_gold
def test_every_annotated_target_is_on_record() -> None:
    clauses = clauses_by_path()
    key = ("subject", "indicator", "value", "unit", "year", "base_year")
    for expected in load_gold()["targets"]:
        path = path_of(expected["clause"])
        comparators = {tuple(t.get(k) for k in key): t["comparator"] for t in clauses[path].get("targets", [])}
        wanted = tuple(expected[k] for k in key)
        assert wanted in comparators, f"{path} {expected['evidence']}"
        assert comparators[wanted] in {expected["comparator"], *expected.get("accept_comparators", [])}


@needs_gold
def test_covered_clauses_set_no_other_targets() -> None:
    gold, clauses = load_gold(), clauses_by_path()
    covered = [path_of(c["clause"]) for c in gold["clauses"]]
    ours = sorted((path, t["value"], t["unit"]) for path in covered for t in clauses[path].get("targets", []))
    assert ours == sorted((path_of(t["clause"]), t["value"], t["unit"]) for t in gold["targets"])


def money(measure: dict[str, Any]) -> float | None:
    return measure.get("cap") or measure.get("amount") or measure.get("total")


def percent(measure: dict[str, Any], end: str) -> float | None:
    return round(measure[end] * 100, 6) if end in measure else None


@needs_gold
def test_every_annotated_measure_is_on_record() -> None:
    gold, clauses = load_gold(), clauses_by_path()
    for expected in gold["measures"]:
        path = path_of(expected["clause"])
        wanted = (expected["rate_min"], expected["rate_max"], expected["amount_max"])
        ours = {(percent(m, "rate_min"), percent(m, "rate_max"), money(m)): m for m in clauses[path]["measures"]}
        assert wanted in ours, f"{path} {expected['evidence']}"
        measure = ours[wanted]
        assert measure["instrument"] in {expected["instrument"], *expected.get("accept_instruments", [])}
        if "threshold" in expected:
            limit = expected["threshold"]
            assert f"{limit['comparator']} {limit['value']} {limit['unit']}" in measure["rule"]
    for path in {path_of(m["clause"]) for m in gold["measures"]}:
        annotated = gold["measures"] + gold["measures_unquantified"]
        assert len(clauses[path]["measures"]) == sum(path_of(m["clause"]) == path for m in annotated), path


@needs_gold
@pytest.mark.parametrize("table", ["parks", "platforms"])
def test_every_annotated_place_is_named_by_its_clause(table: str) -> None:
    names, clauses = names_on_record(table), clauses_by_path()
    for expected in required(load_gold()[table]):
        clause = clauses[path_of(expected["clause"])]
        found = [i for i in concerned(clause) if expected["name"] in names.get(i, ())]
        assert found, f"{clause['path']} {expected['name']}"
        if table == "parks":
            carried = {c.get("chain") for c in clause["carriers"] if c["park"] in found}
            assert CHAIN_IDS[expected["chain"]] in carried, f"{clause['path']} {expected['name']}"


@needs_gold
def test_every_annotated_firm_is_named_by_its_clause() -> None:
    names, clauses = names_on_record("departments") | names_on_record("firms"), clauses_by_path()
    if not (ROOT / "data" / "firms.csv").is_file():
        pytest.skip("no firms on record")
    for expected in load_gold()["firms"]:
        clause = clauses[path_of(expected["clause"])]
        found = [i for i in concerned(clause) if expected["name"] in names.get(i, ())]
        assert found, f"{clause['path']} {expected['name']}"
        leads = {leader["firm"] for leader in clause.get("leaders", [])} & set(found)
        assert bool(leads) == expected["role"].startswith("链主"), f"{clause['path']} {expected['name']}"


@needs_gold
def test_every_annotated_gap_is_a_concern_of_its_clause() -> None:
    clauses = clauses_by_path()
    for expected in required(load_gold()["chain_gaps"]):
        clause = clauses[path_of(expected["clause"])]
        stances = {expected["stance"], *expected.get("accept_stances", [])}
        found = [
            c
            for c in clause["concerns"]
            if expected["product_or_segment"] in c.get("role", "")
            and c["stance"] in stances
            and c["to"].partition(":")[0] in ("chain", "seg", "prod")
        ]
        assert found, f"{clause['path']} {expected['stance']} {expected['product_or_segment']}"


def test_every_item_has_a_department_and_every_clause_a_summary() -> None:
    clauses = load_facts()["clauses"]
    parents = {c.get("within") for c in clauses}
    items = [c for c in clauses if c["id"] not in parents and not re.search("/plan/[12]$", c["id"])]
    assert len(items) == 19 + 3 + 12
    assert [c["path"] for c in items if not c.get("lead") or "task" not in c] == []
    assert [c["path"] for c in clauses if not c["summary"]] == []
    measures = [c for c in items if c["path"].startswith("政策措施")]
    assert [c["path"] for c in measures if not c.get("measures")] == []


@needs_text
def test_spans_begin_with_the_heading_and_lie_in_their_parent() -> None:
    text, facts = TEXT.read_text(encoding="utf-8"), load_facts()
    assert hashlib.sha256(TEXT.read_bytes()).hexdigest() == facts["source_sha256"]
    spans = {c["id"]: c["span"] for c in facts["clauses"]}
    for clause in facts["clauses"]:
        (start, end), number = clause["span"], clause["number"]
        heading = rf"{re.escape(number)}[、.]? ?" if number else ""
        assert re.match(heading + re.escape(clause["name"]), text[start:end]), clause["id"]
        if "within" in clause:
            outer = spans[clause["within"]]
            assert outer[0] <= start < end <= outer[1], clause["id"]


@needs_text
def test_spans_of_items_end_with_the_bracket_of_responsible_units() -> None:
    text = TEXT.read_text(encoding="utf-8")
    for clause in load_facts()["clauses"]:
        said = text[slice(*clause["span"])]
        if clause["number"] and clause["number"].isdigit():
            assert said.count("责任单位：") == 1 and said[-1] in "〕]）", clause["id"]


@needs_text
def test_departments_are_those_of_the_brackets() -> None:
    """Names and roles of every bracket in the text: before the first comma they lead, after it they support."""
    text, names = TEXT.read_text(encoding="utf-8"), names_on_record("departments")
    for clause in load_facts()["clauses"]:
        if not clause["number"] or not clause["number"].isdigit():
            continue
        said = re.sub(r"\s", "", text[slice(*clause["span"])])
        bracket = re.search(r"责任单位：(.*?)(；逗号前.*)?[〕\]）]$", said)
        assert bracket is not None, clause["id"]
        lead, _, support = bracket[1].partition("，")
        for role, printed in (("lead", lead), ("support", support)):
            ours = clause.get(role, [])
            expected = [name for name in re.split("[、，]", printed) if name]
            assert len(ours) == len(expected), f"{clause['id']} {role}"
            assert [n for n, i in zip(expected, ours, strict=True) if n not in names[i]] == [], f"{clause['id']} {role}"


@needs_text
def test_figures_of_targets_and_measures_stand_in_their_clause() -> None:
    text = TEXT.read_text(encoding="utf-8")
    for clause in load_facts()["clauses"]:
        said = re.sub(r"\s", "", text[slice(*clause["span"])])
        numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", said)}
        for target in clause.get("targets", []):
            value = target["value"]
            assert value in numbers or (value / 10000 in numbers and "万亿" in said), target["id"]
            assert {target.get("year"), target.get("base_year")} <= {None, *numbers}, target["id"]
        for measure in clause.get("measures", []):
            for key in ("rate_min", "rate_max"):
                if key in measure:
                    assert round(measure[key] * 100, 6) in numbers, measure["id"]
            for key in ("cap", "amount", "total", "annual_cap"):
                if key in measure:
                    assert measure[key] in numbers or measure[key] / 10000 in numbers, measure["id"]


def test_departments_come_in_the_order_of_the_document(shipped: Store) -> None:
    """Who is named first is in charge: 三（一）5 names 市科技局, 三（一）2 市经信局."""
    rows = {r["path"]: r for r in shipped.run_named("chain_clauses", chain="chain:lithium", region="region:510100")}
    assert rows["行动方案 三（一）2"]["lead"] == ["市经信局", "市生态环境局"]
    assert rows["行动方案 三（一）5"]["lead"] == ["市科技局", "市经信局", "市生态环境局"]
    assert rows["行动方案 三（一）5"]["support"][:2] == ["市住建局", "市市场监管局"]
    measures = shipped.run_named("chain_measures", chain="chain:lithium", region="region:510100")
    first = next(m for m in measures if m["path"] == "政策措施 1")
    assert first["leading"] == ["市投促局", "市经信局", "市商务局", "市财政局"]

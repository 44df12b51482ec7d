"""What was entered by hand (data/policies) and what extraction reads in the same documents are kept in step.

Where they differ on purpose, the reason stands here.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.extraction import extract_file
from loaders.extraction.known_names import shipped_vocabulary
from reports.extraction_table import path

TOP = Path(__file__).parents[3]
POLICIES = TOP.parent / "shared" / "policies"
PAIRS = {
    "chengdu": ("chengdu-2022-green-low-carbon.yaml", "chengdu-2022-green-low-carbon.txt"),
    "ndrc": ("ndrc-2021-1618.yaml", "ndrc-2021-1618-demonstration-zones.txt"),
}
pytestmark = pytest.mark.skipif(
    not all((POLICIES / text).is_file() for _, text in PAIRS.values()), reason="未适用：库旁没有政策原文"
)
#: Sentences that say who does what without a bracket or a line of responsible units; a person entered them.
IN_SENTENCES = {"行动方案 四（一）", "行动方案 四（二）", "行动方案 四（三）"}
#: By hand a bonded name; extraction reads it as printed, or leaves a plain word and a number of kinds alone.
NAMES_BY_HAND = {
    "park:pv-equipment-leading-area",
    "park:digital-agriculture-zone",
    "plat:chengdu/environment-hospital",
    "plat:chengdu/four-ports-six-centres",
    "park:zhongguancun-shijingshan",
    "park:zhongguancun-mentougou",
    # The centres of 沈阳机器人、洛阳农机装备、株洲…等国家制造业创新中心 are read as what the cities are named for.
    "plat:national-robotics-centre",
    "plat:national-agri-machinery-centre",
    "plat:national-rail-centre",
}


@pytest.fixture(scope="module", params=PAIRS)
def both(
    request: pytest.FixtureRequest,
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[str, list[Any]]], dict[str, set[str]]]:
    """Clauses by hand and facts extracted, by path of the numbered clause; names of every id."""
    by_hand, text = PAIRS[request.param]
    data = yaml.safe_load((TOP / "data" / "policies" / by_hand).read_text(encoding="utf-8"))
    hand: dict[str, list[dict[str, Any]]] = defaultdict(list)
    paths = {c["id"]: c["path"] for c in data["clauses"]}
    for clause in data["clauses"]:
        # A sentence that was entered as a clause of its own belongs to the numbered one above it.
        own = clause["path"] if clause.get("number") is not None else paths.get(clause.get("within"), "")
        hand[own if clause["path"] not in ("印发通知", "前言") else ""].append(clause)
    extracted: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for kind, items in extract_file(POLICIES / text, shipped_vocabulary()).as_json().items():
        for item in items if kind != "document" else ():
            extracted[path(item["clause"]) if any(item["clause"]) else ""][kind].append(item)
    return hand, extracted, _names(data)


def _names(data: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = [row for table in data["declares"].values() for row in table]
    for table in ("departments", "firms", "parks", "platforms", "regions"):
        with (TOP / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows += [{**r, "aliases": r["aliases"].split(";")} for r in csv.DictReader(file)]
    for row in rows:
        found[row["id"]] = {row["name"], row.get("full_name") or "", *(row.get("aliases") or [])} - {""}
    return found


def test_outline(both: Any) -> None:
    hand, extracted, _ = both
    wanted = {p for p, clauses in hand.items() for c in clauses if p and c.get("number") is not None}
    assert {p for p, kinds in extracted.items() if kinds["clauses"]} == wanted


def test_responsible_units(both: Any) -> None:
    hand, extracted, names = both
    for where, clauses in hand.items():
        found = extracted[where]["responsibilities"]
        if not found:
            brackets = any(kinds["responsibilities"] for kinds in extracted.values())
            named = any(c.get("lead") or c.get("support") for c in clauses)
            assert not (brackets and named) or where in IN_SENTENCES, where
            continue
        for role in ("lead", "support"):
            ids = [d for c in clauses for d in c.get(role, [])]
            given = [n for r in found for n in r[role]]
            assert len(ids) == len(given), where
            assert all(names[i] & set(given) for i in ids), where


def test_goals(both: Any) -> None:
    hand, extracted, _ = both
    for where, clauses in hand.items():
        wanted = {
            (t["comparator"], t["value"], t["unit"], t.get("year")) for c in clauses for t in c.get("targets", [])
        }
        assert {(t["comparator"], t["value"], t["unit"], t["year"]) for t in extracted[where]["targets"]} == wanted, (
            where
        )


def test_support_in_figures(both: Any) -> None:
    hand, extracted, _ = both
    for where, clauses in hand.items():
        wanted = [
            (
                m.get("rate_min"),
                m.get("rate_max"),
                m.get("cap") or m.get("amount") or m.get("total") or m.get("annual_cap"),
            )
            for c in clauses
            for m in c.get("measures", [])
        ]
        given = [
            (*(None if m[k] is None else m[k] / 100 for k in ("rate_min", "rate_max")), m["amount_max"])
            for m in extracted[where]["measures"]
        ]
        assert sorted(map(str, given)) == sorted(str(w) for w in wanted if any(w)), where


@pytest.mark.parametrize(("kind", "prefix"), [("firms", "firm:"), ("parks", "park:"), ("platforms", "plat:")])
def test_names(both: Any, kind: str, prefix: str) -> None:
    hand, extracted, names = both
    for where, clauses in hand.items():
        ids = {
            c["to"]
            for clause in clauses
            for c in (
                *clause.get("concerns", []),
                *(x for m in clause.get("measures", []) for x in m.get("concerns", [])),
            )
            if c["to"].startswith(prefix)
        }
        given = {item["name"] for item in extracted[where][kind]}
        missing = {i for i in ids - NAMES_BY_HAND if not names[i] & given}
        assert not missing, where

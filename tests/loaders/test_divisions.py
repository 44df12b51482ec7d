"""The list of divisions that names are known by: codes, sources, and agreement with the region table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from loaders.extraction.known_names import shipped_vocabulary
from loaders.extraction.region_names import divisions
from loaders.extraction.word_lists import words

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data" / "words" / "divisions.csv"


def test_every_row_has_a_code_a_name_and_a_source_that_the_head_explains() -> None:
    explained = set(re.findall(r"^# (\S+?)：", FILE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {row["source"] for row in divisions()} == explained & {"nbs-2023", "mca-2022", "nbs-2016"}
    assert all(re.fullmatch(r"\d{6}", row["code"]) and len(row["name"]) > 1 for row in divisions())


def test_every_division_below_a_province_lies_in_one() -> None:
    codes = {row["code"] for row in divisions()}
    assert all(row["code"][:2] + "0000" in codes for row in divisions())
    # Counties right below a province have a code of their own kind (90), the two kinds of municipalities' 01 and 02.
    below = {row["code"][:4] for row in divisions() if not row["code"].endswith("00") and row["source"] == "nbs-2023"}
    assert {code[2:] for code in below if code + "00" not in codes} == {"90", "01", "02"}


def test_a_code_that_is_in_force_stands_once() -> None:
    counted = Counter(row["code"] for row in divisions() if row["source"] != "nbs-2016")
    assert max(counted.values()) == 1


def test_the_region_table_says_the_same() -> None:
    names = {row["code"]: row["name"] for row in divisions() if row["source"] != "nbs-2016"}
    with (ROOT / "data" / "regions.csv").open(encoding="utf-8", newline="") as file:
        nodes = [row for row in csv.DictReader(file) if row["code"]]
    assert nodes
    assert [(row["code"], row["name"]) for row in nodes if names.get(row["code"]) != row["name"]] == []


def test_a_region_of_the_region_table_stands_only_there() -> None:
    with (ROOT / "data" / "regions.csv").open(encoding="utf-8", newline="") as file:
        nodes = {(row["code"], row["name"]) for row in csv.DictReader(file)}
    with FILE.open(encoding="utf-8", newline="") as file:
        others = [(r["code"], r["name"]) for r in csv.DictReader(line for line in file if not line.startswith("#"))]
    assert len(others) > 2500
    assert len(set(others)) == len(others)
    assert nodes.isdisjoint(others)


def test_a_group_that_is_in_the_region_table_too_has_the_members_that_documents_mean() -> None:
    with (ROOT / "data" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = shipped_vocabulary().region_names
    differ = set()
    for row in rows:
        members = {r["code"] for r in rows if row["id"] in r["part_of"].split(";") and r["code"]}
        for group in {row["name"], *row["aliases"].split(";")} & words()["region_groups"].keys():
            if {names[m].code for m in words()["region_groups"][group]} != members:
                differ.add(group)
    # Outlines count these by cities, or by provinces that documents do not mean by the name.
    assert differ == {"长江经济带", "粤港澳大湾区", "成渝", "成渝地区", "成渝地区双城经济圈"}


def test_a_name_of_today_has_the_code_of_today_and_an_old_one_is_still_known() -> None:
    region_names = shipped_vocabulary().region_names
    assert region_names["双湖县"].code == "540630"
    assert region_names["临平区"].code == "330113"
    assert region_names["即墨市"].code == "370282"

"""The region table: codes, parents, coordinates, names."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from graph.schema import Region

DATA = Path(__file__).parents[2] / "data"
#: How far a place may lie from the seat of government of what it is part of (degrees): a county from its city,
#: a city from its province, a city from one of the wide provinces.
NEAR, FAR = 1.5, 6
WIDE = {"region:150000": 11, "region:540000": 12, "region:650000": 12}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


REGIONS = {row["id"]: row for row in rows("regions.csv")}


def test_every_row_is_a_region_of_the_ontology():
    assert len(REGIONS) == len(rows("regions.csv")), "an id stands twice"
    for row in REGIONS.values():
        values = {k: v for k, v in row.items() if v and k not in {"part_of", "aliases", "sources"}}
        Region(**values, aliases=listed(row["aliases"]), sources=listed(row["sources"]))


def test_codes_are_unique_and_agree_with_the_id():
    codes = [row["code"] for row in REGIONS.values() if row["code"]]
    assert len(codes) == len(set(codes))
    for row in REGIONS.values():
        if row["code"]:
            assert row["id"] == f"region:{row['code']}"
    level_of = {"province": "0000", "city": "00"}
    for row in REGIONS.values():
        if row["level"] in level_of:
            assert row["code"].endswith(level_of[row["level"]]), row["name"]


def test_parents_exist_and_codes_follow_the_parent():
    for row in REGIONS.values():
        parents = listed(row["part_of"])
        assert parents or row["id"] == "region:100000"
        for parent in parents:
            assert parent in REGIONS, f"{row['id']} is part of {parent}, which is not on record"
        if row["code"] and row["level"] != "province":
            digits = REGIONS[parents[0]]["code"].rstrip("0")
            assert row["code"].startswith(digits), row["id"]


def test_nothing_is_part_of_itself():
    def above(region: str) -> set[str]:
        found: set[str] = set()
        waiting = listed(REGIONS[region]["part_of"])
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found.add(parent)
                waiting += listed(REGIONS[parent]["part_of"])
        return found

    for region in REGIONS:
        assert region not in above(region)


def test_coordinates_lie_in_china_and_near_the_parent():
    for row in REGIONS.values():
        assert bool(row["lat"]) == bool(row["lon"]), row["id"]
        if not row["lat"]:
            continue
        lat, lon = float(row["lat"]), float(row["lon"])
        assert 3 < lat < 54 and 73 < lon < 136, row["id"]
        if row["level"] in {"country", "province"}:
            continue
        parent = REGIONS[listed(row["part_of"])[0]]
        if parent["lat"]:
            limit = NEAR if parent["level"] == "city" else WIDE.get(parent["id"], FAR)
            assert abs(lat - float(parent["lat"])) <= limit and abs(lon - float(parent["lon"])) <= limit, row["id"]


def test_no_name_or_alias_names_two_regions():
    holders = defaultdict(set)
    for row in REGIONS.values():
        for name in [row["name"], row["name_en"], *listed(row["aliases"])]:
            holders[name].add(row["id"])
    shared = {name: ids for name, ids in holders.items() if len(ids) > 1}
    #: Two districts really have the same name; their aliases carry the city.
    assert set(shared) == {"市中区"}


CHENGDU = [
    "锦江",
    "青羊",
    "金牛",
    "武侯",
    "成华",
    "龙泉驿",
    "青白江",
    "新都",
    "温江",
    "双流",
    "郫都",
    "新津",
    "简阳",
    "都江堰",
    "彭州",
    "邛崃",
    "崇州",
    "金堂",
    "大邑",
    "蒲江",
]


@pytest.mark.parametrize("name", CHENGDU)
def test_chengdu_districts_are_there(name: str):
    found = [row for row in REGIONS.values() if name in [row["name"], *listed(row["aliases"])]]
    assert len(found) == 1
    assert "region:510100" in listed(found[0]["part_of"])


def test_chengdu_groups_share_out_its_districts():
    members = defaultdict(set)
    for row in REGIONS.values():
        for parent in listed(row["part_of"]):
            members[parent].add(row["id"])
    groups = [members[f"region:chengdu/{group}"] for group in ("central", "new", "outer")]
    assert [len(group) for group in groups] == [12, 3, 8]
    assert len(set.union(*groups)) == 23


def test_sichuan_is_complete():
    cities = [row for row in REGIONS.values() if row["level"] == "city" and row["code"].startswith("51")]
    counties = [row for row in REGIONS.values() if row["level"] == "county" and row["code"].startswith("51")]
    assert (len(cities), len(counties)) == (21, 183)


def test_sources_are_documents():
    known = {row["id"] for row in rows("documents-regions.csv")}
    policies = {"doc:chengdu-2022-green-low-carbon", "doc:ndrc-2021-1618"}
    for row in REGIONS.values():
        assert listed(row["sources"]), row["id"]
        assert set(listed(row["sources"])) <= known | policies, row["id"]

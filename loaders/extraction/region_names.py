"""What regions are called: divisions with their codes, short names, groups of regions, kinds of districts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from graph.settings import settings
from loaders.extraction.word_lists import words

#: The documents that data/regions.csv cites for codes, as data/words/divisions.csv calls them.
_SOURCES = {"doc:nbs-codes-2023": "nbs-2023", "doc:mca-codes-2022": "mca-2022"}


@dataclass(frozen=True)
class RegionName:
    """What a name of a region stands for."""

    name: str
    code: str | None
    kind: str
    members: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def divisions() -> list[dict[str, str]]:
    """Every division at and above county level: code, name and source; those in force first, by code.

    It is a list of words to know a name by: the regions of data/regions.csv, which are nodes of the graph, and the
    others, with names that went since, of data/words/divisions.csv (its head says what each source is).
    """
    nodes = [
        {
            "code": row["code"],
            "name": row["name"],
            "source": next(filter(None, map(_SOURCES.get, row["sources"].split(";")))),
        }
        for row in _rows(settings.data / "regions.csv")
        if row["code"]
    ]
    others = _rows(settings.data / "words" / "divisions.csv")
    return sorted([*nodes, *others], key=lambda row: (row["source"] == "nbs-2016", row["code"]))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def region_names(more: Iterable[tuple[str, str]]) -> dict[str, RegionName]:
    """The names of all divisions, of ``more`` (code, name), of groups of regions and of kinds of districts."""
    names: dict[str, RegionName] = {}
    no_names, ambiguous = set(words()["counties_that_are_words"]), set(words()["ambiguous_regions"])
    coded = [*((row["code"], row["name"]) for row in divisions()), *more]
    for code, name in sorted(coded, key=lambda r: _kind(r[0]) == "county"):
        kind = _kind(code)
        if name in no_names or len(name) < 2:
            continue
        names.setdefault(name, RegionName(name, code, kind))
        short = _short(name)
        if len(short) >= 2 and kind != "county" and short not in ambiguous:
            names.setdefault(short, RegionName(short, code, kind))
            if name.endswith("自治州"):
                names.setdefault(f"{short}州", RegionName(f"{short}州", code, kind))
    for name, members in words()["region_groups"].items():
        names[name] = RegionName(name, None, "city_group", tuple(members))
    for name in words()["zone_classes"]:
        names[name] = RegionName(name, None, "zone_class")
    return names


def town_names(names: Mapping[str, RegionName]) -> dict[str, RegionName]:
    """Short names that are words as well (西昌, 长治): only known in a list of regions."""
    towns = {}
    ambiguous = set(words()["ambiguous_regions"])
    for name, region in names.items():
        short = _short(name)
        if short in ambiguous and region.kind != "county":
            towns[short] = RegionName(short, region.code, region.kind)
        if region.kind == "county" and name.endswith("市") and len(name) > 2 and name[:-1] not in names:
            towns[name[:-1]] = RegionName(name[:-1], region.code, "county")
    return towns


def _short(name: str) -> str:
    return _tail().sub("", name)


@lru_cache(maxsize=1)
def _tail() -> re.Pattern[str]:
    peoples = "|".join(words()["peoples"])
    return re.compile(f"(?:(?:{peoples})族)*(?:维吾尔)?自治[区州县旗]$|特别行政区$|地区$|林区$|[省市县区州盟旗]$")


def _kind(code: str) -> str:
    if code.endswith("0000"):
        return "city" if code[:2] in ("11", "12", "31", "50") else "province"
    return "city" if code.endswith("00") else "county"

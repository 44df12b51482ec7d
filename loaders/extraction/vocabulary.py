"""The general word lists of extraction, and what the regions are called."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from graph.settings import settings

_HERE = Path(__file__).parent
_PEOPLES = (
    "壮|回|藏|苗|彝|土家|布依|侗|哈尼|傣|景颇|傈僳|白|羌|蒙古|哈萨克|维吾尔|柯尔克孜|朝鲜|黎|土|满|瑶|仡佬|水|各|达斡尔|鄂温克|鄂伦春"
    "|锡伯|塔吉克|撒拉|保安|东乡|裕固|畲|毛南|仫佬|纳西|拉祜|佤|独龙|怒|普米|布朗|基诺|德昂|阿昌"
)
_TAIL = re.compile(f"(?:(?:{_PEOPLES})族)*(?:维吾尔)?自治[区州县旗]$|特别行政区$|地区$|林区$|[省市县区州盟旗]$")
#: Counties whose whole name is a word.
_NO_NAMES = {
    "城区",
    "郊区",
    "矿区",
    "新城区",
    "市中区",
    "城中区",
    "东区",
    "西区",
    "桥东区",
    "桥西区",
    "新区",
    "工业园区",
    "开发区",
    "高新区",
    "经济开发区",
    "经济技术开发区",
    "河东区",
    "江北区",
}


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The lists of words.yaml."""
    found = yaml.safe_load((_HERE / "words.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def any_of(items: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; those with one first character are one branch, which is faster."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(items), key=lambda w: (-len(w), w)):
        rests.setdefault(word[:1], []).append(re.escape(word[1:]))
    return "|".join(re.escape(c) + (f"(?:{'|'.join(r)})" if len(r) > 1 else r[0]) for c, r in rests.items())


@dataclass(frozen=True)
class RegionName:
    """What a name of a region stands for."""

    name: str
    code: str | None
    kind: str
    members: tuple[str, ...] = ()


def divisions() -> list[dict[str, str]]:
    """Every division at and above county level: code, name and source (the head of the file says which each is).

    It is a list of words to know a name by, whole whatever nodes ``data/regions.csv`` holds; a test keeps them agreed.
    """
    with (_HERE / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@lru_cache(maxsize=1)
def region_names() -> dict[str, RegionName]:
    """Names of provinces, cities and counties, short and long, those of lately too, and of groups of them."""
    found: dict[str, RegionName] = {}
    ambiguous = set(words()["ambiguous_regions"])
    for row in sorted(divisions(), key=lambda r: _kind(r["code"]) == "county"):
        kind, name = _kind(row["code"]), row["name"]
        if name in _NO_NAMES or len(name) < 2:
            continue
        found.setdefault(name, RegionName(name, row["code"], kind))
        short = _TAIL.sub("", name)
        if len(short) >= 2 and kind != "county" and short not in ambiguous:
            found.setdefault(short, RegionName(short, row["code"], kind))
            if name.endswith("自治州"):
                found.setdefault(f"{short}州", RegionName(f"{short}州", row["code"], kind))
    for name, members in words()["region_groups"].items():
        found[name] = RegionName(name, None, "city_group", tuple(members))
    for name in words()["zone_classes"]:
        found[name] = RegionName(name, None, "zone_class")
    return found


@lru_cache(maxsize=1)
def town_names() -> dict[str, RegionName]:
    """Short names that are words as well (西昌, 长治): only known in a list of regions."""
    found = {}
    ambiguous = set(words()["ambiguous_regions"])
    for name, region in region_names().items():
        short = _TAIL.sub("", name)
        if short in ambiguous and region.kind != "county":
            found[short] = RegionName(short, region.code, region.kind)
        if region.kind == "county" and name.endswith("市") and len(name) > 2 and name[:-1] not in region_names():
            found[name[:-1]] = RegionName(name[:-1], region.code, "county")
    return found


@lru_cache(maxsize=1)
def town_pattern() -> re.Pattern[str]:
    """Any short name that is known in lists only."""
    return re.compile(any_of(town_names()))


@lru_cache(maxsize=1)
def region_pattern() -> re.Pattern[str]:
    """Any name of a region; 和县 and the like only where a name may begin (not in 集群和县域)."""
    short = [n for n, r in region_names().items() if r.kind == "county" and len(n) == 2]
    others = [n for n in region_names() if n not in set(short)]
    begins = re.escape("".join({n[0] for n in region_names()}))
    return re.compile(
        f"(?=[{begins}])(?:{any_of(others)}|(?<![\u4e00-\u9fff])(?:{any_of(short)})(?![域级市区])|(?<=[省市州区持励动])(?:{any_of(short)})(?![域级市区]))"
    )


def _kind(code: str) -> str:
    if code.endswith("0000"):
        return "city" if code[:2] in ("11", "12", "31", "50") else "province"
    return "city" if code.endswith("00") else "county"


@lru_cache(maxsize=1)
def _chain_documents() -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[dict[str, Any]] = []
    for path in sorted((settings.data / "chains").glob("*.yaml")):
        documents = yaml.load_all(path.read_text(encoding="utf-8"), Loader=loader)
        found += [d for d in documents if d and "chain" in d]
    return found


@lru_cache(maxsize=1)
def chain_vocabulary() -> dict[str, str]:
    """Names of chains, segments and products of data/chains -> the name of the chain they belong to."""
    found: dict[str, str] = {}
    for document in _chain_documents():
        chain = document["chain"]
        for item in (chain, *document.get("segments", []), *document.get("products", [])):
            for name in (item["name"], *item.get("aliases", [])):
                found.setdefault(name, chain["name"])
    return found


@lru_cache(maxsize=1)
def chain_names() -> dict[str, str]:
    """Names of chains -> the chain's name."""
    found: dict[str, str] = {}
    for document in _chain_documents():
        chain = document["chain"]
        for name in (chain["name"], *chain.get("aliases", [])):
            found.setdefault(name, chain["name"])
    return found


@lru_cache(maxsize=1)
def made_chains() -> frozenset[str]:
    """The main chains, of which data/chains describes every link."""
    return frozenset(d["chain"]["name"] for d in _chain_documents() if d["chain"]["id"] in settings.main_chains)

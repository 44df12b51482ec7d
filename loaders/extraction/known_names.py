"""What extraction knows names by: the chains with their links and products, and the regions.

Rules get it as an argument. It is made from the shipped files, or from a graph, in which a user's own chains are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from graph.settings import settings
from loaders.extraction.word_lists import any_of, words

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


@dataclass(frozen=True)
class ChainName:
    """A chain: its id, and its names, first what it is called."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class LinkName:
    """A link of chains: its id, its names, and the ids of the chains that hold it."""

    id: str
    names: tuple[str, ...]
    chains: tuple[str, ...]

    @property
    def home(self) -> str:
        """The chain that the link is of: the one that its id names, else the first that holds it."""
        own = "chain:" + self.id.removeprefix("seg:").partition("/")[0]
        return own if own in self.chains else min(self.chains)


@dataclass(frozen=True)
class ProductName:
    """A product: its id, its names, the ids of the links that make it, of those that use it, and of its subtypes."""

    id: str
    names: tuple[str, ...]
    made_by: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegionName:
    """What a name of a region stands for."""

    name: str
    code: str | None
    kind: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The names that rules know; one object for one content, so that what is made of it may be kept by it.

    Parameters
    ----------
    chain_names: names of chains -> the chain's name.
    chain_of: names of chains, links and products -> the name of the chain they belong to.
    described: names of the main chains, of which every link is on record.
    region_names: of provinces, cities and counties, short and long, those of lately too, and of groups of them.
    """

    chain_names: Mapping[str, str]
    chain_of: Mapping[str, str]
    described: frozenset[str]
    region_names: Mapping[str, RegionName] = field(repr=False)

    @cached_property
    def trade_names(self) -> frozenset[str]:
        """Words of the trade: industries, links and products of the chains, others that a dictionary lacks."""
        return frozenset((*words()["industries"], *words()["trade_words"], *self.chain_of))

    @cached_property
    def trade_pattern(self) -> re.Pattern[str]:
        """Any word of the trade of two characters and more."""
        return re.compile(any_of(n for n in self.trade_names if len(n) > 1))

    @cached_property
    def town_names(self) -> Mapping[str, RegionName]:
        """Short names that are words as well (西昌, 长治): only known in a list of regions."""
        towns = {}
        ambiguous = set(words()["ambiguous_regions"])
        for name, region in self.region_names.items():
            short = _TAIL.sub("", name)
            if short in ambiguous and region.kind != "county":
                towns[short] = RegionName(short, region.code, region.kind)
            if region.kind == "county" and name.endswith("市") and len(name) > 2 and name[:-1] not in self.region_names:
                towns[name[:-1]] = RegionName(name[:-1], region.code, "county")
        return towns

    @cached_property
    def town_pattern(self) -> re.Pattern[str]:
        """Any short name that is known in lists only."""
        return re.compile(any_of(self.town_names))

    @cached_property
    def region_pattern(self) -> re.Pattern[str]:
        """Any name of a region; 和县 and the like only where a name may begin (not in 集群和县域)."""
        short = {n for n, r in self.region_names.items() if r.kind == "county" and len(n) == 2}
        others = [n for n in self.region_names if n not in short]
        begins = re.escape("".join({n[0] for n in self.region_names}))
        return re.compile(
            f"(?=[{begins}])(?:{any_of(others)}|(?<![\u4e00-\u9fff])(?:{any_of(short)})(?![域级市区])"
            f"|(?<=[省市州区持励动])(?:{any_of(short)})(?![域级市区]))"
        )


def vocabulary_of(
    chains: Iterable[ChainName],
    links: Iterable[LinkName],
    products: Iterable[ProductName],
    regions: Mapping[str, str] | None = None,
) -> Vocabulary:
    """The vocabulary of these chains, and of all regions.

    Parameters
    ----------
    regions: codes and names of regions; what data/ does not list is known besides.
    """
    chains = sorted(chains, key=lambda c: c.id)
    called = {chain.id: chain.names[0] for chain in chains}
    chain_names: dict[str, str] = {}
    for chain in chains:
        for name in sorted(chain.names):  # a graph keeps no order of aliases
            chain_names.setdefault(name, chain.names[0])
    chain_of = dict(chain_names)
    for names, home in _homes([*links], [*products]):
        if home in called:
            for name in names:
                chain_of.setdefault(name, called[home])
    described = frozenset(name for chain_id, name in called.items() if chain_id in settings.main_chains)
    listed = {row["name"] for row in divisions()}
    more = sorted((code, name) for code, name in (regions or {}).items() if name not in listed)
    return _one(tuple(chain_names.items()), tuple(sorted(chain_of.items())), described, tuple(more))


def _homes(links: list[LinkName], products: list[ProductName]) -> list[tuple[tuple[str, ...], str]]:
    """(names, id of the chain) of links and products, in the order in which they claim a name.

    A product is of the chain of most of the links that make it, else of those that use it, else of its subtypes.
    """
    home = {link.id: link.home for link in links}
    claims = [(0, home[link.id], link.names) for link in links]
    for rank, by in enumerate(("made_by", "used_by", "subtypes"), start=1):
        claimed = {}
        for product in products:
            chains = [home[i] for i in getattr(product, by) if i in home]
            if chains and product.id not in home:
                claimed[product.id] = min(chains, key=lambda chain: (-chains.count(chain), chain))
                claims.append((rank, claimed[product.id], product.names))
        home |= claimed
    return [(names, chain) for _, chain, names in sorted(claims)]


@lru_cache(maxsize=8)
def _one(
    chain_names: tuple[tuple[str, str], ...],
    chain_of: tuple[tuple[str, str], ...],
    described: frozenset[str],
    regions: tuple[tuple[str, str], ...],
) -> Vocabulary:
    return Vocabulary(dict(chain_names), dict(chain_of), described, _region_names(regions))


# --- the shipped files ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """The vocabulary of data/chains: for documents that are read without a graph."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents: list[dict[str, Any]] = []
    for path in sorted((settings.data / "chains").glob("*.yaml")):
        documents += [d for d in yaml.load_all(path.read_text(encoding="utf-8"), Loader=loader) if d and "chain" in d]
    segments = [(d["chain"]["id"], s) for d in documents for s in d.get("segments", [])]
    products = [p for d in documents for p in d.get("products", [])]
    return vocabulary_of(
        (ChainName(d["chain"]["id"], _names(d["chain"])) for d in documents),
        (LinkName(s["id"], _names(s), (chain,)) for chain, s in segments),
        (
            ProductName(
                p["id"],
                _names(p),
                tuple(s["id"] for _, s in segments if p["id"] in s.get("produces", [])),
                tuple(s["id"] for _, s in segments if p["id"] in s.get("uses", [])),
                tuple(other["id"] for other in products if p["id"] in other.get("subtype_of", [])),
            )
            for p in products
        ),
    )


def _names(item: Mapping[str, Any]) -> tuple[str, ...]:
    return (item["name"], *item.get("aliases", []))


@lru_cache(maxsize=1)
def divisions() -> list[dict[str, str]]:
    """Every division at and above county level: code, name and source (the head of the file says which each is).

    It is a list of words to know a name by, whole whatever nodes ``data/regions.csv`` holds; a test keeps them agreed.
    """
    with (Path(__file__).parent / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _region_names(more: Iterable[tuple[str, str]]) -> dict[str, RegionName]:
    """The names of all divisions, of ``more`` (code, name), of groups of regions and of kinds of districts."""
    names: dict[str, RegionName] = {}
    ambiguous = set(words()["ambiguous_regions"])
    coded = [*((row["code"], row["name"]) for row in divisions()), *more]
    for code, name in sorted(coded, key=lambda r: _kind(r[0]) == "county"):
        kind = _kind(code)
        if name in _NO_NAMES or len(name) < 2:
            continue
        names.setdefault(name, RegionName(name, code, kind))
        short = _TAIL.sub("", name)
        if len(short) >= 2 and kind != "county" and short not in ambiguous:
            names.setdefault(short, RegionName(short, code, kind))
            if name.endswith("自治州"):
                names.setdefault(f"{short}州", RegionName(f"{short}州", code, kind))
    for name, members in words()["region_groups"].items():
        names[name] = RegionName(name, None, "city_group", tuple(members))
    for name in words()["zone_classes"]:
        names[name] = RegionName(name, None, "zone_class")
    return names


def _kind(code: str) -> str:
    if code.endswith("0000"):
        return "city" if code[:2] in ("11", "12", "31", "50") else "province"
    return "city" if code.endswith("00") else "county"

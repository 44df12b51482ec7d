"""What extraction knows names by: the chains with their links and products, and the regions.

Rules get it as an argument. It is made from the shipped files, or from a graph, in which a user's own chains are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from graph.settings import settings
from loaders.extraction.region_names import RegionName, divisions, region_names, town_names
from loaders.extraction.word_lists import any_of, shipped_documents, words


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
    def _longest_first(self) -> list[str]:
        return sorted(self.chain_names, key=len, reverse=True)

    def chain_in(self, text: str) -> str | None:
        """The chain that a text names: the one with the longest name."""
        return next((self.chain_names[n] for n in self._longest_first if n in text), None)

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
        return town_names(self.region_names)

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
    return Vocabulary(dict(chain_names), dict(chain_of), described, region_names(regions))


# --- the shipped files ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """The vocabulary of data/chains: for documents that are read without a graph."""
    documents = [d for d in shipped_documents("chains") if "chain" in d]
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

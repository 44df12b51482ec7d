"""A made-up graph of any size, the same for the same seed: for measuring, never for reading.

Everything in it says that it is synthetic: ids (``firm:synthetic/000001``), names (合成企业000001), sources.
The proportions are those of a real register: a few chains of some fifteen links each, a tree of regions, a park
for every hundred firms, and firms, most of which work on one link while a few work on many.

By hand: ``python -m benchmarks.synthetic 100000 300000 folder`` writes the CSV files that
``neo4j-admin database import`` reads.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from graph import schema as s
from graph.facts import Facts

COMMON: dict[str, Any] = {"sources": ["synthetic"], "method": s.Method.IMPORTED, "as_of": "2025"}
LAYERS = 8
SEGMENTS_PER_CHAIN = 16
UNITS = ("GW/年", "万吨/年", "GWh/年", "万辆/年", "万套/年")
COLUMN_TYPES = {bool: ":boolean", int: ":long", float: ":double", list: ":string[]"}


@dataclass(frozen=True)
class Sizes:
    """How many of each kind make up a graph of a given number of nodes."""

    chains: int
    provinces: int
    cities: int
    counties: int
    parks: int
    firms: int

    @classmethod
    def of(cls, nodes: int) -> Sizes:
        """Sizes that add up to ``nodes``; segments and products follow from the chains."""
        chains = max(1, min(20, nodes // 500))
        provinces = max(1, min(31, nodes // 300))
        cities = provinces * (10 if nodes >= 20_000 else 2)
        counties = cities * (8 if nodes >= 50_000 else 2)
        parks = max(1, nodes // 100)
        rest = chains * (1 + 2 * SEGMENTS_PER_CHAIN) + 1 + provinces + cities + counties + parks
        if nodes - rest < nodes // 3:
            raise ValueError(f"{nodes} nodes are too few: {rest} of them would not be firms")
        return cls(chains, provinces, cities, counties, parks, nodes - rest)


def generate(nodes: int, relationships: int, seed: int = 0) -> Facts:
    """A graph of exactly that many nodes and relationships.

    Raises:
        ValueError: the numbers do not make a graph: too few nodes, or too few or too many relationships.
    """
    rng = random.Random(seed)
    sizes = Sizes.of(nodes)
    facts = Facts(dataset=s.Dataset(id=f"dataset:synthetic-{nodes}-{relationships}-{seed}", name="合成数据"))
    counties = _regions(facts, sizes)
    segments = _chains(facts, sizes, rng)
    _parks(facts, sizes, counties, segments, rng)
    _firms(facts, sizes, counties, segments, rng)
    _work(facts, sizes, segments, relationships - len(facts.relationships), rng)
    return facts


def _put(facts: Facts, *made: s.Fact) -> None:
    """Add facts that are known to be new."""
    for fact in made:
        if isinstance(fact, s.Node):
            facts.nodes[fact.id] = fact
        elif isinstance(fact, s.Relationship):
            facts.relationships[fact.id] = fact


def _regions(facts: Facts, sizes: Sizes) -> list[str]:
    """A country, its provinces, their cities, their counties; returns the counties' ids."""
    above = ["region:synthetic/country"]
    _put(facts, s.Region(**COMMON, id=above[0], name="合成国", level="country"))
    for level, name, count in (
        ("province", "合成省", sizes.provinces),
        ("city", "合成市", sizes.cities),
        ("county", "合成县", sizes.counties),
    ):
        ids = [f"region:synthetic/{level}-{i:04d}" for i in range(count)]
        for i, region in enumerate(ids):
            _put(facts, s.Region(**COMMON, id=region, name=f"{name}{i:04d}", level=level))
            _put(facts, s.PartOf(**COMMON, start=region, end=above[i * len(above) // count]))
        above = ids
    return above


def _chains(facts: Facts, sizes: Sizes, rng: random.Random) -> list[list[str]]:
    """Chains of links in layers, each link fed by one to three of the layers before; returns links by chain."""
    chains = []
    for c in range(sizes.chains):
        chain = f"chain:synthetic-{c:02d}"
        _put(facts, s.Chain(**COMMON, id=chain, name=f"合成链{c:02d}"))
        orders = sorted(1 + i * LAYERS // SEGMENTS_PER_CHAIN for i in range(SEGMENTS_PER_CHAIN))
        links = [f"seg:synthetic-{c:02d}/{i:02d}" for i in range(SEGMENTS_PER_CHAIN)]
        for i, (link, order) in enumerate(zip(links, orders, strict=True)):
            product = f"prod:synthetic-{c:02d}-{i:02d}"
            position = ("upstream", "midstream", "downstream")[(order - 1) * 3 // LAYERS]
            name = f"合成环节{c:02d}-{i:02d}"
            _put(facts, s.Segment(**COMMON, id=link, name=name, position=position, order=order))
            _put(facts, s.Product(**COMMON, id=product, name=f"合成产品{c:02d}-{i:02d}", kind="part"))
            _put(facts, s.HasSegment(**COMMON, start=chain, end=link), s.Produces(**COMMON, start=link, end=product))
            _feed(facts, link, [j for j in range(i) if order - 2 <= orders[j] < order], links, rng)
        chains.append(links)
    return chains


def _feed(facts: Facts, link: str, before: Sequence[int], links: Sequence[str], rng: random.Random) -> None:
    """Let a link be supplied by some of those before it; now and then by two that replace one another."""
    chosen = rng.sample(before, min(len(before), rng.randint(1, 3)))
    group = "either" if len(chosen) == 3 and rng.random() < 0.3 else None
    for n, j in enumerate(chosen):
        product = links[j].replace("seg:", "prod:").replace("/", "-")
        either = group if n else None
        share = round(rng.uniform(0.5, 0.9) / len(chosen), 3)
        supply = s.Supplies(**COMMON, start=links[j], end=link, via=product, group=either, cost_share=share)
        _put(facts, supply, s.Uses(**COMMON, start=link, end=product))


def _parks(
    facts: Facts, sizes: Sizes, counties: Sequence[str], segments: Sequence[Sequence[str]], rng: random.Random
) -> None:
    """Parks, each in a county and each carrying one link."""
    for i in range(sizes.parks):
        park = f"park:synthetic/{i:05d}"
        _put(facts, s.Park(**COMMON, id=park, name=f"合成园区{i:05d}", kind="产业园"))
        _put(facts, s.LocatedIn(**COMMON, start=park, end=rng.choice(counties)))
        _put(facts, s.Carries(**COMMON, start=park, end=rng.choice(rng.choice(segments))))


def _firms(
    facts: Facts, sizes: Sizes, counties: Sequence[str], segments: Sequence[Sequence[str]], rng: random.Random
) -> None:
    """Firms, a third of them in a park, more in some counties than in others; a few lead a chain."""
    homes = rng.choices(counties, cum_weights=_heavy_tail(len(counties)), k=sizes.firms)
    for i, county in enumerate(homes):
        firm = _firm_id(i)
        owner = f"合成集团{rng.randrange(1 + sizes.firms // 50):04d}" if rng.random() < 0.1 else None
        honours = ["专精特新小巨人"] if rng.random() < 0.02 else []
        active = rng.random() < 0.97
        _put(facts, s.Firm(**COMMON, id=firm, name=f"合成企业{i:06d}", owner=owner, honours=honours, active=active))
        home = f"park:synthetic/{rng.randrange(sizes.parks):05d}" if rng.random() < 0.33 else county
        _put(facts, s.LocatedIn(**COMMON, start=firm, end=home))
    for c in range(len(segments)):
        leader = _firm_id(rng.randrange(sizes.firms))
        _put(facts, s.Leads(**COMMON, start=leader, end=f"chain:synthetic-{c:02d}", role="链主企业"))


def _work(facts: Facts, sizes: Sizes, segments: Sequence[Sequence[str]], wanted: int, rng: random.Random) -> None:
    """Spend what is left of the relationships: two thirds on operations, one third on what comes of them."""
    links = [link for chain in segments for link in chain]
    if not 0 <= wanted <= sizes.firms * len(links) // 2:
        have = len(facts.relationships)
        most = have + sizes.firms * len(links) // 2
        raise ValueError(f"a graph of this size has between {have} and {most} relationships")
    makers = wanted // 3
    pairs = list(_pairs(sizes.firms, segments, wanted - makers, rng))
    for firm, link in pairs:
        stage = rng.choices(("operating", "under_construction", "planned"), (90, 7, 3))[0]
        capacity = round(rng.lognormvariate(1.5, 1.2), 2)
        unit = UNITS[sum(map(ord, link)) % len(UNITS)]
        _put(facts, s.OperatesIn(**COMMON, start=firm, end=link, stage=stage, capacity=capacity, unit=unit))
    for firm, link in rng.sample(pairs, makers):
        product = link.replace("seg:", "prod:").replace("/", "-")
        _put(facts, s.Makes(**COMMON, start=firm, end=product, revenue_share=round(rng.random(), 3)))


def _pairs(firms: int, segments: Sequence[Sequence[str]], count: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Distinct pairs of firm and link: every firm once, then more for the few that work on many links."""
    weights = _heavy_tail(firms)
    seen: set[tuple[int, str]] = set()
    while len(seen) < count:
        # Every firm first; then a draw in which low numbers come up more often.
        firm = len(seen) if len(seen) < firms else rng.choices(range(firms), cum_weights=weights)[0]
        own = segments[firm % len(segments)]
        if rng.random() < 0.2 or len(seen) >= 4 * firms:
            own = rng.choice(segments)
        pair = (firm, rng.choice(own))
        if pair in seen and len(seen) >= firms:  # a busy firm has it already: give it to any other
            pair = (rng.randrange(firms), rng.choice(rng.choice(segments)))
        if pair not in seen:
            seen.add(pair)
            yield _firm_id(pair[0]), pair[1]


def _heavy_tail(count: int) -> list[float]:
    """Cumulative weights under which a few come up much more often than the many."""
    return list(accumulate(1 / (10 + i) ** 0.7 for i in range(count)))


def _firm_id(number: int) -> str:
    return f"firm:synthetic/{number:06d}"


def write_csvs(facts: Facts, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write what ``neo4j-admin database import`` reads: a file a label, a file a relationship type."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in facts.nodes.values():
        nodes[node.label()].append({"id:ID": node.id, ":LABEL": node.label(), **_cells(node, "id")})
    relationships: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in facts.relationships.values():
        ends = {":START_ID": r.start, ":TYPE": r.type(), ":END_ID": r.end}
        relationships[r.type()].append({**ends, **_cells(r)})
    return _write(nodes, folder), _write(relationships, folder)


def _cells(fact: s.Fact, *without: str) -> dict[str, Any]:
    """Properties under the importer's typed column headings."""
    cells = {}
    for name, value in fact.properties().items():
        if name not in without:
            kind = COLUMN_TYPES.get(type(value), "")
            cells[name + kind] = _text(value)
    return cells


def _text(value: Any) -> str:
    """A value as the importer reads it."""
    if isinstance(value, list):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write(tables: dict[str, list[dict[str, Any]]], folder: Path) -> list[Path]:
    paths = []
    for name, rows in sorted(tables.items()):
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(_headings(rows)), restval="")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


def _headings(rows: Iterable[dict[str, Any]]) -> dict[str, None]:
    """Every column that some row has, in order of first appearance."""
    return {name: None for row in rows for name in row}


def main() -> None:
    """Write a graph as CSV files."""
    nodes, relationships, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    for paths in write_csvs(generate(nodes, relationships), folder):
        print(*paths, sep="\n")


if __name__ == "__main__":
    main()

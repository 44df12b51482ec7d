"""All measures on made-up chain sets of growing size, on one core, without a database; cost against size as a picture.

python -m benchmarks.measures           up to 10,000 links and 1,000,000 firms; writes docs/benchmarks-measures.md
python -m benchmarks.measures --quick   up to 1,000 links and 100,000 firms; prints the page
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import networkx as nx
import numpy as np

from benchmarks.databases import TOP, Table, figure
from graph.analysis.assessment import ChainEvidence, assess
from graph.analysis.coverage import coverage
from graph.analysis.dependence import outside_dependence
from graph.analysis.knockout import SupplyModel, knock_out
from graph.analysis.makers import Basis, Inflow, Maker, live_makers
from graph.analysis.outages import supply_model
from graph.analysis.ranking import Criteria, rank
from graph.analysis.stopping import stopping_sets
from graph.settings import settings
from reports.pictures.drawing import Canvas, Drawing, Paper

LINKS_OF_A_CHAIN = 50
#: Links and firms of the whole set.
SIZES = {False: [(100, 10_000), (1_000, 100_000), (10_000, 1_000_000)], True: [(100, 10_000), (1_000, 100_000)]}
PAGE = TOP / "docs" / "benchmarks-measures.md"
PICTURE = TOP / "docs" / "img" / "measures.svg"

Evidence = Sequence[ChainEvidence]


@dataclass(frozen=True)
class Cost:
    """Seconds of every measure on one size."""

    links: int
    firms: int
    seconds: dict[str, float]


def chain_of(number: int, firms: int, rng: random.Random) -> ChainEvidence:
    """A made-up chain: a layered graph with a recycling loop, OR groups, and firms with capacities, most on one link."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    names = [f"seg:{number}/{i}" for i in range(LINKS_OF_A_CHAIN)]
    for order, name in enumerate(names):
        graph.add_node(name, name=name, position="midstream", order=order)
        for supplier in rng.sample(names[max(0, order - 8) : order], min(order, rng.randint(1, 3))):
            graph.add_edge(supplier, name, essential=rng.random() < 0.8, **rng.choice([{}, {}, {"group": "g"}]))
    graph.add_edge(names[-1], names[5], essential=False, cost_share=0.1)  # recycling
    makers: dict[str, list[Maker]] = {}
    for firm in range(firms):
        for link in rng.sample(names, 1 if rng.random() < 0.9 else 2):
            makers.setdefault(link, []).append(
                Maker(
                    f"firm:{number}/{firm}",
                    f"firm {firm}",
                    owner=f"owner {firm // 3}" if firm % 10 == 0 else None,
                    capacity=rng.lognormvariate(0, 2),
                    unit="GW",
                    output=rng.lognormvariate(0, 2),
                )
            )
    inflows = {name: [Inflow("region:e", "E", value=rng.random())] for name in rng.sample(names, 10)}
    return ChainEvidence(f"chain:{number}", str(number), "region:r", "R", graph, makers, inflows)


def measures(chains: Evidence) -> dict[str, Callable[[], object]]:
    """Every measure over all chains, as functions to be timed."""
    live = [{s: live_makers(c.makers.get(s, ()), ("operating",)) for s in c.graph} for c in chains]
    models = [supply_model(c.graph, held, c.inflows)[0] for c, held in zip(chains, live, strict=True)]
    pairs = list(zip(chains, live, strict=True))
    covered = [coverage(c.graph, held, c.inflows, Basis.MONEY) for c, held in pairs]
    rng = np.random.default_rng(0)
    gaps = {f"{c.chain}|{s}": Criteria(*map(float, rng.random(4))) for c in chains for s in c.graph}
    return {
        "M2 coverage": lambda: [coverage(c.graph, held, c.inflows, Basis.MONEY) for c, held in pairs],
        "M3 knock-out of every firm": lambda: [m.losses(list(m.suppliers().values())) for m in models],
        "M3 knock-out of every link": lambda: [m.losses([m.supplies(s) for s in m.links]) for m in models],
        "M3 sets that stop a link": lambda: [stopping_sets(m, m.suppliers()) for m in models],
        "M4 dependence": lambda: [
            outside_dependence([of_chain], c.inflows, settings.dependence)
            for c, of_chain in zip(chains, covered, strict=True)
        ],
        "M5 ranking of all links": lambda: rank(gaps, settings.ranking),
        "M1-M5 together": lambda: [assess(c, settings.status, settings.ranking) for c in chains],
    }


def cost(links: int, firms: int) -> Cost:
    """Seconds of every measure on a set of so many links and firms."""
    rng = random.Random(0)
    count = links // LINKS_OF_A_CHAIN
    chains = [chain_of(number, firms // count, rng) for number in range(count)]
    return Cost(links, firms, {name: _seconds(run) for name, run in measures(chains).items()})


def knock_out_300() -> float:
    """Seconds to knock out every firm of one chain with 300 firms: the loss, and what is left of every link."""
    evidence = chain_of(0, 300, random.Random(0))
    held = {s: {m.id: m.capacity or 0.0 for m in evidence.makers.get(s, ())} for s in evidence.graph}
    return min(_seconds(lambda: knock_out(m := SupplyModel(evidence.graph, held), m.suppliers())) for _ in range(5))


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def table(costs: Sequence[Cost]) -> Table:
    """Seconds by measure and size."""
    columns = ("measure", *(f"{c.links:,} links, {c.firms:,} firms, s" for c in costs), "time for 10 times the size")
    rows = []
    for name in costs[0].seconds:
        seconds = [c.seconds[name] for c in costs]
        rows.append((name, *(figure(s) for s in seconds), f"{seconds[-1] / seconds[-2]:.1f}"))
    return Table("Measures", columns, rows)


def picture(costs: Sequence[Cost]) -> Drawing:
    """Seconds against the number of firms, both on logarithmic axes."""
    canvas = Canvas(Paper(180, 100, 6))
    page = canvas.page
    left, right, top, bottom = page.x + 40, page.right - 150, page.y + 20, page.bottom - 30
    low, high = -4, 3
    first, last = math.log10(costs[0].firms), math.log10(costs[-1].firms)

    def at(firms: int, seconds: float) -> tuple[float, float]:
        along = (math.log10(firms) - first) / (last - first)
        up = (math.log10(max(seconds, 10**low)) - low) / (high - low)
        return left + along * (right - left), bottom - up * (bottom - top)

    for power in range(low, high + 1):
        _, y = at(costs[0].firms, 10**power)
        canvas.line((left, y), (right, y), stroke="#CCCCCC")
        canvas.text(f"{10.0**power:g} s", left - 4, y - 5, 8, align="end")
    for c in costs:
        x, _ = at(c.firms, 1)
        canvas.text(f"{c.firms:,} firms", x, bottom + 4, 8, align="middle")
    colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
    ends = sorted(costs[0].seconds, key=lambda name: -costs[-1].seconds[name])
    for row, name in enumerate(ends):
        points = [at(c.firms, c.seconds[name]) for c in costs]
        canvas.line(*points, stroke=colours[row % len(colours)], line=1.4, dash="" if row % 2 == 0 else "4 2")
        y = top + row * 16
        canvas.line(
            (right + 10, y),
            (right + 26, y),
            stroke=colours[row % len(colours)],
            line=1.4,
            dash="" if row % 2 == 0 else "4 2",
        )
        canvas.text(name, right + 30, y - 5, 8)
    return canvas.finish("measures", "Seconds against the number of firms", {"costs": [asdict(c) for c in costs]})


def page(costs: Sequence[Cost], every_firm: float) -> str:
    """docs/benchmarks-measures.md."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=TOP, capture_output=True, text=True, check=False
    )
    return "\n".join(
        [
            "# Benchmarks of the measures\n",
            f"One run of `python -m benchmarks.measures` on {datetime.now(UTC):%Y-%m-%d}, at commit {commit.stdout.strip()}; "
            f"one process, no database; {os.cpu_count()} cores shared with other work, load average at the end "
            f"{os.getloadavg()[0]:.1f}. Python {platform.python_version()}, numpy {np.__version__}, networkx {nx.__version__}.\n",
            f"Chains of {LINKS_OF_A_CHAIN} links each, with substitution groups, inputs that are not essential, a recycling loop, and "
            "firms with capacity and output, one in ten on two links; made up, the same every time. *M1-M5 together* holds all "
            "knock-outs with the links that each weakens, the sets that stop a link, and the curves of removal.\n",
            table(costs).markdown(),
            f"Knock-out of every firm of one chain with 300 firms, with what is left of every link: {every_firm * 1000:.0f} ms "
            "(best of five).\n",
            "![Seconds against the number of firms, both on logarithmic axes](img/measures.svg)\n",
        ]
    )


def main() -> None:
    """Measure, then print or write and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    text = page(costs := [cost(*size) for size in SIZES[quick]], knock_out_300())
    if quick:
        print(text)
        return
    PAGE.write_text(text, encoding="utf-8")
    PICTURE.write_text(picture(costs).svg, encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()

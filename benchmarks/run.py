"""Measure everything in one run and write docs/benchmarks.md.

python -m benchmarks.run            100,000 nodes, 300,000 relationships; writes docs/benchmarks.md
python -m benchmarks.run --quick    20,000 and 60,000; prints the page
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.app_start import AppStart, NothingDrawn, app_start
from benchmarks.databases import BACKENDS, TOP, Table, figure
from benchmarks.load import (
    AdminImport,
    Build,
    BulkLoad,
    RowByRow,
    build_embedded,
    build_server,
    bulk_import,
    drop_constraints,
    load_large,
    row_by_row,
)
from benchmarks.projection_time import Reading, read_large, read_shipped
from benchmarks.synthetic import generate
from graph.facts import Facts
from graph.settings import settings
from tests.browser import BrowserUnavailable
from tests.neo4j_server import Neo4jUnavailable

PAGE = TOP / "docs" / "benchmarks.md"
SIZES = {False: (100_000, 300_000), True: (20_000, 60_000)}
PACKAGES = ("neo4j", "networkx", "pydantic", "streamlit")


@dataclass
class Measured:
    """What one database gave; absent where it could not be had."""

    title: str
    build: Build
    shipped: Reading
    bulk: BulkLoad
    large: Reading
    with_constraints: RowByRow
    without_constraints: RowByRow


@dataclass
class Run:
    """All that one run measured, and why what is absent is absent."""

    quick: bool
    facts: Facts
    databases: dict[str, Measured] = field(default_factory=dict)
    bulk_import: AdminImport | None = None
    app: AppStart | None = None
    absent: list[str] = field(default_factory=list)


def measure(*, quick: bool) -> Run:
    """Measure; says on the error stream what it is at."""
    times = 1 if quick else 3
    with _step("generating"):
        run = Run(quick, generate(*SIZES[quick]))
    for name in BACKENDS:
        try:
            run.databases[name] = _measure_database(name, run.facts, times)
        except Neo4jUnavailable as error:
            run.absent.append(f"Neo4j: {error}")
    if "neo4j" in run.databases:
        with _step("neo4j-admin"):
            run.bulk_import = bulk_import(run.facts)
    try:
        with _step("app"):
            run.app = app_start(times)
    except (BrowserUnavailable, NothingDrawn) as error:
        run.absent.append(f"App start: {error}")
    return run


def _measure_database(name: str, facts: Facts, times: int) -> Measured:
    with BACKENDS[name]() as database:
        with _step(f"{name}: build"):
            build = build_embedded(times) if name == "embedded" else build_server(database, times)
        with _step(f"{name}: data/"):
            shipped = read_shipped(database, 5 * times)
        with _step(f"{name}: large load"):
            bulk = load_large(database, facts)
        with _step(f"{name}: large reading"):
            large = read_large(database, 5 * times)
        with _step(f"{name}: row by row"):
            indexed = row_by_row(database, facts)
        drop_constraints(database)
        with _step(f"{name}: row by row without constraints"):
            bare = row_by_row(database, facts)
        return Measured(database.title, build, shipped, bulk, large, indexed, bare)


@contextmanager
def _step(what: str) -> Iterator[None]:
    began = datetime.now(UTC)
    print(f"{what} ...", end=" ", flush=True, file=sys.stderr)
    yield
    print(f"{(datetime.now(UTC) - began).total_seconds():.0f} s", flush=True, file=sys.stderr)


# --- the page -------------------------------------------------------------------------------------


def page(run: Run) -> str:
    """docs/benchmarks.md."""
    nodes, relationships = len(run.facts.nodes), len(run.facts.relationships)
    size = f"{nodes:,} nodes and {relationships:,} relationships"
    tables = [_build(run), _bulk(run, size), _ways(run, size), _readings(run), _app(run)]
    absent = "".join(f"- Not measured. {line}\n" for line in run.absent)
    return "\n".join(
        ["# Benchmarks\n", _head(run), *([absent] if absent else []), *(t.markdown() for t in tables if t)]
    )


def _head(run: Run) -> str:
    commit = _git("rev-parse", "--short", "HEAD") + (" with changes" if _git("status", "--porcelain", "-uno") else "")
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load_average = ", ".join(f"{x:.1f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    quick = " --quick" if run.quick else ""
    return (
        f"Every figure is from one run of `python -m benchmarks.run{quick}` on {datetime.now(UTC):%Y-%m-%d}, "
        f"at commit {commit}.\n\n"
        f"Machine: {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}; shared with other "
        f"work, load average at the end {load_average}. So read the ratios rather than the seconds, and "
        "do not set one database against the other: they were measured one after the other, while the load changed. "
        f"Python {platform.python_version()}, {packages}; Java heap {settings.engine_heap} (embedded), 1g (Neo4j), "
        f"{settings.batch_rows:,} rows a batch.\n\n"
        "Rows are nodes plus relationships. The large graph is made up (`benchmarks/synthetic.py`, seed 0).\n"
    )


def _build(run: Run) -> Table:
    times = 1 if run.quick else 3
    table = Table(
        "Build of data/",
        ("database", "rows", "first build, s", "rows/s", "again, nothing new, s", "engine start alone, s"),
        notes=[
            f"`liantu build` from start to end of the process, median of {times}: Python, reading and checking the files, "
            "writing. With the embedded engine the first build also makes and starts the database in an empty home."
        ],
    )
    for one in run.databases.values():
        b = one.build
        start = figure(b.engine_start) if b.engine_start is not None else "server is up"
        table.rows.append((one.title, f"{b.rows:,}", figure(b.first), figure(b.rows / b.first), figure(b.again), start))
    return table


def _bulk(run: Run, size: str) -> Table:
    table = Table(
        f"Loading {size}",
        ("database", "first load, s", "rows/s", "again, nothing new, s", "rows/s"),
        notes=["The normal loader: compared with what is on record, journalled, in batches, resumable. Once each."],
    )
    for one in run.databases.values():
        b = one.bulk
        table.rows.append(
            (one.title, figure(b.first), figure(b.rows / b.first), figure(b.again), figure(b.rows / b.again))
        )
    return table


def _ways(run: Run, size: str) -> Table:
    table = Table(
        f"Ways to load {size}",
        ("way", "rows measured", "seconds", "rows/s", "time, as a multiple of Liantu's"),
        notes=[
            "Row by row is one `MERGE` by id and one transaction for each node and relationship. It was measured on a "
            "random sample into the loaded graph and multiplied up; without constraints a node is reckoned at half of "
            "what it costs at the end, because the scan grows with the graph. `neo4j-admin database import` fills a "
            "stopped, empty database; it knows nothing of what is on record and does not add to a graph.",
        ],
    )
    for name, one in run.databases.items():
        table.rows.append(_way(f"{one.title}: Liantu", one.bulk.rows, one.bulk.first, one.bulk, run.facts))
        for what, plain, indexed in (
            ("row by row, constraints", one.with_constraints, True),
            ("row by row, no constraints", one.without_constraints, False),
        ):
            sample = plain.nodes_sampled + plain.relationships_sampled
            seconds = plain.whole(run.facts, indexed=indexed)
            table.rows.append(_way(f"{one.title}: {what}", sample, seconds, one.bulk, run.facts, "about "))
        if name == "neo4j" and run.bulk_import:
            a, rows = run.bulk_import, one.bulk.rows
            table.rows.append(_way(f"{one.title}: neo4j-admin", rows, a.import_files, one.bulk, run.facts))
            whole_way = a.write_csvs + a.import_files + a.constraints
            what = f"{one.title}: neo4j-admin with CSV files written before and constraints made after"
            table.rows.append(_way(what, rows, whole_way, one.bulk, run.facts))
    return table


def _way(
    what: str, measured: int, seconds: float, ours: BulkLoad, facts: Facts, about: str = ""
) -> tuple[str, str, str, str, str]:
    rate, multiple = len(facts) / seconds, seconds / ours.first
    return what, f"{measured:,}", about + figure(seconds), about + figure(rate), f"{about}{figure(multiple)}"


def _readings(run: Run) -> Table:
    table = Table(
        "Reading",
        ("graph", "whole graph to NetworkX, s", "rows/s", "segments of a chain, ms", "gap assessment of a chain, ms"),
        notes=[
            "The whole graph once; the others over five chains, medians, in a city (data/) and a province (made up)."
        ],
    )
    for one in run.databases.values():
        for what, r, rows in (("data/", one.shipped, one.build.rows), ("made up", one.large, one.bulk.rows)):
            table.rows.append(
                (
                    f"{what}, {one.title}",
                    figure(r.whole_graph),
                    figure(rows / r.whole_graph),
                    figure(r.segment_graph * 1000),
                    figure(r.assess_chain * 1000),
                )
            )
    return table


def _app(run: Run) -> Table | None:
    if run.app is None:
        return None
    a = run.app
    times = 1 if run.quick else 3
    return Table(
        "The app, from the command to the drawn chain",
        ("start", "seconds"),
        [
            ("`liantu app` with the engine up: server answers", figure(a.warm_answer)),
            ("`liantu app` with the engine up: chain drawn in Chromium", figure(a.warm_drawn)),
            ("from nothing, as `make app` after installation: build, then chain drawn", figure(a.cold_drawn)),
        ],
        [f"Embedded engine, explorer page, a browser that is open already; median of {times}."],
    )


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=TOP, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run", description="Measure loading, reading, app start."
    )
    parser.add_argument("--quick", action="store_true", help="a fifth of the size; prints, writes nothing")
    parser.add_argument("--output", type=Path, help="file to write instead of docs/benchmarks.md")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    text = page(measure(quick=arguments.quick))
    output = arguments.output or (None if arguments.quick else PAGE)
    if output is None:
        print(text)
    else:
        output.write_text(text, encoding="utf-8")
        print(f"wrote {output.name}")


if __name__ == "__main__":
    main()

"""``liantu report diff``: what changed since a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.options import format_option
from commands.report_files import format_of, write_report
from commands.terminal import err, require_data
from graph.database import snapshots
from graph.database.snapshot_files import Snapshot
from graph.database.store import Store
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from reports import difference_report as report
from reports.formats.output import REPORT_FORMATS, Format
from services import difference


def diff(
    since: Annotated[
        str, typer.Option("--since", "-s", help="日期（取不晚于它的最新快照）、快照名或文件 · date or snapshot")
    ],
    until: Annotated[
        str | None, typer.Option("--until", help="到哪份快照，默认当前图谱 · by default the graph")
    ] = None,
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="产业链，可多次；默认五条主链 · chain, repeatable")
    ] = None,
    format: Annotated[Format | None, format_option(*REPORT_FORMATS, otherwise="，默认随文件名")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="在建与规划产能也计入状态 · count planned capacity")
    ] = False,
) -> None:
    """变化报告：与某日快照相比，企业、环节状态、项目、指标、任命有何变化 · What changed since a snapshot."""
    stages = counted_stages(planned=planned)
    earlier = snapshots.find(since)
    later = snapshots.find(until) if until else None
    _say_which(earlier, later)
    with err.status("") as line, Store.open() as store:
        if later is None:
            require_data(store)
        changes = difference.difference_since(
            store,
            earlier,
            region,
            chain or settings.main_chains,
            later,
            stages,
            lambda phase, done, total: line.update(f"{phase} {done}/{total}"),
        )
    write_report(report, changes, format or format_of(output, REPORT_FORMATS, Format.MD), output)


def _say_which(earlier: Snapshot, later: Snapshot | None) -> None:
    names = f"{earlier.label} {earlier.path.name}"
    until = f"{later.label} {later.path.name}" if later else say("当前图谱", "the graph as it is")
    err.print(
        say(f"比较：{names} → {until}", f"comparing {names} with {until}"),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )

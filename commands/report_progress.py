"""``liantu report progress``: 月通报, 季调度."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.options import format_option
from commands.report_files import format_of, write_report
from commands.terminal import err, require_data
from graph.analysis.target_progress import Period, parse_period
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from graph.settings import settings
from reports import progress_report as report
from reports.formats.output import REPORT_FORMATS, Format
from services.duties import assess_progress


def progress(
    period: Annotated[
        str, typer.Option("--period", "-p", help="期间：2024-06、2024Q2 或 2024 · month, quarter or year")
    ],
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="只看这些产业链，可多次；默认全部 · chain, repeatable")
    ] = None,
    format: Annotated[Format | None, format_option(*REPORT_FORMATS, otherwise="，默认随文件名")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
    higher: Annotated[
        bool, typer.Option("--higher", help="上级文件的指标与任务也计入 · count what is set above the region")
    ] = False,
) -> None:
    """月通报、季调度：指标与进度线相比如何，谁负责 · How targets stand against their line, and who answers."""
    wanted = _period(period)
    with Store.open() as store:
        require_data(store)
        region_progress = assess_progress(store, region, wanted, chain or (), higher=higher)
    if region_progress.left_out or region_progress.organisation.left_out:
        err.print(say("加 --higher，上级文件的指标与任务也计入", "--higher counts what is set above the region too"))
    write_report(report, region_progress, format or format_of(output, REPORT_FORMATS, Format.MD), output)


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except ValueError:
        raise LiantuError(
            say(
                f"期间应为 2024-06、2024Q2 或 2024，不是 {text!r}", f"a period is 2024-06, 2024Q2 or 2024, not {text!r}"
            )
        ) from None

"""``liantu report progress``: 月通报, 季调度."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import emit, err, require_data, wrote
from graph.analysis.progress import Period, parse_period
from graph.errors import LiantuError
from graph.language import say
from graph.organisation import RegionProgress, assess_progress
from graph.settings import settings
from graph.store import Store
from reports import progress as report
from reports.formats import renderers


class ProgressFormat(StrEnum):
    """How a progress report is written."""

    MD = "md"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    JSON = "json"


def progress(
    period: Annotated[
        str, typer.Option("--period", "-p", help="期间：2024-06、2024Q2 或 2024 · month, quarter or year")
    ],
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="只看这些产业链，可多次；默认全部 · chain, repeatable")
    ] = None,
    format: Annotated[
        ProgressFormat | None, typer.Option("--format", "-f", help="输出格式，默认随文件名 · format")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
    higher: Annotated[
        bool, typer.Option("--higher", help="上级文件的指标与任务也计入 · count what is set above the region")
    ] = False,
) -> None:
    """月通报、季调度：指标与进度线相比如何，谁负责 · How targets stand against their line, and who answers."""
    wanted = _period(period)
    with Store.open() as store:
        require_data(store)
        found = assess_progress(store, region, wanted, chain or (), higher=higher)
    if found.left_out or found.organisation.left_out:
        err.print(say("加 --higher，上级文件的指标与任务也计入", "--higher counts what is set above the region too"))
    _write(found, format or _format_of(output), output)


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except ValueError as error:
        raise LiantuError(str(error)) from None


def _write(found: RegionProgress, format: ProgressFormat, output: Path | None) -> None:
    """Text goes to the terminal, documents to a file that is named after what is inside."""
    if output is None and format not in (ProgressFormat.MD, ProgressFormat.JSON):
        output = Path(f"{report.file_stem(found)}.{format}")
    if format is ProgressFormat.JSON:
        emit(json.dumps(report.as_json(found), ensure_ascii=False, indent=2) + "\n", output)
    elif output is None:
        emit(renderers.render(report.document(found), format).decode(), None)
    elif format is ProgressFormat.XLSX:
        output.write_bytes(report.xlsx(found))
    else:
        renderers.write(report.document(found), output, format)
    if output is not None:
        wrote(output)


def _format_of(output: Path | None) -> ProgressFormat:
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return ProgressFormat(ending) if ending in list(ProgressFormat) else ProgressFormat.MD

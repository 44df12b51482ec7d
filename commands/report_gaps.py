"""``liantu report gaps``: the gap report that an office hands in, as Word, Excel, PDF, web page, Markdown or data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Chains, Investment, Planned, Region, format_option
from commands.report_files import format_of
from commands.terminal import err, require_data, wrote
from graph.analysis.support import Project
from graph.database.store import Store
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from reports.formats import renderers
from reports.formats.output import REPORT_FORMATS, Format, json_text
from reports.gap.gap_document import gap_document
from reports.gap.gap_json import gap_data
from reports.gap.gap_table import gaps_stem
from reports.gap.gap_workbook import gap_workbook
from services.dossier import Dossier, gather_dossier


def gaps(
    region: Region = settings.default_region,
    chain: Chains = None,
    format: Annotated[Format | None, format_option(*REPORT_FORMATS, otherwise="，默认随文件名，再默认 docx")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="写入文件，默认以内容命名 · by default named after its content"),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", "-n", min=0, max=50, help="前几个短板各写一页 · gaps with a page of their own")
    ] = 5,
    investment: Investment = None,
    planned: Planned = False,
) -> None:
    """缺链报告（可直接上报）：结论、链图、排序、短板出路、断供、来源 · The gap report: Word, Excel, PDF, web page."""
    stages = counted_stages(planned=planned)
    project = Project(investment)
    kind = format or format_of(output, REPORT_FORMATS, Format.DOCX)
    with err.status(say("正在汇总", "gathering")) as line:
        with Store.open() as store:
            require_data(store)
            dossier = gather_dossier(
                store,
                region,
                chain or settings.main_chains,
                stages,
                project,
                top,
                _says(line.update, say("正在汇总", "gathering")),
            )
        path = output or Path(f"{gaps_stem([c.gaps for c in dossier.assessment.chains])}.{kind}")
        _write(dossier, kind, path, _says(line.update, say("正在画图", "drawing")))
    wrote(path)


def _write(dossier: Dossier, kind: Format, path: Path, progress: Callable[[str], None]) -> None:
    if kind is Format.XLSX:
        path.write_bytes(gap_workbook(dossier))
    elif kind is Format.JSON:
        path.write_text(json_text(gap_data(dossier)), encoding="utf-8")
    else:
        renderers.write(gap_document(dossier, progress), path, kind)


def _says(show: Callable[[str], None], doing: str) -> Callable[[str], None]:
    return lambda what: show(f"{doing} {what}")

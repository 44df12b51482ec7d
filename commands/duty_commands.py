"""``liantu organisation``: load and cooperation of departments."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from commands.options import format_option
from commands.terminal import emit, err, out, print_rows, require_data
from graph.database.store import Store
from graph.language import say
from graph.settings import settings
from reports import progress_report as report
from reports.formats.output import Format, csv_text, json_text
from services.duties import RegionOrganisation, assess_organisation

#: Chains that a cell of the terminal's table names.
_CHAINS, _PAIRS = 3, 15


def organisation(
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="只看这些产业链，可多次；默认全部 · chain, repeatable")
    ] = None,
    format: Annotated[Format, format_option(Format.TABLE, Format.JSON, Format.CSV)] = Format.TABLE,
    higher: Annotated[
        bool, typer.Option("--higher", help="上级文件的任务与措施也计入 · count what is set above the region")
    ] = False,
) -> None:
    """部门负担与协作：谁牵头、谁配合、谁与谁共事、什么没人管 · Load and cooperation of departments."""
    with Store.open() as store:
        require_data(store)
        office = assess_organisation(store, region, chain or (), higher=higher)
    if office.left_out:
        err.print(say("加 --higher，上级文件的指标与任务也计入", "--higher counts what is set above the region too"))
    if format is Format.JSON:
        emit(json_text(report.organisation_json(office)), None)
    elif format is Format.CSV:
        emit(csv_text(report.load_headings(), report.load_rows(office)), None)
    else:
        _print(office)


def _print(region: RegionOrganisation) -> None:
    office = region.organisation
    if not office.tasks and not office.measures:
        out.print(escape(report.no_tasks(region)))
        return
    print_rows(report.load_headings(), report.load_rows(region, _CHAINS))
    print_rows(report.pair_headings(), report.pair_rows(region)[:_PAIRS])
    if len(office.pairs) > _PAIRS:
        rest = len(office.pairs) - _PAIRS
        out.print(say(f"…… 另 {rest} 对，见 --format json", f"... {rest} more pairs, see --format json"))
    for line in report.organisation_lines(region):
        out.print(escape(line), highlight=False)

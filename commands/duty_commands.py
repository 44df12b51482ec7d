"""``liantu organisation``: load and cooperation of departments."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from commands.terminal import err, out, print_rows, require_data
from graph.cells import safe_cell
from graph.database.store import Store
from graph.language import say
from graph.settings import settings
from reports import progress_report as report
from services.duties import RegionOrganisation, assess_organisation

#: Chains that a cell of the terminal's table names.
_CHAINS, _PAIRS = 3, 15


class OrganisationFormat(StrEnum):
    """How load and cooperation are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def organisation(
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="只看这些产业链，可多次；默认全部 · chain, repeatable")
    ] = None,
    format: Annotated[
        OrganisationFormat, typer.Option("--format", "-f", help="输出格式 · format")
    ] = OrganisationFormat.TABLE,
    higher: Annotated[
        bool, typer.Option("--higher", help="上级文件的任务与措施也计入 · count what is set above the region")
    ] = False,
) -> None:
    """部门负担与协作：谁牵头、谁配合、谁与谁共事、什么没人管 · Load and cooperation of departments."""
    with Store.open() as store:
        require_data(store)
        found = assess_organisation(store, region, chain or (), higher=higher)
    if found.left_out:
        err.print(say("加 --higher，上级文件的指标与任务也计入", "--higher counts what is set above the region too"))
    if format is OrganisationFormat.JSON:
        print(json.dumps(report.organisation_json(found), ensure_ascii=False, indent=2))
    elif format is OrganisationFormat.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(report.load_headings())
        writer.writerows([_safe(cell) for cell in row] for row in report.load_rows(found))
    else:
        _print(found)


def _safe(cell: Any) -> Any:
    return safe_cell(cell) if isinstance(cell, str) else cell


def _print(found: RegionOrganisation) -> None:
    office = found.organisation
    if not office.tasks and not office.measures:
        out.print(escape(report.no_tasks(found)))
        return
    print_rows(report.load_headings(), report.load_rows(found, _CHAINS))
    print_rows(report.pair_headings(), report.pair_rows(found)[:_PAIRS])
    if len(office.pairs) > _PAIRS:
        rest = len(office.pairs) - _PAIRS
        out.print(say(f"…… 另 {rest} 对，见 --format json", f"... {rest} more pairs, see --format json"))
    for line in report.organisation_lines(found):
        out.print(escape(line), highlight=False)

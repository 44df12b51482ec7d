"""``liantu knockout`` and ``liantu coverage``: what a chain hangs on in a region, and how much of its inputs is made there."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from commands.options import Chain, Planned, Region, format_option
from commands.terminal import emit, out, print_rows, require_data
from graph.analysis.assessment import ChainAssessment
from graph.database.store import Store
from graph.errors import NotFoundError
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from reports import outage_table as report
from reports.formats.output import Format, csv_text, json_text
from reports.words import say_reason
from services.gaps import assess

_Format = Annotated[Format, format_option(Format.TABLE, Format.JSON, Format.CSV)]


class Kind(StrEnum):
    """What falls out."""

    FIRMS = "firms"
    OWNERS = "owners"
    PARKS = "parks"
    OUTSIDE = "outside"
    ORIGINS = "origins"
    LINKS = "links"


def knockout(
    region: Region = settings.default_region,
    chain: Chain = "chain:pv",
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", "-k", help="只看这类，可多次；默认全部 · what falls out, repeatable")
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option("--link", "-l", help="列出这些环节的剩余产出，可多次 · show what is left of a link"),
    ] = None,
    planned: Planned = False,
    format: _Format = Format.TABLE,
) -> None:
    """断供分析：一家企业、园区、集团、外部来源或环节缺失时，本地该链损失多少 · What is lost when something falls out."""
    assessed = _measured(region, chain, planned)
    links = [_link(assessed, text) for text in link or []]
    kinds = [k.value for k in kind or list(Kind)]
    names = {s.id: say(s.name, s.name_en) for s in assessed.gaps.segments}
    headings = report.knockout_headings([names[i] for i in links])
    rows = report.knockout_rows(assessed, kinds, links)
    if format is Format.TABLE:
        out.print(escape(f"{assessed.gaps.region_name} · {assessed.gaps.chain_name}"), highlight=False)
        if not rows:
            out.print(say("本地没有在产企业登记，不作断供分析", "no live local firm on record: nothing to knock out"))
            return
        print_rows(headings, [[f"{cell:.3f}" if isinstance(cell, float) else cell for cell in row] for row in rows])
        for line in report.stopping_lines(assessed):
            out.print(escape(line), highlight=False)
    else:
        _plain(format, report.knockout_json(assessed), headings, rows)


def coverage(
    region: Region = settings.default_region,
    chain: Chain = "chain:pv",
    planned: Planned = False,
    format: _Format = Format.TABLE,
) -> None:
    """本地配套率：本地企业的投入有多少由本地供给（按产值、按产能、按家数分开） · Local coverage of inputs."""
    assessed = _measured(region, chain, planned)
    bases = [c for c in (assessed.measured_coverage, assessed.coverage) if c is not None]
    if format is Format.TABLE:
        out.print(escape(f"{assessed.gaps.region_name} · {assessed.gaps.chain_name}"), highlight=False)
        for covered in bases:
            out.print(report.coverage_line(covered), highlight=False)
            rows = report.coverage_rows(assessed, covered)
            if rows:
                cells = [["" if c is None else f"{c:.3f}" if isinstance(c, float) else c for c in row] for row in rows]
                print_rows(report.coverage_headings(covered.basis), cells)
        for line in map(say_reason, assessed.not_applied):
            out.print(escape(say(f"未适用：{line}", f"not applied: {line}")), highlight=False)
    else:
        basis, rows = bases[0], report.coverage_rows(assessed, bases[0])
        headings = [say("口径", "basis"), *report.coverage_headings(basis.basis)]
        _plain(format, report.coverage_json(assessed), headings, [[basis.basis.value, *row] for row in rows])


def _measured(region: str, chain: str, planned: bool) -> ChainAssessment:
    stages = counted_stages(planned=planned)
    with Store.open() as store:
        require_data(store)
        return assess(store, region, [chain], stages).chains[0]


def _link(assessed: ChainAssessment, text: str) -> str:
    """The id of a link of the chain.

    Raises:
        NotFoundError: the chain has no link of that name or id.
    """
    for s in assessed.gaps.segments:
        if text in (s.id, s.name, s.name_en):
            return s.id
    raise NotFoundError(
        say(f"{assessed.gaps.chain_name}没有环节“{text}”", f"{assessed.gaps.chain_name} has no link {text!r}")
    )


def _plain(format: Format, data: dict[str, Any], headings: list[str], rows: list[list[Any]]) -> None:
    emit(json_text(data) if format is Format.JSON else csv_text(headings, rows), None)

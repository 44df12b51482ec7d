"""``liantu gaps``: status, reason and score of every link of a chain in a region."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from commands.terminal import emit, out, require_data, wrote
from graph.analysis.assessment import ChainGaps
from graph.analysis.status import Status
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from reports.gap import gap_table
from services.gaps import assess

_WIDE = 110
_STATUS_STYLE = {
    Status.MISSING: "bold red",
    Status.WEAK: "yellow",
    Status.SINGLE: "bright_yellow",
    Status.UNKNOWN: "dim",
    Status.PRESENT: "cyan",
    Status.STRONG: "bold blue",
}


class GapFormat(StrEnum):
    """How a gap assessment is printed."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"


def gaps(
    region: Annotated[
        str, typer.Option("--region", "-r", help="地区：名称、别名、代码或编号 · region")
    ] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="产业链，可多次；默认五条主链 · chain, repeatable")
    ] = None,
    format: Annotated[
        GapFormat | None, typer.Option("--format", "-f", help="输出格式，默认随文件名 · format, by default the file's")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="在建与规划产能也计入 · count what is planned or being built")
    ] = False,
) -> None:
    """缺链报告：某地某链各环节的状态、依据与得分 · Gaps in a chain: status, reason and score of every link."""
    stages = counted_stages(planned=planned)
    format = format or _format_of(output)
    if format is GapFormat.XLSX and output is None:
        raise LiantuError(say("xlsx 需要 -o 文件名", "xlsx needs -o FILE"))
    with Store.open() as store:
        require_data(store)
        found = [c.gaps for c in assess(store, region, chain or settings.main_chains, stages).chains]
    assessed = list({item.chain: item for item in found}.values())
    if format is GapFormat.XLSX:
        assert output is not None
        gap_table.write_xlsx(assessed, output)
    elif format is GapFormat.TABLE and output is None:
        for item in assessed:
            _print_gaps(item)
    else:
        text = gap_table.as_csv(assessed) if format is GapFormat.CSV else gap_table.as_markdown(assessed)
        if format is GapFormat.JSON:
            plain = [gap_table.as_json(item) for item in assessed]
            text = json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2) + "\n"
        emit(text, output)
    if output is not None:
        wrote(output)


def _print_gaps(item: ChainGaps) -> None:
    table = Table(title=f"{item.region_name} · {item.chain_name}", title_justify="left", show_lines=False)
    # On a narrow terminal the table would be a column of single characters: the reason and the numbers stay.
    wanted = (0, 1, 3, 4, 5, 6, 7, 9) if out.width >= _WIDE else (0, 1, 3, 4, 7)
    headings = gap_table.headings()
    for index in wanted:
        table.add_column(
            headings[index],
            overflow="fold",
            no_wrap=index in (0, 3, 6, 7),
            justify="right" if index in (6, 7) else "left",
        )
    for segment, row in zip(item.segments, gap_table.rows(item), strict=True):
        cells = [
            escape(f"{v:.2f}" if isinstance(v, float) else "" if v is None else str(v))
            for v in map(row.__getitem__, wanted)
        ]
        cells[2] = f"[{_STATUS_STYLE[segment.status]}]{cells[2]}[/]"
        table.add_row(*cells)
    out.print(table)
    out.print(escape(gap_table.summary(item)), highlight=False)
    if item.ranking.rows:
        out.print(escape(gap_table.formula_text(item.ranking)), highlight=False)
    out.print()


def _format_of(output: Path | None) -> GapFormat:
    if output is None:
        return GapFormat.TABLE
    ending = output.suffix.lower().removeprefix(".")
    return GapFormat(ending) if ending in list(GapFormat) else GapFormat.MD

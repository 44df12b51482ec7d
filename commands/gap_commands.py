"""``liantu gaps``: status, reason and score of every link of a chain in a region."""

from __future__ import annotations

from typing import Annotated

from rich.markup import escape
from rich.table import Table

from commands.options import Chains, Output, Planned, Region, format_option
from commands.report_files import format_of
from commands.terminal import emit, out, require_data, wrote
from graph.analysis.assessment import ChainGaps
from graph.analysis.status import Status
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from graph.schema import counted_stages
from graph.settings import settings
from reports.formats.output import Format, json_text
from reports.gap import gap_table
from reports.gap.gap_workbook import gap_workbook
from services.dossier import gather_dossier
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


_FORMATS = (Format.TABLE, Format.JSON, Format.MD, Format.CSV, Format.XLSX)


def gaps(
    region: Region = settings.default_region,
    chain: Chains = None,
    format: Annotated[Format | None, format_option(*_FORMATS, otherwise="，默认随文件名")] = None,
    output: Output = None,
    planned: Planned = False,
) -> None:
    """缺链报告：某地某链各环节的状态、依据与得分 · Gaps in a chain: status, reason and score of every link."""
    stages = counted_stages(planned=planned)
    format = format or format_of(output, _FORMATS, Format.MD if output else Format.TABLE)
    if format is Format.XLSX and output is None:
        raise LiantuError(say("xlsx 需要 -o 文件名", "xlsx needs -o FILE"))
    with Store.open() as store:
        require_data(store)
        chains = chain or settings.main_chains
        if format is Format.XLSX:
            dossier = gather_dossier(store, region, chains, stages)
        else:
            assessed = [c.gaps for c in assess(store, region, chains, stages).chains]
    if format is Format.XLSX:
        assert output is not None
        output.write_bytes(gap_workbook(dossier))
    elif format is Format.TABLE and output is None:
        for item in assessed:
            _print_gaps(item)
    else:
        text = gap_table.as_csv(assessed) if format is Format.CSV else gap_table.as_markdown(assessed)
        if format is Format.JSON:
            plain = [gap_table.as_json(item) for item in assessed]
            text = json_text(plain[0] if len(plain) == 1 else plain)
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

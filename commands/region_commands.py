"""``liantu compare`` and ``liantu relatedness``: regions side by side, and what is near to what a region has."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from commands.options import format_option
from commands.report_files import format_of
from commands.terminal import emit, out, print_rows, require_data, wrote
from graph.analysis.reasons import Reason
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from graph.schema import RegionLevel
from graph.settings import settings
from reports import region_comparison
from reports.formats import renderers
from reports.formats.blocks import Document, Table, cell_of, shown
from reports.formats.output import Format, json_text
from reports.words import say_reason
from services.regions import RegionComparison, compare_regions, members
from services.regions import relatedness as assess_relatedness


class Level(StrEnum):
    """Levels of regions that are compared."""

    PROVINCE = RegionLevel.PROVINCE.value
    CITY = RegionLevel.CITY.value
    COUNTY = RegionLevel.COUNTY.value


_Chains = Annotated[
    list[str] | None, typer.Option("--chain", "-c", help="产业链，可多次；默认五条主链 · chain, repeatable")
]
_Format = Annotated[Format | None, format_option(*Format, otherwise="，默认随文件名")]
_Output = Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")]


def compare(
    regions: Annotated[
        list[str] | None, typer.Argument(help="地区，两个以上：名称、代码或编号 · two or more regions")
    ] = None,
    chain: _Chains = None,
    within: Annotated[
        str | None,
        typer.Option("--districts-of", "--within", help="比较某地的全部下一级地区 · all regions within one"),
    ] = None,
    level: Annotated[Level | None, typer.Option(help="与 --districts-of 同用：哪一级 · which level within it")] = None,
    format: _Format = None,
    output: _Output = None,
) -> None:
    """地区比较：各地在各环节的企业、区位商、所有者集中度与完整度 · Regions side by side."""
    if bool(regions) == bool(within):
        raise LiantuError(
            say("请给出两个以上地区，或 --districts-of 地区", "name two or more regions, or give --districts-of")
        )
    if level and not within:
        raise LiantuError(say("--level 只与 --districts-of 同用", "--level goes with --districts-of"))
    format = _format_of(format, output)
    with Store.open() as store:
        require_data(store)
        wanted = members(store, within, level.value if level else None) if within else regions or ()
        comparison = compare_regions(store, wanted, chain or settings.main_chains)
    if format is Format.TABLE:
        _print_comparison(comparison)
    else:
        _write(
            format,
            output,
            region_comparison.as_json(comparison),
            region_comparison.details_table(comparison),
            region_comparison.document(comparison),
            lambda: region_comparison.xlsx(comparison),
        )


def relatedness(
    region: Annotated[str, typer.Argument(help="地区：名称、别名、代码或编号 · region")] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="只用这些产业链；默认全部 · only these chains")
    ] = None,
    level: Annotated[Level | None, typer.Option(help="与哪一级地区比；默认本级 · the level it is compared at")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="本地已有企业的环节也列出 · list links that are here too")
    ] = False,
    top: Annotated[int | None, typer.Option(min=1, help="最多列出几个环节 · most links")] = None,
    format: _Format = None,
    output: _Output = None,
) -> None:
    """关联密度：本地没有的环节，哪些与现有优势最接近 · Which absent links are nearest to what a region has."""
    format = _format_of(format, output)
    with Store.open() as store:
        require_data(store)
        related = assess_relatedness(store, region, level.value if level else None, chain or ())
    if isinstance(related, Reason):
        why = say_reason(related)
        raise LiantuError(say(f"关联密度未计算：{why}", f"relatedness is not taken: {why}"))
    links = (related.links if everything else related.absent)[: top or (20 if format is Format.TABLE else None)]
    table = region_comparison.related_table(related, links)
    if format is Format.TABLE:
        out.print(f"[bold]{escape(region_comparison.related_title(related))}[/]")
        out.print(escape(region_comparison.related_summary(related)), highlight=False, soft_wrap=True)
        _print_table(table)
        for line in region_comparison.related_method(related):
            out.print(escape(line), highlight=False, style="dim", soft_wrap=True)
    else:
        _write(
            format,
            output,
            region_comparison.related_json(related, links),
            table,
            region_comparison.related_document(related, links),
            lambda: region_comparison.related_xlsx(related, links),
        )


def _print_comparison(comparison: RegionComparison) -> None:
    out.print(f"[bold]{escape(region_comparison.title(comparison))}[/]")
    for chain in comparison.chains:
        out.print(f"\n[bold]{escape(say(chain.name, chain.name_en))}[/]")
        for sentence in region_comparison.findings(chain):
            out.print(f"· {escape(sentence)}", highlight=False, soft_wrap=True)
        for table in region_comparison.tables(chain):
            _print_table(table)
    out.print()
    for line in region_comparison.method(comparison):
        out.print(escape(line), highlight=False, style="dim", soft_wrap=True)


def _print_table(table: Table) -> None:
    """A column without a single value is left out."""
    kept = [i for i in range(len(table.columns)) if any(row[i] not in (None, "") for row in table.rows)]
    columns = [table.columns[i] for i in kept]
    rows = [
        [shown(cell_of(row[i]).value, table.columns[i]) if row[i] != "" else "" for i in kept] for row in table.rows
    ]
    if table.caption:
        out.print(escape(table.caption), highlight=False, soft_wrap=True)
    print_rows([column.heading for column in columns], rows)


def _write(
    format: Format,
    output: Path | None,
    plain: dict[str, Any],
    table: Table,
    document: Document,
    xlsx: Callable[[], bytes],
) -> None:
    """One result in the format asked for, into a file or on the terminal."""
    if format is Format.JSON:
        emit(json_text(plain), output)
    elif format is Format.CSV:
        emit(region_comparison.as_csv(table), output)
    elif output is None:
        if format is not Format.MD:
            raise LiantuError(say(f"{format} 需要 -o 文件名", f"{format} needs -o FILE"))
        emit(renderers.render(document, "md").decode(), None)
    elif format is Format.XLSX:
        output.write_bytes(xlsx())
    else:
        renderers.write(document, output, format.value)
    if output is not None:
        wrote(output)


def _format_of(format: Format | None, output: Path | None) -> Format:
    """The format asked for, or that of the file's ending."""
    if format is None:
        format = format_of(output, list(Format), Format.MD if output else Format.TABLE)
    if format is Format.TABLE and output is not None:
        raise LiantuError(say("table 只在终端显示；写入文件请用其他格式", "a table is for the terminal only"))
    return format

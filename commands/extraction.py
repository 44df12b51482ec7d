"""``liantu extract``: the facts of a policy document as it comes, as a table, JSON or Markdown."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from commands.terminal import emit, err, out, print_rows, wrote
from graph.errors import LiantuError
from graph.language import say
from loaders.extraction import Extraction, extract_file
from loaders.files import UnreadableFileError
from reports import extraction_table


class ExtractFormat(StrEnum):
    """How what was extracted is printed."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


def extract(
    document: Annotated[Path, typer.Argument(help="政策文件：.txt .html .docx .pdf · a policy document")],
    format: Annotated[
        ExtractFormat | None,
        typer.Option("--format", "-f", help="输出格式，默认随文件名 · format, by default the file's"),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
) -> None:
    """从政策文件抽取事实，不载入 · Extract the facts of a policy document, without loading them."""
    found = read(document)
    format = format or _format_of(output)
    if format is ExtractFormat.JSON:
        emit(json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n", output)
    elif format is ExtractFormat.MD or output is not None:
        emit(extraction_table.as_markdown(found), output)
    else:
        _print(found)
    if output is not None:
        wrote(output)


def read(document: Path) -> Extraction:
    """What a document says; warnings are printed.

    Raises:
        LiantuError: there is no such file, or it cannot be read.
    """
    if not document.is_file():
        raise LiantuError(say(f"没有文件 {document}", f"no file {document}"))
    try:
        found = extract_file(document)
    except UnreadableFileError as error:
        raise LiantuError(str(error.problem(document.name))) from error
    for warning in found.warnings:
        err.print(f"[yellow]![/] {escape(warning)}", soft_wrap=True, highlight=False)
    return found


def _print(found: Extraction) -> None:
    for line in extraction_table.heading(found):
        out.print(escape(line), highlight=False)
    for title, columns, rows in extraction_table.tables(found):
        out.print(f"\n[bold]{escape(title)}[/] {len(rows)}")
        if rows:
            print_rows(columns, rows)


def _format_of(output: Path | None) -> ExtractFormat:
    if output is None:
        return ExtractFormat.TABLE
    return ExtractFormat.JSON if output.suffix.lower() == ".json" else ExtractFormat.MD

"""``liantu extract`` and ``liantu review``: the facts of a policy document as it comes, and a workbook to correct them in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from commands.terminal import emit, err, out, print_rows, wrote
from graph.errors import LiantuError, LoadError
from graph.language import say
from graph.schema import NODE_TYPES
from graph.store import Store
from loaders.extraction import Extraction, extract_file
from loaders.extraction.proposal import propose
from loaders.extraction.source import DocumentSource
from loaders.extraction.workbook import write_review
from loaders.facts import Lexicon
from loaders.files import UnreadableFileError, dataset_id
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


def review(
    document: Annotated[Path, typer.Argument(help="政策文件：.txt .html .docx .pdf · a policy document")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="默认为 文件名-审阅.xlsx · by default NAME-审阅.xlsx")
    ] = None,
) -> None:
    """写出审阅表（每类事实一页，旁附原文），改好后用 liantu load 载入 · Write a workbook to correct, then load."""
    output = output or document.with_name(f"{document.stem}-审阅.xlsx")
    if output.suffix.lower() != ".xlsx":
        raise LiantuError(say("审阅表应为 .xlsx", "a review is an .xlsx file"))
    if output.exists():
        raise LiantuError(say(f"{output} 已存在，不覆盖", f"{output} is there already"))
    found = read(document)
    with Store.open() as store:
        lexicon = Lexicon(() if store.is_empty() else names_on_record(store, [dataset_id(document)]))
    write_review(propose(found, lexicon, document), output)
    wrote(output)


def confirm(documents: list[Path], lexicon: Lexicon, yes: bool) -> None:
    """Show what documents propose, and ask before it is loaded.

    Raises:
        LoadError: one of them cannot be read.
        typer.Abort: the answer is no.
    """
    problems = []
    for document in documents:
        try:
            proposal = DocumentSource(document).proposal(lexicon)
        except UnreadableFileError as error:
            problems.append(error.problem(document.name))
            continue
        for line in extraction_table.summary(proposal):
            out.print(escape(line), highlight=False, soft_wrap=True)
    if problems:
        raise LoadError(problems)
    if not yes:
        typer.confirm(say("载入？", "Load this?"), abort=True)


def names_on_record(store: Store, without: Sequence[str] = ()) -> Iterator[tuple[str, list[str]]]:
    """Ids and names of what other datasets state: a file is read the same the second time as the first.

    Parameters
    ----------
    without: ids of the datasets that are to be loaded anew.
    """
    for label in (label for label, node_type in NODE_TYPES.items() if not node_type.internal):
        number = ", n.number" if label == "Document" else ""
        for row in store.read(
            f"MATCH (n:{label}) WHERE any(d IN n.datasets WHERE NOT d IN $reloaded) "
            f"RETURN n.id AS id, [n.name, n.name_en, n.full_name, n.credit_code, n.stock_code, n.code{number}] "
            "+ coalesce(n.aliases, []) AS names",
            reloaded=list(without),
        ):
            yield row["id"], [name for name in row["names"] if name]


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

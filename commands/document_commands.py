"""``liantu extract`` and ``liantu review``: the facts of a policy document as it comes, and a workbook to correct them in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from commands.options import format_option
from commands.report_files import format_of
from commands.terminal import emit, err, out, print_rows, wrote
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from loaders.extraction import Extraction, extract_file
from loaders.extraction.known_names import Vocabulary, shipped_vocabulary
from loaders.files import UnreadableFileError, dataset_id
from loaders.lexicon import Lexicon
from loaders.review.document_source import with_states
from loaders.review.fact_kinds import FACT_KINDS
from loaders.review.proposal import Proposal, propose
from loaders.review.reconciliation import State
from loaders.review.review_workbook import write_review
from reports import extraction_table
from reports.formats.output import Format, json_text
from services.loading import on_record
from services.vocabulary import vocabulary_on_record

_FORMATS = (Format.TABLE, Format.JSON, Format.MD)


def extract(
    document: Annotated[Path, typer.Argument(help="政策文件：.txt .html .docx .pdf · a policy document")],
    format: Annotated[Format | None, format_option(*_FORMATS, otherwise="，默认随文件名")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
) -> None:
    """从政策文件抽取事实，不载入 · Extract the facts of a policy document, without loading them."""
    extraction = read(document, shipped_vocabulary())
    format = format or format_of(output, _FORMATS, Format.MD if output else Format.TABLE)
    if format is Format.JSON:
        emit(json_text(extraction.as_json()), output)
    elif format is Format.MD or output is not None:
        emit(extraction_table.as_markdown(extraction), output)
    else:
        _print(extraction)
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
    with Store.open() as store:
        extraction = read(document, vocabulary_on_record(store))
        names, record = on_record(store, [dataset_id(document)])
        lexicon = Lexicon(names)
        proposal = with_states(propose(extraction, lexicon, document, record), lexicon, record)
    write_review(proposal, output)
    wrote(output)


def print_proposal(proposal: Proposal) -> None:
    """What a document proposes, and where it contradicts the record."""
    for line in (*extraction_table.summary(proposal), *_contradictions(proposal)):
        out.print(escape(line), highlight=False, soft_wrap=True)


def print_taken_back(dataset: str, count: int) -> None:
    """That facts of a document that was loaded before are given up."""
    err.print(
        say(
            f"! {dataset} 早先载入的 {count} 项与人工录入不一致，不再保留；liantu review 可逐条决定",
            f"! {count} facts of {dataset}, loaded before, differ from those entered by hand and are taken back; decide by liantu review",
        ),
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


def confirm_load() -> None:
    """Ask whether what was shown is to be loaded.

    Raises:
        typer.Abort: the answer is no.
    """
    typer.confirm(say("载入？", "Load this?"), abort=True)


def _contradictions(proposal: Proposal) -> Iterator[str]:
    for kind, rows in proposal.rows.items():
        for row in rows:
            if row.get("state") == State.CONTRARY:
                taken = say("并列载入", "loaded beside it") if row["accept"] else say("不载入", "not loaded")
                evidence = " ".join(str(row["evidence"]).split())[:60]
                yield say(
                    f"与库中不一致（{taken}） {row['clause']} {FACT_KINDS[kind].zh}：文件 {evidence}；库中 {row['on_record']}",
                    f"differs from the record ({taken}) {row['clause']} {kind}: document {evidence}; record {row['on_record']}",
                )


def read(document: Path, vocabulary: Vocabulary) -> Extraction:
    """What a document says by names that are known; warnings are printed.

    Raises:
        LiantuError: there is no such file, or it cannot be read.
    """
    if not document.is_file():
        raise LiantuError(say(f"没有文件 {document}", f"no file {document}"))
    try:
        extraction = extract_file(document, vocabulary)
    except UnreadableFileError as error:
        raise LiantuError(str(error.problem(document.name))) from error
    for warning in extraction.warnings:
        err.print(f"[yellow]![/] {escape(warning)}", soft_wrap=True, highlight=False)
    return extraction


def _print(extraction: Extraction) -> None:
    for line in extraction_table.heading(extraction):
        out.print(escape(line), highlight=False)
    for title, columns, rows in extraction_table.tables(extraction):
        out.print(f"\n[bold]{escape(title)}[/] {len(rows)}")
        if rows:
            print_rows(columns, rows)

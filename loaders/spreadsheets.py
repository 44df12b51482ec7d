"""Reading CSV and Excel files into table rows, and writing the templates for them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES

from graph.errors import LiantuError, Problem
from graph.language import say
from graph.schema import VALUE_NAMES, enum_of
from loaders.files import UnreadableFileError, dataset_of, read_text
from loaders.lexicon import fold
from loaders.tables import TABLES, Table, TableRow, TableSource, table_named

Sheet = tuple[str, Table, Iterable[tuple[int, list[str]]]]
_GUIDE_SHEETS = ("说明", "guide")
_FORMULA_ERRORS = frozenset(ERROR_CODES)


def read_csv(path: Path, problems: list[Problem], name: str | None = None) -> TableSource:
    """A .csv file as a source; faults of its heading are added to ``problems``.

    Raises:
        UnreadableFileError: the file cannot be read, or its name stands for no table.
    """
    return _tables(path, _csv_sheets(path), problems, name)


@contextmanager
def opened_workbook(path: Path) -> Iterator[Workbook]:
    """An Excel workbook, open as long as it is read.

    Raises:
        UnreadableFileError: it is none.
    """
    with _readable_workbook():
        book = load_workbook(path, read_only=True, data_only=True)
    with closing(book):
        yield book


def tables_in(path: Path, book: Workbook, problems: list[Problem], name: str | None = None) -> TableSource:
    """The tables of a workbook as a source; faults of headings and sheets are added to ``problems``.

    Raises:
        UnreadableFileError: it is broken, or a sheet stands for no table.
    """
    return _tables(path, _xlsx_sheets(path, book), problems, name)


def _tables(path: Path, sheets: Iterable[Sheet], problems: list[Problem], name: str | None) -> TableSource:
    tables = [(table, _rows(path.name, sheet, table, lines, problems)) for sheet, table, lines in sheets]
    return TableSource(path.name, dataset_of(path, name), tables)


@contextmanager
def _readable_workbook() -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise
    except Exception as error:  # openpyxl and the zip and XML readers below it raise anything
        message = say(
            "不是 Excel 工作簿（.xlsx），或已损坏、有密码", "is no Excel workbook (.xlsx), or broken, or has a password"
        )
        raise UnreadableFileError("", message) from error


def write_template(path: Path, tables: Sequence[Table] | None = None) -> None:
    """Write an empty .xlsx (or .csv) with the headings, a sheet of explanations and pick-lists.

    Raises:
        LiantuError: a name that stands for no table, or another ending.
    """
    chosen = tables or _tables_of(path)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        path.write_bytes(_workbook(chosen))
    elif ending == ".csv" and len(chosen) == 1:
        path.write_text(",".join(chosen[0].columns()) + "\n", encoding="utf-8-sig")
    else:
        raise LiantuError(say("模板为 .xlsx，单表也可为 .csv", "a template is an .xlsx, or for one table a .csv"))


def _workbook(tables: Sequence[Table]) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.zh)
            sheet.freeze_panes(1, 0)
            for number, (column, (zh, _)) in enumerate(table.columns().items()):
                sheet.write(0, number, zh, head)
                sheet.set_column(number, number, max(10, 2 * len(zh) + 4))
                values = _choices(table, column)
                if values:
                    sheet.data_validation(1, number, 5000, number, {"validate": "list", "source": values})
        guide = book.add_worksheet(_GUIDE_SHEETS[0])
        guide.freeze_panes(1, 0)
        guide.set_column(0, 2, 18)
        guide.set_column(3, 3, 70)
        guide.write_row(
            0,
            0,
            [say("表", "table"), say("列", "column"), say("英文列名", "English name"), say("填什么", "what it holds")],
            head,
        )
        row = 1
        for table in tables:
            for column, (zh, about) in table.columns().items():
                choices = "；".join(_choices(table, column))
                guide.write_row(row, 0, [table.zh, zh, column, about + (f"：{choices}" if choices else "")], wrap)
                row += 1
    return made.getvalue()


def _tables_of(path: Path) -> list[Table]:
    stem = path.stem
    if stem in ("template", "模板", "all", "liantu"):
        return list(TABLES.values())
    table = table_named(stem)
    if table is None:
        known = "、".join(f"{t.name}（{t.zh}）" for t in TABLES.values())
        raise LiantuError(say(f"没有名为“{stem}”的表；可用：{known}", f"no table is called {stem!r}; known: {known}"))
    return [table]


def _choices(table: Table, column: str) -> list[str]:
    models: list[Any] = [table.model, *(link.type for link in table.links if column in link.from_columns)]
    for model in models:
        field = model.model_fields.get(column)
        enum = enum_of(field.annotation) if field is not None else None
        if enum is not None:
            return list(VALUE_NAMES[enum].values())
    return []


def _csv_sheets(path: Path) -> list[Sheet]:
    table = table_named(path.stem)
    if table is None:
        known = "、".join(f"{t.name}.csv" for t in TABLES.values())
        raise UnreadableFileError(
            "", say(f"文件名不对应任何表；可用：{known}", f"the name stands for no table; known: {known}")
        )
    text = read_text(path)
    first = text.lstrip().partition("\n")[0]
    if not first:
        raise UnreadableFileError("", say("没有内容", "is empty"))
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFileError("", say(f"CSV 有误（引号？）：{error}", f"broken CSV (quotes?): {error}")) from error
    return [("", table, enumerate(lines, start=1))]


def _xlsx_sheets(path: Path, book: Workbook) -> list[Sheet]:
    with _readable_workbook():
        read = [(sheet.title, _lines(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]
    filled = [(title, lines) for title, lines in read if lines]
    sheets: list[Sheet] = []
    for title, lines in filled:
        if title in _GUIDE_SHEETS:
            continue
        table = table_named(title) or (table_named(path.stem) if len(filled) == 1 else None)
        if table is None:
            known = "、".join(t.zh for t in TABLES.values())
            raise UnreadableFileError(
                say(f"工作表“{title}”", f"sheet {title!r}"),
                say(f"工作表名不对应任何表；可用：{known}", f"the name stands for no table; known: {known}"),
            )
        sheets.append((title, table, lines))
    if not sheets:
        raise UnreadableFileError("", say("没有内容", "is empty"))
    return sheets


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[tuple[int, list[str]]]:
    """The rows that hold something: formatting alone can make a sheet a million rows long."""
    return [
        (n, [_text(cell) for cell in cells])
        for n, cells in enumerate(rows, start=1)
        if any(c is not None for c in cells)
    ]


def _text(value: Any) -> str:
    """A cell as a person reads it: 3.0 is 3, a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "date") and hasattr(value, "isoformat"):
        return str(value.date().isoformat())
    return str(value)


def _rows(
    file: str, sheet: str, table: Table, lines: Iterable[tuple[int, list[str]]], problems: list[Problem]
) -> list[TableRow]:
    prefix = f"{sheet} " if sheet else ""
    filled = ((n, [c.strip() for c in cells]) for n, cells in lines)
    content = [(n, cells) for n, cells in filled if any(cells)]
    if not content:
        return []
    heading = content[0][1]
    columns = _columns(file, prefix, table, heading, problems)
    rows = []
    for number, cells in content[1:]:
        where = say(f"{prefix}第{number}行", f"{prefix}row {number}")
        if any(cells[len(columns) :]) or any(c and not title for c, title in zip(cells, heading, strict=False)):
            problems.append(Problem(file, where, say("有单元格没有表头", "has a cell without a heading")))
            continue
        if failed := _FORMULA_ERRORS.intersection(cells):
            problems.append(Problem(file, where, say(f"公式出错：{min(failed)}", f"a formula failed: {min(failed)}")))
            continue
        named = {c: cell for c, cell in zip(columns, cells, strict=False) if c and cell}
        if named:
            rows.append(TableRow(where, named, f"{sheet}!{number}" if sheet else str(number)))
    return rows


def _columns(file: str, prefix: str, table: Table, heading: list[str], problems: list[Problem]) -> list[str]:
    """Property names of the heading's cells; a fault for each that stands for none or stands twice."""
    known = table.columns()
    by_title = {fold(title): column for column, (zh, _) in known.items() for title in (column, zh)}
    columns: list[str] = []
    for cell in heading:
        name = by_title.get(fold(cell), "")
        where = say(f"{prefix}表头", f"{prefix}heading")
        if cell and not name:
            allowed = "、".join(f"{c}（{zh}）" for c, (zh, _) in known.items())
            problems.append(
                Problem(
                    file,
                    where,
                    say(f"不认识的列“{cell}”；可用：{allowed}", f"unknown column {cell!r}; known: {allowed}"),
                )
            )
        elif name and name in columns:
            problems.append(Problem(file, where, say(f"列“{cell}”重复", f"column {cell!r} stands twice")))
        columns.append(name)
    return columns

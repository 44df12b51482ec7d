"""Tables as an Excel workbook: one filterable sheet a table, headings frozen, numbers as numbers, no formula from data."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from graph.cells import safe_cell
from reports.formats.blocks import Cell, Column, Table, Value, cell_of, printable

#: Widths of columns in characters; those of a page that can still be read on A4 across.
_NARROWEST, _NARROWED, _WIDEST, _PAGE = 6, 14, 60, 200
_FIGURES = 5  # of a number as it is shown
_LINE_HEIGHT = 15
#: Characters a line of running text holds at least, and those of a column that Excel was told nothing about.
_TEXT_WIDTH, _EXCEL_WIDTH = 110, 8.43
#: The tallest row that Excel shows (points).
_TALLEST = 400
#: No clock in the file: the same tables are the same bytes.
_NO_DATE = datetime(2000, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name on its tab, a title, lines of explanation, then the table (none: the sheet is only text).

    Without a title the sheet is the table alone, its headings in the first row. ``links`` names the sheet that a cell of the table, (row, column) from 0, leads to.
    """

    name: str
    title: str
    table: Table | None = None
    lines: tuple[str, ...] = ()
    links: Mapping[tuple[int, int], str] | None = None


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as a workbook, ready to print on A4 across."""
    import xlsxwriter

    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": _NO_DATE})
        looks = _Looks(book)
        names = sheet_names([s.name for s in sheets])
        for name, sheet in zip(names, sheets, strict=True):
            _write(book.add_worksheet(name), sheet, looks, dict(zip((s.name for s in sheets), names, strict=True)))
    return made.getvalue()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel allows, 31 characters and no two alike (it does not tell A from a)."""
    taken: list[str] = []
    for name in wanted:
        plain = "".join("_" if c in "[]:*?/\\'" else c for c in printable(name)).strip() or "_"
        plain, number = plain[:31], 1
        while plain.casefold() in (t.casefold() for t in taken):
            number += 1
            plain = f"{plain[:27]} {number}"
        taken.append(plain)
    return taken


class _Looks:
    """The formats of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def cell(self, cell: Cell, column: Column) -> Any:
        """The format of a table cell."""
        look: dict[str, Any] = {"valign": "top", "border": 1, "border_color": "#D9D9D9", "text_wrap": True}
        if cell.fill:
            look |= {"bg_color": cell.fill, "font_color": cell.ink}
        if cell.bold:
            look["bold"] = True
        if column.kind != "text":
            decimals = f".{'0' * column.digits}" if column.digits else ""
            look |= {"align": "right", "indent": 1}
            look["num_format"] = f"0{decimals}%" if column.kind == "percent" else f"#,##0{decimals}"
        return self(**look)


def _write(sheet: Any, content: Sheet, looks: _Looks, names: Mapping[str, str]) -> None:
    widths = _widths(content.table) if content.table else [_TEXT_WIDTH]
    last, wide = _span(widths)
    if content.title:
        sheet.write_string(0, 0, safe_cell(printable(content.title)), looks(bold=True, font_size=14))
    top = 2 + len(content.lines) if content.title else 0
    for row, line in enumerate(content.lines, start=1):
        look, text = looks(font_color="#404040", text_wrap=True, valign="top"), safe_cell(printable(line))
        sheet.set_row(row, min(_TALLEST, _LINE_HEIGHT * _lines(text, wide)))
        if last:
            sheet.merge_range(row, 0, row, last, "", look)
        sheet.write_string(row, 0, text, look)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    if content.table is not None:
        _write_table(sheet, content.table, widths, top, looks)
        for (row, column), target in (content.links or {}).items():
            shown = _text(cell_of(content.table.rows[row][column]).value)
            link = looks(
                font_color="#0563C1", underline=1, valign="top", border=1, border_color="#D9D9D9", text_wrap=True
            )
            sheet.write_url(top + 1 + row, column, f"internal:'{names[target]}'!A1", link, string=safe_cell(shown))


def _span(widths: Sequence[int]) -> tuple[int, float]:
    """The last column that lines of text run over, and how wide they are: wide enough to read."""
    last, wide = len(widths) - 1, float(sum(widths))
    while wide < _TEXT_WIDTH:
        last, wide = last + 1, wide + _EXCEL_WIDTH
    return last, wide


def _write_table(sheet: Any, table: Table, widths: Sequence[int], top: int, looks: _Looks) -> None:
    """The headings in row ``top``; below them the rows, as high as their text in every program."""
    head = looks(bold=True, bg_color="#DCE6F1", border=1, valign="vcenter", text_wrap=True)
    for c, column in enumerate(table.columns):
        sheet.write_string(top, c, column.heading, head)
    sheet.set_row(top, _LINE_HEIGHT * max(_lines(c.heading, w) for c, w in zip(table.columns, widths, strict=True)))
    fills = [_fills(table, c) for c in range(len(table.columns))]
    for r, row in enumerate(table.rows, start=top + 1):
        cells = [cell_of(value) for value in row]
        height = max(_lines(_text(c.value), w) for c, w in zip(cells, widths, strict=True))
        sheet.set_row(r, min(_TALLEST, _LINE_HEIGHT * height))
        for c, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            plain = replace(cell, fill=None) if fills[c] else cell
            _write_cell(sheet, r, c, cell, looks.cell(plain, column))
    for c, words in enumerate(fills):
        for text, cell in words.items():
            look = looks(bg_color=cell.fill, font_color=cell.ink)
            rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
            sheet.conditional_format(top + 1, c, top + len(table.rows), c, rule)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(1, len(table.rows)), len(table.columns) - 1)
    sheet.repeat_rows(top)


def _fills(table: Table, column: int) -> dict[str, Cell]:
    """Words of a column that always stand on one colour: the colour then follows the word when a cell is edited."""
    cells = [cell_of(row[column]) for row in table.rows]
    filled = {c.value: c for c in cells if c.fill and isinstance(c.value, str) and '"' not in c.value}
    return filled if all(c.value in filled and filled[c.value].fill == c.fill for c in cells) else {}


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    if cell.value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(cell.value, str):
        sheet.write_string(row, column, safe_cell(printable(cell.value)), look)
    else:
        sheet.write_number(row, column, cell.value, look)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _widths(table: Table) -> list[int]:
    """As wide as the longest line of each column; where a page could not be read, long columns share what is left.

    They share it by the root of what they hold, which keeps the rows about as low as they can be.
    """
    columns = range(len(table.columns))
    wanted = [min(_WIDEST, _width(table, c)) for c in columns]
    narrow = [min(w, _NARROWED) for w in wanted]
    left = _PAGE - sum(narrow)
    if sum(wanted) <= _PAGE or left <= 0:
        return wanted if left > 0 else narrow
    needs = [math.sqrt(_held(table, c)) if wanted[c] > _NARROWED else 0.0 for c in columns]
    return [min(w, n + int(left * need / sum(needs))) for w, n, need in zip(wanted, narrow, needs, strict=True)]


def _held(table: Table, column: int) -> int:
    """How much text a column holds."""
    return sum(_units(_text(cell_of(row[column]).value)) for row in table.rows)


def _width(table: Table, column: int) -> int:
    """Of its longest line; the heading over figures may take two."""
    heading, figures = table.columns[column].heading, table.columns[column].kind != "text"
    texts = [_text(cell_of(row[column]).value) for row in table.rows if not figures]
    longest = max((_units(line) for text in texts for line in text.split("\n")), default=_FIGURES)
    return max(_NARROWEST, longest + 3, _units(heading) // (2 if figures else 1) + 3)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column of that width."""
    return sum(max(1, math.ceil(_units(line) * 1.08 / width)) for line in text.split("\n"))


def _units(text: str) -> int:
    """A Chinese character is as wide as two digits."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

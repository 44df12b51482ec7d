"""Tables and plain data as files, and the list of formats: one way for every command, page and report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from graph.cells import safe_cell
from graph.language import say

_OFFICE = "application/vnd.openxmlformats-officedocument"


class Format(StrEnum):
    """How a result is put out: on the terminal, or as a file of that ending."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"

    @property
    def is_text(self) -> bool:
        """Whether it can be shown on a terminal."""
        return self in (Format.TABLE, Format.JSON, Format.CSV, Format.MD)

    @property
    def media_type(self) -> str:
        """The type that a browser knows it by."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.TABLE: "text/plain",
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.MD: "text/markdown",
    Format.HTML: "text/html",
    Format.DOCX: f"{_OFFICE}.wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}
#: Formats of a whole report; text and pictures alone are documents (``renderers``).
REPORT_FORMATS = (Format.DOCX, Format.XLSX, Format.PDF, Format.HTML, Format.MD, Format.JSON)


def file_stem(*parts: str) -> str:
    """A file name without ending that says what is inside, with nothing that a file system refuses: 成都市-锂电池-缺链报告."""
    return "-".join("".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in part) for part in parts)


def named_chains(names: Sequence[str]) -> str:
    """Chains in a file name: one or two by name, more by number."""
    return "、".join(names) if len(names) <= 2 else say(f"{names[0]}等{len(names)}条链", f"{len(names)} chains")


def json_text(data: object) -> str:
    """Plain data as JSON; sets are sorted, what JSON does not know is text."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV; no cell runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (headings, *rows):
        writer.writerow([value if _is_number(value) else safe_cell(flat(value)) for value in row])
    return text.getvalue()


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same as a file that Excel opens as it is meant: UTF-8 with its mark."""
    return csv_text(headings, rows).encode("utf-8-sig")


def sheet_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as an Excel workbook of one filterable sheet, its headings in the first row."""
    from reports.formats.blocks import Column, Table
    from reports.formats.sheets import Sheet, workbook

    cells = tuple(tuple(v if v is None or _is_number(v) else flat(v) for v in row) for row in rows)
    return workbook([Sheet(name, "", Table(tuple(map(Column, headings)), cells))])


def flat(value: Any) -> str:
    """A value as the text of one cell: texts in a list are joined, other nested values are JSON."""
    if value is None:
        return ""
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return "、".join(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list, tuple)) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)

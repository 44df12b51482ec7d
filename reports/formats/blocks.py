"""A neutral document: what a report says, before it is Word, PDF, a web page, Markdown or a workbook.

Tables carry real values (numbers stay numbers) and how they are to be shown. ``reports.formats.renderers`` turns a document
into a file; it escapes, numbers the headings and repeats the table headings, so that whoever builds a document thinks
of none of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from graph.language import Language
from graph.numerals import in_characters
from reports.colours import INK, ink_on

#: What a cell may hold; None is "not known" and never shown as zero.
Value = str | int | float | None
Kind = Literal["text", "integer", "number", "percent"]

NOT_KNOWN = "—"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4; numbered 一、（一）1.（1） in Chinese, 1, 1.1 in English, unless told otherwise."""

    level: int
    text: str
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``label`` is set bold before it (状态：缺失)."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list; ``ordered`` counts the items 1, 2, 3."""

    items: tuple[str | Paragraph, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    width: as a share of the sum of all widths.
    kind: ``percent`` takes fractions 0-1.
    digits: decimals of a number or percentage.
    """

    heading: str
    width: float = 1.0
    kind: Kind = "text"
    digits: int = 0


@dataclass(frozen=True)
class Cell:
    """A value with a look: ``fill`` is the colour behind it (#RRGGBB), its ink black or white by contrast."""

    value: Value
    fill: str | None = None
    bold: bool = False

    @property
    def ink(self) -> str:
        """Dark or white, whichever is read better on the fill."""
        return ink_on(self.fill) if self.fill else INK


@dataclass(frozen=True)
class Table:
    """Rows of values; the headings repeat on each page and no row is split across pages.

    Parameters
    ----------
    columns: without a heading row where no column has a heading.
    rows: as long as ``columns``; text may hold line breaks.
    row_headings: the first column names the row and is shown as a heading.
    name: of the sheet where the document becomes a workbook; the caption where it is blank.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value | Cell, ...], ...]
    caption: str = ""
    row_headings: bool = False
    name: str = ""

    @property
    def headed(self) -> bool:
        """Whether it has a row of headings."""
        return any(c.heading for c in self.columns)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row of the table {self.caption!r} has {len(self.columns)} cells")


@dataclass(frozen=True)
class Picture:
    """A picture: PNG for Word and PDF, SVG (where there is one) for the web page; ``width`` is a share of the page's."""

    png: bytes
    caption: str
    alt: str
    svg: str | None = None
    width: float = 1.0


@dataclass(frozen=True)
class Note:
    """A remark set apart from the text: a warning, a limit of the data."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Landscape:
    """Blocks on pages turned sideways, for wide tables and pictures."""

    blocks: tuple[Block, ...]


Block = Heading | Paragraph | Bullets | Table | Picture | Note | PageBreak | Landscape


@dataclass(frozen=True)
class Document:
    """A report.

    Parameters
    ----------
    facts: label and value pairs on the title page: region, date of the data, version.
    contents: whether a table of contents follows the title page.
    language: of the numbering and of the file's metadata.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    contents: bool = True
    language: Language = "zh"
    keywords: tuple[str, ...] = ()


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks in order, those inside landscape pages too."""
    for block in blocks:
        yield block
        if isinstance(block, Landscape):
            yield from walk(block.blocks)


def paged(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks without page breaks that would leave an empty page: at either end, doubled, beside landscape pages."""
    last: Block | None = None
    waiting = False
    for block in blocks:
        if isinstance(block, PageBreak):
            waiting = last is not None and not isinstance(last, Landscape)
            continue
        if waiting and not isinstance(block, Landscape):
            yield PageBreak()
        yield block
        last, waiting = block, False


def cell_of(value: Value | Cell) -> Cell:
    """A bare value as a cell without a look."""
    return value if isinstance(value, Cell) else Cell(value)


def shown(value: Value, column: Column) -> str:
    """A value as text: thousands separated, fractions as percentages, what is not known as a dash."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return value
    if column.kind == "percent":
        return f"{half_up(value * 100, column.digits)}%"
    return half_up(value, column.digits)


def half_up(value: float, digits: int = 0) -> str:
    """A number rounded half away from zero (四舍五入), as offices do, thousands separated: 62.5 -> 63."""
    step = Decimal(1).scaleb(-digits)
    # To twelve figures first: 0.285 * 100 is 28.499999999999996 in binary.
    return f"{Decimal(f'{value:.12g}').quantize(step, ROUND_HALF_UP):,}"


def printable(text: str) -> str:
    """The text without the characters that XML, and so Word, Excel and web pages, cannot hold."""
    return _UNPRINTABLE.sub("", text)


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def labelled(label: str, text: str, language: Language) -> str:
    """``label：text``, or the text alone where there is no label."""
    return f"{label}{colon(language)}{text}" if label else text


def colon(language: Language) -> str:
    """Between a label and its text."""
    return "：" if language == "zh" else ": "


class Numbering:
    """Counts the headings, pictures and tables of a document as a renderer walks over them."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._headings = [0, 0, 0, 0]
        self._pictures = self._tables = 0

    def heading(self, heading: Heading) -> str:
        """Its printed number: 一、, （一）, 1. or （1）; nothing where it is not numbered."""
        if not heading.numbered:
            return ""
        level, counts = heading.level, self._headings
        counts[level - 1] += 1
        counts[level:] = [0] * (len(counts) - level)
        if self._language == "en":
            return ".".join(map(str, counts[:level])) + " "
        last = counts[level - 1]
        return (f"{in_characters(last)}、", f"（{in_characters(last)}）", f"{last}. ", f"（{last}）")[level - 1]

    def picture(self, picture: Picture) -> str:
        """The caption with its number: 图1 …"""
        self._pictures += 1
        return self._captioned("图", "Figure ", self._pictures, picture.caption)

    def table(self, table: Table) -> str:
        """The caption with its number: 表1 …; nothing where there is no caption."""
        if not table.caption:
            return ""
        self._tables += 1
        return self._captioned("表", "Table ", self._tables, table.caption)

    def _captioned(self, zh: str, en: str, number: int, caption: str) -> str:
        return f"{zh if self._language == 'zh' else en}{number}  {caption}"

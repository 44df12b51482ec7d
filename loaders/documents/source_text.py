"""What reading a document gives: its text, and where its tables stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loaders.documents.mapped import Mapped

#: (start, end) in a text.
Span = tuple[int, int]
#: Between paragraphs, and between the cells of a table.
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class Table:
    """A table inside a document: where it and each of its cells stand in the text, row by row."""

    start: int
    end: int
    rows: list[list[Span]]

    def cells(self, text: Mapped) -> list[list[Mapped]]:
        """The text of the cells."""
        return [[text[slice(*cell)] for cell in row] for row in self.rows]


@dataclass(frozen=True)
class SourceText:
    """A document's text.

    Parameters
    ----------
    text: with the place of each character: in a .txt or .html file a character of the decoded file, in a .docx or
        .pdf file a character of the text taken out of it.
    kind: txt, html, docx or pdf.
    paragraphs: line breaks are those of paragraphs (a printed page also breaks lines inside them).
    bold: (start, end) of what is printed bold, in ``text``.
    tables: those of a .docx or .html file, in order.
    """

    text: Mapped
    kind: str
    paragraphs: bool = False
    bold: list[Span] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


class TextParts:
    """A text as it is put together from paragraphs and tables, a blank line behind each paragraph and cell."""

    def __init__(self) -> None:
        self.length = 0
        self.tables: list[Table] = []
        self._parts: list[Mapped] = []

    def add(self, paragraph: Mapped) -> Span:
        """Add a paragraph; where it stands is returned."""
        start, end = self.length, self.length + len(paragraph)
        self._parts += (paragraph, paragraph.insertion(len(paragraph), _BETWEEN))
        self.length = end + len(_BETWEEN)
        return start, end

    def add_table(self, rows: Iterable[Sequence[Mapped]]) -> None:
        """Add the cells of a table, and note where they stand; one without words is left out."""
        rows = list(rows)
        if any(cell.text.strip() for row in rows for cell in row):
            start = self.length
            spans = [[self.add(cell) for cell in row] for row in rows]
            self.tables.append(Table(start, self.length - len(_BETWEEN), spans))

    def text(self) -> Mapped:
        """All of it, one after the other."""
        return Mapped.join(self._parts)

"""A document as Markdown (CommonMark with tables). Pictures stand beside the file, or as their caption and description."""

from __future__ import annotations

import re
from collections.abc import Callable

from reports.formats.blocks import (
    Block,
    Bullets,
    Document,
    Heading,
    Landscape,
    Note,
    Numbering,
    Paragraph,
    Picture,
    Table,
    cell_of,
    colon,
    printable,
    shown,
)

#: Where a picture lies: its link, or nothing where it was not written.
Place = Callable[[Picture], str | None]


def render(document: Document, place: Place = lambda _: None) -> str:
    """The document as Markdown.

    Parameters
    ----------
    place: writes a picture somewhere and returns the link to it.
    """
    writer = _Writer(document, place)
    facts = [f"- **{escape(label)}**{colon(document.language)}{escape(text)}" for label, text in document.facts]
    head = [f"# {escape(document.title)}", escape(document.subtitle), "\n".join(facts)]
    parts = [*head, *(part for block in document.blocks for part in writer.block(block))]
    return "\n\n".join(part for part in parts if part) + "\n"


class _Writer:
    def __init__(self, document: Document, place: Place) -> None:
        self._language = document.language
        self._numbering = Numbering(document.language)
        self._place = place

    def block(self, block: Block) -> list[str]:
        """The paragraphs of a block."""
        if isinstance(block, Heading):
            return [f"{'#' * (block.level + 1)} {self._numbering.heading(block)}{escape(block.text)}"]
        if isinstance(block, Paragraph):
            return [self._labelled(block.label, block.text)]
        if isinstance(block, Note):
            return ["\n".join(f"> {line}" for line in self._labelled(block.label, block.text).split("\n"))]
        if isinstance(block, Bullets):
            return ["\n".join(self._items(block))]
        if isinstance(block, Table):
            caption = self._numbering.table(block)
            return [f"**{escape(caption)}**" if caption else "", _table(block)]
        if isinstance(block, Picture):
            return self._picture(block)
        if isinstance(block, Landscape):
            return [part for inner in block.blocks for part in self.block(inner)]
        return []

    def _labelled(self, label: str, text: str) -> str:
        lines = "  \n".join(map(escape if label else _escape_line, text.split("\n")))
        # The colon stands outside: CommonMark does not end bold type after Chinese punctuation.
        return f"**{escape(label)}**{colon(self._language)}{lines}" if label else lines

    def _items(self, block: Bullets) -> list[str]:
        items = [i if isinstance(i, Paragraph) else Paragraph(i) for i in block.items]
        marks = [f"{n}." if block.ordered else "-" for n in range(1, len(items) + 1)]
        return [f"{mark} {self._labelled(i.label, i.text)}" for mark, i in zip(marks, items, strict=True)]

    def _picture(self, block: Picture) -> list[str]:
        caption, link = escape(self._numbering.picture(block)), self._place(block)
        if link is None:
            return [f"*{caption}*", escape(block.alt)]
        return [f"![{escape(block.alt)}](<{link}>)", f"*{caption}*"]


def escape(text: str) -> str:
    """Text that Markdown and the HTML inside it leave as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|#~$])", r"\\\1", printable(text)).replace("&", "&amp;")


def _escape_line(line: str) -> str:
    """The beginning of a line is not taken for a list or a rule."""
    marked = re.sub(r"^(\s*)([-+=])", r"\1\\\2", escape(line))
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", marked)


def _table(block: Table) -> str:
    sides = ["---" if c.kind == "text" else "---:" for c in block.columns]
    lines = [[escape(c.heading) for c in block.columns], sides]
    for row in block.rows:
        cells = zip((cell_of(v) for v in row), block.columns, strict=True)
        lines.append(["<br>".join(map(escape, shown(cell.value, c).split("\n"))) for cell, c in cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

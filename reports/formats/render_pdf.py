"""A document as PDF: A4, the shipped typeface embedded, bookmarks, page numbers, repeated table headings.

Characters beyond the basic plane (U+10000 and up) are drawn as they should be; reportlab gives programs that copy or
search the text a wrong one for them. Those that the typeface lacks are drawn as 〓.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from html import escape as html_escape
from typing import Any

from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle, PropertySet
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    LongTable,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Text
from reportlab.platypus.tableofcontents import TableOfContents

from reports.colours import INK
from reports.fonts import font_file
from reports.formats.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Landscape,
    Note,
    Numbering,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    cell_of,
    colon,
    paged,
    printable,
    shown,
)

_FONT, _BOLD = "Liantu", "Liantu-Bold"
_MARGIN, _TURNED_MARGIN = 22 * mm, 15 * mm
_MISSING = "〓"  # what a Chinese printer sets for a character that the typeface does not have
_GREY, _HEAD, _GROUND = HexColor("#7F7F7F"), HexColor("#DCE6F1"), HexColor("#F5F5F5")
_HEADING_SIZES = (16, 13.5, 12, 11)


def render(document: Document) -> bytes:
    """The document as a .pdf file."""
    _register_fonts()
    made = io.BytesIO()
    pages = _Pages(
        made,
        title=printable(document.title),
        subject=printable(document.subtitle),
        keywords=[printable(word) for word in document.keywords],
        author="Liantu 链图",
        creator="Liantu 链图",
        lang="zh-CN" if document.language == "zh" else "en-US",
    )
    pages.multiBuild(_Writer(document).all())
    return made.getvalue()


@cache
def _register_fonts() -> None:
    registerFont(TTFont(_FONT, str(font_file())))
    registerFont(TTFont(_BOLD, str(font_file(bold=True))))
    registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)


@cache
def _characters() -> frozenset[int]:
    """The characters that the typeface has."""
    with FontFile(font_file()) as font:
        return frozenset(font.getBestCmap())


def markup(text: str) -> str:
    """Text as reportlab's markup; line breaks are kept, characters without a glyph are marked."""
    known = _characters()
    return html_escape(
        "".join(c if ord(c) in known or c == "\n" else " " if c.isspace() else _MISSING for c in printable(text)),
        quote=False,
    ).replace("\n", "<br/>")


class _Pages(BaseDocTemplate):
    """Title page without number, upright and turned pages with one; headings become bookmarks and contents."""

    def __init__(self, target: io.BytesIO, **metadata: Any) -> None:
        super().__init__(target, pagesize=A4, **metadata)
        upright, turned = A4, landscape(A4)
        self.addPageTemplates(
            [
                PageTemplate("title", [_frame(upright)], pagesize=upright),
                PageTemplate("upright", [_frame(upright)], onPage=_footer, pagesize=upright),
                PageTemplate("turned", [_frame(turned)], onPage=_footer, pagesize=turned),
            ]
        )
        self._count = 0

    def beforeDocument(self) -> None:
        """Each pass counts the headings anew."""
        self._count = 0

    def afterFlowable(self, flowable: Flowable) -> None:
        """Bookmark a heading, and tell the contents its page."""
        if not isinstance(flowable, _HeadingLine):
            return
        self._count += 1
        key = f"h{self._count}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.plain, key, flowable.level - 1, closed=flowable.level > 1)
        if flowable.level <= 2:
            self.notify("TOCEntry", (flowable.level - 1, markup(flowable.plain), self.page, key))


class _HeadingLine(Text):
    """A heading that knows its level and text."""

    def __init__(self, text: str, level: int) -> None:
        super().__init__(markup(text), _HEADINGS[level - 1])
        self.level, self.plain = level, printable(text)


def _margin(size: tuple[float, float]) -> float:
    return _TURNED_MARGIN if size[0] > size[1] else _MARGIN


def _frame(size: tuple[float, float]) -> Frame:
    (width, height), margin = size, _margin(size)
    return Frame(margin, margin, width - 2 * margin, height - 2 * margin, 0, 0, 0, 0)


def _footer(canvas: Any, _: Any) -> None:
    canvas.setFont(_FONT, 9)
    canvas.drawCentredString(canvas._pagesize[0] / 2, 9 * mm, f"— {canvas.getPageNumber()} —")


def _style(name: str, size: float, **options: Any) -> ParagraphStyle:
    bold = options.pop("bold", False)
    return ParagraphStyle(
        name,
        fontName=_BOLD if bold else _FONT,
        fontSize=size,
        leading=options.pop("leading", size * 1.5),
        wordWrap="CJK",
        **options,
    )


_TITLE = _style("title", 26, bold=True, alignment=TA_CENTER, spaceAfter=8 * mm)
_SUBTITLE = _style("subtitle", 15, alignment=TA_CENTER)
_FACTS = _style("facts", 12, alignment=TA_CENTER)
_BODY = _style("body", 11, firstLineIndent=22, spaceAfter=4, leading=18)
_ENGLISH_BODY = _style("body en", 11, spaceAfter=6, leading=16)
_ITEM = _style("item", 11, leftIndent=20, bulletIndent=4, spaceAfter=2, leading=17)
_REMARK = _style("remark", 10, leftIndent=8, leading=15)
_CAPTION = _style("caption", 9.5, bold=True, alignment=TA_CENTER, spaceBefore=4, spaceAfter=3)
_CONTENTS_HEAD = _style("contents", 16, bold=True, alignment=TA_CENTER, spaceAfter=10)
_HEADINGS = [
    _style(f"heading {n}", size, bold=True, spaceBefore=10 if n < 3 else 6, spaceAfter=5)
    for n, size in enumerate(_HEADING_SIZES, start=1)
]
_CONTENTS: list[PropertySet] = [
    _style("contents 1", 11.5, leading=19, rightIndent=12 * mm),
    _style("contents 2", 10.5, leftIndent=16, leading=17, rightIndent=12 * mm),
]


class _Writer:
    """Turns blocks into what reportlab lays out."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbering = Numbering(document.language)
        self._body = _BODY if document.language == "zh" else _ENGLISH_BODY
        self._size: tuple[float, float] = A4

    def all(self) -> list[Flowable]:
        """The whole story, title page first."""
        document = self._document
        story: list[Flowable] = [Spacer(0, 55 * mm)]
        story.append(Text(markup(document.title), _TITLE))
        if document.subtitle:
            story.append(Text(markup(document.subtitle), _SUBTITLE))
        story.append(Spacer(0, 60 * mm))
        story += [Text(self._labelled(label, text, bold=False), _FACTS) for label, text in document.facts]
        story += [NextPageTemplate("upright"), NewPage()]
        if document.contents:
            contents = TableOfContents(levelStyles=_CONTENTS, dotsMinLevel=0)
            name = "目  录" if document.language == "zh" else "Contents"
            story += [Text(name, _CONTENTS_HEAD), contents, NewPage()]
        return story + self.blocks(document.blocks)

    def blocks(self, blocks: Sequence[Block]) -> list[Flowable]:
        """The blocks in order."""
        story: list[Flowable] = []
        before: Block | None = None
        for block in paged(tuple(blocks)):
            # A heading below a heading stays with it.
            if isinstance(block, Heading) and not isinstance(before, Heading):
                story.append(CondPageBreak(50 * mm))
            story += self._block(block)
            before = block
        return story

    def _block(self, block: Block) -> list[Flowable]:
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Paragraph):
            return [Text(self._labelled(block.label, block.text), self._body)]
        if isinstance(block, Note):
            return self._note(block)
        if isinstance(block, Bullets):
            return self._bullets(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Picture):
            return self._picture(block)
        if isinstance(block, Landscape):
            return self._landscape(block)
        assert isinstance(block, PageBreak)
        return [NewPage()]

    def _labelled(self, label: str, text: str, *, bold: bool = True) -> str:
        if not label:
            return markup(text)
        head = markup(label + colon(self._document.language))
        return (f"<b>{head}</b>" if bold else head) + markup(text)

    def _heading(self, block: Heading) -> list[Flowable]:
        text = self._numbering.heading(block) + block.text
        return [_HeadingLine(text, block.level)]

    def _note(self, block: Note) -> list[Flowable]:
        text = Text(self._labelled(block.label, block.text), _REMARK)
        box = LongTable([[text]], colWidths=[self._width], splitInRow=1)
        box.setStyle([("BACKGROUND", (0, 0), (-1, -1), _GROUND), ("LINEBEFORE", (0, 0), (0, -1), 2.5, _GREY)])
        return [Spacer(0, 4), box, Spacer(0, 6)]

    def _bullets(self, block: Bullets) -> list[Flowable]:
        items = [i if isinstance(i, Paragraph) else Paragraph(i) for i in block.items]
        return [
            Text(self._labelled(i.label, i.text), _ITEM, bulletText=f"{n}." if block.ordered else "•")
            for n, i in enumerate(items, start=1)
        ]

    def _landscape(self, block: Landscape) -> list[Flowable]:
        before, self._size = self._size, landscape(A4)
        inner = self.blocks(block.blocks)
        self._size = before
        turned = [NextPageTemplate("turned"), NewPage(), *inner]
        last = block is self._document.blocks[-1]
        return turned if last else [*turned, NextPageTemplate("upright"), NewPage()]

    @property
    def _width(self) -> float:
        return self._size[0] - 2 * _margin(self._size)

    def _picture(self, block: Picture) -> list[Flowable]:
        caption = Text(markup(self._numbering.picture(block)), _CAPTION)
        image = Image(io.BytesIO(block.png))
        scale = min(
            self._width * block.width / image.drawWidth,
            (self._size[1] - 2 * _margin(self._size) - 30 * mm) / image.drawHeight,
        )
        image.drawWidth, image.drawHeight = image.drawWidth * scale, image.drawHeight * scale
        return [KeepTogether([Spacer(0, 4), image, caption])]

    def _table(self, block: Table) -> list[Flowable]:
        caption = self._numbering.table(block)
        total = sum(c.width for c in block.columns)
        head = [Text(markup(c.heading), _cell_style(TA_CENTER, bold=True)) for c in block.columns]
        rows = [
            [
                _cell(cell_of(value), column, bold=block.row_headings and place == 0)
                for place, (value, column) in enumerate(zip(row, block.columns, strict=True))
            ]
            for row in block.rows
        ]
        widths = [self._width * c.width / total for c in block.columns]
        split = any(self._too_tall(row, widths) for row in rows)
        lines = [head, *rows] if block.headed else rows
        table = LongTable(lines, colWidths=widths, repeatRows=int(block.headed), splitInRow=int(split))
        table.setStyle(_table_style(block))
        title = [CondPageBreak(35 * mm), Text(markup(caption), _CAPTION)] if caption else []
        return [*title, table, Spacer(0, 8)]

    def _too_tall(self, row: Sequence[Text], widths: Sequence[float]) -> bool:
        """Whether a row fits on no page, so that it has to be split after all."""
        room = self._size[1] - 2 * _margin(self._size) - 30 * mm
        long = [(cell, width) for cell, width in zip(row, widths, strict=True) if len(cell.getPlainText()) > 400]
        return any(cell.wrap(width - 6, room)[1] > room for cell, width in long)


def _table_style(block: Table) -> list[tuple[Any, ...]]:
    style: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.4, _GREY),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if block.headed:
        style.append(("BACKGROUND", (0, 0), (-1, 0), _HEAD))
    for y, row in enumerate(block.rows, start=int(block.headed)):
        for x, value in enumerate(row):
            fill = cell_of(value).fill
            if fill:
                style.append(("BACKGROUND", (x, y), (x, y), HexColor(fill)))
    return style


def _cell(cell: Cell, column: Column, *, bold: bool) -> Text:
    side = TA_CENTER if cell.fill else TA_LEFT if column.kind == "text" else TA_RIGHT
    return Text(markup(shown(cell.value, column)), _cell_style(side, bold=bold or cell.bold, ink=cell.ink))


@cache
def _cell_style(side: int, *, bold: bool = False, ink: str = INK) -> ParagraphStyle:
    return _style("cell", 8.5, bold=bold, alignment=side, leading=11.5, textColor=HexColor(ink))

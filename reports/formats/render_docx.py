"""A document as a Word file that an office can send up: A4, official typefaces, real headings, page numbers.

Typefaces and margins follow GB/T 9704-2012 (title 小标宋, headings 黑体 and 楷体, text 仿宋) with names that Windows
and WPS carry and a substitute named for each in the font table; sizes are those of a report (text 12 pt), because a
report of tables set in 16 pt would take twice the paper.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from docx import Document as new_docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

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
    Value,
    cell_of,
    colon,
    paged,
    printable,
    shown,
    walk,
)

#: Typeface -> its substitutes where it is not installed.
_FONTS = {
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,华文中宋,宋体",
    "黑体": "SimHei,Noto Sans CJK SC,Source Han Sans SC",
    "楷体": "KaiTi,楷体_GB2312,STKaiti",
    "仿宋": "FangSong,仿宋_GB2312,STFangsong",
    "宋体": "SimSun,Noto Serif CJK SC,Source Han Serif SC",
}
_TITLE, _BLACK, _KAI, _TEXT, _SONG = _FONTS
_LATIN = "Times New Roman"
_BODY, _SMALL = Pt(12), Pt(10)
_MARGINS = {"top_margin": Mm(28), "bottom_margin": Mm(24), "left_margin": Mm(27), "right_margin": Mm(25)}
#: Style of the headings by level: typeface, size, bold.
_HEADINGS = ((_BLACK, Pt(16), False), (_KAI, Pt(14), True), (_TEXT, Pt(12), True), (_TEXT, Pt(12), False))
_ENUMERATION = 1  # id of the numbering definition of the headings


def render(document: Document) -> bytes:
    """The document as a .docx file."""
    book = _Book(document)
    made = io.BytesIO()
    book.docx.save(made)
    return made.getvalue()


class _Book:
    """The file in the making: what is written goes to the end of it."""

    def __init__(self, document: Document) -> None:
        self.docx: Any = new_docx()
        self._document = document
        self._zh = document.language == "zh"
        self._numbering = Numbering(document.language)
        self._bookmarks = 0
        self._new_page = False
        self._writers: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Bullets: self._bullets,
            Table: self._table,
            Picture: self._picture,
            Note: self._note,
            PageBreak: lambda _: self._page_break(),
            Landscape: self._landscape,
        }
        _set_page(self.docx.sections[0], landscape=False)
        _define_styles(self.docx)
        _define_fonts(self.docx)
        _define_numbering(self.docx, self._zh)
        self._metadata()
        self._title_page()
        if document.contents:
            self._contents()
        self._write(document.blocks)
        self._page_numbers()
        if document.contents:
            _renew_fields(self.docx)

    # -- front ---------------------------------------------------------------------------------------------

    def _metadata(self) -> None:
        properties = self.docx.core_properties
        properties.title = printable(self._document.title)[:255]
        properties.subject = printable(self._document.subtitle)[:255]
        properties.keywords = printable(", ".join(self._document.keywords))[:255]
        properties.author = properties.last_modified_by = "Liantu 链图"
        properties.comments = ""
        properties.language = "zh-CN" if self._zh else "en-US"
        properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)

    def _title_page(self) -> None:
        self._add("Title", self._document.title)
        if self._document.subtitle:
            self._add("Subtitle", self._document.subtitle)
        for label, text in self._document.facts:
            self._add("Facts", f"{label}{colon(self._document.language)}{text}")
        self._page_break()

    def _contents(self) -> None:
        """A contents field with its lines filled in; Word and WPS renew the page numbers."""
        self._add("Contents Heading", "目  录" if self._zh else "Contents")
        lines = self._contents_lines()
        for place, (level, text, bookmark) in enumerate(lines):
            line = self._add(f"TOC {level}")
            if place == 0:
                _field_part(line, "begin", dirty=True)
                _instruction(line, 'TOC \\o "1-2" \\h \\z \\u')
                _field_part(line, "separate")
            line.add_run(printable(f"{text}\t"))
            _field(line, f"PAGEREF {bookmark} \\h", " ")
            if place == len(lines) - 1:
                _field_part(line, "end")
        self._page_break()

    def _contents_lines(self) -> list[tuple[int, str, str]]:
        """Level, numbered text and bookmark of the headings of the first two levels."""
        count, lines = Numbering(self._document.language), []
        headings = [b for b in walk(self._document.blocks) if isinstance(b, Heading)]
        for place, heading in enumerate(headings, start=1):
            number = count.heading(heading)
            if heading.level <= 2:
                lines.append((heading.level, number + heading.text, _bookmark(place)))
        return lines

    def _page_numbers(self) -> None:
        """— 3 — in the footer of every page but the title page."""
        first = self.docx.sections[0]
        first.different_first_page_header_footer = True
        for section in self.docx.sections[1:]:
            section.different_first_page_header_footer = False
        line = first.footer.paragraphs[0]
        line.style = self.docx.styles["Footer"]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run("— ")
        _field(line, "PAGE", "1")
        line.add_run(" —")

    # -- blocks ---------------------------------------------------------------------------------------------

    def _write(self, blocks: tuple[Block, ...]) -> None:
        for block in paged(blocks):
            self._writers[type(block)](block)

    def _add(self, style: str, text: str = "") -> DocxParagraph:
        paragraph: DocxParagraph = self.docx.add_paragraph(style=style)
        if self._new_page:
            paragraph.paragraph_format.page_break_before = True
            self._new_page = False
        _write_lines(paragraph, text)
        return paragraph

    def _labelled(self, style: str, label: str, text: str) -> DocxParagraph:
        paragraph = self._add(style)
        self._write_label(paragraph, label)
        _write_lines(paragraph, text)
        return paragraph

    def _write_label(self, paragraph: DocxParagraph, label: str) -> None:
        if label:
            paragraph.add_run(printable(label) + colon(self._document.language)).bold = True

    def _heading(self, heading: Heading) -> None:
        style = f"Heading {heading.level}"
        paragraph = self._add(style, heading.text)
        if not heading.numbered:
            _set_numbering(paragraph._p.get_or_add_pPr(), 0, 0)
        self._bookmarks += 1
        _mark(paragraph, self._bookmarks)

    def _paragraph(self, block: Paragraph) -> None:
        self._labelled("Body Text", block.label, block.text)

    def _bullets(self, block: Bullets) -> None:
        for number, item in enumerate(block.items, start=1):
            label, text = (item.label, item.text) if isinstance(item, Paragraph) else ("", item)
            paragraph = self._add("Item")
            paragraph.add_run(f"{number}.\t" if block.ordered else "•\t")
            self._write_label(paragraph, label)
            _write_lines(paragraph, text)

    def _note(self, block: Note) -> None:
        self._labelled("Remark", block.label, block.text)

    def _page_break(self) -> None:
        """The next paragraph begins a page: a break of its own would leave an empty page behind a full one."""
        self._new_page = True

    def _picture(self, block: Picture) -> None:
        paragraph = self._add("Picture")
        section = self.docx.sections[-1]
        width = int(_text_width(section) * block.width)
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Emu(width))
        most = int((section.page_height - section.top_margin - section.bottom_margin) * 0.8)
        if shape.height > most:
            shape.width, shape.height = Emu(int(shape.width * most / shape.height)), Emu(most)
        named = shape._inline.docPr
        named.set("descr", printable(block.alt))
        named.set("title", printable(block.caption))
        self._add("Caption", self._numbering.picture(block))

    def _landscape(self, block: Landscape) -> None:
        self._new_page = False
        _set_page(self.docx.add_section(WD_SECTION.NEW_PAGE), landscape=True)
        self._write(block.blocks)
        if block is not self._document.blocks[-1]:
            _set_page(self.docx.add_section(WD_SECTION.NEW_PAGE), landscape=False)

    def _table(self, block: Table) -> None:
        caption = self._numbering.table(block)
        if caption:
            self._add("Caption", caption).paragraph_format.keep_with_next = True
        elif self._new_page:
            self._add("After Table")
        table = self.docx.add_table(rows=0, cols=len(block.columns), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        widths = _widths(block.columns, _text_width(self.docx.sections[-1]))
        for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            grid.set(qn("w:w"), str(int(width / 635)))
        heading = tuple(Cell(c.heading, fill="#DCE6F1", bold=True) for c in block.columns)
        if block.headed:
            self._table_row(table, heading, block, widths, is_heading=True)
        for row in block.rows:
            self._table_row(table, row, block, widths, is_heading=False)
        self._add("After Table")

    def _table_row(
        self, table: Any, values: tuple[Value | Cell, ...], block: Table, widths: list[int], *, is_heading: bool
    ) -> None:
        """One row, written as XML at once: python-docx's cell by cell way takes quadratic time."""
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if is_heading:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for place, (value, column) in enumerate(zip(values, block.columns, strict=True)):
            cell = cell_of(value)
            bold = cell.bold or (block.row_headings and place == 0)
            centred = is_heading or (column.kind == "text" and cell.fill is not None)
            side = "center" if centred else "left" if column.kind == "text" else "right"
            row.append(_cell(shown(cell.value, column), widths[place], cell, bold=bold, side=side))
        table._tbl.append(row)


# -- page, styles, fonts ----------------------------------------------------------------------------------------


def _set_page(section: Any, *, landscape: bool) -> None:
    """A4; turned pages carry the footer of the section before."""
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    for side, width in _MARGINS.items():
        setattr(section, side, Mm(15) if landscape else width)
    section.footer_distance = Mm(7) if landscape else Mm(17)


def _text_width(section: Any) -> int:
    return int(section.page_width - section.left_margin - section.right_margin)


def _define_styles(docx: Any) -> None:
    styles = docx.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    speech = defaults.find(qn("w:lang"))
    # Tells programs which of the Han typefaces and punctuation to take where a named one is not installed.
    speech.set(qn("w:eastAsia"), "zh-CN")
    speech.set(qn("w:val"), "en-US")
    _style(styles, "Normal", _TEXT, _BODY)
    _style(styles, "Body Text", _TEXT, _BODY, first_line=2, line=Pt(18.5))
    _style(styles, "Item", _TEXT, _BODY, line=Pt(18))
    _hang(styles["Item"], Pt(24), Pt(18))
    _style(styles, "Title", _TITLE, Pt(26), before=Mm(60), after=Pt(18), centred=True)
    _style(styles, "Subtitle", _KAI, Pt(18), after=Mm(55), centred=True)
    _style(styles, "Facts", _TEXT, Pt(14), after=Pt(4), centred=True)
    _style(styles, "Contents Heading", _BLACK, Pt(18), after=Pt(12), centred=True)
    _style(styles, "Caption", _BLACK, _SMALL, before=Pt(4), after=Pt(4), line=Pt(14), centred=True)
    _style(styles, "Remark", _KAI, Pt(11), before=Pt(4), after=Pt(6), line=Pt(16))
    _box(styles["Remark"])
    _style(styles, "Picture", _TEXT, _BODY, before=Pt(4), centred=True)
    styles["Picture"].paragraph_format.keep_with_next = True
    _style(styles, "Table Text", _SONG, _SMALL, line=Pt(13))
    _style(styles, "After Table", _SONG, Pt(6))
    _style(styles, "Footer", _SONG, Pt(12))
    for level, (font, size, bold) in enumerate(_HEADINGS, start=1):
        name = f"Heading {level}"
        _style(styles, name, font, size, bold=bold, before=Pt(10 if level == 1 else 8), after=Pt(6))
        styles[name].paragraph_format.keep_with_next = True
        _set_numbering(styles[name].element.get_or_add_pPr(), level - 1, _ENUMERATION)
    for level in (1, 2):
        name = f"TOC {level}"
        _style(styles, name, _TEXT, Pt(13), line=Pt(22))
        _contents_tab(styles[name], indent=Pt(0 if level == 1 else 26))


def _style(
    styles: Any,
    name: str,
    font: str,
    size: Pt,
    *,
    bold: bool = False,
    before: int = 0,
    after: int = 0,
    line: Pt | None = None,
    first_line: int = 0,
    centred: bool = False,
) -> None:
    """Set a paragraph style, made where the template has none; colours and rules of the template go.

    Lines of text have a fixed height (``line``), so that pages break alike where another typeface stands in.
    """
    if name not in styles:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style = styles[name]
    style.font.name, style.font.size, style.font.bold, style.font.italic = _LATIN, size, bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    properties = style.element.get_or_add_pPr()
    for kind in ("w:pBdr", "w:contextualSpacing", "w:tabs"):
        for element in properties.findall(qn(kind)):
            properties.remove(element)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Emu(before), Emu(after), line or 1.0
    if centred:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if first_line:
        indent = properties.get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(first_line * 100))
        indent.set(qn("w:firstLine"), str(int(first_line * size.pt * 20)))


def _hang(style: Any, left: Pt, hanging: Pt) -> None:
    style.paragraph_format.left_indent = left
    style.paragraph_format.first_line_indent = Emu(-hanging)
    style.paragraph_format.tab_stops.add_tab_stop(left)


def _contents_tab(style: Any, indent: Pt) -> None:
    style.paragraph_format.left_indent = indent
    style.paragraph_format.tab_stops.add_tab_stop(Mm(158), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _box(style: Any) -> None:
    """A rule at the left and a light ground."""
    properties = style.element.get_or_add_pPr()
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="7F7F7F"/></w:pBdr>'
    )
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F5F5F5"/>')
    for element in (border, shade):
        properties.insert_element_before(element, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _define_fonts(docx: Any) -> None:
    """The font table: which typeface stands in where one is not installed."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _FONTS.items()
    )
    part = next(p for p in docx.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _define_numbering(docx: Any, zh: bool) -> None:
    """A numbering of headings that Word counts itself, so that it stays right when the office edits the report."""
    if zh:
        levels = (
            ("chineseCountingThousand", "%1、"),
            ("chineseCountingThousand", "（%2）"),
            ("decimal", "%3. "),
            ("decimal", "（%4）"),
        )
    else:
        levels = (("decimal", "%1 "), ("decimal", "%1.%2 "), ("decimal", "%1.%2.%3 "), ("decimal", "%1.%2.%3.%4 "))
    body = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="Heading{level + 1}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level, (kind, text) in enumerate(levels)
    )
    numbering = docx.part.numbering_part.element
    for element in list(numbering):
        numbering.remove(element)
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_ENUMERATION}">'
            f'<w:multiLevelType w:val="multilevel"/>{body}</w:abstractNum>'
        )
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{_ENUMERATION}"><w:abstractNumId w:val="{_ENUMERATION}"/></w:num>')
    )


def _set_numbering(properties: Any, level: int, numbering: int) -> None:
    """Let paragraphs be counted by a numbering; 0 is none."""
    counted = properties.get_or_add_numPr()
    counted.get_or_add_ilvl().val = level
    counted.get_or_add_numId().val = numbering


# -- parts of a paragraph -----------------------------------------------------------------------------------------


def _write_lines(paragraph: DocxParagraph, text: str) -> None:
    """The text; a line break stays one."""
    for place, line in enumerate(printable(text).split("\n")):
        if place:
            paragraph.add_run().add_break()
        paragraph.add_run(line)


def _field(paragraph: DocxParagraph, instruction: str, result: str) -> None:
    _field_part(paragraph, "begin")
    _instruction(paragraph, instruction)
    _field_part(paragraph, "separate")
    paragraph.add_run(result)
    _field_part(paragraph, "end")


def _renew_fields(docx: Any) -> None:
    """Let the program that opens the file work out the page numbers of the contents."""
    renew = OxmlElement("w:updateFields")
    renew.set(qn("w:val"), "true")
    docx.settings.element.insert_element_before(
        renew,
        "w:hdrShapeDefaults",
        "w:footnotePr",
        "w:endnotePr",
        "w:compat",
        "w:docVars",
        "w:rsids",
        "m:mathPr",
        "w:attachedSchema",
        "w:themeFontLang",
        "w:clrSchemeMapping",
        "w:shapeDefaults",
        "w:decimalSymbol",
        "w:listSeparator",
    )


def _field_part(paragraph: DocxParagraph, kind: str, *, dirty: bool = False) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if dirty:
        mark.set(qn("w:dirty"), "true")
    paragraph.add_run()._r.append(mark)


def _instruction(paragraph: DocxParagraph, text: str) -> None:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = f" {text} "
    paragraph.add_run()._r.append(element)


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _mark(paragraph: DocxParagraph, number: int) -> None:
    """A bookmark around the heading, for the contents."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _bookmark(number))
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def _widths(columns: tuple[Column, ...], total: int) -> list[int]:
    whole = sum(c.width for c in columns)
    return [int(total * c.width / whole) for c in columns]


def _cell(text: str, width: int, look: Cell, *, bold: bool, side: str) -> Any:
    """A table cell: ``side`` is left, center or right."""
    cell = OxmlElement("w:tc")
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill[1:]}"/>' if look.fill else ""
    cell.append(
        parse_xml(
            f'<w:tcPr {nsdecls("w")}><w:tcW w:w="{int(width / 635)}" w:type="dxa"/>{shade}'
            '<w:vAlign w:val="center"/></w:tcPr>'
        )
    )
    for line in printable(text).split("\n"):
        paragraph = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="TableText"/><w:jc w:val="{side}"/></w:pPr></w:p>'
        )
        run = OxmlElement("w:r")
        look_of_run = OxmlElement("w:rPr")
        if bold:
            look_of_run.append(OxmlElement("w:b"))
        if look.fill:
            colour = OxmlElement("w:color")
            colour.set(qn("w:val"), look.ink[1:])
            look_of_run.append(colour)
        run.append(look_of_run)
        words = OxmlElement("w:t")
        words.set(qn("xml:space"), "preserve")
        words.text = line
        run.append(words)
        paragraph.append(run)
        cell.append(paragraph)
    return cell

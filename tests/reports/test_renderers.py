"""Documents as files: every block and hostile text in each format, read back by another program."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from reports.colours import INK
from reports.formats import render_docx, render_html, render_markdown, render_pdf
from reports.formats.blocks import (
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
    paged,
    shown,
)
from reports.formats.renderers import FORMATS, render, write

FORMULA = '=HYPERLINK("http://evil.example","点我")'
SCRIPT = "<script>alert('环节')</script> & <b>不是粗体</b>"
LONG = "成都某某新能源材料科技股份有限公司" * 12
CONTROL = "有\x00控制\x0b字符\ufffe"


def _png(width: int = 600, height: int = 300) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#D55E00").save(made, "PNG")
    return made.getvalue()


COLUMNS = (
    Column("序", 1, "integer"),
    Column("环节", 3),
    Column("状态", 2),
    Column("占比", 1.5, "percent", 1),
    Column("产值（亿元）", 2, "number", 2),
)
ROWS = tuple(
    (
        n,
        FORMULA if n == 1 else SCRIPT if n == 2 else LONG if n == 3 else f"环节{n}",
        Cell("缺失", "#D55E00") if n % 2 else Cell("较强", "#0072B2"),
        None if n == 4 else n / 60,
        1234.5 * n,
    )
    for n in range(1, 61)
)


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(
        title="成都市产业链短板分析报告",
        subtitle=SCRIPT,
        facts=(("地区", "成都市"), ("数据截至", "2026年1月")),
        keywords=("成都市",),
        blocks=(
            PageBreak(),
            Heading(1, "主要结论"),
            Paragraph("缺失六个。", "状态"),
            Paragraph(FORMULA),
            Paragraph(CONTROL + LONG),
            Bullets((Paragraph("先补隔膜", "第一"), SCRIPT, "- 不是列表")),
            Bullets(("甲", "乙"), ordered=True),
            Note("没有登记不等于没有。", "提示"),
            Heading(2, "排序"),
            Table(COLUMNS, ROWS, "短板排序"),
            Heading(3, "细节"),
            Heading(4, "更细"),
            Table((Column("", 1), Column("", 4)), (("状态", "第一行\n第二行"), ("依据", "")), row_headings=True),
            PageBreak(),
            Landscape((Heading(2, "链图"), Picture(_png(), "光伏产业链", SCRIPT, svg="<svg/>"))),
            PageBreak(),
            Heading(1, "附录", numbered=False),
            Heading(1, "方法"),
            Picture(_png(200, 2000), "很高的图", "说明"),
            PageBreak(),
        ),
    )


# -- Word ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word(document: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(render_docx.render(document)))


def test_word_has_real_headings_in_order(word: docx.document.Document) -> None:
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert found == [
        ("Heading 1", "主要结论"),
        ("Heading 2", "排序"),
        ("Heading 3", "细节"),
        ("Heading 4", "更细"),
        ("Heading 2", "链图"),
        ("Heading 1", "附录"),
        ("Heading 1", "方法"),
    ]


def test_word_counts_the_headings_itself(word: docx.document.Document) -> None:
    for level in range(1, 5):
        counted = word.styles[f"Heading {level}"].element.pPr.numPr
        assert counted is not None
        assert counted.ilvl.val == level - 1
        assert counted.numId.val == 1
    unnumbered = next(p for p in word.paragraphs if p.text == "附录")
    assert unnumbered._p.pPr.numPr.numId.val == 0
    numbering = word.part.numbering_part.element.xml
    assert 'w:numFmt w:val="chineseCountingThousand"' in numbering
    assert 'w:lvlText w:val="（%2）"' in numbering


def test_word_repeats_the_headings_of_tables_and_keeps_rows_whole(word: docx.document.Document) -> None:
    table, facts = word.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert len(table.rows) == 61
    assert facts.rows[0]._tr.trPr.find(qn("w:tblHeader")) is None  # a table without headings repeats nothing


def test_word_shows_hostile_text_as_it_is(word: docx.document.Document) -> None:
    cells = [cell.text for cell in word.tables[0].columns[1].cells]
    assert cells[1:4] == [FORMULA, SCRIPT, LONG]
    assert any(p.text == f"有控制字符{LONG}" for p in word.paragraphs)
    assert word.tables[0].rows[4].cells[3].text == "—"  # not known is not zero
    assert word.tables[0].rows[6].cells[3].text == "10.0%"
    assert word.tables[0].rows[6].cells[4].text == "7,407.00"


def test_word_turns_the_page_for_wide_pictures_only(word: docx.document.Document) -> None:
    wide = [s.page_width > s.page_height for s in word.sections]
    assert wide == [False, True, False]
    assert {tuple(sorted((round(s.page_width.mm), round(s.page_height.mm)))) for s in word.sections} == {(210, 297)}
    for section, shape in zip((word.sections[1], word.sections[2]), word.inline_shapes, strict=True):
        assert shape.width <= section.page_width - section.left_margin - section.right_margin
        assert shape.height <= section.page_height - section.top_margin - section.bottom_margin


def test_word_has_contents_page_numbers_typefaces_and_metadata(document: Document) -> None:
    raw = render_docx.render(document)
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        body, styles = parts.read("word/document.xml").decode(), parts.read("word/styles.xml").decode()
        fonts = parts.read("word/fontTable.xml").decode()
        footers = "".join(parts.read(n).decode() for n in parts.namelist() if n.startswith("word/footer"))
    assert 'TOC \\o "1-2"' in body
    assert len(re.findall(r"PAGEREF _Toc\d+", body)) == 5  # headings of the first two levels
    assert set(re.findall(r"PAGEREF (_Toc\d+)", body)) <= set(re.findall(r'w:name="(_Toc\d+)"', body))
    assert " PAGE " in footers
    for name in ("黑体", "楷体", "仿宋", "宋体"):
        assert f'w:eastAsia="{name}"' in styles
        assert f'w:name="{name}"' in fonts
    core = docx.Document(io.BytesIO(raw)).core_properties
    assert core.title == "成都市产业链短板分析报告"
    assert core.language == "zh-CN"


def test_word_has_no_empty_page_for_doubled_breaks(word: docx.document.Document) -> None:
    new_pages = [p.text for p in word.paragraphs if p.paragraph_format.page_break_before]
    assert len(new_pages) == 2  # the contents and the first heading; the others are beside turned pages or at the end
    assert new_pages[1] == "主要结论"


# -- PDF -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf.render(document)))


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_pdf_text_is_the_same_chinese(pdf: PdfReader) -> None:
    text = _squeezed("".join(page.extract_text() for page in pdf.pages))
    for wanted in (
        "一、主要结论",
        "（一）排序",
        "1.细节",
        "（1）更细",
        "状态：缺失六个。",
        "提示：没有登记不等于没有。",
        "表1短板排序",
        "图1光伏产业链",
    ):
        assert wanted in text
    assert _squeezed(FORMULA) in text
    assert _squeezed(SCRIPT) in text
    assert LONG in text
    assert text.count(LONG) == 2  # in the paragraph and in the table, with nothing cut off


def test_pdf_bookmarks_and_contents_lead_to_the_pages(pdf: PdfReader) -> None:
    marks: list[tuple[str, int]] = []

    def walk(entries: list[object]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                marks.append((entry.title, pdf.get_destination_page_number(entry)))  # type: ignore[attr-defined]

    walk(pdf.outline)
    assert [title for title, _ in marks] == [
        "一、主要结论",
        "（一）排序",
        "1. 细节",
        "（1）更细",
        "（二）链图",
        "附录",
        "二、方法",
    ]
    assert all(_squeezed(title) in _squeezed(pdf.pages[page].extract_text()) for title, page in marks)
    contents = _squeezed(pdf.pages[1].extract_text())
    of_two_levels = [page + 1 for title, page in marks if not re.match(r"\d|（\d", title)]
    assert [int(n) for n in re.findall(r"\.{3,}(\d+)", contents)] == of_two_levels


def test_pdf_repeats_table_headings_and_numbers_pages(pdf: PdfReader) -> None:
    of_table = [_squeezed(p.extract_text()) for p in pdf.pages if re.search(r"环节\d+", p.extract_text())]
    assert len(of_table) > 1
    assert all("产值（亿元）" in text for text in of_table)
    assert all(f"—{n}—" in _squeezed(page.extract_text()) for n, page in enumerate(pdf.pages, start=1) if n > 1)
    assert "—1—" not in _squeezed(pdf.pages[0].extract_text())
    assert all(page.extract_text().strip() or page.images for page in pdf.pages)  # no empty page


def test_pdf_turns_pages_and_embeds_its_typeface(pdf: PdfReader) -> None:
    turned = [p.mediabox.width > p.mediabox.height for p in pdf.pages]
    assert turned.count(True) == 1
    fonts = {str(f) for page in pdf.pages for f in _embedded(page)}
    assert fonts
    assert all("NotoSansSC" in name for name in fonts)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "成都市产业链短板分析报告"


def _embedded(page: object) -> list[str]:
    """Names of the typefaces whose files are in the PDF."""
    found = []
    for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
        plain = font.get_object()
        if "FontFile2" in str(plain.get("/FontDescriptor", {}).get_object() if "/FontDescriptor" in plain else ""):
            found.append(plain["/BaseFont"])
    return found


def test_pdf_marks_characters_that_its_typeface_lacks() -> None:
    rare = Document(title="罕", blocks=(Paragraph("上海镕记公司\U0001f600。"),), contents=False)
    text = _squeezed(PdfReader(io.BytesIO(render_pdf.render(rare))).pages[1].extract_text())
    assert "上海镕记公司〓。" in text


def test_pdf_splits_only_a_row_that_fits_on_no_page() -> None:
    rows = (("一", "短"), ("二", "很长的说明。" * 900), ("三", "短"))
    tall = Document(title="长", blocks=(Table((Column("项"), Column("说明", 4)), rows),), contents=False)
    text = _squeezed("".join(p.extract_text() for p in PdfReader(io.BytesIO(render_pdf.render(tall))).pages))
    assert text.count("很") == text.count("。") == 900


# -- web page ------------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_web_page_stands_alone_and_runs_nothing(document: Document) -> None:
    parser = _Tags()
    page = render_html.render(document)
    parser.feed(page)
    names = [tag for tag, _ in parser.tags]
    assert "script" not in names
    assert "b" not in names
    fetched = [v for _, a in parser.tags for k, v in a.items() if k in ("src", "href") and v and not v.startswith("#")]
    assert len(fetched) == 2
    assert all(v.startswith("data:image/") for v in fetched)
    text = "".join(parser.text)
    assert SCRIPT in text
    assert FORMULA in text
    assert names.count("thead") == 1
    assert [t for t in names if t in ("h2", "h3", "h4", "h5")] == ["h2", "h3", "h4", "h5", "h3", "h2", "h2"]
    targets = {a["id"] for _, a in parser.tags if a.get("id")}
    assert {a["href"][1:] for t, a in parser.tags if t == "a" and a["href"]} <= targets  # type: ignore[index]


# -- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_reads_as_it_was_meant(document: Document) -> None:
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown.render(document))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<strong>状态</strong>：缺失六个。" in page
    assert "&lt;script&gt;" in page
    assert page.count("<table>") == 2
    assert page.count("<tr>") == 61 + 3
    assert "<h2>一、主要结论</h2>" in page
    assert "<li>- 不是列表</li>" in page


def test_markdown_pictures_lie_beside_the_file(document: Document, tmp_path: Path) -> None:
    path = write(document, tmp_path / "报告 (1).md", "md")
    links = re.findall(r"\]\(<(.+?)>\)", path.read_text(encoding="utf-8"))
    assert len(links) == 2
    assert all((tmp_path / link).read_bytes().startswith(b"\x89PNG") for link in links)


# -- all -------------------------------------------------------------------------------------------------------------

_ANY = st.text(max_size=60)


@hypothesis_settings(max_examples=25, deadline=None)
@given(_ANY, _ANY, _ANY)
def test_no_text_breaks_a_format(title: str, text: str, cell: str) -> None:
    made = Document(
        title=title or "题",
        blocks=(
            Heading(1, text),
            Paragraph(text, cell),
            Bullets((text,)),
            Table((Column(cell), Column("列")), ((text, Cell(cell)),), text),
        ),
    )
    assert docx.Document(io.BytesIO(render(made, "docx"))).tables
    assert len(PdfReader(io.BytesIO(render(made, "pdf"))).pages) >= 3
    parser = _Tags()
    parser.feed(render(made, "html").decode())
    assert "script" not in [tag for tag, _ in parser.tags]
    assert render(made, "md")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_english_document_is_numbered_in_english(kind: str) -> None:
    made = Document(title="Gaps", blocks=(Heading(1, "One"), Heading(2, "Two"), Note("x", "Note")), language="en")
    raw = render(made, kind)
    if kind == "docx":
        assert 'w:lvlText w:val="%1.%2 "' in docx.Document(io.BytesIO(raw)).part.numbering_part.element.xml
    elif kind == "pdf":
        assert "1.1 Two" in "".join(p.extract_text() for p in PdfReader(io.BytesIO(raw)).pages)
    else:
        assert "1.1 Two" in raw.decode()


def test_an_unknown_format_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="docx, pdf, html, md"):
        render(document, "odt")


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table((Column("a"), Column("b")), (("x",),))


def test_page_breaks_leave_no_empty_page() -> None:
    text, wide = Paragraph("x"), Landscape((Paragraph("y"),))
    b = PageBreak()
    assert list(paged((b, text, b, b, text, b, wide, b, text, b))) == [text, b, text, wide, text]


def test_numbers_are_shown_as_people_write_them() -> None:
    assert shown(None, Column("x", kind="percent")) == "—"
    assert shown(0.125, Column("x", kind="percent", digits=1)) == "12.5%"
    assert shown(1234.5, Column("x", kind="number", digits=1)) == "1,234.5"
    count = Numbering("zh")
    assert [count.heading(Heading(level, "")) for level in (1, 2, 2, 3, 1, 2)] == [
        "一、",
        "（一）",
        "（二）",
        "1. ",
        "二、",
        "（一）",
    ]


def test_ink_is_readable_on_every_fill() -> None:
    assert Cell("x", "#0072B2").ink == "#FFFFFF"
    assert Cell("x", "#F0E442").ink == INK
    assert Cell("x").ink == INK

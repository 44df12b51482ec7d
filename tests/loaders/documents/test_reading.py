"""Reading documents as people have them, good and bad; every character has its place."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import docx
import opencc
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from loaders.documents import read_document
from loaders.extraction import extract_file
from loaders.extraction.known_names import shipped_vocabulary
from loaders.files import UnreadableFileError
from tests.policy_text import PLAN


def write_pdf(path: Path, text: str, *, width: int = 36, rows: int = 30, head: str = "临江市人民政府公报") -> None:
    """Text on pages with a running head and page numbers; paragraphs are indented, lines broken at a width."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(path))
    lines = []
    for paragraph in filter(str.strip, text.split("\n")):
        whole = f"　　{paragraph}"
        lines += [whole[i : i + width] for i in range(0, len(whole), width)]
    for page, start in enumerate(range(0, len(lines), rows), start=1):
        sheet.setFont("STSong-Light", 9)
        sheet.drawString(60, 815, head)
        for number, line in enumerate(lines[start : start + rows]):
            sheet.drawString(60, 790 - 20 * number, line)
        sheet.drawString(280, 30, f"— {page} —")
        sheet.showPage()
    sheet.save()


def refused(path: Path) -> str:
    """The message of a file that is refused, within seconds."""
    started = time.monotonic()
    with pytest.raises(UnreadableFileError) as error:
        extract_file(path, shipped_vocabulary())
    assert time.monotonic() - started < 10
    return error.value.message


def test_text_in_the_encodings_of_offices(tmp_path: Path) -> None:
    traditional = opencc.OpenCC("s2t").convert("臨江市推進產業發展的實施方案，責任單位。")
    for encoding, text in (
        ("utf-8", PLAN),
        ("utf-8-sig", PLAN),
        ("gb18030", PLAN),
        ("utf-16", PLAN),
        ("big5", traditional * 9),
    ):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(text.encode(encoding))
        assert read_document(file).text.text == text, encoding


def test_places_of_html_are_those_of_its_source(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>&nbsp;{p}</p>" for p in PLAN.split("\n\n"))
    page = f"<html><head><title>通知_网</title><script>var 光伏=1;</script></head><body><ul><li><a href=x>首页</a></ul><div id=c>{paragraphs}</div><div>版权所有</div></body></html>"
    file = tmp_path / "a.html"
    file.write_text(page, encoding="utf-8")
    text = read_document(file).text
    assert "var" not in text.text
    assert "版权所有" not in text.text
    place = text.text.index("远景动力")
    start, end = text.span(place, place + 4)
    assert page[start:end] == "远景动力"


def test_word_numbers_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("关于推进产业发展的实施方案", 0)
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in ((0, "总体要求"), (0, "重点任务"), (1, "做强产业"), (1, "补齐短板")):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    table = document.add_table(2, 4)
    for cell, text in zip(table.rows[0].cells, ("序号", "重点工作", "牵头单位", "配合单位"), strict=True):
        cell.text = text
    for cell, text in zip(
        table.rows[1].cells,
        ("1", "培育企业20家。推进建设，支持产业发展。", "市经信局", "市财政局、各区县政府"),
        strict=True,
    ):
        cell.text = text
    file = tmp_path / "a.docx"
    document.save(str(file))
    data = extract_file(file, shipped_vocabulary()).as_json()
    assert [(c["clause"][1:], c["heading"]) for c in data["clauses"]] == [
        (["一", None, None], "总体要求"),
        (["二", None, None], "重点任务"),
        (["二", "（一）", None], "做强产业"),
        (["二", "（二）", None], "补齐短板"),
        (["二", "（二）", "1"], "培育企业20家"),
    ]
    assert [(r["lead"], r["support"]) for r in data["responsibilities"]] == [(["市经信局"], ["市财政局", "各区县政府"])]


ROWS = [["指标", "单位", "2027年"], ["光伏产值", "亿元", "300"], ["换电站", "", "100座"]]


def _with_table(folder: Path, kind: str) -> Path:
    """A plan with a table between two paragraphs."""
    file = folder / f"a.{kind}"
    if kind == "html":
        cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS)
        file.write_text(f"<body><p>推进产业发展，支持企业。</p><table>{cells}</table><p>二、措施</p></body>", "utf-8")
        return file
    document = docx.Document()
    document.add_paragraph("推进产业发展，支持企业。")
    table = document.add_table(rows=0, cols=3)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("二、措施")
    document.save(str(file))
    return file


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_table_is_read_as_a_table_with_the_place_of_each_cell(kind: str, tmp_path: Path) -> None:
    file = _with_table(tmp_path, kind)
    source = read_document(file)
    (table,) = source.tables
    assert [[cell.text for cell in row] for row in table.cells(source.text)] == ROWS
    before, within, behind = (
        source.text[a:b].text for a, b in ((0, table.start), (table.start, table.end), (table.end, None))
    )
    assert (before.strip(), within.split(), behind.strip()) == (
        "推进产业发展，支持企业。",
        [cell for row in ROWS for cell in row if cell],
        "二、措施",
    )
    # A goal that a cell states has the place of its cell.
    printed = file.read_text("utf-8") if kind == "html" else source.text.text
    goals = extract_file(file, shipped_vocabulary()).as_json()["targets"]
    assert len(goals) == 2
    assert all(printed[slice(*g["span"])].endswith(v) for g, v in zip(goals, ("300", "100座"), strict=True))


def test_pdf_without_running_heads_and_page_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, PLAN)
    text = read_document(file).text.text
    assert "公报" not in text
    assert "—" not in text
    assert "远景动力" in text.replace("\n", "")


def test_empty_files(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html", "a.docx", "a.pdf"):
        (tmp_path / name).write_bytes(b"")
        assert refused(tmp_path / name) == "文件为空"
    (tmp_path / "b.txt").write_text(" \n \n", encoding="utf-8")
    assert refused(tmp_path / "b.txt") == "文件为空"


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.docx", "a.txt", "a.html"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 5000)
        assert "PNG" in refused(tmp_path / name)
    (tmp_path / "b.docx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 5000)
    assert "DOC" in refused(tmp_path / "b.docx")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7\n" + b"broken" * 1000)
    assert "PDF" in refused(tmp_path / "c.pdf")
    (tmp_path / "d.txt").write_bytes(bytes(range(256)) * 40)
    assert "不是文本文件" in refused(tmp_path / "d.txt")


def test_a_large_file_and_a_zip_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("产业发展。".encode() * 3_500_000)
    assert "文件过大" in refused(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_bytes("产业发展。".encode() * 400_000)
    assert "文字过长" in refused(tmp_path / "b.txt")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 250_000_000)
    assert len(packed.getvalue()) < 1_000_000
    (tmp_path / "c.docx").write_bytes(packed.getvalue())
    assert "解压后过大" in refused(tmp_path / "c.docx")


def test_a_scan_has_no_text_layer(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    sheet = canvas.Canvas(str(file))
    for _ in range(3):
        sheet.rect(50, 50, 400, 600, fill=1)
        sheet.showPage()
    sheet.save()
    assert "没有文字层" in refused(file)


def test_a_novel_gives_an_empty_result_and_says_so(tmp_path: Path) -> None:
    page = (
        "第一回 夜雨\n\n那夜雨下得紧，三个人围着炉子坐着，谁也不说话。老张叹了口气，说他年轻时在山里见过两回狼。" * 30
    )
    file = tmp_path / "a.txt"
    file.write_text(page * 80, encoding="utf-8")
    started = time.monotonic()
    data = extract_file(file, shipped_vocabulary()).as_json()
    assert time.monotonic() - started < 20
    assert data["document"]["warnings"] == ["不像政策文件：未抽取任何内容"]
    assert not any(items for kind, items in data.items() if kind != "document")

"""What changes on the way from a file to its text: tracked changes, numbers of styles, titles of pages, page numbers."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from graph.settings import settings
from loaders.documents import Mapped, SourceText, read_document
from loaders.documents.web import main_text
from loaders.files import UnreadableFileError
from loaders.text import normalise


def normal(text: str) -> str:
    return normalise(SourceText(Mapped.of(text), "txt")).text.text


def test_deleted_words_are_gone_and_a_style_gives_its_number(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("推进产业发展", style="List Number")
    changed = document.add_paragraph("支持企业")
    changed._p.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>停产</w:t></w:r></w:del>'))
    document.save(str(tmp_path / "a.docx"))
    assert read_document(tmp_path / "a.docx").text.text == "1.推进产业发展\n\n支持企业"


def test_a_word_file_with_too_long_a_text(tmp_path: Path) -> None:
    document = docx.Document()
    for _ in range(12):
        document.add_paragraph("推进产业发展。" * (settings.documents.most_characters // 70))
    document.save(str(tmp_path / "a.docx"))
    with pytest.raises(UnreadableFileError, match="文字过长"):
        read_document(tmp_path / "a.docx")


def test_the_title_of_a_page_counts_where_the_text_has_none() -> None:
    page = "<title>临江市产业发展实施方案_临江市人民政府</title><div><p>推进产业发展，支持企业。</p></div>"
    assert main_text(page).text.text.split() == ["临江市产业发展实施方案", "推进产业发展，支持企业。"]


def test_numbers_are_those_of_pages_only_if_they_count_up() -> None:
    pages = [
        "推进产业发展，支持企业建设项目。",
        "加快设施建设，完善服务体系。",
        "强化要素保障，落实各方责任。",
        "做好组织实施工作。",
    ]
    assert normal("\n".join(f"{p}\n{n}" for n, p in enumerate(pages, 1))).split("\n") == pages
    assert "7" in normal("推进产业发展。\n7\n支持企业建设。")


def test_a_page_that_stands_twice_is_read_once() -> None:
    page = "推进产业发展，支持企业建设重大项目。\n加快基础设施建设，完善公共服务体系。\n强化各类要素保障，压实各方工作责任。\n及时总结推广经验，做好宣传引导工作。"
    assert normal(f"{page}\n{page}\n做好组织实施工作。") == f"{page}\n做好组织实施工作。"


def test_a_bracket_with_another_reading_stays() -> None:
    assert normal("發(fā)改部門，產業發展規劃條例") == "发改部门，产业发展规划条例"
    assert "（ma）" in normal("发(ma)改部门")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("序号\t任务\t单位\n1\t推进项目\t市甲局\n二、落实", "序号；任务；单位；\n1；推进项目；市甲局；\n二、落实"),
        ("|甲|乙|丙|\n|丁|戊|己|\n二、落实", "甲；乙；丙；\n丁；戊；己；\n二、落实"),
        ("推进项目，没有|竖线。", "推进项目，没有|竖线。"),
    ],
)
def test_rows_of_tables_in_plain_text_are_statements(text: str, wanted: str) -> None:
    found = normalise(SourceText(Mapped.of(text), "txt")).text
    assert found.text == wanted
    assert [text[found.starts[i]] for i, c in enumerate(found.text) if c not in "；\n"] == [
        c for c in wanted if c not in "；\n"
    ]

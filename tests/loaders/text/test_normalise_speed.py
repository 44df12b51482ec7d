"""Reading takes time in proportion to the text, and whatever the text, its characters keep their places."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.documents import Mapped, SourceText
from loaders.documents.web import main_text
from loaders.text import normalise
from loaders.text.characters import simplified
from loaders.text.outline import outline
from loaders.text.repair import dictionary

#: What a text may be long and bad with: one unit, again and again.

pytestmark = pytest.mark.slow

UNITS = {
    "numbered clauses in one line": "（一）推进产业发展。",
    "numbered lines": "1. 推进产业发展。\n",
    "bodies": "市经信局\n",
    "titles": "产业实施方案\n",
    "numbers": "12\n",
    "short lines": "产业\n",
    "furniture": "来源：网\n",
    "marks": "?",
    "lost": "产?；渴?",
    "brackets": "（",
    "digits": "1",
    "counted": "1.",
    "books": "《",
    "readings": "产（fā",
    "blanks": " ",
}
PIECES = st.sampled_from(
    [
        "一、",
        "（一）",
        "1.",
        "11.121人才",
        "①",
        "㈠",
        "第一条",
        "第一章",
        "。",
        "；",
        "，",
        "、",
        "（",
        "）",
        "《",
        "》",
        "[",
        "]",
        "“",
        '"',
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "　",
        "\u200b",
        "發(fā)改",
        "規（guī）模",
        "產業",
        "规?；渴?",
        "?",
        "\ufffd",
        "12",
        "—3—",
        "2024年5月20日",
        "市经信局",
        "某市人民政府",
        "产业实施方案",
        "关于印发《产业方案》的通知",
        "来源：网",
        "附件：1.清单",
        "责任单位：市经信局",
        "AI200家",
        "10.5%",
        "百",
        "第",
        "𠮷",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def read(text: str) -> None:
    outline(normalise(SourceText(Mapped.of(text), "txt")).text.text)


def steps(work: Callable[[], Any]) -> int:
    """How many lines of the program are run; what the interpreter does by itself is not counted."""
    counted = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        if "loaders" not in frame.f_code.co_filename:
            return None
        counted += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_twice_the_text_is_at_most_some_more_than_twice_the_steps(unit: str) -> None:
    text = "产业实施方案\n\n一、推进产业\n\n" + unit * (4000 // len(unit))
    read(text)
    assert steps(lambda: read(text + unit * (4000 // len(unit)))) < 2.6 * steps(lambda: read(text)) + 500


def test_a_sentence_or_paragraph_without_end_is_cut_and_loses_nothing() -> None:
    for text in ("产" * 10_000, "产业，" * 3000, "推进产业发展。" * 6000):
        whole = normalise(SourceText(Mapped.of(text), "txt")).text
        assert whole.text.replace("\n", "") == text
        assert max(map(len, whole.text.split("\n"))) <= 20_000
        assert max(len(s) for line in whole.text.split("\n") for s in line.split("。")) <= 1500
    assert "，\n" in normalise(SourceText(Mapped.of("产业，" * 3000), "txt")).text.text


def test_tables_in_tables_are_read_once() -> None:
    page = "<table><tr><td>" * 60 + "推进产业发展，支持企业。" + "</table>" * 60
    assert main_text(page).text.text.strip() == "推进产业发展，支持企业。"


@quick
@given(TEXTS)
def test_places_map_into_the_file_and_back(source: str) -> None:
    normal = normalise(SourceText(Mapped.of(source), "txt"))
    text = normal.text
    assert len(text.text) == len(text.starts) == len(text.ends)
    assert all(0 <= s <= e <= len(source) for s, e in zip(text.starts, text.ends, strict=True))
    assert list(text.starts) == sorted(text.starts)
    for damage in normal.damaged:
        assert 0 <= damage.start <= damage.end <= len(text)
    # What is the same in every script and width stands in its own place.
    mended = [(d.start, d.end) for d in normal.damaged if d.intended is not None]
    for place, character in enumerate(text.text):
        start, end = text.starts[place], text.ends[place]
        if character in "产业推进市经信局人民政府通知" and not any(s <= place < e for s, e in mended):
            assert simplified(Mapped.of(source[start:end]))[0].text == character


@quick
@given(TEXTS)
def test_an_outline_parts_the_text_into_clauses_that_lie_in_one_another(source: str) -> None:
    text = normalise(SourceText(Mapped.of(source), "txt")).text.text
    read_as = outline(text)
    assert "".join(text[s:e] for _, s, e in read_as.passages()) == text
    for index, clause in enumerate(read_as.clauses):
        assert 0 <= clause.start <= clause.body <= len(text)
        assert clause.start < clause.end <= clause.last <= len(text)
        assert read_as.at(clause.start) is clause
        if clause.parent is not None:
            parent = read_as.clauses[clause.parent]
            assert clause.parent < index
            assert parent.depth < clause.depth
            assert parent.start < clause.start
            assert clause.last <= parent.last


def test_the_words_are_those_of_the_dictionary_without_names() -> None:
    assert len(dictionary()) > 30_000
    assert dictionary()["部署"] > dictionary()["一丝不苟"] >= 60
    assert not {"成都", "北京大学", "毛泽东"} & dictionary().keys()
    assert all(2 <= len(word) <= 4 for word in dictionary())

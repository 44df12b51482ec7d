"""The same facts come out whatever copying, printing and converting did to a document."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import docx
import opencc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from loaders.documents import Mapped, SourceText
from loaders.extraction import extract, extract_file
from loaders.extraction.known_names import shipped_vocabulary
from tests.loaders.documents.test_reading import write_pdf
from tests.policy_text import PLAN

pytestmark = pytest.mark.slow

CHENGDU = Path(__file__).parents[4] / "shared" / "policies" / "chengdu-2022-green-low-carbon.txt"
DOCUMENTS = {"plan": PLAN}
if CHENGDU.is_file():
    # Without the line of the web page below it.
    DOCUMENTS["chengdu"] = CHENGDU.read_text(encoding="utf-8").partition("原文地址")[0]
each_document = pytest.mark.parametrize("name", DOCUMENTS)
quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def of_text(text: str) -> dict[str, Any]:
    return facts(extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json())


def facts(data: dict[str, Any]) -> dict[str, Any]:
    """All facts without their places; of the document what it says of itself."""
    found: dict[str, Any] = {
        kind: sorted(
            json.dumps({k: v for k, v in i.items() if k != "span"}, ensure_ascii=False, sort_keys=True) for i in items
        )
        for kind, items in data.items()
        if kind not in ("document", "damaged")
    }
    about = data["document"]
    found["document"] = {
        k: about[k] for k in ("titles", "number", "issuers", "issued", "effective", "expires", "cited_documents")
    }
    return found


@cache
def plain(name: str) -> dict[str, Any]:
    return of_text(DOCUMENTS[name])


def wrapped(text: str, rng: random.Random) -> str:
    """Lines broken at random places, not twice within a few characters."""
    pieces = []
    for line in text.split("\n"):
        place = 0
        while place < len(line):
            length = rng.randint(18, 60)
            pieces.append(line[place : place + length])
            place += length
            pieces.append("\n" if place < len(line) else "")
        pieces.append("\n")
    return "".join(pieces)


def with_readings(text: str, rng: random.Random) -> str:
    return "".join(
        f"{c}({lazy_pinyin(c, style=Style.TONE)[0]})" if "一" <= c <= "鿿" and rng.random() < 0.1 else c for c in text
    )


def on_pages(text: str, rng: random.Random) -> str:
    pages = []
    while text:
        length = rng.randint(400, 800)
        pages.append(text[:length])
        text = text[length:]
    return "".join(f"{page}\n— {n} —\n" if n < len(pages) else page for n, page in enumerate(pages, start=1))


def half_width(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("，。；：（）“”", ',.;:()""'))


def other_brackets(text: str, rng: random.Random) -> str:
    opening, closing = rng.choice(["〔〕", "［］", "[]", "（）", "()", "【】"])
    text = re.sub(r"[（\[〔](?=责任单位)", opening, text)
    return re.sub(r"[）\]〕](?=\n)", closing, text)


def mismatched_brackets(text: str, rng: random.Random) -> str:
    return re.sub(r"[）\]〕](?=\n)", lambda _: rng.choice("〕］])）】"), text)


def traditional(text: str, rng: random.Random) -> str:
    return opencc.OpenCC(rng.choice(["s2t", "s2tw", "s2hk"])).convert(text)


def blanks(text: str, rng: random.Random) -> str:
    return "".join(f"{c} " if "一" <= c <= "鿿" and rng.random() < 0.1 else c for c in text)


def twice_a_page(text: str, rng: random.Random) -> str:
    """A page that stands twice."""
    paragraphs = text.split("\n\n")
    start = rng.randint(9, len(paragraphs) - 6)
    return "\n\n".join([*paragraphs[: start + 5], *paragraphs[start : start + 5], *paragraphs[start + 5 :]])


@each_document
@pytest.mark.parametrize(
    "changed",
    [
        traditional,
        with_readings,
        wrapped,
        on_pages,
        half_width,
        other_brackets,
        mismatched_brackets,
        blanks,
        twice_a_page,
    ],
)
def test_facts_stay_the_same(name: str, changed: Callable[[str, random.Random], str]) -> None:
    @quick
    @given(seeds)
    def check(seed: int) -> None:
        assert of_text(changed(DOCUMENTS[name], random.Random(seed))) == plain(name)

    check()


@each_document
def test_traditional_script_with_readings_on_broken_lines(name: str) -> None:
    rng = random.Random(1)
    assert of_text(wrapped(with_readings(traditional(DOCUMENTS[name], rng), rng), rng)) == plain(name)


@each_document
def test_facts_are_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    text = DOCUMENTS[name]
    document = docx.Document()
    for paragraph in filter(str.strip, text.split("\n")):
        document.add_paragraph(paragraph)
    document.save(str(tmp_path / "a.docx"))
    body = "".join(f"<p>{p.replace('&', '&amp;')}</p>" for p in text.split("\n") if p.strip())
    page = f"<html><meta charset=utf-8><body><div class=nav><a>首页</a></div><div id=zoom>{body}</div><div>上一篇：无</div></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "a.txt").write_bytes(text.encode("gb18030"))
    write_pdf(tmp_path / "a.pdf", text)
    for file in sorted(tmp_path.iterdir()):
        assert facts(extract_file(file, shipped_vocabulary()).as_json()) == plain(name), file.name


@each_document
def test_places_hold_what_was_read(name: str) -> None:
    text = DOCUMENTS[name]
    data = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()
    for kind in ("firms", "parks", "platforms"):
        for item in data[kind]:
            start, end = item["span"]
            assert item["name"][:2] in "".join(text[start:end].split()), item

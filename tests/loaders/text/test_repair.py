"""Characters that web copies lose: what bytes and words make certain is mended, the rest is marked."""

from __future__ import annotations

import pytest

from loaders.documents import Mapped, SourceText
from loaders.text import NormalText, normalise

#: Enough in traditional script for the text to be taken for it.
BEFORE = "推進產業發展，決策部署，實施方案。" * 3


def read(text: str) -> NormalText:
    return normalise(SourceText(Mapped.of(BEFORE + text), "txt"))


def out_of_pace(text: str) -> str:
    """What a page shows of a text in GBK whose first byte was lost, up to the last: pairs left to users vanish."""
    shifted = text.encode("gbk")[1:-1]
    pairs = (shifted[i : i + 2] for i in range(0, len(shifted), 2))
    return "?" + "".join(p.decode("gbk", errors="ignore") for p in pairs) + "?"


@pytest.mark.parametrize("words", ["模化部署", "模化應用", "模化應用水平大幅提升", "模化推廣"])
def test_a_run_out_of_pace_is_put_back(words: str) -> None:
    found = read(f"推動產品規{out_of_pace(words)}，支持企業。")
    simplified = normalise(SourceText(Mapped.of(BEFORE + f"推動產品規{words}，支持企業。"), "txt")).text.text
    assert found.text.text == simplified
    assert len(found.damaged) == 1


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("設備規(guī)?；瘧?yīng)用", "设备规模化应用"),
        ("生物制品規(guī)?；a(chǎn)", "生物制品规模化生产"),
        ("實現(xiàn)可沙掷m(xù)發(fā)展", "实现可持续发展"),
        ("實現可沙掷m發展", "实现可持续发展"),
    ],
)
def test_readings_and_letters_that_are_left_help(raw: str, mended: str) -> None:
    found = read(raw)
    assert found.text.text.endswith(mended)
    assert [d.intended is not None for d in found.damaged] == [True]


@pytest.mark.parametrize("number", ["1?.5%", "3?0亿元", "2\ufffd%"])
def test_a_damaged_number_is_marked_and_never_guessed(number: str) -> None:
    found = read(f"能耗下降{number}，推进发展。")
    assert [d.intended for d in found.damaged] == [None]
    assert found.damaged[0].raw in number


@pytest.mark.parametrize(
    "text",
    [
        "哪些企业可以申报?答：符合条件的企业。如何申请?答：线上申请。",
        "发展AI产业和App开发，C919大飞机。",
        "可持续m发展，5G+工业互联网。",
        "电池组pack、系统bms发展",
    ],
)
def test_what_is_no_damage(text: str) -> None:
    found = read(text)
    assert found.damaged == []
    assert found.text.text.endswith(text)


def test_two_readings_are_one_too_many() -> None:
    found = read("推進?企業")
    assert [d.intended for d in found.damaged] == [None]
    assert found.text.text.endswith("推进?企业")


def test_between_two_marks_sound_text_stays_and_what_follows_is_mended() -> None:
    found = read("推進?市經信局規?；渴?，支持企業")
    assert found.text.text.endswith("推进?市经信局规模化部署，支持企业")
    assert [d.intended for d in found.damaged] == [None, "模化部署"]


def test_few_vanished_pairs_are_likelier_than_many() -> None:
    # 规模积极部署 would fit the bytes too, with one pair more that vanished.
    text = "積極推進産業發展，積極實施方案，積極支持企業。" * 3 + "推動5G網(wǎng)絡(luò)規(guī)?;渴?,爭取至2025年"
    found = normalise(SourceText(Mapped.of(text), "txt"))
    assert found.text.text.endswith("推动5G网络规模化部署，争取至2025年")

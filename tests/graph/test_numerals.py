"""Numbers in Chinese characters: read and written."""

from __future__ import annotations

import doctest

import pytest

from graph import numerals
from graph.numerals import digits_in, in_characters, number_in, ordinal_in


def test_examples_of_the_documentation_hold() -> None:
    tried = doctest.testmod(numerals)
    assert tried.attempted > 4
    assert tried.failed == 0


def test_numbers_are_written_as_people_write_them() -> None:
    assert [in_characters(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_what_is_written_is_read_again() -> None:
    assert [ordinal_in(in_characters(n)) for n in range(100)] == list(range(100))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两千三百", 2300),
        ("一百零五", 105),
        ("百", 100),
        ("〇", 0),
        ("十二点五", 12.5),
        ("百千", None),
        ("五万", None),
        ("三点十", None),
    ],
)
def test_a_number_is_read_or_is_none(text: str, value: float | None) -> None:
    assert number_in(text) == value


def test_an_ordinal_is_a_number_in_either_script_and_0_if_it_is_none() -> None:
    assert [ordinal_in(t) for t in ("12", "十二", "一百零二", "甲")] == [12, 12, 102, 0]
    assert digits_in("二○二四") == digits_in("二零二四") == "2024"

"""Sums of money: one form for every front door, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.money import MoneyError, money_text, number_text, parse_money, wan_text
from tests.conftest import in_english


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50亿元", 500_000),
        ("50亿", 500_000),
        (" 30 亿 ", 300_000),
        ("30 亿 元", 300_000),
        ("12.5亿元", 125_000),
        ("8000万", 8_000),
        ("3,000 万元", 3_000),
        ("３，０００．５万元", 3_000.5),
        ("300000000元", 30_000),
        ("300,000,000 元", 30_000),
        ("1元", 0.0001),
        ("0万元", 0),
    ],
)
def test_money_is_read_into_wan(text: str, amount: float) -> None:
    assert parse_money(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "50", "亿元", "元", "-5亿元", "+5亿元", "50家", "1e9亿元", "９亿元人民币", "人民币9亿元"),
        *(
            "3亿5000万",
            "1,00万",
            "3000,000元",
            "1.亿",
            ".5亿",
            "1 000万",
            "50亿元左右",
            "5万亿",
            "٣亿",
            "9" * 400 + "亿元",
        ),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(MoneyError, match="金额应为数值加单位") as error:
        parse_money(text)
    assert "\n" not in str(error.value)


def test_money_is_written_in_yi_from_one_on() -> None:
    assert [money_text(n) for n in (0.5, 1_000, 9_999.5, 10_000, 12_345, 500_000)] == [
        *("0.5 万元", "1,000 万元", "9,999.5 万元", "1 亿元", "1.2345 亿元", "50 亿元")
    ]
    assert wan_text(500_000) == "500,000 万元"
    with in_english():
        assert (money_text(500_000), money_text(300)) == ("50 ×10⁸ yuan", "300 ×10⁴ yuan")


def test_numbers_are_rounded_half_up_to_ten_digits() -> None:
    assert number_text(0.1 + 0.2) == "0.3"
    assert (number_text(1.0000000005), number_text(1.0000000025)) == ("1.000000001", "1.000000003")
    assert number_text(1e12) == "1,000,000,000,000"
    assert number_text(-1234.5) == "-1,234.5"


@given(st.integers(0, 10**9))
def test_what_is_written_is_read_again(wan: int) -> None:
    assert parse_money(money_text(wan)) == wan
    assert parse_money(wan_text(wan)) == wan

"""Numbers in Chinese characters: read and written."""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九"
_VALUES = {c: i for i, c in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
#: Every character of a number in running text.
NUMERALS = "〇零一二两三四五六七八九十百千"
_TWO_POWERS = re.compile("[十百千]{2}")


def number_in(text: str) -> float | None:
    """The value of a number below 10,000 that is written in characters; None if it is none.

    >>> number_in("三十五"), number_in("一百零二"), number_in("三点五")
    (35.0, 102.0, 3.5)
    >>> number_in("百千万") is None  # a word
    True
    """
    whole, point, rest = text.partition("点")
    if point:
        before = number_in(whole)
        decimals = digits_in(rest)
        return None if before is None or len(decimals) != len(rest) else float(f"{int(before)}.{decimals}")
    if _TWO_POWERS.search(text):
        return None
    total, digit = 0, 0
    for character in text:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        elif character in _VALUES:
            digit = _VALUES[character]
        else:
            return None
    return float(total + digit)


def ordinal_in(text: str) -> int:
    """A whole number in characters or digits, as clauses and years are counted; 0 if it is none.

    >>> ordinal_in("十二"), ordinal_in("12"), ordinal_in("两")
    (12, 12, 2)
    """
    return int(text) if text.isdigit() else int(number_in(text) or 0)


def digits_in(text: str) -> str:
    """Characters that stand for one digit each, as digits.

    >>> digits_in("二〇二四")
    '2024'
    """
    return "".join(str(_VALUES[c]) for c in text if c in _VALUES)


def in_characters(number: int) -> str:
    """A number from 0 to 99 in characters.

    >>> [in_characters(n) for n in (0, 9, 10, 12, 20, 99)]
    ['零', '九', '十', '十二', '二十', '九十九']
    """
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")

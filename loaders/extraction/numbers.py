"""Quantities in running text: value, unit, how it is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.numerals import NUMERALS, number_in
from loaders.extraction.units import MONEY, PER, SHARES, SHORT, UNIT

_MULTIPLES = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "万": 1e4,
    "千": 1e3,
    "百": 1e2,
}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TO = "-|—+|–|~|～|〜|至|到"
#: A power is none where the unit begins with its character: 5千瓦, 5百分点.
_POWER = rf"(?:{'|'.join(_MULTIPLES)})(?!分[点之]|(?<=千)(?:瓦|米|克|伏))"
QUANTITY = re.compile(
    rf"百分之(?P<percent>[{NUMERALS}]+(?:点[{NUMERALS}]+)?|\d+(?:\.\d+)?)"
    rf"|(?P<low>{_ARABIC}|[{NUMERALS}]{{1,7}})(?:(?P<lowunit>%|(?:万|亿)?(?:元|家|个|吨|人)?)(?:{_TO})(?P<high>{_ARABIC}))?"
    rf"(?P<power>{_POWER})?(?P<few>余|多)?(?:(?P<unit>{UNIT})(?P<per>(?:/{PER})+)?)?"
)
#: Behind a quantity: at least, or at most.
AFTER = re.compile(
    r"(?:（含）|（含[^（）]{1,8}）)?(?:及)?(?:以上|之上)(?:（含）|（含[^（）]{1,8}）)?|（含）|(?:及)?以下|以内|之内|左右|上下|(?:的)?目标"
)
#: What stands before a number that is no quantity (第3, 1+3, 5.3.2, 7×24) or behind it.
_NO_NUMBER_BEFORE = re.compile(r"[第./+×xX:∶-]$|[A-Za-z]-$|[数几]$|分之$|[“（]\d$")
_NO_NUMBER_AFTER = re.compile(r"级|[+×∶:]\d|\+[A-Z]|分之")


#: A number without a unit behind a verb of comparison.
_RATIO = re.compile(r"(?<=[至到于过达≤≥在])\d+\.\d+(?=以[上下内]|左右|之间|[，。；、）]|$)")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit at a place of a text.

    Parameters
    ----------
    high: where a range is given.
    unit: as printed: 万个, 元/千瓦时.
    tail: where the words behind it end that say how it is compared (以上, 左右).
    worded: written in characters, and small: 三个.
    """

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    at_least: bool = False
    at_most: bool = False
    tail: int = 0
    worded: bool = False

    @property
    def wan(self) -> float:
        """A sum of money in 万元."""
        return (self.high if self.high is not None else self.value) * {
            "元": 1e-4,
            "万元": 1.0,
            "亿元": 1e4,
            "万": 1.0,
            "亿": 1e4,
        }[self.unit]


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order; years, dates and numbers without a unit are none."""
    found = []
    for match in QUANTITY.finditer(text):
        quantity = _quantity(match, text)
        if quantity is not None:
            found.append(quantity)
    return found


def ratios(text: str) -> list[Quantity]:
    """Numbers with a decimal point that have no unit and are compared: 降至1.25以下."""
    return [_compared(match, text, float(match.group()), None, "") for match in _RATIO.finditer(text)]


def _number(text: str) -> float | None:
    return number_in(text) if text[0] in NUMERALS else float(text.replace(",", ""))


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    if match["percent"]:
        value = _number(match["percent"])
        return None if value is None else _placed(match, text, value, None, "%")
    low, high = _number(match["low"]), _number(match["high"]) if match["high"] else None
    if low is None or _is_no_quantity(match, text):
        return None
    return _placed(match, text, *_scaled(low, high, match["power"] or "", match["unit"] or ""))


def _placed(match: re.Match[str], text: str, value: float, high: float | None, unit: str) -> Quantity:
    small = bool(match["low"]) and match["low"][0] in NUMERALS and value < 10 and not match["power"]
    return _compared(match, text, value, high, unit + (match["per"] or ""), small)


def _compared(
    match: re.Match[str], text: str, value: float, high: float | None, unit: str, small: bool = False
) -> Quantity:
    """A quantity with what the words behind it say of how it is compared."""
    after = AFTER.match(text, match.end())
    word = after.group() if after else ""
    at_least, at_most = "以上" in word or "之上" in word, "以下" in word or "内" in word
    tail = match.end() + len(word)
    return Quantity(match.start(), match.end(), value, high, unit, at_least, at_most, tail, small)


def _is_no_quantity(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 3) : match.start()], text[match.end() : match.end() + 3]
    unit, power = match["unit"] or "", match["power"] or ""
    if not unit and power not in ("万", "亿"):
        return True
    if _NO_NUMBER_BEFORE.search(before) or _NO_NUMBER_AFTER.match(after):
        return True
    if not unit and after[:1] in tuple("年月日"):
        return True
    if match["low"][0] in NUMERALS:
        return not _is_worded(match["low"], bool(match["few"]), power, unit)
    goes_on = bool(after) and after[0] not in "，。；、）：以左及 的/"
    return unit in SHORT and not power and not match["per"] and goes_on


def _is_worded(low: str, few: bool, power: str, unit: str) -> bool:
    """Whether a number in characters is meant as one: 三百家, 十五个, 百亿元; but not 一个, 三种, 二十多."""
    value = number_in(low) or 0
    if power:
        return unit in MONEY or value >= 2
    if unit in SHARES or unit in MONEY:
        return value >= 2
    return value >= 2 and not few and unit not in SHORT and unit not in ("种", "人", "次")


def _scaled(low: float, high: float | None, power: str, unit: str) -> tuple[float, float | None, str]:
    """Money in 元, 万元 or 亿元 as printed (万亿 in 亿); of other units the 万 and 亿 stay part of the unit."""
    factor, whole = 1.0, power + unit
    if unit == "万亿元":
        factor, whole = 1e4, "亿元"
    elif power in ("万亿", "千亿", "百亿", "十亿"):
        factor, whole = _MULTIPLES[power] / 1e8, f"亿{unit}"
    elif power in ("千万", "百万", "十万"):
        factor, whole = _MULTIPLES[power] / 1e4, f"万{unit}"
    elif power in ("千", "百"):
        factor, whole = _MULTIPLES[power], unit
    return round(low * factor, 6), None if high is None else round(high * factor, 6), whole

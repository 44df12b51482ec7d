"""Quantities in running text: value, unit, how it is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHINESE = "〇零一二两三四五六七八九十百千"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNITS = (
    r"个百分点|百分点|%|‰|万亿元|亿美元|万美元|美元|亿元|万元|元|亿千瓦时|万千瓦时|千瓦时|亿度|万度|度|万千瓦|千瓦|兆瓦时|兆瓦|吉瓦时|吉瓦|GWh|GW|MWh|MW|kWh|kW"
    r"|吨标准煤|吨标煤|吨|克/立方米|微克/立方米|毫克/升|立方米/小时|立方米|标方|平方公里|平方千米|平方米|㎡|公里|千米|海里|米|公顷|亩"
    r"|人次|人|名|位|家|户|个|项|件|台套|台|套|辆|座|所|处|条|支|只|批|场|间|站|桩|根|艘|架|列|班|标箱|TEU|EFLOPS|PFLOPS|PB|机架|倍|天|小时|分钟|款|种|例|门|篇|箱|块|片|张|头|栋|幢|对"
)
QUANTITY = re.compile(
    rf"(?P<low>{_ARABIC}|[{_CHINESE}]{{1,7}})(?:(?P<lowunit>%|万|亿|家|个)?(?:-|—+|–|~|～|至|到)(?P<high>{_ARABIC}))?"
    rf"(?P<power>万亿|千亿|百亿|十亿|千万|百万|十万|万|亿|千|百)?(?P<few>余|多)?(?P<unit>(?:{_UNITS})(?:/(?:万人|千人|人|万元|亿元|亩|公顷|平方公里|年|小时|日))?)?"
)
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
#: Behind a quantity: at least, or at most.
AFTER = re.compile(r"(?:（含）)?(?:及)?(?:以上|之上)|（含）|(?:及)?以下|以内|之内|左右|(?:的)?目标")
MONEY = {"元", "万元", "亿元", "万亿元"}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit at a place of a text; ``high`` where a range is given."""

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    at_least: bool = False
    at_most: bool = False
    tail: int = 0

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


def chinese_value(text: str) -> float | None:
    """三十五 as 35; None if it is no number."""
    total, digit = 0, 0
    for character in text:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return float(total + digit)


def _number(text: str) -> float | None:
    return chinese_value(text) if text[0] in _CHINESE else float(text.replace(",", ""))


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    unit, power = match["unit"] or "", match["power"] or ""
    low, high = _number(match["low"]), _number(match["high"]) if match["high"] else None
    if not unit and power not in ("万", "亿"):
        return None
    if low is None or _is_no_quantity(match, text):
        return None
    value, high, unit = _scaled(low, high, power, unit)
    after = AFTER.match(text, match.end())
    word = after.group() if after else ""
    return Quantity(
        match.start(),
        match.end(),
        value,
        high,
        unit,
        "以上" in word or "之上" in word,
        "以下" in word or "内" in word,
        match.end() + len(word),
    )


def _is_no_quantity(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    chinese = match["low"][0] in _CHINESE
    unit = match["unit"] or ""
    if before.endswith(("第", ".", "/", "-", "+")) or after.startswith(("+",)):
        return True
    if after[:1] in "年月日" and after and unit not in ("%",) and not unit:
        return True
    if chinese:
        value = chinese_value(match["low"]) or 0
        plain = not match["power"] and unit in (
            "家",
            "户",
            "名",
            "项",
            "座",
            "个",
            "倍",
            "所",
            "件",
            "%",
            "元",
            "万元",
            "亿元",
            "台",
            "条",
        )
        return (
            not (plain and value >= 10)
            and not (value >= 2 and unit in ("亿元", "万元", "万亿元", "家", "户", "%", "个百分点"))
            and not (match["power"] and unit in MONEY)
        )
    return unit == "条" or (
        unit in ("度", "对", "天", "位", "片", "张", "头", "箱", "块", "米", "间", "根")
        and after[:1] not in "，。；、）以左及 的"
        and bool(after)
    )


def _scaled(low: float, high: float | None, power: str, unit: str) -> tuple[float, float | None, str]:
    """Money in 元, 万元 or 亿元 as printed (万亿 in 亿); of other units the 万 and 亿 stay part of the unit."""

    def both(factor: float) -> tuple[float, float | None]:
        return round(low * factor, 6), None if high is None else round(high * factor, 6)

    if unit in MONEY or (not unit and power):
        if unit == "万亿元":
            return (*both(1e4), "亿元")
        whole = power + (unit or "")
        if power in ("万亿", "千亿", "百亿", "十亿"):
            return (*both(_MULTIPLES[power] / 1e8), "亿元" if unit else "亿")
        if power in ("千万", "百万", "十万"):
            return (*both(_MULTIPLES[power] / 1e4), "万元" if unit else "万")
        if power in ("千", "百"):
            return (*both(_MULTIPLES[power]), unit)
        return low, high, whole
    if power in ("千", "百"):
        return (*both(_MULTIPLES[power]), unit)
    if power in ("万亿", "千亿", "百亿", "十亿"):
        return (*both(_MULTIPLES[power] / 1e8), f"亿{unit}")
    if power in ("千万", "百万", "十万"):
        return (*both(_MULTIPLES[power] / 1e4), f"万{unit}")
    return low, high, power + unit

"""Sums of money as people write them: read into 万元, and written in 万元 or 亿元."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

from graph.language import say

#: What a unit is in 万元.
UNITS: dict[str, Decimal] = {
    "元": Decimal("1e-4"),
    "万元": Decimal(1),
    "万": Decimal(1),
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
}
#: 万元 from which on a sum is written in 亿元.
YI = 10_000.0
#: A number as people write it: 3000, 3,000, 12.5.
NUMBER = r"(?P<number>([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?)"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_SUM = re.compile(rf"\s*{NUMBER}\s*(?P<unit>[亿万])?\s*(?P<yuan>元)?\s*")
_ROUNDED = Context(prec=10, rounding=ROUND_HALF_UP)


class MoneyError(ValueError):
    """A text that is no sum of money; its text is one readable line."""


def parse_money(text: str) -> float:
    """A sum in 万元: ``50亿元``, ``30 亿``, ``8,000万``, ``300000000元``. The unit must be written: 50 alone may be any.

    Raises:
        MoneyError: no number with a unit of money.

    >>> parse_money("12.5 亿"), parse_money("３，０００万元"), parse_money("5000元")
    (125000.0, 3000.0, 0.5)
    """
    match = _SUM.fullmatch(half_width(text))
    unit = "".join(match[part] or "" for part in ("unit", "yuan")) if match else ""
    amount = float(Decimal(match["number"].replace(",", "")) * UNITS[unit]) if match and unit else math.inf
    if not math.isfinite(amount):
        raise MoneyError(
            say(
                f"金额应为数值加单位，如 50亿元、8000万 或 300000000元，不是 {text!r}",
                f"an amount is a number with unit, 50亿元, 8000万 or 300000000元, not {text!r}",
            )
        )
    return amount


def half_width(text: str) -> str:
    """The text with its digits and what stands among them in half width: ３，０００ is 3,000."""
    return text.translate(_FULL_WIDTH)


def money_text(amount: float) -> str:
    """A sum in 万元 as people write it: 1,000 万元, 50 亿元.

    >>> money_text(1234.5), money_text(500_000)
    ('1,234.5 万元', '50 亿元')
    """
    if abs(amount) >= YI:
        return f"{number_text(amount / YI)} {say('亿元', '×10⁸ yuan')}"
    return wan_text(amount)


def wan_text(amount: float) -> str:
    """A sum in 万元, however large."""
    return f"{number_text(amount)} {say('万元', '×10⁴ yuan')}"


def number_text(value: float) -> str:
    """A number with ten digits at most, rounded half up, thousands set apart: 1,000; 0.35."""
    digits = f"{_ROUNDED.create_decimal(repr(float(value))):,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits

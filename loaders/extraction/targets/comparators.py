"""How a value is compared, by the words before it: 达到, 控制在, 较2020年下降, 提高…占比至."""

from __future__ import annotations

import re

from loaders.extraction.numbers import Quantity
from loaders.extraction.targets.model import Comparison
from loaders.extraction.targets.target_words import (
    AT_LEAST,
    DOWN_AROUND,
    DOWN_END,
    EQUAL_END,
    FALL_END,
    RISE_END,
    UP_AROUND,
    UP_END,
)
from loaders.extraction.units import SHARES

#: Against which year: 较2020年, 在2020年基础上, 由2020年的35%.
_BASE = re.compile(
    r"(?:较|比|与|相比|相较于?)(?P<year>20\d\d)年(?:末|底|年末)?(?:的?水平)?(?:相比)?，?$|在(?P<year2>20\d\d)年(?:的)?基础上，?$"
    r"|(?:由|从)(?P<year3>20\d\d)年(?:底|末)?的?[^，。；]{0,16}$"
)
#: The same before what changes: 与2020年相比，能耗下降.
BASE_FIRST = re.compile(r"(?:较|比|与)(?P<year>20\d\d)年(?:末|底)?(?:水平)?(?:相比)?，")
#: Against what, without a year of its own.
_AGAINST = re.compile(r"(?:较|比)(?:上一?年|去年|上年度|“十[二三四五]五”(?:末|期末)|规划期初|基期|前三年)(?:末|底)?$")
_LEVELS = ((">=", UP_END), ("<=", DOWN_END), ("=", EQUAL_END))
_CHANGES = (("+%", RISE_END), ("-%", FALL_END))
_AROUND = ((">=", UP_AROUND), ("<=", DOWN_AROUND))
#: Weak signs: only with 以上, 以内 behind the value, or behind a noun that has a level.
_WEAK = re.compile("(?:在|约|近|力争)$")


def comparison(left: str, quantity: Quantity) -> Comparison | None:
    """How a quantity is compared by the words before it; None where they do not say.

    A change (增长10%) is one of shares only; of several readings the longest words win (不超过, not 超过).
    """
    patterns = _LEVELS + _CHANGES if quantity.unit in SHARES else _LEVELS
    found = [(match.start(), sign, match) for sign, pattern in patterns if (match := pattern.search(left))]
    if not found:
        return _around(left, quantity)
    start, sign, match = min(found, key=lambda f: f[0])
    year, before = base_year(left[:start])
    opening = BASE_FIRST.match(left)
    year = int(opening["year"]) if opening and year is None else year
    if sign.endswith("%"):
        at_least = quantity.at_least or bool(AT_LEAST.search(match["about"]))
        return Comparison(sign, before, at_least, year)
    if sign == "=" and _WEAK.search(match.group()) and match.group().startswith("在") and not _bounded(quantity):
        return None
    return Comparison(_bound(sign, match, quantity), before, base_year=year)


def plain(quantity: Quantity, about: str = "") -> str:
    """The comparator of a value without a verb of comparison: = but for 以上, 以内, 不少于."""
    if quantity.at_least or AT_LEAST.search(about):
        return ">="
    return "<=" if quantity.at_most else "="


def base_year(words: str) -> tuple[int | None, int]:
    """(the year that words end with as a base, where the words that say so begin)."""
    match = _BASE.search(words)
    if match:
        return int(match["year"] or match["year2"] or match["year3"]), match.start()
    against = _AGAINST.search(words)
    return None, against.start() if against else len(words)


def _around(left: str, quantity: Quantity) -> Comparison | None:
    for sign, pattern in _AROUND:
        match = pattern.search(left)
        if match:
            return Comparison(_bound(sign, match, quantity), match.start(), thing=match["thing"])
    return None


def _bound(sign: str, match: re.Match[str], quantity: Quantity) -> str:
    """The comparator, where 以上 or 以内 behind the value may say another."""
    if quantity.at_least or (sign == "=" and AT_LEAST.search(match["about"])):
        return ">="
    return "<=" if quantity.at_most else sign


def _bounded(quantity: Quantity) -> bool:
    return quantity.at_least or quantity.at_most

"""Values that are no goals: conditions, payments, what only describes a thing."""

from __future__ import annotations

import re

from loaders.extraction.numbers import Quantity
from loaders.extraction.targets.comparators import comparison
from loaders.extraction.targets.place import Place
from loaders.extraction.targets.target_words import CONDITIONS, GIVEN_TO, MAKE_END, PAYS, RULES
from loaders.extraction.units import MONEY, SHARES

_AIMED = re.compile(r"到20\d\d年|力争")
#: Rules, not goals: 不得少于3人; …方可申报; 如低于50米.
_RULE_BEFORE = re.compile("(?:不得|不应|须|必须|应当?)(?:不)?(?:少于|低于|高于|超过|大于|小于)?$|^(?:如|若|当|一旦)")
_SMALL_NUMERALS = frozenset("两二三四五六七八九十")
_RULE_BEHIND = re.compile(
    "方可|才能|可享受|可申请|可优先|可不|予以|不予|优先推荐|优先纳入|视同|视为|由[^，]{2,8}负责解释"
)


def is_no_goal(place: Place, following: Quantity | None) -> bool:
    """Whether a value is a condition, a rule, a payment or describes something."""
    return (
        _is_condition(place)
        or _is_rule(place)
        or _is_paid(place)
        or _sums_up(place)
        or (following is not None and _describes(place, following))
    )


def _is_condition(place: Place) -> bool:
    """达到30亿元以上的项目，给予…; 应满足…; what stands before a payment in its sentence."""
    if CONDITIONS.search(place.sentence):
        return True
    if place.right.startswith("的") and not (place.quantity.unit in MONEY and MAKE_END.search(place.left)):
        return not re.match("的(?:速度|增速|幅度)|的\\d", place.right)
    paid = PAYS.search(place.right)
    if paid is None or _is_sought(place):
        return False
    return not re.search("，(?:并?对|按)", place.right[: paid.start()])


def _is_rule(place: Place) -> bool:
    """首付比例不低于50%; 不得少于3人; 不低于30%，方可申报."""
    if place.year is not None and _AIMED.search(place.sentence):
        return False
    return bool(_RULE_BEFORE.search(place.left) or _RULE_BEHIND.search(place.right) or RULES.search(place.left))


def _is_sought(place: Place) -> bool:
    """Whether a value is a goal though a payment follows in its sentence: 三年遴选30户企业，给予…"""
    if _AIMED.search(place.sentence[: place.quantity.start]):
        return True
    whom = place.right.partition("，")[0]
    if re.match("对|凡|每(?!年)|当年|年度", place.left) or re.search(
        "的[^，]{0,8}$" if place.quantity.at_least else "的$", whom
    ):
        return False
    return bool(place.joined or MAKE_END.search(place.left))


def _is_paid(place: Place) -> bool:
    """给予500万元; 按10%; a sum or share in the words of a payment."""
    left = place.left
    if place.quantity.unit not in MONEY and place.quantity.unit not in ("%", "万", "亿"):
        return bool(GIVEN_TO.search(left)) and bool(PAYS.search(place.right))
    return bool(PAYS.search(left) or re.search(r"(?:^|，)(?:按照?|最高|每[家个户人项]|单个)[^，。；]*$", left)) or (
        PAYS.match(place.right) is not None
    )


def _sums_up(place: Place) -> bool:
    """打造稀土、石墨两条产业链; 突出平台、企业、项目三个关键: a number that sums up a list before it."""
    written = place.sentence[place.quantity.start]
    return written in _SMALL_NUMERALS and place.countable and "、" in place.left.rpartition("，")[2]


def _describes(place: Place, following: Quantity) -> bool:
    """营业收入超百亿元企业10户, 亿元以上项目30个: a value inside the name of what is counted next."""
    between = place.sentence[place.quantity.tail : following.start]
    if place.countable and MAKE_END.search(place.left):
        return False
    if not between or re.search("[，。；、：（）]", between) or following.unit in SHARES:
        return False
    if place.quantity.unit in SHARES and not between.startswith("的"):
        return False
    noun = re.sub("(?:达到?|超过|突破|不少于|不低于|增加到|增至)$", "", between)
    if re.search("(?:和|与|及|并)$|^(?:且|并|同时)", noun):
        return False
    return (len(noun) >= 2 or noun == "的") and not MAKE_END.search(noun) and not comparison(noun, place.quantity)

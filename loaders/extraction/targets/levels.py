"""Goals that set a level or a change of it: 产值达到100亿元, 能耗较2020年下降10%, 总投资500亿元以上."""

from __future__ import annotations

import re

from loaders.extraction.targets.comparators import comparison, plain
from loaders.extraction.targets.counts import count_of
from loaders.extraction.targets.model import Comparison, Goal, Name
from loaders.extraction.targets.naming import completed, has_level, listed, named, thing_made, trimmed
from loaders.extraction.targets.place import JOINER, Place
from loaders.extraction.targets.target_words import AIMS, GIVEN_TO, SIZE_OF_PROJECT
from loaders.extraction.units import SHARES

#: 能耗下降：2027年 before a value of a table.
_YEAR_BEHIND = re.compile(r"：20\d\d年$")
#: 新车销量达到汽车销售总量的 before 20%.
_SHARE_OF = re.compile("(?P<part>.{2,30}?)(?:达到|达)(?P<whole>.{2,30}?)的?")
_AT_THE_RATE = re.compile("(?:以)?(?:年均|每年|平均每年)?(?:不低于|超过|约)?$")
_RATE_BEHIND = re.compile("的?(?:年均)?(?:速度|增速|幅度|速率)(?:递增|增长|提升|提高|(?P<down>下降|降低|递减))")
_EACH_YEAR = re.compile("年均(?:增长|下降)$")


def at_a_rate(place: Place) -> list[Goal] | None:
    """产值以年均10%的速度增长."""
    match = _RATE_BEHIND.match(place.right)
    if match is None or place.quantity.unit not in SHARES:
        return None
    phrase = trimmed(_AT_THE_RATE.sub("", place.left))
    name = named(phrase) if len(phrase) >= 2 else place.previous.name if place.previous else None
    sign = "-%" if match["down"] else "+%"
    how = Comparison(sign, 0, place.quantity.at_least)
    return [place.goal(_yearly(name, how, place), how)] if name else None


def level(place: Place) -> list[Goal] | None:
    """产值达到100亿元, 能耗较2020年下降10%, 时限压缩至3个工作日."""
    how = comparison(_YEAR_BEHIND.sub("", place.left), place.quantity)
    if how is None or GIVEN_TO.search(place.left):
        return None
    phrase = trimmed(how.thing or place.left[: how.start])
    if how.comparator == "=" and SIZE_OF_PROJECT.search(phrase):
        return None
    phrase = phrase if has_level(phrase) else thing_made(phrase)
    if not phrase and place.noun:
        achieved = place.left.endswith("突破") and not place.quantity.at_least
        return count_of(place, place.noun, Comparison("=", 0) if achieved else how)
    phrase = _whole(place, phrase or place.segment_before)
    if len(phrase) >= 2:
        return [
            place.goal(_yearly(named(p), how, place), how, counts=place.countable and not has_level(p))
            for p in _both(place, phrase)
        ]
    return _of_the_same(place, how)


def _whole(place: Place, phrase: str) -> str:
    """A phrase with what it leaves out: 占GDP比重 of the indicator before, 国家级 of the next one's noun."""
    if place.previous is None:
        return phrase
    if phrase.startswith("占"):
        return _measured_before(place.previous) + phrase
    joined = place.counting and re.match("[、，和]", place.left) and not has_level(phrase)
    return completed(phrase, place.sentence, place.quantity.tail) if joined else phrase


def _of_the_same(place: Place, how: Comparison) -> list[Goal] | None:
    """A value without a name of its own: …增长12%、达到330亿元."""
    before = place.previous
    if before is None or not (how.changes or before.comparison.changes or place.comparable):
        return None
    return [place.goal(_yearly(before.name, how, place), how, counts=before.counts)]


def level_again(place: Place) -> list[Goal] | None:
    """达到4%、5%和6%; 其中2025年18万千瓦: another value of the same indicator."""
    words = JOINER.sub("", re.sub(r"20\d\d年(?:底|末)?", "", place.left))
    if words or place.previous is None or not place.comparable or not (place.stops or place.right.startswith("目标")):
        return None
    before = place.previous.comparison
    how = before if before.changes else Comparison(plain(place.quantity), 0)
    return [place.goal(place.previous.name, how, counts=place.previous.counts)]


def part_of_whole(place: Place) -> list[Goal] | None:
    """产值达到300亿元，其中：装备制造100亿元、电子信息60亿元: the same indicator of parts."""
    before = place.sentence[: place.quantity.start].rpartition("其中")
    name = trimmed(place.left)
    if not before[1] or not place.comparable or place.countable or place.previous is None or not place.stops:
        return None
    if not 2 <= len(name) <= 16 or has_level(name) or re.search(r"\d", name):
        return None
    return [place.goal(Name(name, place.previous.name.indicator), Comparison(plain(place.quantity), 0))]


def bare_level(place: Place) -> list[Goal] | None:
    """总投资500亿元以上, 比重35%左右: the noun before the value has a level."""
    words, about = place.before_about
    phrase = trimmed(words)
    if not has_level(phrase) or len(phrase) < 2 or not place.stops:
        return None
    if SIZE_OF_PROJECT.search(phrase) and not (place.counting or AIMS.search(place.left)):
        return None
    share = _SHARE_OF.fullmatch(phrase) if place.quantity.unit in SHARES else None
    if share:
        name = named(f"{share['part']}占{share['whole']}比重")
        return [place.goal(name, Comparison("<=" if place.quantity.at_most else ">=", 0))]
    return [place.goal(named(_whole(place, phrase)), Comparison(plain(place.quantity, about), 0))]


def _yearly(name: Name, how: Comparison, place: Place) -> Name:
    """The indicator of a change each year, so called: 增加值年均增长."""
    plain_indicator = _EACH_YEAR.sub("", name.indicator)
    if "年均" not in place.left and "每年" not in place.left:
        return Name(name.subject, plain_indicator)
    if not how.changes:
        return name
    return Name(name.subject, plain_indicator + ("年均增长" if how.comparator == "+%" else "年均下降"))


def _measured_before(goal: Goal) -> str:
    """What the share of the goal before is of: 服务业增加值 of 服务业增加值占工业比重."""
    whole = _EACH_YEAR.sub("", goal.name.whole)
    return whole[: whole.find("占")] if "占" in whole[1:] else whole


def _both(place: Place, phrase: str) -> list[str]:
    """甲、乙均达到90%: two goals."""
    if not re.search("(?:均|都)[^，。；]{0,6}$", place.left):
        return [phrase]
    names = listed(phrase)
    return names if len(names) > 1 and all(has_level(n) for n in names) else [phrase]

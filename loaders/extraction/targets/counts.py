"""Goals that count things: 培育200家企业, 培育企业200家, 设立60亿元基金."""

from __future__ import annotations

import re

from loaders.extraction.targets.comparators import plain
from loaders.extraction.targets.model import Comparison, Goal, Name
from loaders.extraction.targets.naming import completed, has_level, named, thing_behind, thing_made, trimmed
from loaders.extraction.targets.place import JOINER, Place
from loaders.extraction.targets.target_words import AIMS, MAKE_END, MAKES, NOT_MADE, SIZE_OF_PROJECT
from loaders.extraction.units import MONEY

#: 新建保康、谷城 before 2个通用机场.
_PLACES_LISTED = re.compile("(?:新建|建设|布局|打造|创建)[^，。；]*、[^，。；]*$")
_LISTED_BEFORE = re.compile("(?:等|共|共有)$")
_LEVEL_OF = re.compile("级(?:以上)?$")


def count_with_verb(place: Place) -> list[Goal] | None:
    """培育200家企业, 加氢站建成15座: a verb stands before the value."""
    verb = MAKE_END.search(place.left)
    if verb is None or not (place.countable or has_level(thing_behind(place.sentence, place.quantity.tail))):
        return None
    how = Comparison(plain(place.quantity, verb["about"]), verb.start())
    if place.noun:
        return count_of(place, place.noun, how, done=verb["tail"] == "了")
    before = thing_made(place.left[: verb.start()]) or place.segment_before
    if len(before) >= 2:
        return [place.goal(named(before) if has_level(before) else Name(None, before), how, counts=True)]
    return [place.goal(place.previous.name, how, counts=True)] if place.previous else None


def count_joined(place: Place) -> list[Goal] | None:
    """…20家绿色工厂，5个数字化车间: a count that goes on with the verb of the one before."""
    words, about = place.before_about
    if not place.counting or JOINER.sub("", words) or not place.noun:
        return None
    return count_of(place, place.noun, Comparison(plain(place.quantity, about), 0))


def count_behind(place: Place) -> list[Goal] | None:
    """培育企业200家; 新建保康、谷城2个通用机场; …等48个园区."""
    if not place.countable:
        return None
    words, about = place.before_about
    how = Comparison(plain(place.quantity, about), 0)
    if _LISTED_BEFORE.search(words):
        return [place.goal(Name(place.noun, "数量"), how, kind="existing", counts=True)] if place.noun else None
    last = _last_of_list(words)
    phrase = thing_made(last)
    if place.stops and _is_sought(place, last, phrase) and _is_thing(phrase):
        return [place.goal(Name(None, _with_noun(place, phrase)), how, counts=True)]
    return count_of(place, place.noun, how) if place.noun and _PLACES_LISTED.search(words) else None


def _is_sought(place: Place, words: str, phrase: str) -> bool:
    """Whether a count is wanted, not only told: a verb, a goal before it, a year; and no area of a district."""
    made = phrase != trimmed(words) or MAKES.match(phrase) or AIMS.search(place.left)
    sought = made or place.follows or place.year is not None or place.kind == "existing"
    return bool(sought) and not SIZE_OF_PROJECT.search(phrase)


def _with_noun(place: Place, phrase: str) -> str:
    """国家级 with the noun of the count before it."""
    if not _LEVEL_OF.search(phrase) or place.previous is None or not place.previous.counts:
        return phrase
    return phrase + re.sub("^.*?级(?:以上)?", "", place.previous.name.indicator)


def fund(place: Place) -> list[Goal] | None:
    """设立100亿元产业基金, 设立规模50亿元的基金."""
    if place.quantity.unit not in MONEY:
        return None
    match = re.match("的?(?P<name>[^，。；]{0,20}?基金(?:集群|群|丛林)?)", place.right)
    if match is None or not re.search("设立|建立|组建|发起|成立|形成|打造|筹设|募集", place.left):
        return None
    return [place.goal(Name(match["name"], "规模"), Comparison(plain(place.quantity), 0))]


def count_of(place: Place, noun: str, how: Comparison, done: bool = False) -> list[Goal] | None:
    """The goal of a count whose noun stands behind it."""
    if not _is_thing(noun):
        return None
    end = place.sentence.find(noun, place.quantity.tail) + len(noun)
    if done:
        verb = re.sub("了$", "", re.sub("^.*?(?=.{2}了$)", "", place.left))
        return [Goal(place.quantity, Name(noun, f"已{verb}数量"), how, "existing", None, end, True)]
    name = Name(None, completed(noun, place.sentence, end))
    return [Goal(place.quantity, name, how, place.kind, None, max(end, place.quantity.tail), True)]


def _is_thing(noun: str) -> bool:
    return (
        2 <= len(noun) <= 50
        and not NOT_MADE.match(noun)
        and not re.search("(?:措施|政策|举措|任务|事项|要求|制度|机制|条款|意见|工作组|领导小组|专班)$", noun)
    )


def _last_of_list(words: str) -> str:
    """The words behind the last thing that has a count of its own."""
    return re.sub(r"^.*\d[^、]*、(?=.{2,})", "", words)

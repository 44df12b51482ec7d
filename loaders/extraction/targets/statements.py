"""The ways of stating a goal: each is a function from a value in its sentence to goals, or None where it is not that way."""

from __future__ import annotations

import re
from collections.abc import Callable

from loaders.extraction.numbers import Quantity
from loaders.extraction.targets.comparison import base_year, comparison, plain
from loaders.extraction.targets.model import Comparison, Goal, Name
from loaders.extraction.targets.naming import completed, has_level, listed, named, thing_behind, thing_made, trimmed
from loaders.extraction.targets.place import JOINER, Place
from loaders.extraction.targets.vocabulary import MAKE_END, MAKES, NOT_MADE, SIZE_OF_PROJECT
from loaders.extraction.units import MONEY, SHARES

_GIVEN_TO = re.compile("(?:对|向|给予)[^，。；]*$")
#: 能耗下降：2027年 before a value of a table.
_YEAR_BEHIND = re.compile(r"：20\d\d年$")
#: 新建保康、谷城 before 2个通用机场.
_PLACES_LISTED = re.compile("(?:新建|建设|布局|打造|创建)[^，。；]*、[^，。；]*$")
_LISTED_BEFORE = re.compile("(?:等|共|共有)$")
_AIMS = re.compile(r"力争|争取|确保|达到|完成|实现|新增|突破|引进|招引|目标")
_ABOUT_END = re.compile("(?:约|近|超过?|不少于|不低于|至少|达到?|突破)?$")
#: 新车销量达到汽车销售总量的 before 20%.
_SHARE_OF = re.compile("(?P<part>.{2,30}?)(?:达到|达)(?P<whole>.{2,30}?)的?")
_AT_THE_RATE = re.compile("(?:以)?(?:年均|每年|平均每年)?(?:不低于|超过|约)?$")
_RATE_BEHIND = re.compile("的?(?:年均)?(?:速度|增速|幅度|速率)(?:递增|增长|提升|提高|(?P<down>下降|降低|递减))")


def at_a_rate(place: Place) -> list[Goal] | None:
    """产值以年均10%的速度增长."""
    match = _RATE_BEHIND.match(place.right)
    if match is None or place.quantity.unit not in SHARES:
        return None
    phrase = trimmed(_AT_THE_RATE.sub("", place.left))
    name = named(phrase) if len(phrase) >= 2 else place.previous.name if place.previous else None
    sign = "-%" if match["down"] else "+%"
    how = Comparison(sign, 0, place.quantity.at_least)
    return [_goal(place, _yearly(name, how, place), how)] if name else None


def respectively(place: Place) -> list[Goal] | None:
    """光伏、锂电产值分别达到10亿元和20亿元; 2025年、2026年产值分别达到…"""
    head, split, verb = place.left.rpartition("分别")
    if not split or len(place.group) < 2:
        return None
    how = comparison(verb, place.quantity) or comparison(place.left, place.quantity)
    made = "" if how else thing_made(verb)
    if how is None and verb and not MAKE_END.search(verb) and made == verb:
        return None
    base, end = base_year(head)
    if how is None:
        how = Comparison(plain(place.quantity), 0)
    how = Comparison(how.comparator, 0, how.at_least, base or how.base_year)
    names, years = _names_of_list(place, head[:end], made)
    if not all(names):
        return None
    return [
        _goal(place, named(name), how, quantity, year)
        for name, year, quantity in zip(names, years, place.group, strict=True)
    ]


def _names_of_list(place: Place, head: str, made: str) -> tuple[list[str], list[int | None]]:
    """(what each value of a list measures, its year): 甲、乙分别…; 2025年、2026年分别新增甲…"""
    count = len(place.group)
    none: list[int | None] = [None] * count
    names = listed(trimmed(head))
    if len(names) >= count and not re.search(r"20\d\d年", trimmed(head)):
        return [n + made for n in names[-count:]], none
    before = re.sub(r"(?:20\d\d年?底?[、和及与，]*)+", "", head)
    shared = made or thing_made(before) or (place.previous.name.whole if place.previous else "")
    years = [int(y) for y in re.findall(r"(20\d\d)年?", place.sentence[: place.quantity.start])][-count:]
    return [shared] * count, list(years) if len(years) == count else none


def count_with_verb(place: Place) -> list[Goal] | None:
    """培育企业200家 has its noun before; this is 培育200家企业, and 加氢站建成15座."""
    verb = MAKE_END.search(place.left)
    if verb is None or not (place.countable or has_level(thing_behind(place.sentence, place.quantity.tail))):
        return None
    how = Comparison(plain(place.quantity, verb["about"]), verb.start())
    noun = place.noun
    if noun:
        return _count(place, noun, how, done=verb["tail"] == "了")
    before = thing_made(place.left[: verb.start()]) or _segment_before(place)
    if len(before) >= 2:
        return [_goal(place, named(before) if has_level(before) else Name(None, before), how, counts=True)]
    return [_goal(place, place.previous.name, how, counts=True)] if place.previous else None


def count_joined(place: Place) -> list[Goal] | None:
    """…20家绿色工厂，5个数字化车间: a count that goes on with the verb of the one before."""
    about = re.search("(?:约|近|超过?|不少于|不低于|至少)?$", place.left)
    if about is None or not place.counting or JOINER.sub("", place.left[: about.start()]) or not place.countable:
        return None
    noun = place.noun
    return _count(place, noun, Comparison(plain(place.quantity, about.group()), 0)) if noun else None


def level(place: Place) -> list[Goal] | None:
    """产值达到100亿元, 能耗较2020年下降10%, 时限压缩至3个工作日."""
    how = comparison(_YEAR_BEHIND.sub("", place.left), place.quantity)
    if how is None or _GIVEN_TO.search(place.left):
        return None
    phrase = trimmed(how.thing or place.left[: how.start])
    if how.comparator == "=" and SIZE_OF_PROJECT.search(phrase):
        return None
    if not has_level(phrase):
        phrase = thing_made(phrase)
    noun = place.noun
    if not phrase and noun:
        achieved = place.left.endswith("突破") and not place.quantity.at_least
        return _count(place, noun, Comparison("=", 0) if achieved else how)
    if not phrase:
        phrase = _segment_before(place)
    if phrase.startswith("占") and place.previous:
        phrase = _measured_before(place.previous) + phrase
    if len(phrase) >= 2:
        if re.match("[、，和]", place.left) and place.counting and place.previous and not has_level(phrase):
            phrase = completed(phrase, place.sentence, place.quantity.tail)
        both = _both(place, phrase)
        return [
            _goal(place, _yearly(named(p), how, place), how, counts=place.countable and not has_level(p)) for p in both
        ]
    if place.previous and (_changes(how) or _changes(place.previous.comparison) or place.comparable):
        return [_goal(place, _yearly(place.previous.name, how, place), how, counts=place.previous.counts)]
    return None


def level_again(place: Place) -> list[Goal] | None:
    """达到4%、5%和6%; 其中2025年18万千瓦: another value of the same indicator."""
    words = JOINER.sub("", re.sub(r"20\d\d年(?:底|末)?", "", place.left))
    if words or place.previous is None or not place.comparable or not (place.stops or place.right.startswith("目标")):
        return None
    before = place.previous.comparison
    how = before if _changes(before) else Comparison(plain(place.quantity), 0)
    return [_goal(place, place.previous.name, how, counts=place.previous.counts)]


def part_of_whole(place: Place) -> list[Goal] | None:
    """产值达到300亿元，其中：装备制造100亿元、电子信息60亿元: the same indicator of parts."""
    before = place.sentence[: place.quantity.start].rpartition("其中")
    name = trimmed(place.left)
    if not before[1] or not place.comparable or place.countable or place.previous is None or not place.stops:
        return None
    if not 2 <= len(name) <= 16 or has_level(name) or re.search(r"\d", name):
        return None
    return [_goal(place, Name(name, place.previous.name.indicator), Comparison(plain(place.quantity), 0))]


def bare_level(place: Place) -> list[Goal] | None:
    """总投资500亿元以上, 比重35%左右: the noun before the value has a level."""
    phrase = trimmed(re.sub(f"(?:{'约|近|超过?|不低于'})$", "", place.left))
    if not has_level(phrase) or len(phrase) < 2 or not place.stops:
        return None
    if SIZE_OF_PROJECT.search(phrase) and not (place.counting or _AIMS.search(place.left + place.right[:2])):
        return None
    if phrase.startswith("占") and place.previous:
        phrase = _measured_before(place.previous) + phrase
    about = re.search("(?:约|近|超过?|不低于)?$", place.left)
    share = _SHARE_OF.fullmatch(phrase) if place.quantity.unit in SHARES else None
    if share:
        name = named(f"{share['part']}占{share['whole']}比重")
        return [_goal(place, name, Comparison("<=" if place.quantity.at_most else ">=", 0))]
    return [_goal(place, named(phrase), Comparison(plain(place.quantity, about.group() if about else ""), 0))]


def count_behind(place: Place) -> list[Goal] | None:
    """培育企业200家; 新建保康、谷城2个通用机场."""
    if not place.countable:
        return None
    about = re.search("(?:约|近|超过?|不少于|不低于|至少|达到?|突破|为)?$", place.left)
    words = place.left[: about.start()] if about else place.left
    if _LISTED_BEFORE.search(words):
        noun = place.noun
        return [_goal(place, Name(noun, "数量"), Comparison("=", 0), kind="existing", counts=True)] if noun else None
    how = Comparison(plain(place.quantity, about.group() if about else ""), 0)
    listed_last = _last_of_list(words)
    phrase = thing_made(listed_last)
    made = phrase != trimmed(listed_last) or MAKES.match(phrase) or _AIMS.search(place.left)
    sought = made or place.follows or place.year is not None or place.kind == "existing"
    if place.stops and sought and _is_thing(phrase) and not SIZE_OF_PROJECT.search(phrase):
        if re.search("级(?:以上)?$", phrase) and place.previous and place.previous.counts:
            phrase += re.sub("^.*?级(?:以上)?", "", place.previous.name.indicator)
        return [_goal(place, Name(None, phrase), how, counts=True)]
    noun = place.noun
    return _count(place, noun, how) if noun and _PLACES_LISTED.search(words) else None


def fund(place: Place) -> list[Goal] | None:
    """设立100亿元产业基金, 设立规模50亿元的基金."""
    if place.quantity.unit not in MONEY:
        return None
    match = re.match("的?(?P<name>[^，。；]{0,20}?基金(?:集群|群|丛林)?)", place.right)
    if match is None or not re.search("设立|建立|组建|发起|成立|形成|打造|筹设|募集", place.left):
        return None
    return [_goal(place, Name(match["name"], "规模"), Comparison(plain(place.quantity), 0))]


#: In the order in which they are tried.
STATEMENTS: tuple[Callable[[Place], list[Goal] | None], ...] = (
    fund, at_a_rate, respectively, count_with_verb, count_joined, level, level_again, bare_level, part_of_whole, count_behind,
)  # fmt: skip


def _goal(
    place: Place,
    name: Name,
    how: Comparison,
    quantity: Quantity | None = None,
    year: int | None = None,
    kind: str = "",
    counts: bool = False,
) -> Goal:
    value = quantity or place.quantity
    return Goal(value, name, how, kind or place.kind, year, value.tail, counts)


def _count(place: Place, noun: str, how: Comparison, done: bool = False) -> list[Goal] | None:
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


def _yearly(name: Name, how: Comparison, place: Place) -> Name:
    """The indicator of a change each year, so called: 增加值年均增长."""
    plain_indicator = re.sub("年均(?:增长|下降)$", "", name.indicator)
    if "年均" not in place.left and "每年" not in place.left:
        return Name(name.subject, plain_indicator)
    if not _changes(how):
        return name
    return Name(name.subject, plain_indicator + ("年均增长" if how.comparator == "+%" else "年均下降"))


def _changes(how: Comparison) -> bool:
    return how.comparator.endswith("%")


def _segment_before(place: Place) -> str:
    """What the words before the comma speak of: 企业数量翻一番，达到300家; 建设加氢站，2024年建成15座."""
    comma = place.start - 1
    if comma < 0 or place.sentence[comma] != "，":
        return ""
    begin = max(place.sentence.rfind(stop, 0, comma) + 1 for stop in "，。；：")
    words = re.sub(r"(?:较|比)20\d\d年(?=翻|增|提|下|降)", "", trimmed(place.sentence[begin:comma]))
    if re.search(r"\d", words):
        return ""
    subject = trimmed(
        re.sub(
            "(?:实现|力争|达到)?(?:翻[一两]番|倍增|(?:[^，]{2})?(?:提升|增长|提高|壮大|扩大|增强|下降|降低|优化|改善|增加|减少|突破))$",
            "",
            words,
        )
    )
    if subject != trimmed(words) and has_level(subject):
        return subject
    thing = thing_made(words)
    return thing if thing != trimmed(words) and len(thing) <= 12 and place.countable else ""


def _measured_before(goal: Goal) -> str:
    """What the share of the goal before is of: 服务业增加值 of 服务业增加值占工业比重."""
    whole = re.sub("年均(?:增长|下降)$", "", goal.name.whole)
    return whole[: whole.find("占")] if "占" in whole[1:] else whole


def _both(place: Place, phrase: str) -> list[str]:
    """甲、乙均达到90%: two goals."""
    if not re.search("(?:均|都)[^，。；]{0,6}$", place.left):
        return [phrase]
    names = listed(phrase)
    return names if len(names) > 1 and all(has_level(n) for n in names) else [phrase]


def _last_of_list(words: str) -> str:
    """The words behind the last thing that has a count of its own."""
    return re.sub(r"^.*\d[^、]*、(?=.{2,})", "", words)

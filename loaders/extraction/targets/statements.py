"""The ways of stating a goal: each is a function from a value in its sentence to goals, or None where it is not that way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from loaders.extraction.numbers import Quantity
from loaders.extraction.targets.comparison import base_year, comparison, plain
from loaders.extraction.targets.model import Comparison, Goal, Name
from loaders.extraction.targets.naming import (
    completed,
    has_level,
    listed,
    named,
    thing_behind,
    thing_made,
    trimmed,
)
from loaders.extraction.targets.vocabulary import CONDITIONS, MAKE_END, NOT_MADE, PAYS
from loaders.extraction.units import MONEY, SHARES, TIMES

_JOINER = re.compile("[，、和及与]|以及|其中|：")
#: A comma behind such words does not part them from the value: 到2025年，; 较2020年，; 力争，.
_INTRODUCTION = re.compile(r"(?:到|至|力争|争取)?(?:20\d\d年底?|(?:较|比|与)20\d\d年(?:相比)?|年均|力争|同比)?")
_STATED = re.compile(
    "(?:截至(?!20\\d\\d年[^，。；]{0,4}，?(?:力争|要))|目前|现有|已有|现已|已经|共有|累计已|去年|上年|近年来|以来|分布在|五年来|年来)[^。；]*$|已(?=建成|培育|形成|集聚|引进|认定|有|达|超|累计|完成|实现|突破|获|建|开|创)[^，。；]*$"
)
_DONE = re.compile("(?:建设|建成|培育|形成|打造|认定|引进|实施|集聚|完成|实现|达到|突破|增长|下降)了$")
_LISTED_BEFORE = re.compile("(?:等|共|共有)$")
_GIVEN_TO = re.compile("(?:对|向|给予)[^，。；]*$")
_SIZE_OF_PROJECT = re.compile(
    "(?:总投资额?|计划投资|占地|占地面积|建筑面积|规划面积|规划用地|注册资本|投资额|年产|全长|总长)$"
)
_AIMS = re.compile(r"力争|争取|确保|达到|完成|实现|新增|到20\d\d年|突破|以上|引进|招引|目标")
_AT_THE_RATE = re.compile("(?:以)?(?:年均|每年|平均每年)?(?:不低于|超过|约)?$")
_RATE_BEHIND = re.compile("的?(?:年均)?(?:速度|增速|幅度|速率)(?:递增|增长|提升|提高|(?P<down>下降|降低|递减))")


@dataclass(frozen=True)
class Place:
    """A value where it stands in its sentence.

    Parameters
    ----------
    group: the value, and those listed with it (4%、5%和6%).
    start: where the words before it begin: behind the last stop or goal.
    previous: the last goal before it.
    counting: whether what stands before it, joined to it, was a count.
    """

    sentence: str
    group: tuple[Quantity, ...]
    start: int
    previous: Goal | None
    counting: bool

    @property
    def quantity(self) -> Quantity:
        """The value, or the first of a list."""
        return self.group[0]

    @property
    def left(self) -> str:
        """The words before the value."""
        return self.sentence[self.start : self.quantity.start]

    @property
    def right(self) -> str:
        """What stands behind the value and its 以上."""
        return self.sentence[self.quantity.tail :]

    @property
    def joined(self) -> bool:
        """Whether nothing but a comma stands between a count and this one."""
        return self.counting and not _JOINER.sub("", self.left)

    @property
    def stops(self) -> bool:
        """Whether the part of the sentence ends behind the value."""
        return re.match(r"[，。；、）：]|$|和|及(?!时)|以及|并", self.right) is not None

    @property
    def kind(self) -> str:
        """Whether what is there already is stated, or a goal."""
        return (
            "existing" if _STATED.search(self.sentence[: self.quantity.start]) or _DONE.search(self.left) else "target"
        )


def place_of(sentence: str, group: tuple[Quantity, ...], done: int, previous: Goal | None, counting: bool) -> Place:
    """The place of a value, with the words before it from the last stop or goal on."""
    first = group[0].start
    start = max(done, *(sentence.rfind(stop, 0, first) + 1 for stop in "，："))
    bracket = sentence.rfind("（", start, first)
    if bracket >= 0 and "）" not in sentence[bracket:first]:
        return Place(sentence, group, bracket + 1, previous, counting)
    while start > done and _INTRODUCTION.fullmatch(sentence[start:first]):
        start = max(done, sentence.rfind("，", 0, start - 1) + 1)
    return Place(sentence, group, start, previous, counting)


def is_no_goal(place: Place, following: Quantity | None) -> bool:
    """Whether a value is a condition, a payment, the level of today or describes something."""
    return (
        _is_condition(place)
        or _is_paid(place)
        or _is_level_before(place)
        or (following is not None and _describes(place, following))
    )


def _is_condition(place: Place) -> bool:
    """达到30亿元以上的项目，给予…; 应满足…; what stands before a payment in its sentence."""
    if CONDITIONS.search(place.sentence):
        return True
    if place.right.startswith("的") and not MAKE_END.search(place.left):
        return not re.match("的(?:速度|增速|幅度)|的\\d", place.right) and not re.match(
            "的(?=[，、。；]|$)", place.right
        )
    paid = PAYS.search(place.right)
    if paid is None or _is_sought(place):
        return False
    return not re.search("，(?:并?对|按)", place.right[: paid.start()])


def _is_sought(place: Place) -> bool:
    """Whether a value is a goal though a payment follows in its sentence: 三年遴选30户企业，给予…"""
    if re.search(r"到20\d\d年|力争", place.sentence[: place.quantity.start]):
        return True
    whom = place.right.partition("，")[0]
    made = place.joined or MAKE_END.search(place.left)
    return bool(made) and not re.match("对|凡|每|当年|年度", place.left) and not re.search("的[^，]{0,8}$", whom)


def _is_paid(place: Place) -> bool:
    """给予500万元; 按10%; a sum or share in the words of a payment."""
    left = place.left
    if place.quantity.unit not in MONEY and place.quantity.unit not in ("%", "万", "亿"):
        return bool(_GIVEN_TO.search(left)) and bool(PAYS.search(place.right))
    return bool(PAYS.search(left) or re.search(r"(?:^|，)(?:按照?|最高|每[家个户人项]|单个)[^，。；]*$", left)) or (
        PAYS.match(place.right) is not None
    )


def _is_level_before(place: Place) -> bool:
    """由35%提高到60%: the level of today."""
    return bool(re.search(r"(?:由|从)(?:目前|现在|当前|现有|20\d\d年(?:底|末)?)?的?$", place.left)) and bool(
        re.match("[^，。；]{0,12}(?:到|至|为)", place.right)
    )


def _describes(place: Place, following: Quantity) -> bool:
    """营业收入超百亿元企业10户, 亿元以上项目30个: a value inside the name of what is counted next."""
    between = place.sentence[place.quantity.tail : following.start]
    if not between or re.search("[，。；、：（）]", between) or following.unit in SHARES:
        return False
    if place.quantity.unit in SHARES and not between.startswith("的"):
        return False
    noun = re.sub("(?:达到?|超过|突破|不少于|不低于|增加到|增至)$", "", between)
    return (len(noun) >= 2 or noun == "的") and not MAKE_END.search(noun) and not comparison(noun, place.quantity)


def at_a_rate(place: Place) -> list[Goal] | None:
    """产值以年均10%的速度增长."""
    match = _RATE_BEHIND.match(place.right)
    if match is None or place.quantity.unit not in SHARES:
        return None
    phrase = trimmed(_AT_THE_RATE.sub("", place.left))
    name = named(phrase) if len(phrase) >= 2 else place.previous.name if place.previous else None
    sign = "-%" if match["down"] else "+%"
    return [_goal(place, name, Comparison(sign, 0, place.quantity.at_least))] if name else None


def respectively(place: Place) -> list[Goal] | None:
    """光伏、锂电产值分别达到10亿元和20亿元; 2025年、2026年产值分别达到…"""
    head, split, verb = place.left.rpartition("分别")
    if not split or len(place.group) < 2:
        return None
    how = comparison(verb, place.quantity) or comparison(place.left, place.quantity)
    if how is None and not (MAKE_END.search(verb) or not verb):
        return None
    base, end = base_year(head)
    how = Comparison(how.comparator if how else plain(place.quantity), 0, how.at_least if how else False, base)
    names, years = _names_of_list(place, head[:end])
    if names is None:
        return None
    return [
        _goal(place, named(name), how, quantity, year)
        for name, year, quantity in zip(names, years, place.group, strict=True)
    ]


def _names_of_list(place: Place, head: str) -> tuple[list[str] | None, list[int | None]]:
    """The names (or years) that the values of a list belong to, one each."""
    count = len(place.group)
    none: list[int | None] = [None] * count
    years = [int(y) for y in re.findall(r"(20\d\d)年?", place.sentence[: place.quantity.start])][-count:]
    shared = thing_made(re.sub(r"(?:20\d\d年?底?[、和及与，]*)+", "", head)) or (
        place.previous.name.whole if place.previous else ""
    )
    names = listed(trimmed(head))
    if len(names) >= count and not re.search(r"20\d\d年", trimmed(head)):
        return names[-count:], none
    if len(years) == count:
        return ([shared] * count, list(years)) if shared else (None, none)
    return ([shared] * count, none) if shared else (None, none)


def count_with_verb(place: Place) -> list[Goal] | None:
    """培育企业200家 has its noun before; this is 培育200家企业, and 加氢站建成15座."""
    verb = MAKE_END.search(place.left)
    if verb is None or not (_countable(place) or has_level(thing_behind(place.sentence, place.quantity.tail))):
        return None
    how = Comparison(plain(place.quantity, verb["about"]), verb.start())
    noun = _counted(place)
    if noun:
        return _count(place, noun, how, done=verb["tail"] == "了")
    before = thing_made(place.left[: verb.start()]) or _segment_before(place)
    if len(before) >= 2:
        return [_goal(place, named(before) if has_level(before) else Name(None, before), how, counts=True)]
    return [_goal(place, place.previous.name, how, counts=True)] if place.previous else None


def count_joined(place: Place) -> list[Goal] | None:
    """…20家绿色工厂，5个数字化车间: a count that goes on with the verb of the one before."""
    about = re.search("(?:约|近|超过?|不少于|不低于|至少)?$", place.left)
    if about is None or not place.counting or _JOINER.sub("", place.left[: about.start()]) or not _countable(place):
        return None
    noun = _counted(place)
    return _count(place, noun, Comparison(plain(place.quantity, about.group()), 0)) if noun else None


def level(place: Place) -> list[Goal] | None:
    """产值达到100亿元, 能耗较2020年下降10%, 时限压缩至3个工作日."""
    how = comparison(place.left, place.quantity)
    if how is None or _GIVEN_TO.search(place.left):
        return None
    phrase = trimmed(how.thing or place.left[: how.start])
    if not has_level(phrase):
        phrase = thing_made(phrase)
    noun = _counted(place) if _countable(place) else ""
    if not phrase and noun:
        return _count(place, noun, how)
    if not phrase:
        phrase = _segment_before(place)
    if phrase.startswith("占") and place.previous:
        phrase = _measured_before(place.previous) + phrase
    if len(phrase) >= 2:
        if re.match("[、，和]", place.left) and place.counting and place.previous and not has_level(phrase):
            phrase = completed(phrase, place.sentence, place.quantity.tail)
        both = _both(place, phrase)
        return [_goal(place, named(p), how, counts=_countable(place) and not has_level(p)) for p in both]
    if place.previous and (how.comparator.endswith("%") or _comparable(place)):
        return [_goal(place, place.previous.name, how, counts=place.previous.counts)]
    return None


def level_again(place: Place) -> list[Goal] | None:
    """达到4%、5%和6%; 其中2025年18万千瓦: another value of the same indicator."""
    words = _JOINER.sub("", re.sub(r"20\d\d年(?:底|末)?", "", place.left))
    if words or place.previous is None or not _comparable(place) or not (place.stops or place.right.startswith("目标")):
        return None
    return [_goal(place, place.previous.name, Comparison(plain(place.quantity), 0), counts=place.previous.counts)]


def bare_level(place: Place) -> list[Goal] | None:
    """总投资500亿元以上, 比重35%左右: the noun before the value has a level."""
    phrase = trimmed(re.sub(f"(?:{'约|近|超过?|不低于'})$", "", place.left))
    if not has_level(phrase) or len(phrase) < 2 or not place.stops:
        return None
    if _SIZE_OF_PROJECT.search(phrase) and not (place.counting or _AIMS.search(place.left + place.right[:2])):
        return None
    if phrase.startswith("占") and place.previous:
        phrase = _measured_before(place.previous) + phrase
    about = re.search("(?:约|近|超过?|不低于)?$", place.left)
    return [_goal(place, named(phrase), Comparison(plain(place.quantity, about.group() if about else ""), 0))]


def count_behind(place: Place) -> list[Goal] | None:
    """培育企业200家; 新建保康、谷城2个通用机场."""
    if not _countable(place):
        return None
    about = re.search("(?:约|近|超过?|不少于|不低于|至少|达到?|突破)?$", place.left)
    words = place.left[: about.start()] if about else place.left
    if _LISTED_BEFORE.search(words):
        noun = _counted(place)
        return [_goal(place, Name(noun, "数量"), Comparison("=", 0), kind="existing", counts=True)] if noun else None
    how = Comparison(plain(place.quantity, about.group() if about else ""), 0)
    phrase = thing_made(_last_of_list(words))
    if place.stops and _is_thing(phrase):
        if re.search("级(?:以上)?$", phrase) and place.previous and place.previous.counts:
            phrase += re.sub("^.*?级(?:以上)?", "", place.previous.name.indicator)
        return [_goal(place, Name(None, phrase), how, counts=True)]
    noun = _counted(place)
    made = MAKE_END.search(words) is None and re.search("新建|建设|布局|打造|创建", words)
    return _count(place, noun, how) if noun and made and re.search("[、等]", words) else None


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
    fund, at_a_rate, respectively, count_with_verb, count_joined, level, level_again, bare_level, count_behind,
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


def _counted(place: Place) -> str:
    return "" if place.stops else thing_behind(place.sentence, place.quantity.tail)


def _is_thing(noun: str) -> bool:
    return 2 <= len(noun) <= 50 and not NOT_MADE.match(noun) and not re.search("(?:措施|政策)$", noun)


def _countable(place: Place) -> bool:
    unit = place.quantity.unit
    return (
        unit not in SHARES and unit not in MONEY and unit not in TIMES and unit not in ("万", "亿") and "/" not in unit
    )


def _comparable(place: Place) -> bool:
    """Whether a value is of the sort of the one before it."""
    before = place.previous.quantity if place.previous else None
    return before is not None and before.unit.lstrip("万亿") == place.quantity.unit.lstrip("万亿")


def _segment_before(place: Place) -> str:
    """What the words before the comma speak of: 企业数量翻一番，达到300家; 建设加氢站，2024年建成15座."""
    comma = place.start - 1
    if comma < 0 or place.sentence[comma] != "，":
        return ""
    begin = max(place.sentence.rfind(stop, 0, comma) + 1 for stop in "，。；：")
    words = place.sentence[begin:comma]
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
    return thing if thing != trimmed(words) and len(thing) <= 12 and _countable(place) else ""


def _measured_before(goal: Goal) -> str:
    """What the share of the goal before is of: 服务业增加值 of 服务业增加值占工业比重."""
    whole = goal.name.whole
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

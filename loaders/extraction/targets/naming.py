"""What a goal measures: the indicator and whose it is, out of the words before a value or behind it."""

from __future__ import annotations

import re

from loaders.extraction.targets.comparators import BASE_FIRST
from loaders.extraction.targets.model import Name
from loaders.extraction.targets.target_words import DOES, FIRST_MAKE, HEAD_END, INNER_MAKE, LEAD, MEASURED_BY

_YEAR = r"(?:到|至|在|截至|截止)?20\d\d年(?:度|底|末|年底|年末)?(?:\d{1,2}月)?(?:底|末)?(?:之?前|以前)?，?"
_TIME = re.compile(
    rf"^(?:{_YEAR}|(?:未来|今后|利?用|力争|通过)?(?:[一二三四五两]|\d{{1,2}})(?:[—-]\d)?年(?:内|左右|时间|期间|累计)?(?!期|均|来|以)|(?:“十[二三四五]五”)(?:期间|期?末)，?|到?(?:本世纪|本)中叶)"
)
_FROM = re.compile(r"(?:由|从)(?:目前|现在|当前|现有|20\d\d年(?:底|末)?)?的?[\d.]+[^，。；]{0,10}$")
_TRAILING = re.compile(r"(?:分别|累计|合计|总计|力争|均|都|共|已|(?<=.)(?:到|至)?20\d\d年(?:底|末)?)+$")
#: Where something is made, not what: 在…领域突破20项.
_FIELD = re.compile("^(?:在|围绕|聚焦|依托|针对|面向)?[^，。；]{2,20}(?:领域|方面|环节|行业|范围内?|基础上)$")
#: Between the names of a list; not in 普及率, 参与, 和谐.
_AND = re.compile("、|和(?!谐)|以及|(?<!参)与|(?<![普以涉])及(?![率时格])")
_ONE_MORE = re.compile(rf"(?:，|{_AND.pattern})(?=[^、]{{0,14}}\d)")
_NOUN = re.compile(r"(?:[^，。；：（）\n]|（[^（）]{1,16}）)+")
#: An adjective without its noun: 国家级、省级…中心.
ADJECTIVE = re.compile("(?:级|级以上|层级|型|类)$")
_BEFORE_NOUN = re.compile(r"[^，。；、：]*?(?:级以上|级|型|类)(?P<noun>[^，。；、：\d级]{2,})")
_LONG = 16


def trimmed(phrase: str) -> str:
    """A phrase without the words that lead up to what is measured: years, 力争, 推动."""
    phrase = _FROM.sub("", BASE_FIRST.sub("", phrase, count=1) if BASE_FIRST.match(phrase) else phrase)
    before = None
    while before != phrase:
        before = phrase
        if not re.match(r"20\d\d年?[、和及]20", phrase):
            phrase = _TIME.sub("", phrase)
        phrase = LEAD.sub("", phrase)
    return _TRAILING.sub("", phrase).strip("，、：的")


def has_level(phrase: str) -> bool:
    """Whether a phrase ends with a noun that has a level: 产值, 覆盖率."""
    return bool(HEAD_END.search(phrase))


def thing_made(phrase: str) -> str:
    """What is counted, by the words before a count: 累计建成5G基站 -> 5G基站."""
    phrase = trimmed(phrase)
    before = None
    while before != phrase:
        before = phrase
        phrase = trimmed(FIRST_MAKE.sub("", phrase))
    return trimmed(_FIELD.sub("", trimmed(INNER_MAKE.sub("", phrase))))


def thing_behind(text: str, place: int) -> str:
    """The noun behind a count, from a place on: up to the next thing with a count of its own, or what it does."""
    match = _NOUN.match(text, place)
    if match is None:
        return ""
    noun = re.split(r"，|并(?=[^网购])", _ONE_MORE.split(match.group())[0])[0]
    noun = _before_verb(noun.strip())
    if len(noun) > _LONG and "的" in noun:
        noun = noun.rpartition("的")[2] or noun
    return noun.removeprefix("的").strip("、和及与的 ")


def _before_verb(noun: str) -> str:
    """A noun without what it does: 规模以上企业开展诊断 -> 规模以上企业."""
    match = DOES.search(noun, 2)
    # 的 behind the verb: it describes the noun (具有…进入市场的企业).
    if match is None or "的" in noun[match.end() :] or noun[: match.start()].endswith("的"):
        return noun
    # 500家企业上云: what they do says which.
    return noun if match.start() <= 2 and len(noun) <= _LONG else noun[: match.start()]


def completed(name: str, text: str, place: int) -> str:
    """An adjective with the noun that a later one of its list has: 1个万亿级、3个千亿级产业集群."""
    if not ADJECTIVE.search(name):
        return name
    match = _BEFORE_NOUN.search(text, place)
    return name + thing_behind(match["noun"], 0) if match else name


def named(phrase: str) -> Name:
    """A phrase parted in whose it is and what is measured: 光伏产业总产值 -> 光伏产业, 总产值."""
    owner, of, thing = phrase.rpartition("的")
    if of and len(thing) >= 2 and len(owner) >= 2 and has_level(thing) and "占" not in owner:
        return Name(owner, thing)
    match = MEASURED_BY.search(phrase, 1)
    if match is None or match.start() < 2 or MEASURED_BY.match(phrase):
        return Name(None, phrase)
    subject, indicator = phrase[: match.start()], phrase[match.start() :]
    # 森林覆盖率 is one word.
    return Name(None, phrase) if len(subject) <= 2 and re.search("[率比重]$", indicator) else Name(subject, indicator)


def listed(phrase: str) -> list[str]:
    """The names of a list, each whole: 光伏、风电装机容量 -> 光伏装机容量, 风电装机容量."""
    names = [n for n in _AND.split(phrase) if n]
    if len(names) < 2:
        return names
    last = named(names[-1])
    if last.subject and not any(has_level(n) for n in names[:-1]):
        return [*(n + last.indicator for n in names[:-1]), names[-1]]
    if all(ADJECTIVE.search(n) for n in names[:-1]):
        match = _BEFORE_NOUN.match(names[-1])
        return [*(n + match["noun"] for n in names[:-1]), names[-1]] if match else names
    first = named(names[0])
    if first.subject and all(has_level(n) and named(n).subject is None for n in names[1:]):
        return [names[0], *(f"{first.subject}的{n}" for n in names[1:])]
    return names

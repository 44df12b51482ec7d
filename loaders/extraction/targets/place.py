"""A value where it stands: the words around it, and what was stated before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.extraction.numbers import Quantity
from loaders.extraction.targets.model import Comparison, Goal, Name
from loaders.extraction.targets.naming import has_level, thing_behind, thing_made, trimmed
from loaders.extraction.targets.target_words import DONE, INTENDED, REPORTED, STATED
from loaders.extraction.units import COUNTED

JOINER = re.compile("[，、和及与]|以及|其中|：")
#: A comma does not part such words from what stands before it, nor a base from what changes: 到2025年，; 较2020年，下降.
_INTRODUCTION = re.compile(r"(?:到|至|力争|争取)?20\d\d年底?|年均|力争|同比|争取|约|近|(?:20\d\d年)?已?为")
_ABOUT = re.compile("(?:约|近|超过?|不少于|不低于|至少|达到?|突破|为)$")
_PREDICATE = re.compile(
    "(?:实现|力争|达到)?(?:翻[一两]番|倍增|(?:[^，]{2})?(?:提升|增长|提高|壮大|扩大|增强|下降|降低|优化|改善|增加|减少|突破))$"
)
_BASE_ONLY = re.compile(r"(?:较|比|与)20\d\d年(?:末|底)?(?:相比)?|在20\d\d年(?:的)?基础上")


@dataclass(frozen=True)
class Place:
    """A value where it stands in its sentence.

    Parameters
    ----------
    group: the value, and those listed with it (4%、5%和6%).
    start: where the words before it begin: behind the last stop or goal.
    previous: the last goal before it.
    counting: whether what stands before it, joined to it, was a count.
    year: that it is for, as far as one is named.
    past: whether what is said is over: a year before the issue, a clause on what there is.
    follows: whether its sentence has stated a goal before it.
    """

    sentence: str
    group: tuple[Quantity, ...]
    start: int
    previous: Goal | None = None
    counting: bool = False
    year: int | None = None
    past: bool = False
    follows: bool = False

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
        return self.counting and not JOINER.sub("", self.left)

    @property
    def stops(self) -> bool:
        """Whether the part of the sentence ends behind the value."""
        return re.match(r"[，。；、）：]|$|和|及(?!时)|以及|并", self.right) is not None

    @property
    def countable(self) -> bool:
        """Whether the unit counts things, or says how much of a thing is made."""
        return self.quantity.unit.lstrip("万亿") in COUNTED

    @property
    def noun(self) -> str:
        """What a count counts, where it stands behind it: 200家企业."""
        return "" if self.stops or not self.countable else thing_behind(self.sentence, self.quantity.tail)

    @property
    def comparable(self) -> bool:
        """Whether the value is of the sort of the one before it."""
        before = self.previous.quantity if self.previous else None
        return before is not None and before.unit.lstrip("万亿") == self.quantity.unit.lstrip("万亿")

    @property
    def kind(self) -> str:
        """Whether what is there already is stated (existing), or a goal (target)."""
        before = self.sentence[: self.quantity.start]
        reported = REPORTED.search(self.sentence) and not INTENDED.search(self.sentence)
        stated = self.past or STATED.search(before) or DONE.search(self.left) or reported
        return "existing" if stated else "target"

    @property
    def before_about(self) -> tuple[str, str]:
        """The words before the value without 约, 超过, 不少于; and that."""
        match = _ABOUT.search(self.left)
        return (self.left[: match.start()], match.group()) if match else (self.left, "")

    @property
    def segment_before(self) -> str:
        """What the words before the comma speak of: 企业数量翻一番，达到300家; 建设加氢站，2024年建成15座."""
        comma = self.start - 1
        if comma < 0 or self.sentence[comma] != "，":
            return ""
        begin = max(self.sentence.rfind(stop, 0, comma) + 1 for stop in "，。；：")
        words = re.sub(r"(?:较|比)20\d\d年(?=翻|增|提|下|降)", "", trimmed(self.sentence[begin:comma]))
        if re.search(r"\d", words):
            return ""
        subject = trimmed(_PREDICATE.sub("", words))
        if subject != trimmed(words) and has_level(subject):
            return subject
        thing = thing_made(words)
        return thing if thing != trimmed(words) and len(thing) <= 12 and self.countable else ""

    def goal(
        self,
        name: Name,
        how: Comparison,
        quantity: Quantity | None = None,
        year: int | None = None,
        kind: str = "",
        counts: bool = False,
    ) -> Goal:
        """The goal that the value here states (or another of its list)."""
        value = quantity or self.quantity
        return Goal(value, name, how, kind or self.kind, year, value.tail, counts)


def start_of(sentence: str, first: int, done: int) -> int:
    """Where the words before a value begin that belong to it: behind the last stop, bracket or goal."""
    start = max(done, *(sentence.rfind(stop, 0, first) + 1 for stop in "，："))
    bracket = sentence.rfind("（", start, first)
    if bracket >= 0 and "）" not in sentence[bracket:first]:
        return bracket + 1
    while start > done:
        before = max(done, sentence.rfind("，", 0, start - 1) + 1)
        own, segment = sentence[start:first], sentence[before : start - 1]
        if not _INTRODUCTION.fullmatch(own) and not _BASE_ONLY.fullmatch(segment):
            break
        start = before
    return start

"""Through the text of a document, from paragraph to sentence to value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.extraction.numbers import Quantity, quantities, ratios
from loaders.extraction.spans import Spans
from loaders.extraction.targets.coverage_goals import whole_goals
from loaders.extraction.targets.goal_statements import STATEMENTS
from loaders.extraction.targets.model import Goal, Target
from loaders.extraction.targets.place import Place, start_of
from loaders.extraction.targets.rejects import is_no_goal
from loaders.extraction.targets.years import opening_year, year_at
from loaders.text.outline import Outline

_BETWEEN_LISTED = re.compile("[、，和及与]|以及")
_TELLS = re.compile(
    "现状|(?:发展|产业|工作)基础$|基本情况|主要成[效就绩]|取得的?成[效就绩]|发展回顾|发展形势|发展环境|面临形势|背景"
)
_SETS_OUT = re.compile("目标|指标|如下|以下")


def targets(
    outline: Outline, payments: Spans, masked: Spans, year: int | None, issued: int | None = None
) -> list[Target]:
    """The goals of a document, in order.

    Parameters
    ----------
    payments: (start, end) of quantities that belong to support measures.
    masked: (start, end) of what states no goals: titles of documents, brackets of responsible units.
    year: the year of goals that name none, where the title names one.
    issued: the year of issue; what is said of years before it is no goal.
    """
    found: list[Target] = []
    told = _told(outline)
    for start, text, default in _paragraphs(outline, year):
        paragraph = _Paragraph(outline, start, text, payments, masked, default, issued, told.hold(start))
        found += sorted(paragraph.read(), key=lambda t: t.start)
    return found


def _paragraphs(outline: Outline, year: int | None) -> Iterator[tuple[int, str, int | None]]:
    """(place, text, year where it names none) of each: a paragraph that sets out goals gives those below it its year."""
    below: tuple[str | None, ...] = ()
    opening: int | None = None
    for clause, start, end in outline.passages():
        path = clause.path if clause else (None,) * 4
        for match in re.finditer(r"[^\n]+", outline.text[start:end]):
            text = match.group()
            if opening is not None and not _is_below(path, below):
                opening = None
            yield start + match.start(), text, opening or year
            if _SETS_OUT.search(text) or (clause and _SETS_OUT.search(clause.heading or "")):
                named = opening_year(text)
                if named is not None:
                    below, opening = path, named


def _told(outline: Outline) -> Spans:
    """The clauses that tell what there is: 发展现状, 主要成效; with those below them."""
    above = [c.path for c in outline.clauses if c.heading and _TELLS.search(c.heading)]
    return Spans((c.start, c.end) for c in outline.clauses if any(c.path == a or _is_below(c.path, a) for a in above))


def _is_below(path: tuple[str | None, ...], above: tuple[str | None, ...]) -> bool:
    return all(a is None or a == b for a, b in zip(above, path, strict=True)) and any(above)


class _Paragraph:
    """One paragraph: a goal without an indicator of its own takes that of the one before."""

    def __init__(
        self,
        outline: Outline,
        offset: int,
        text: str,
        payments: Spans,
        masked: Spans,
        year: int | None,
        issued: int | None,
        told: bool,
    ) -> None:
        self.outline, self.offset, self.text, self.year, self.issued = outline, offset, text, year, issued
        self.payments, self.masked, self.told = payments, masked, told
        self.previous: Goal | None = None
        self.counting = False

    def read(self) -> Iterator[Target]:
        """The goals of the paragraph."""
        for sentence in re.finditer("[^。；]+", self.text):
            self.counting = False
            yield from self._sentence(sentence.start(), sentence.group())
            yield from self._whole(sentence.start(), sentence.group())

    def _sentence(self, begin: int, sentence: str) -> Iterator[Target]:
        found = sorted(quantities(sentence) + ratios(sentence), key=lambda q: q.start)
        usable = [q for q in found if not self._hidden(begin + q.start, begin + q.end)]
        done = index = 0
        while index < len(usable):
            if usable[index].start < done:
                # Inside the noun of the count before it.
                index += 1
                continue
            group = _group(sentence, usable, index)
            place = self._place(begin, sentence, group, done)
            following = usable[index + 1] if index + 1 < len(usable) else None
            goals = [] if is_no_goal(place, following) else _stated(place)
            for goal in goals:
                yield self._target(begin, place, goal)
            if goals:
                self.previous, self.counting, done = goals[-1], goals[-1].counts, goals[-1].end
            else:
                self.counting = self.counting and place.joined
            index += max(1, len({g.quantity.start for g in goals}))

    def _place(self, begin: int, sentence: str, group: tuple[Quantity, ...], done: int) -> Place:
        first = group[0].start
        year = year_at(self.text, begin + first, self.year)
        past = self.told or (year is not None and self.issued is not None and year < self.issued)
        follows = done > 0 and self.previous is not None and self.previous.kind == "target"
        return Place(
            sentence, group, start_of(sentence, first, done), self.previous, self.counting, year, past, follows
        )

    def _hidden(self, start: int, end: int) -> bool:
        first, last = self.offset + start, self.offset + end
        return self.payments.overlap(first, last) or self.masked.overlap(first, last)

    def _target(self, begin: int, place: Place, goal: Goal) -> Target:
        quantity, how = goal.quantity, goal.comparison
        year = goal.year or place.year
        if goal.kind != "target":
            # Of what is there already, only a year that is named with it.
            year = year_at(place.sentence, quantity.start, None)
        if year is not None and year == how.base_year:
            year = None
        start = place.start + len(place.left) - len(place.left.lstrip("、，和及与"))
        at = self.offset + begin
        return Target(
            self.outline.path_at(at + quantity.start),
            goal.name.subject,
            goal.name.indicator,
            how.comparator,
            quantity.value,
            quantity.unit or None,
            year,
            how.base_year,
            how.at_least,
            goal.kind,
            at + start,
            at + max(goal.end, quantity.tail),
            quantity.high,
        )

    def _whole(self, begin: int, sentence: str) -> Iterator[Target]:
        for goal in whole_goals(sentence):
            at = self.offset + begin
            if self.masked.hold(at + goal.start):
                continue
            year = year_at(self.text, begin + goal.end, self.year)
            yield Target(
                self.outline.path_at(at + goal.start),
                goal.name.subject,
                goal.name.indicator,
                "=",
                100.0,
                "%",
                year,
                None,
                False,
                "target",
                at + goal.start,
                at + goal.end,
            )


def _group(sentence: str, found: list[Quantity], index: int) -> tuple[Quantity, ...]:
    """Values that follow one another: A%、B%和C%."""
    group = [found[index]]
    for following in found[index + 1 :]:
        if not _BETWEEN_LISTED.fullmatch(sentence[group[-1].tail : following.start]):
            break
        group.append(following)
    return tuple(group)


def _stated(place: Place) -> list[Goal]:
    """The goals of a value, by the first way of stating that fits."""
    for statement in STATEMENTS:
        goals = statement(place)
        if goals:
            return goals
    return []

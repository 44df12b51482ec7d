"""The year that a goal is for."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?P<to>到|至|在|截至|力争|争取|截止)?(?P<year>20\d\d)年(?:度)?")
_PLAN = re.compile("(?P<to>到|至)?“十(?P<number>[二三四五六])五”期?末")
_BASE_BEFORE = re.compile("(?:较|比|与|由|从|自|相比)$")
#: Behind a year that is no time to come: 2020年水平, 2023年以来, 2024年5月1日起.
_NO_GOAL = re.compile(r"的?水平|的?基础上|相比|以来|起(?!步)|的\d|[-—~至](?:20)?\d|\d{1,2}月\d{1,2}日")
_STOPS = "。；"


def year_at(text: str, place: int, default: int | None) -> int | None:
    """The year of a goal at a place of a paragraph: the last one named before it in its sentence.

    From an earlier sentence only a year with 到 holds on (到2025年，…), not one among others (其中2023年).
    """
    year = default
    sentence = max(text.rfind(stop, 0, place) for stop in _STOPS) + 1
    for start, named, to in _years(text[:place], text):
        if (start >= sentence and not _is_aside(text, start, place)) or to:
            year = named
    return year


def _is_aside(text: str, start: int, place: int) -> bool:
    """Whether a year is one among others and its part of the sentence is over (其中2025年…、2026年…，)."""
    segment = max(text.rfind(stop, 0, start) for stop in "，。；：") + 1
    return "其中" in text[segment:start] and "，" in text[start:place]


def opening_year(text: str) -> int | None:
    """The year that a paragraph sets for what comes below it (到2025年，实现以下目标：)."""
    found = [year for _, year, to in _years(text, text) if to]
    return found[-1] if found else None


def _years(text: str, whole: str) -> list[tuple[int, int, bool]]:
    """(place, year, whether with 到) of the years of a text that are a time to come."""
    found = []
    for match in _YEAR.finditer(text):
        before = whole[max(0, match.start() - 2) : match.start()]
        if not _BASE_BEFORE.search(before) and not _NO_GOAL.match(whole, match.end()):
            found.append((match.start(), int(match["year"]), match["to"] in ("到", "至", "力争")))
    for match in _PLAN.finditer(text):
        # The fourteenth five-year plan ends in 2025.
        number = 10 + "一二三四五六".index(match["number"]) + 1
        found.append((match.start(), 1955 + 5 * number, match["to"] is not None))
    return sorted(found)

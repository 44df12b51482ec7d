"""Goals that list names or years, then values: 光伏、锂电产值分别达到10亿元和20亿元."""

from __future__ import annotations

import re

from loaders.extraction.targets.comparators import base_year, comparison, plain
from loaders.extraction.targets.model import Comparison, Goal
from loaders.extraction.targets.naming import listed, named, thing_made, trimmed
from loaders.extraction.targets.place import Place
from loaders.extraction.targets.target_words import MAKE_END


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
        place.goal(named(name), how, quantity, year)
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

"""The ways of stating a goal: each is a function from a value in its sentence to goals, or None where it is not that way."""

from __future__ import annotations

from collections.abc import Callable

from loaders.extraction.targets.counts import count_behind, count_joined, count_with_verb, fund
from loaders.extraction.targets.goal_lists import respectively
from loaders.extraction.targets.levels import at_a_rate, bare_level, level, level_again, part_of_whole
from loaders.extraction.targets.model import Goal
from loaders.extraction.targets.place import Place

#: In the order in which they are tried.
STATEMENTS: tuple[Callable[[Place], list[Goal] | None], ...] = (
    fund,
    at_a_rate,
    respectively,
    count_with_verb,
    count_joined,
    level,
    level_again,
    bare_level,
    part_of_whole,
    count_behind,
)

"""A quantified goal, and one that has no place in the document yet."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.extraction.numbers import Quantity
from loaders.text.outline import ClausePath


@dataclass(frozen=True)
class Target:
    """A quantified goal.

    Parameters
    ----------
    comparator: >=, <=, =, or +%, -% for a change (against ``base_year`` where one is named).
    unit: as printed (万个, 元/千瓦时); None of a ratio without one (PUE).
    kind: target, or existing for a stated fact; its year is the one named with it.
    high: the upper end of a range.
    start, end: of the phrase that states it, in the normalised text.
    """

    clause: ClausePath
    subject: str | None
    indicator: str
    comparator: str
    value: float
    unit: str | None
    year: int | None
    base_year: int | None
    at_least: bool
    kind: str
    start: int
    end: int
    high: float | None = None


@dataclass(frozen=True)
class Name:
    """What is measured: an indicator, and whose it is."""

    subject: str | None
    indicator: str

    @property
    def whole(self) -> str:
        """Both in one."""
        return (self.subject or "") + self.indicator


@dataclass(frozen=True)
class Comparison:
    """How a value is compared.

    Parameters
    ----------
    comparator: as of a target.
    start: where the words that say so begin.
    at_least: of a change that is at least so large.
    base_year: against which it changes.
    thing: what is measured, where it stands inside the words (提高…占比至).
    """

    comparator: str
    start: int
    at_least: bool = False
    base_year: int | None = None
    thing: str = ""

    @property
    def changes(self) -> bool:
        """Whether by how much something changes is said, not its level."""
        return self.comparator.endswith("%")


@dataclass(frozen=True)
class Goal:
    """A goal as a sentence states it: places are those of the sentence."""

    quantity: Quantity
    name: Name
    comparison: Comparison
    kind: str = "target"
    year: int | None = None
    end: int = 0
    counts: bool = False

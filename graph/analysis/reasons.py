"""What an analysis has to say, without words: a code and its values. ``reports.words`` says it in a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why a rule fired, a test was not applied or a figure is missing.

    ``code`` names a text of ``reports/reasons.yaml``; ``values`` are what it holds, by name: numbers, names, dates,
    codes, rules, tuples of names, or further reasons. A reason has no language, so no result depends on one.
    """

    code: str
    values: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        """One value.

        Raises:
            KeyError: the reason holds no value of that name.
        """
        return dict(self.values)[name]


def reason(code: str, /, **values: Any) -> Reason:
    """A reason.

    >>> reason("quotient_below", quotient=0.31, threshold=0.5)["quotient"]
    0.31
    """
    return Reason(code, tuple(values.items()))

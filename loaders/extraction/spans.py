"""Places of a text, and whether something lies in one of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


class Spans:
    """(start, end) pairs; asking costs the same for ten and for ten thousand."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(pairs):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def overlap(self, start: int, end: int) -> bool:
        """Whether one of them has a character in common with a span."""
        index = bisect_left(self._starts, end)
        return index > 0 and self._ends[index - 1] > start

    def hold(self, place: int) -> bool:
        """Whether a place is in one of them."""
        return self.overlap(place, place + 1)

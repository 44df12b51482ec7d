"""Text that knows where each of its characters stood in the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Mapped:
    """Text; character i stood at ``starts[i]`` to ``ends[i]`` of the source."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str, offset: int = 0) -> Mapped:
        """Text as it stands in the source from ``offset``."""
        return cls(text, range(offset, offset + len(text)), range(offset + 1, offset + len(text) + 1))

    @classmethod
    def join(cls, parts: Iterable[Mapped]) -> Mapped:
        """The parts one after the other."""
        parts = list(parts)
        starts: list[int] = []
        ends: list[int] = []
        for part in parts:
            starts += part.starts
            ends += part.ends
        return cls("".join(part.text for part in parts), starts, ends)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> Mapped:
        return Mapped(self.text[part], self.starts[part], self.ends[part])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from ``start`` to before ``end`` stood in the source."""
        if not self.text:
            return (0, 0)
        if start >= end:
            at = self.starts[min(start, len(self.text) - 1)]
            return (at, at)
        return (self.starts[start], self.ends[end - 1])

    def insertion(self, at: int, text: str) -> Mapped:
        """Text that the source does not hold, at the place of character ``at``."""
        place = self.starts[at] if at < len(self.text) else (self.ends[-1] if self.text else 0)
        return Mapped(text, [place] * len(text), [place] * len(text))

    def replace(self, edits: Iterable[Edit]) -> Mapped:
        """Each (start, end, new text), in order and apart, carried out; what is new stands where the old stood."""
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in edits:
            texts += (self.text[done:start], new)
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            first, last = self.span(start, end)
            starts += [first] * len(new)
            ends += [last] * len(new)
            done = end
        if not texts:
            return self
        texts.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Mapped("".join(texts), starts, ends)

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Mapped:
        """Every match replaced; a match of as many characters keeps the place of each."""
        edits: list[Edit] = []
        for match in pattern.finditer(self.text):
            by = new if isinstance(new, str) else new(match)
            start, end = match.span()
            if by == match.group():
                continue
            if len(by) == end - start:
                edits += [(start + i, start + i + 1, c) for i, c in enumerate(by) if c != self.text[start + i]]
            else:
                edits.append((start, end, by))
        return self.replace(edits)

    def same_length(self, text: str) -> Mapped:
        """Another text of as many characters, each in the place of the old one."""
        assert len(text) == len(self.text)
        return Mapped(text, self.starts, self.ends)

"""What names in clauses have in common: where they begin, what they are made of, and the form in which they are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.known_names import Vocabulary
from loaders.extraction.word_lists import any_word
from loaders.text.outline import ClausePath, Outline
from loaders.text.repair import dictionary

#: A word of the dictionary that is not more frequent there may be the stem of a name.
_RARE = 200
#: No coined stem of more than three characters holds a more frequent one.
_FREQUENT = 1000
#: A coined stem is no longer (a place and a word).
_LONGEST_STEM = 7
HAN = "\u4e00-\u9fff"
_INNER_BRACKET = re.compile("（[^（）、，。]{1,10}）")


@dataclass(frozen=True)
class Named:
    """A name in a clause, what it is, and what the clause says of it.

    Parameters
    ----------
    kind: of a park or platform, its kind; None for a firm.
    role: in the words of the text.
    chain: the chain that the clause is about, if it is about one.
    """

    clause: ClausePath
    name: str
    kind: str | None
    role: str | None
    chain: str | None
    start: int
    end: int


def named(
    outline: Outline, name: str, kind: str | None, role: str | None, start: int, end: int, vocabulary: Vocabulary
) -> Named:
    """A name with the clause it stands in and the chain that the clause is about."""
    return Named(outline.path_at(start), name, kind, role, chain_of(outline, start, vocabulary), start, end)


def chain_of(outline: Outline, place: int, vocabulary: Vocabulary) -> str | None:
    """The chain that the clause at a place is about: the one its heading names."""
    clause = outline.at(place)
    return None if clause is None else vocabulary.chain_in(clause.heading or "")


@lru_cache(maxsize=1)
def _edge() -> re.Pattern[str]:
    """Verbs and particles at which a name cannot have begun earlier."""
    return re.compile(f"[，。；：、（）《》“”\n]|{any_word('name_edges')}")


def name_start(text: str, vocabulary: Vocabulary) -> int:
    """Where a name that ends a text begins: behind the last verb or particle that no region's name or bracket holds."""
    return max(edges(text, vocabulary), default=0)


def edges(text: str, vocabulary: Vocabulary) -> list[int]:
    """The ends of the verbs and particles of a text that no region's name or bracket within a name holds."""
    held = _INNER_BRACKET.sub(_blank, text)
    return [m.end() for m in _edge().finditer(vocabulary.region_pattern.sub(_blank, held))]


def _blank(match: re.Match[str]) -> str:
    return "\x01" * len(match.group())


def made_of_words(name: str) -> bool:
    """Whether a name falls into words of the dictionary, no two characters left over."""
    least = [0] + [len(name) + 1] * len(name)
    for end in range(1, len(name) + 1):
        least[end] = least[end - 1] + 1
        for length in (2, 3, 4):
            if end >= length and name[end - length : end] in dictionary():
                least[end] = min(least[end], least[end - length])
    return least[-1] < 2


@lru_cache(maxsize=1)
def _general() -> re.Pattern[str]:
    return re.compile(any_word("no_stems"))


@lru_cache(maxsize=4096)
def is_coined(stem: str, vocabulary: Vocabulary) -> bool:
    """Whether characters are no words, or a rare one: what only a name is made of."""
    if not re.match(f"[{HAN}A-Za-z]{{2,{_LONGEST_STEM}}}$", stem) or vocabulary.region_pattern.fullmatch(stem):
        return False
    if _general().search(stem):
        return False
    if len(stem) > 3 and any(dictionary().get(stem[i : i + 2], 0) > _FREQUENT for i in range(len(stem) - 1)):
        return False
    region = vocabulary.region_pattern.match(stem)
    left = vocabulary.trade_pattern.sub("", stem[region.end() :] if region else stem)
    return len(left) >= 2 and (0 < dictionary().get(left, 0) < _RARE or not made_of_words(left))


def once(found: list[Named]) -> list[Named]:
    """Each name once in a clause, in the order of the text; none that stands within a longer one."""
    kept: dict[tuple[ClausePath, str], Named] = {}
    end = -1
    for item in sorted(found, key=lambda n: (n.start, -n.end)):
        if item.end > end:
            kept.setdefault((item.clause, item.name), item)
            end = item.end
    return list(kept.values())

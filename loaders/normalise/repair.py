"""Characters that were lost: mended where bytes and dictionary leave one reading, else marked.

A web copy may lose one byte of a two-byte text: from there the bytes are paired wrongly, until a second
byte is lost (模化部署 in GBK is C4A3 BBAF B2BF CAF0; without C4 it reads ；渴 with gaps). The wrong
characters still say most of the bytes of the right ones, so only few words fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from loaders.documents import Mapped
from loaders.normalise.characters import HAN, reads_as, traditional

#: A reading is certain if it is so many times as frequent as the next.
_MARGIN = 20.0
_SYLLABLE = "[a-z\\u00e0-\\u01dc]{1,7}"
#: A text with more damaged places is not worth mending; they are marked.
_MOST_MENDED = 15
_LOST = re.compile(
    # Between two lost bytes: ?；渴?
    rf"(?<=[{HAN}”）])(?:\?(?P<between>[^\s?，。,A-Za-z0-9]{{1,6}})\?"
    # Up to a second byte that is a letter, behind which the reading of the lost character stands: ?；l（fā）
    rf"|\?(?P<lead>qū[)）])?(?P<wrong>[^\s?，。,A-Za-z0-9（()）]{{0,4}})(?P<letter>[@-~])[(（](?P<reading>{_SYLLABLE})[)）]"
    rf"|\?{_SYLLABLE}[)）]|[?\ufffd□]+(?=[^\s]))|\ufffd+"
)
#: What a first byte 8C is turned into where it is lost.
_LEAD = 0x8C
#: These stood in the stream of bytes as their full-width twins.
_HALF = str.maketrans(";:,!()", "；：，！（）")
#: Single characters that words are made longer by.
_AFFIXES = dict.fromkeys("化的性型级业者率量", 2000.0)
#: A word that the document holds elsewhere counts as so many times as frequent; words in the dictionary's corpus.
_SAID, _TOTAL = 20, 6e7
#: Of jieba's dictionary: words of two to four characters, at least 60 in its corpus, no names (tags nr, ns, nt, nz).
_ENTRY = re.compile(rf"^([{HAN}]{{2,4}}) (\d{{3,}}|[6-9]\d) (?!n[rstz])", re.MULTILINE)
#: A character's bytes as far as they are known.
_Known = tuple[int | None, int | None]


@dataclass(frozen=True)
class Damage:
    """A place where characters were lost: in the text, what stands there, and what it most probably was."""

    start: int
    end: int
    raw: str
    intended: str | None


def repaired(text: Mapped) -> tuple[Mapped, list[Damage]]:
    """The text with what is certain mended, and every damaged place (in the mended text)."""
    edits: list[tuple[int, int, str]] = []
    damages: list[Damage] = []
    grown = 0
    said = lru_cache(maxsize=None)(text.text.count)
    for number, match in enumerate(_LOST.finditer(text.text)):
        start, end = match.span()
        intended = None
        if number < _MOST_MENDED:
            before, after = _han_before(text.text, start), _han_after(text.text, end)
            intended = _intended(before, list(_streams(match)), after, match["reading"], said)
        new = intended if intended is not None else match.group()
        edits.append((start, end, new))
        damages.append(Damage(start + grown, start + grown + len(new), match.group(), intended))
        grown += len(new) - (end - start)
    return text.replace(edits), damages


def _han_before(text: str, at: int) -> str:
    return re.search(rf"[{HAN}]{{0,3}}$", text[max(0, at - 3) : at]).group()  # type: ignore[union-attr]


def _han_after(text: str, at: int) -> str:
    return re.match(rf"[{HAN}]{{0,2}}", text[at : at + 2]).group()  # type: ignore[union-attr]


def _intended(
    before: str, streams: list[list[_Known]], after: str, reading: str | None, whole: Callable[[str], int]
) -> str | None:
    """The characters whose bytes, one step out of pace, read as the wrong ones; None unless one reading stands out."""
    readings: dict[str, float] = {}
    for known in streams:
        for text, chance in _fit(before, known, after, whole).items():
            if reading is None or reads_as(text[-1], reading):
                readings[text] = max(chance, readings.get(text, -math.inf))
    ranked = sorted(readings.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < math.log(_MARGIN)):
        return None
    return ranked[0][0]


def _streams(match: re.Match[str]) -> Iterator[list[_Known]]:
    """What may be known of the right characters' bytes: no pair was lost between the wrong ones, or one somewhere."""
    wrong = match["between"] or match["wrong"] or ""
    if not match["between"] and not match["letter"]:
        return
    try:
        pairs = [c.encode("gbk") for c in wrong.translate(_HALF)]
    except UnicodeEncodeError:
        return
    if any(len(pair) != 2 for pair in pairs):
        return
    last = ord(match["letter"]) if match["letter"] else None
    for gap in [None, *range(len(pairs) + 1)]:
        stream: list[int | None] = [_LEAD if match["lead"] else None]
        for number, pair in enumerate(pairs):
            stream += [None, None] if number == gap else []
            stream += pair
        stream += [None, None] if gap == len(pairs) else []
        stream.append(last)
        yield [(stream[i], stream[i + 1]) for i in range(0, len(stream), 2)]


def _fit(before: str, known: list[_Known], after: str, whole: Callable[[str], int]) -> dict[str, float]:
    """Texts of dictionary words that have those bytes, and the logarithm of how likely each is.

    The first word begins in ``before`` unless a word ends there; the last may end in ``after``. What the document says
    elsewhere is likelier.
    """
    size = len(known)
    best: list[dict[str, float]] = [{"": 0.0}, *({} for _ in range(size))]
    for end in range(1, size + 1):
        for start in range(max(0, end - 4), end):
            for part, word, frequency in _words(known, start, end, before, after if end == size else ""):
                said = 1 + _SAID * whole(word)
                chance = math.log(frequency * said / _TOTAL)
                for head, so_far in best[start].items():
                    best[end][head + part] = max(best[end].get(head + part, -math.inf), so_far + chance)
    return best[size]


def _words(known: list[_Known], start: int, end: int, before: str, after: str) -> Iterator[tuple[str, str, float]]:
    """(the part that fills positions ``start`` to ``end``, the word, its frequency) of every word with those bytes."""
    length = end - start
    allowed = [_characters(pair) for pair in known[start:end]]
    if length == 1 and start > 0:
        yield from ((c, c, f) for c, f in _AFFIXES.items() if c in allowed[0])
    whole_words = start > 0 or not before or any(before[-n:] in dictionary() for n in (2, 3))
    for borrowed in range(0 if whole_words else 1, min(3, len(before) + 1) if start == 0 else 1):
        stem = before[len(before) - borrowed :] if borrowed else ""
        for lent in range(min(3, len(after) + 1)):
            tail = after[:lent]
            for word, frequency in _begin_with(stem[:1], allowed[0], borrowed + length + lent):
                middle = word[borrowed : borrowed + length]
                if (
                    word.startswith(stem)
                    and word.endswith(tail)
                    and all(c in a for c, a in zip(middle, allowed, strict=True))
                ):
                    yield middle, word, frequency


def _begin_with(first: str, allowed: frozenset[str], length: int) -> Iterator[tuple[str, float]]:
    """Words of a length that begin with a character, or with one of those allowed."""
    for character in (first,) if first else allowed:
        yield from _by_length().get((length, character), ())


@lru_cache(maxsize=1)
def _bytes_of() -> dict[str, tuple[bytes, ...]]:
    """The bytes of every character of the dictionary, in simplified and in traditional script."""
    characters = sorted({c for word in dictionary() for c in word} | set(_AFFIXES))
    forms = zip(characters, map(traditional, characters), strict=True)
    return {c: tuple({f.encode("gbk", errors="replace") for f in (c, t)}) for c, t in forms}


@lru_cache(maxsize=256)
def _characters(known: _Known) -> frozenset[str]:
    """The characters that have those bytes."""
    return frozenset(
        c
        for c, pairs in _bytes_of().items()
        if any(len(p) == 2 and known[0] in (None, p[0]) and known[1] in (None, p[1]) for p in pairs)
    )


@lru_cache(maxsize=1)
def dictionary() -> dict[str, float]:
    """Frequent words of Chinese, names left out, and how often each stands in the corpus of jieba's dictionary."""
    package = find_spec("jieba")
    assert package is not None
    assert package.origin is not None
    # Read as data: importing jieba would take longer than all else here. Its editions keep the file in different folders.
    path = next(Path(package.origin).parent.rglob("dict.txt"))
    return {word: float(count) for word, count in _ENTRY.findall(path.read_text(encoding="utf-8"))}


@lru_cache(maxsize=1)
def _by_length() -> dict[tuple[int, str], list[tuple[str, float]]]:
    """Words by length and first character."""
    found: dict[tuple[int, str], list[tuple[str, float]]] = {}
    for word, frequency in dictionary().items():
        found.setdefault((len(word), word[0]), []).append((word, frequency))
    return found

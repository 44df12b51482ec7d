"""Characters that were lost: mended where bytes and dictionary leave one reading, else marked.

A web copy may lose one byte of a two-byte text: from there the bytes are paired wrongly, until a second
byte is lost (模化部署 in GBK is C4A3 BBAF B2BF CAF0; without C4 it reads A3BB ；, AFB2, BFCA 渴, F0). Pairs that
GBK leaves to its users (AFB2) vanish. The wrong characters still say most of the bytes of the right ones, so only
few words fit. Or a byte was doubled (可持 BFC9 B3D6 became 可沙 BFC9 C9B3): then all bytes are still there.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from graph.settings import settings
from loaders.documents import Mapped
from loaders.text.characters import HAN, reads_as, simplified, traditional

#: A reading is certain if it is so many times as frequent as the next.
_MARGIN = 20.0
_SYLLABLE = "[a-z\\u00e0-\\u01dc]{1,7}"
#: A text with more damaged places is not worth mending; they are marked.
_MOST_MENDED = 15
_LOST = re.compile(
    # Between two lost bytes: ?；渴?
    rf"(?<=[{HAN}”）])(?:\?(?P<between>[^\s?，。,A-Za-z0-9（()）]{{1,12}})\?(?:(?P<told>{_SYLLABLE})[)）])?"
    # Up to a second byte that is a letter, behind which the reading of the lost character stands: ?；l（fā）
    rf"|\?(?P<lead>qū[)）])?(?P<wrong>[^\s?，。,A-Za-z0-9（()）]{{0,4}})(?P<letter>[@-~])[(（](?P<reading>{_SYLLABLE})[)）]"
    rf"|\?{_SYLLABLE}[)）]|[?\ufffd□]+(?=[^\s]))|\d[\d.]{{0,15}}[?\ufffd□]+[\d.]*%?|\ufffd+"
)
#: A sentence that asks something: its mark is none of loss.
_ASKS = re.compile("[什怎哪谁几吗呢么]|是否|如何|多少|为何|能否|可否|有无|多久|何时|何种")
#: Where a second byte that is a letter is left of a character, and the reading that may stand behind it.
_LETTER_LEFT = re.compile(rf"[{HAN}]{{2,9}}[@-~](?:[(（](?P<reading>{_SYLLABLE})[)）])?(?=[{HAN}])")
#: What a first byte 8C is turned into where it is lost.
_LEAD = 0x8C
#: These stood in the stream of bytes as their full-width twins.
_HALF = str.maketrans(";:,!()", "；：，！（）")
#: Single characters that words are made longer by.
_AFFIXES = dict.fromkeys("化的性型级业者率量", 2000.0)
#: A word that the document holds elsewhere counts as so many times as frequent; words in the dictionary's corpus.
_SAID, _TOTAL = 20, 6e7
#: A word that plans and notices use all the time counts as so many times as frequent as in the common language.
_USUAL = 60
#: ... and at least as this in the common language: the corpus is older than 储能 and 规模化 are common.
_LEAST_USUAL = 500.0
_MOST_READINGS = 40
#: A word that stands so often in the corpus is a frequent one.
_FREQUENT = 2000
#: Of jieba's dictionary: words of two to four characters, at least 60 in its corpus, no names (tags nr, ns, nt, nz).
_ENTRY = re.compile(rf"^([{HAN}]{{2,4}}) (\d{{3,}}|[6-9]\d) (?!n[rstz])", re.MULTILINE)
#: A character's bytes as far as they are known, or as bytes of a pair that vanished.
_Known = tuple[int | None, int | None]
#: The pairs that GBK leaves to its users, as two ranges: what the first byte may be, and the second.
_VANISHED = {
    -1: frozenset([*range(0xAA, 0xB0), *range(0xF8, 0xFF)]),
    -2: frozenset(range(0xA1, 0xFF)),
    -3: frozenset(range(0xA1, 0xA8)),
    -4: frozenset(range(0x40, 0xA1)),
}
#: A reading for which one pair more must have vanished counts as so much less likely.
_VANISHES = math.log(1 / 50)
_COMMON_GAP, _RARE_GAP = (-1, -2), (-3, -4)
_MOST_VANISHED = 3


@dataclass(frozen=True)
class Damage:
    """A place where characters were lost: in the text, what stands there, and what it most probably was."""

    start: int
    end: int
    raw: str
    intended: str | None


def repaired(text: Mapped, printed: Mapped) -> tuple[Mapped, list[Damage]]:
    """The text with what is certain mended, and every damaged place (in the mended text).

    Parameters
    ----------
    printed: the text with the characters of the source, before they were turned into simplified script.
    """
    original = dict(zip(printed.starts, printed.text, strict=True))
    raw = "".join(original.get(s, c) if c != "\n" else c for s, c in zip(text.starts, text.text, strict=True))
    damaged = [*_lost(text.text, raw), *_doubled(text.text, raw)]
    edits: list[tuple[int, int, str]] = []
    damages: list[Damage] = []
    grown = done = 0
    for start, end, intended in sorted(damaged, key=lambda f: f[:2]):
        if start < done:
            continue
        done = end
        old = text.text[start:end]
        new = intended if intended is not None else old
        if intended is not None:
            edits.append((start, end, new))
        damages.append(Damage(start + grown, start + grown + len(new), old, intended))
        grown += len(new) - (end - start)
    return text.replace(edits), damages


def _lost(text: str, raw: str) -> Iterator[tuple[int, int, str | None]]:
    """(start, end, what it was or None) of places where bytes are missing."""
    occurrences = lru_cache(maxsize=None)(text.count)
    number = place = 0
    while (match := _LOST.search(text, place)) is not None:
        start, end = match.span()
        place = end
        if match.group() == "?" and _ASKS.search(re.split("[。！？\n?]", text[max(0, start - 60) : start])[-1]):
            continue
        number += 1
        intended = None
        if number <= _MOST_MENDED:
            before, after = _han_before(text, start), _han_after(text, end)
            streams = [s for written in dict.fromkeys((text, raw)) for s in _streams(match, written)]
            intended = _intended(before, streams, after, match["reading"] or match["told"], occurrences)
        if intended is None and match["between"] and all(c in _usual_characters() for c in match["between"]):
            # What stands between two marks is sound: each is a damage of its own.
            place = end = start + 1
        yield start, end, intended


def _doubled(text: str, raw: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what it was) of places where a byte stands twice, and all behind it is out of pace up to a letter."""
    for match in _LETTER_LEFT.finditer(text):
        start, end = match.span()
        letter = match.group().find(next(c for c in match.group() if c.isascii())) + start
        for first in range(start + 1, letter):
            decoded = _out_of_pace(raw[first - 1 : letter + 1])
            if decoded is None or (match["reading"] and not reads_as(decoded[-1], match["reading"])):
                continue
            intended = str(simplified(Mapped.of(decoded))[0].text)
            if _all_words(text[first - 1 : first], intended, text[end : end + 2]):
                yield first, end, intended
                break


def _out_of_pace(written: str) -> str | None:
    """The characters behind the first of a text, whose bytes begin with the first one's second byte once more."""
    try:
        lead, wrong = written[0].encode("gbk"), written[1:].encode("gbk")
        decoded = wrong[1:].decode("gbk") if len(lead) == 2 and wrong[0] == lead[1] else None
    except UnicodeError:
        return None
    return decoded if decoded and re.fullmatch(f"[{HAN}]+", decoded) else None


def _all_words(before: str, text: str, after: str) -> bool:
    """Whether each character of a text is part of a word of the dictionary, in its place."""
    sentence = before + text + after
    covered = {
        place
        for start in range(len(sentence))
        for length in (2, 3, 4)
        if sentence[start : start + length] in dictionary()
        for place in range(start, start + length)
    }
    return set(range(len(before), len(before) + len(text))) <= covered


def _han_before(text: str, at: int) -> str:
    return re.search(rf"[{HAN}]{{0,3}}$", text[max(0, at - 3) : at]).group()  # type: ignore[union-attr]


def _han_after(text: str, at: int) -> str:
    return re.match(rf"[{HAN}]{{0,2}}", text[at : at + 2]).group()  # type: ignore[union-attr]


def _intended(
    before: str, streams: list[list[_Known]], after: str, reading: str | None, occurrences: Callable[[str], int]
) -> str | None:
    """The characters whose bytes, one step out of pace, read as the wrong ones; None unless one reading stands out."""
    readings: dict[str, float] = {}
    for known in streams:
        vanished = sum(first in _VANISHED for pair in known for first in pair) // 2
        for text, chance in _fit(before, known, after, occurrences).items():
            if reading is None or reads_as(text[-1], reading):
                readings[text] = max(chance + vanished * _VANISHES, readings.get(text, -math.inf))
    ranked = sorted(readings.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < math.log(_MARGIN)):
        return None
    return ranked[0][0]


def _streams(match: re.Match[str], written: str) -> Iterator[list[_Known]]:
    """What may be known of the right characters' bytes: no pair vanished between the wrong ones, or some did."""
    wrong = next((written[match.start(k) : match.end(k)] for k in ("between", "wrong") if match[k] is not None), "")
    if not match["between"] and not match["letter"]:
        return
    try:
        pairs = [c.encode("gbk") for c in wrong.translate(_HALF)]
    except UnicodeEncodeError:
        return
    if any(len(pair) != 2 for pair in pairs):
        return
    last = ord(match["letter"]) if match["letter"] else None
    places = range(len(pairs) + 1)
    for number in range(_MOST_VANISHED + 1):
        kinds = (_COMMON_GAP, _RARE_GAP) if number == 1 else (_COMMON_GAP,)
        for gaps, kind in itertools.product(itertools.combinations_with_replacement(places, number), kinds):
            stream: list[int | None] = [_LEAD if match["lead"] else None]
            for place in places:
                stream += kind * gaps.count(place)
                stream += [byte for pair in pairs[place : place + 1] for byte in pair]
            stream.append(last)
            known = [(stream[i], stream[i + 1]) for i in range(0, len(stream), 2)]
            if all(_characters(pair) for pair in known):
                yield known


def _fit(before: str, known: list[_Known], after: str, occurrences: Callable[[str], int]) -> dict[str, float]:
    """Texts of dictionary words that have those bytes, and the logarithm of how likely each is.

    The first word begins in ``before`` unless a word ends there; the last may end in ``after``. What the document says
    elsewhere is likelier, and so are the words of such documents.
    """
    size = len(known)
    best: list[dict[str, float]] = [{"": 0.0}, *({} for _ in range(size))]
    for end in range(1, size + 1):
        for start in range(max(0, end - 4), end):
            if not best[start]:
                continue
            borrowed = before if start == 0 else ""
            for part, word, frequency in _words(
                tuple(known[start:end]), start == 0, borrowed, after if end == size else ""
            ):
                weight = 1 + _SAID * occurrences(word) + _USUAL * (word in usual_words())
                chance = math.log(frequency * weight / _TOTAL)
                for head, so_far in best[start].items():
                    best[end][head + part] = max(best[end].get(head + part, -math.inf), so_far + chance)
        best[end] = dict(sorted(best[end].items(), key=lambda b: -b[1])[:_MOST_READINGS])
    return best[size]


@lru_cache(maxsize=16_384)
def _words(known: tuple[_Known, ...], first: bool, before: str, after: str) -> list[tuple[str, str, float]]:
    """(the part that fills the places, the word, its frequency) of every word with those bytes.

    Parameters
    ----------
    first: the places are the first of a stream, so that the word may begin in ``before``.
    """
    length = len(known)
    allowed = [_characters(pair) for pair in known]
    words: list[tuple[str, str, float]] = []
    if length == 1 and not first:
        words += ((c, c, f) for c, f in _AFFIXES.items() if c in allowed[0])
    whole_words = not first or not before or any(before[-n:] in dictionary() for n in (2, 3))
    for borrowed in range(0 if whole_words else 1, min(3, len(before) + 1) if first else 1):
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
                    words.append((middle, word, frequency))
    return words


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


@lru_cache(maxsize=4096)
def _characters(known: _Known) -> frozenset[str]:
    """The characters that have those bytes."""
    first, second = known
    return frozenset(
        c
        for c, pairs in _bytes_of().items()
        if any(len(p) == 2 and _is(p[0], first) and _is(p[1], second) for p in pairs)
    )


def _is(byte: int, known: int | None) -> bool:
    """Whether a byte is what is known of it."""
    return known is None or byte == known or byte in _VANISHED.get(known, ())


@lru_cache(maxsize=1)
def _usual_characters() -> frozenset[str]:
    """Characters of which sound text is made: those of frequent words."""
    return frozenset("".join(word for word, count in dictionary().items() if count > _FREQUENT))


@lru_cache(maxsize=1)
def usual_words() -> frozenset[str]:
    """Words that plans and notices use all the time, whatever they are about."""
    return frozenset((settings.data / "words" / "usual_words.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def dictionary() -> dict[str, float]:
    """Frequent words of Chinese, names left out, and how often each stands in the corpus of jieba's dictionary."""
    package = find_spec("jieba")
    assert package is not None
    assert package.origin is not None
    # Read as data: importing jieba would take longer than all else here. Its editions keep the file in different folders.
    path = next(Path(package.origin).parent.rglob("dict.txt"))
    words = {word: float(count) for word, count in _ENTRY.findall(path.read_text(encoding="utf-8"))}
    return words | {word: max(words.get(word, 0.0), _LEAST_USUAL) for word in usual_words()}


@lru_cache(maxsize=1)
def _by_length() -> dict[tuple[int, str], list[tuple[str, float]]]:
    """Words by length and first character."""
    words: dict[tuple[int, str], list[tuple[str, float]]] = {}
    for word, frequency in dictionary().items():
        words.setdefault((len(word), word[0]), []).append((word, frequency))
    return words

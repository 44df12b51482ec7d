"""Text as outlines: how wide it runs, where it breaks, and the shape of each character.

Pictures carry the outlines of the shipped typeface instead of text, so that they look the same on a machine without
Chinese fonts, in Word, in a browser and in print.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from reports.fonts import font_file

#: Height of a line as a multiple of the font size.
LEADING = 1.3
#: From the top of a line to its base line, and from there to its bottom, as multiples of the font size.
ASCENT, DESCENT = 0.97, 0.33

#: What a line may not begin with, and what it may not end with (GB/T 15834—2011, 5.1).
_NOT_FIRST = frozenset("，。、；：？！）》】〉」』”’…—·,.;:?!)]}%％℃")
_NOT_LAST = frozenset("（《【〈「『“‘([{")
#: Spaces, a Latin word up to its hyphen, or one Chinese character.
_PIECES = re.compile(r"\s+|[^\s\-\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]+-?|.", re.DOTALL)
#: Shown for a character that the typeface does not hold.
_SUBSTITUTE = "〓"


class Face:
    """One weight of the typeface."""

    def __init__(self, bold: bool) -> None:
        self._font = TTFont(font_file(bold), lazy=True)
        self._glyphs = self._font.getGlyphSet()
        self._names: dict[int, str] = self._font.getBestCmap()
        self._advances: dict[str, float] = {}
        self._outlines: dict[str, str] = {}
        self.units: int = self._font["head"].unitsPerEm

    def glyph(self, character: str) -> str:
        """Name of the glyph that shows a character."""
        return self._names.get(ord(character)) or self._names[ord(_SUBSTITUTE)]

    def advance(self, character: str) -> float:
        """How far a character moves the pen, in units of the font (:attr:`units` to the em)."""
        known = self._advances.get(character)
        if known is None:
            known = self._advances[character] = float(self._glyphs[self.glyph(character)].width)
        return known

    def outline(self, character: str) -> str:
        """Path data of a character, in units of the font with y growing upwards; empty for a space."""
        known = self._outlines.get(character)
        if known is None:
            pen = SVGPathPen(self._glyphs, ntos=lambda value: f"{value:g}")
            self._glyphs[self.glyph(character)].draw(pen)
            known = self._outlines[character] = str(pen.getCommands())
        return known


@cache
def face(bold: bool = False) -> Face:
    """The regular or the bold face; read once."""
    return Face(bold)


def plain(text: str) -> str:
    """The text in one line, without what cannot be drawn: control characters, lone surrogates, variation selectors."""
    shown = (c if unicodedata.category(c)[0] != "C" else " " for c in text if unicodedata.category(c) != "Cf")
    return " ".join("".join(shown).split())


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text runs, in the unit of ``size``."""
    letters = face(bold)
    return sum(letters.advance(c) for c in text) * size / letters.units


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``room``: between Chinese characters or at spaces, within a word only if it must.

    No line begins with a closing mark or ends with an opening one. Nothing is left out; a single character wider than
    the room stands alone.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(plain(text), room, size, bold):
        if line and width((line + piece).rstrip(), size, bold) > room:
            line, kept = _break(line)
            lines.append(line.rstrip())
            line = kept
        line = (line + piece).lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def balanced(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """As :func:`wrap`, with lines as equal as they can be: no single character is left over on the last."""
    lines = wrap(text, room, size, bold)
    words = (width(piece, size, bold) for piece in _PIECES.findall(plain(text)))
    least = max((word for word in words if word <= room), default=0.0)
    while len(lines) > 1 and (closer := room - size / 4) > least:
        tried = wrap(text, closer, size, bold)
        if len(tried) > len(lines) or max(width(line, size, bold) for line in tried) > closer:
            break
        lines, room = tried, closer
    return lines


def _pieces(text: str, room: float, size: float, bold: bool) -> list[str]:
    """What may not be broken: a word, or a Chinese character with the marks that follow it."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        joined = pieces[-1] + piece if pieces else ""
        if joined and set(piece) <= _NOT_FIRST and width(joined, size, bold) <= room:
            pieces[-1] = joined
        elif width(piece, size, bold) > room:
            pieces += list(piece)
        else:
            pieces.append(piece)
    return pieces


def _break(line: str) -> tuple[str, str]:
    """A full line, and the opening marks at its end that go down to the next."""
    kept = len(line.rstrip())
    while kept > 1 and line[kept - 1] in _NOT_LAST:
        kept -= 1
    return (line[:kept], line[kept:].rstrip()) if kept < len(line.rstrip()) else (line, "")

"""A page to draw on: boxes, lines and text in SVG that shows the same everywhere, and the PNG made from it.

Units are points (1/72 inch) from the upper left corner of the page. Colours are those of Okabe and Ito (2008), which
the colour-blind tell apart; what they mean is always said in words or by a sign too.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from reports.colours import INK, WHITE
from reports.pictures.lettering import ASCENT, DESCENT, LEADING, face, plain, width, wrap

#: Okabe and Ito, Color Universal Design, 2008.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
SOFT, FAINT = "#595959", "#BFBFBF"
#: Nothing is smaller in print (points).
SMALLEST = 7.0
_MM = 72 / 25.4

Align = Literal["start", "middle", "end"]
Point = tuple[float, float]


class Paper(NamedTuple):
    """A page, or the room that a document has for a picture; all in millimetres."""

    width: float
    height: float
    margin: float


A4_LANDSCAPE = Paper(297, 210, 10)
A4_PORTRAIT = Paper(210, 297, 10)
#: What an A4 page of a Word document leaves between margins of 25 mm, with room for a caption.
IN_TEXT_PORTRAIT = Paper(160, 235, 2)
IN_TEXT_LANDSCAPE = Paper(247, 150, 2)


class Room(NamedTuple):
    """A rectangle on the page: left, top, width, height (points)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, by: float) -> Room:
        """The rectangle made smaller on every side."""
        return Room(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def holds(self, other: Room, slack: float = 0.01) -> bool:
        """Whether another rectangle lies within."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Room, slack: float = 0.01) -> bool:
        """Whether another rectangle shares more than a border with it."""
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )


class Box(NamedTuple):
    """A box that was drawn: what it stands for and where."""

    id: str
    room: Room


class Lettering(NamedTuple):
    """A line of text that was drawn: the place it takes, its size, and the box that holds it ("" for none)."""

    text: str
    room: Room
    size: float
    box: str


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG, as PNG and as the data behind it.

    Attributes:
        name: short, for a file name: ``chain``, ``tree``.
        title: what the picture shows, for a caption.
        svg: the picture; text is outlines, nothing is fetched.
        data: what is drawn, as plain JSON data.
        paper: its size.
        boxes, lettering: where everything stands, for tests and for a text that can be searched.
    """

    name: str
    title: str
    svg: str
    data: dict[str, Any]
    paper: Paper
    boxes: tuple[Box, ...] = ()
    lettering: tuple[Lettering, ...] = ()

    def png(self, dpi: int = 200) -> bytes:
        """The picture as PNG, white behind; its size in print is noted in it."""
        return _png(self.svg, dpi)


@lru_cache(maxsize=32)  # a report in several formats, or asked for again, draws each picture once
def _png(svg: str, dpi: int) -> bytes:
    from resvg_py import svg_to_bytes

    drawn = bytes(svg_to_bytes(svg_string=svg, dpi=dpi, background=WHITE, skip_system_fonts=True))
    return _with_resolution(drawn, dpi)


def _with_resolution(png: bytes, dpi: int) -> bytes:
    """The pHYs chunk after the header: Word takes the size in print from it (PNG specification, 11.3.4.3)."""
    chunk = b"pHYs" + struct.pack(">IIB", *(round(dpi / 0.0254),) * 2, 1)
    header = 8 + 25  # signature and IHDR
    return png[:header] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[header:]


@dataclass
class Canvas:
    """A page that is being drawn; :meth:`finish` gives the picture."""

    paper: Paper
    boxes: list[Box] = field(default_factory=list)
    lettering: list[Lettering] = field(default_factory=list)
    _elements: list[str] = field(default_factory=list)
    _glyphs: dict[tuple[str, bool], str] = field(default_factory=dict)

    @property
    def page(self) -> Room:
        """The page within its margins."""
        width_, height, margin = (side * _MM for side in self.paper)
        return Room(margin, margin, width_ - 2 * margin, height - 2 * margin)

    # -- shapes --------------------------------------------------------------------------------

    def rect(
        self,
        room: Room,
        *,
        fill: str = "none",
        stroke: str = "none",
        line: float = 0.6,
        dash: str = "",
        radius: float = 0.0,
        id: str = "",
    ) -> None:
        """A rectangle; with ``id`` it is noted as the box of that thing."""
        if id:
            self.boxes.append(Box(id, room))
        x, y, w, h = room
        corner = f' rx="{short(radius)}"' if radius else ""
        self._elements.append(
            f'<rect x="{short(x)}" y="{short(y)}" width="{short(w)}" height="{short(h)}"{corner} fill="{fill}"{_pen(stroke, line, dash)}/>'
        )

    def circle(
        self, centre: Point, radius: float, *, fill: str = "none", stroke: str = "none", line: float = 0.6
    ) -> None:
        """A circle."""
        self._elements.append(
            f'<circle cx="{short(centre[0])}" cy="{short(centre[1])}" r="{short(radius)}" fill="{fill}"{_pen(stroke, line)}/>'
        )

    def line(self, *points: Point, stroke: str = INK, line: float = 0.6, dash: str = "") -> None:
        """Straight lines from point to point."""
        self.path("M" + "L".join(f"{short(x)} {short(y)}" for x, y in points), stroke=stroke, line=line, dash=dash)

    def path(self, data: str, *, fill: str = "none", stroke: str = "none", line: float = 0.6, dash: str = "") -> None:
        """Any path, given as SVG path data."""
        self._elements.append(f'<path d="{data}" fill="{fill}"{_pen(stroke, line, dash)}/>')

    def polygon(self, points: Iterable[Point], *, fill: str = INK, stroke: str = "none", line: float = 0.6) -> None:
        """A closed shape."""
        self.path(
            "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points) + "Z", fill=fill, stroke=stroke, line=line
        )

    def arrow_head(self, tip: Point, way: Point, length: float, half: float, *, fill: str = INK) -> None:
        """A head that points in the direction ``way`` (of length 1), so long and to either side so wide."""
        (x, y), (dx, dy) = tip, way
        back, side = (x - length * dx, y - length * dy), (-dy * half, dx * half)
        self.polygon([tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])], fill=fill)

    def star(self, centre: Point, radius: float, *, fill: str = INK, stroke: str = "none") -> None:
        """A five-pointed star: the sign of a chain leader."""
        from math import cos, pi, sin

        spikes = [(radius if i % 2 == 0 else radius * 0.42, i * pi / 5) for i in range(10)]
        self.polygon(
            [(centre[0] + r * sin(a), centre[1] - r * cos(a)) for r, a in spikes], fill=fill, stroke=stroke, line=0.4
        )

    # -- text ----------------------------------------------------------------------------------

    def text(
        self,
        text: str,
        x: float,
        top: float,
        size: float,
        *,
        bold: bool = False,
        fill: str = INK,
        align: Align = "start",
        box: str = "",
        turned: bool = False,
    ) -> float:
        """One line of text whose upper edge is ``top``; returns the lower edge.

        With ``turned`` it runs upwards: ``x`` is then its left edge, and ``top`` where it is aligned down the page.
        """
        text = plain(text)
        wide = width(text, size, bold)
        before = wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
        high = size * LEADING
        base = size * (ASCENT + (LEADING - ASCENT - DESCENT) / 2)
        room = Room(x, top + before - wide, high, wide) if turned else Room(x - before, top, wide, high)
        at = (
            f"{short(x + base)} {short(top + before)}) rotate(-90" if turned else f"{short(room.x)} {short(top + base)}"
        )
        self.lettering.append(Lettering(text, room, size, box))
        letters = face(bold)
        scale = size / letters.units
        uses, pen = [], 0.0
        for character in text:
            if glyph := self._glyph(character, bold):
                uses.append(f'<use xlink:href="#{glyph}" x="{short(pen)}"/>')
            pen += letters.advance(character)
        self._elements.append(
            f'<g transform="translate({at}) '
            f'scale({scale:.5g} {-scale:.5g})" fill="{fill}" aria-label={quoteattr(text)}>{"".join(uses)}</g>'
        )
        return room.bottom

    def lines(
        self,
        lines: Sequence[str],
        x: float,
        top: float,
        size: float,
        *,
        bold: bool = False,
        fill: str = INK,
        align: Align = "start",
        box: str = "",
    ) -> float:
        """Lines of text under each other; returns the lower edge."""
        for text in lines:
            top = self.text(text, x, top, size, bold=bold, fill=fill, align=align, box=box)
        return top

    def paragraph(
        self, text: str, x: float, top: float, room: float, size: float, *, bold: bool = False, fill: str = INK
    ) -> float:
        """Text in as many lines of that width as it needs; returns the lower edge."""
        return self.lines(wrap(text, room, size, bold), x, top, size, bold=bold, fill=fill)

    def _glyph(self, character: str, bold: bool) -> str:
        """The id of the outline of a character in this picture; empty if nothing is to be drawn."""
        known = self._glyphs.get((character, bold))
        if known is None:
            known = f"{'b' if bold else 'r'}{ord(character):x}" if face(bold).outline(character) else ""
            self._glyphs[character, bold] = known
        return known

    # -- the whole -----------------------------------------------------------------------------

    def finish(self, name: str, title: str, data: dict[str, Any]) -> Drawing:
        """The picture; the same calls always give the same text."""
        wide, high, _ = self.paper
        outlines = "".join(
            f'<path id="{glyph}" d="{face(bold).outline(character)}"/>'
            for (character, bold), glyph in sorted(self._glyphs.items())
            if glyph
        )
        svg = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink" width="{wide:g}mm" height="{high:g}mm" '
            f'viewBox="0 0 {short(wide * _MM)} {short(high * _MM)}" role="img" aria-label={quoteattr(plain(title))}>'
            f"<defs>{outlines}</defs>\n" + "\n".join(self._elements) + "\n</svg>\n"
        )
        return Drawing(name, plain(title), svg, data, self.paper, tuple(self.boxes), tuple(self.lettering))


def _pen(stroke: str, line: float, dash: str = "") -> str:
    if stroke == "none":
        return ""
    return f' stroke="{stroke}" stroke-width="{short(line)}"' + (f' stroke-dasharray="{dash}"' if dash else "")


def short(value: float) -> str:
    """A number as short as a hundredth of a point allows."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

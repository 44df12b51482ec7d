"""Small charts for reports: bars, bars in parts, curves. Told apart by hatching, dash and name, not by colour alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.language import say
from reports.colours import INK, WHITE
from reports.pictures.drawing import (
    BLACK,
    BLUE,
    FAINT,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    SMALLEST,
    SOFT,
    VERMILION,
    Canvas,
    Drawing,
    Paper,
    Point,
    Room,
)
from reports.pictures.lettering import LEADING, balanced, width, wrap

#: Half a page of text.
CHART = Paper(160, 90, 1)
#: Colours and hatchings of parts, and colours and dashes of curves, in turn.
_PARTS = ((BLUE, ""), (ORANGE, "/"), (SKY, ""), (PURPLE, "|"), (GREEN, "/"), (FAINT, "-"))
_CURVES = ((BLUE, ""), (VERMILION, "5 2"), (BLACK, "1.5 1.5"), (GREEN, "7 2 1.5 2"))
_TEXT = 8.0
_PT = 25.4 / 72


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its parts by name in the unit of the chart (one part for a plain bar), a remark at its end.

    A part that is None is not known: it is said and has no length.
    """

    label: str
    parts: Mapping[str, float | None]
    remark: str = ""


@dataclass(frozen=True)
class Curve:
    """A curve: its name and its points (x, y) with rising x."""

    name: str
    points: Sequence[tuple[float, float]]


def draw_bars(
    bars: Sequence[Bar], title: str, *, unit: str = "", decimals: int = 2, note: str = "", paper: Paper = CHART
) -> Drawing:
    """Bars across, in the order given (a ranking, losses by knock-out); the page is as high as they need.

    Values are not negative. Parts are told apart by colour and hatching, and named in a legend where there are several.
    """
    trial = Canvas(paper)
    bottom = _bars(trial, bars, title, unit, decimals, note)
    canvas = Canvas(paper._replace(height=bottom * _PT + paper.margin))
    _bars(canvas, bars, title, unit, decimals, note)
    rows = [{"label": b.label, "parts": dict(b.parts), "remark": b.remark} for b in bars]
    return canvas.finish("bars", title, {"title": title, "unit": unit, "note": note, "bars": rows})


def _bars(canvas: Canvas, bars: Sequence[Bar], title: str, unit: str, decimals: int, note: str) -> float:
    """Draw the chart; returns its lower edge."""
    page = canvas.page
    names = list(dict.fromkeys(name for bar in bars for name in bar.parts))
    heading = title + (say(f"（{unit}）", f" ({unit})") if unit else "")
    top = canvas.paragraph(heading, page.x, page.y, page.width, 10, bold=True) + 3
    if len(names) > 1:
        top = _parts_legend(canvas, names, top)
    left = min(page.width * 0.34, max((width(b.label, _TEXT) for b in bars), default=0.0)) + 5
    ends = [_end_text(bar, decimals) for bar in bars]
    right = min(page.width * 0.3, max((width(text, _TEXT) for text in ends), default=0.0)) + 5
    longest = max((_length(bar) for bar in bars), default=0.0) or 1.0
    scale, first = (page.width - left - right) / longest, top
    for number, (bar, end) in enumerate(zip(bars, ends, strict=True)):
        label, remark = balanced(bar.label, left - 5, _TEXT), wrap(end, right - 5, _TEXT)
        high = max(len(label), len(remark)) * _TEXT * LEADING + 3
        room = Room(page.x + left, top + 1.5, scale * _length(bar), high - 3)
        canvas.lines(label, page.x + left - 5, top + (high - len(label) * _TEXT * LEADING) / 2, _TEXT, align="end")
        _bar(canvas, f"bar:{number}", room, bar, names, scale)
        canvas.lines(remark, room.right + 4, top + (high - len(remark) * _TEXT * LEADING) / 2, _TEXT)
        top += high
    canvas.line((page.x + left, first), (page.x + left, top), stroke=SOFT)
    return canvas.paragraph(note, page.x, top + 3, page.width, SMALLEST, fill=SOFT) if note else top + 2


def _length(bar: Bar) -> float:
    return sum(value for value in bar.parts.values() if value is not None)


def _end_text(bar: Bar, decimals: int) -> str:
    """The sum at the end of a bar; what is not known is said."""
    unknown = [name for name, value in bar.parts.items() if value is None]
    words = [] if len(unknown) == len(bar.parts) else [f"{_length(bar):,.{decimals}f}"]
    if unknown:
        several = say("、", ", ").join(unknown) if len(unknown) < len(bar.parts) else ""
        words.append(say(f"{several}未知", f"{several} unknown".strip()))
    return say("，", ", ").join([*words, *([bar.remark] if bar.remark else [])])


def _bar(canvas: Canvas, id: str, room: Room, bar: Bar, names: Sequence[str], scale: float) -> None:
    """The parts side by side, divided by white lines."""
    canvas.rect(room, id=id)
    x = room.x
    for name in names:
        if value := bar.parts.get(name):
            _fill(canvas, Room(x, room.y, value * scale, room.height), names.index(name))
            x += value * scale


def _fill(canvas: Canvas, room: Room, number: int) -> None:
    colour, hatching = _PARTS[number % len(_PARTS)]
    canvas.rect(room, fill=colour)
    data = "".join(f"M{a:.2f} {b:.2f}L{c:.2f} {d:.2f}" for (a, b), (c, d) in _hatch(room, hatching))
    if data:
        canvas.path(data, stroke=INK, line=0.5)
    canvas.rect(room, stroke=WHITE, line=0.6)


def _hatch(room: Room, kind: str) -> list[tuple[Point, Point]]:
    """Lines 3.5 points apart within the room."""
    x, y, wide, high = room
    if kind == "-":
        return [((x, y + i * 3.5), (x + wide, y + i * 3.5)) for i in range(1, math.ceil(high / 3.5))]
    if kind == "|":
        return [((x + i * 3.5, y), (x + i * 3.5, y + high)) for i in range(1, math.ceil(wide / 3.5))]
    if kind == "/":
        starts = [i * 4.5 for i in range(1, math.ceil((wide + high) / 4.5))]
        return [
            ((x + max(0.0, s - high), y + min(high, s)), (x + min(wide, s), y + max(0.0, s - wide))) for s in starts
        ]
    return []


def _parts_legend(canvas: Canvas, names: Sequence[str], top: float) -> float:
    page, x = canvas.page, canvas.page.x
    for number, name in enumerate(names):
        need = 14 + width(name, _TEXT) + 12
        if x > page.x and x + need > page.right:
            x, top = page.x, top + _TEXT * LEADING + 2
        _fill(canvas, Room(x, top + 1, 11, _TEXT * LEADING - 2), number)
        canvas.text(name, x + 14, top, _TEXT)
        x += need
    return top + _TEXT * LEADING + 5


def draw_curves(
    curves: Sequence[Curve], title: str, *, x: str, y: str, percent: bool = True, note: str = "", paper: Paper = CHART
) -> Drawing:
    """Curves (resilience under removal), told apart by colour, and dash, and named in a legend.

    ``x`` and ``y`` name the axes; with ``percent`` both are fractions (0-1) written in per cent. Axes begin at 0.
    """
    canvas = Canvas(paper)
    page = canvas.page
    top = canvas.paragraph(title, page.x, page.y, page.width, 10, bold=True)
    top = _curves_legend(canvas, [curve.name for curve in curves], top + 2)
    top = canvas.text(y, page.x, top + 1, SMALLEST, fill=SOFT)
    low = len(wrap(note, page.width, SMALLEST)) * SMALLEST * LEADING if note else 0.0
    plot = Room(page.x + 30, top + 7, page.width - 42, page.bottom - low - 30 - top)
    points = [p for curve in curves for p in curve.points]
    far = _ceiling(max((p[0] for p in points), default=1.0)), _ceiling(max((p[1] for p in points), default=1.0))
    _axes(canvas, plot, far, x, percent)

    def at(point: Point) -> Point:
        return plot.x + point[0] / far[0] * plot.width, plot.bottom - point[1] / far[1] * plot.height

    for number, curve in enumerate(curves):
        colour, dash = _CURVES[number % len(_CURVES)]
        if curve.points:
            canvas.line(*map(at, curve.points), stroke=colour, line=1.3, dash=dash)
    if note:
        canvas.paragraph(note, page.x, page.bottom - low, page.width, SMALLEST, fill=SOFT)
    data = [{"name": c.name, "points": [list(p) for p in c.points]} for c in curves]
    return canvas.finish("curves", title, {"title": title, "x": x, "y": y, "note": note, "curves": data})


def _curves_legend(canvas: Canvas, names: Sequence[str], top: float) -> float:
    page, x = canvas.page, canvas.page.x
    for number, name in enumerate(names):
        need = 28 + width(name, _TEXT) + 14
        if x > page.x and x + need > page.right:
            x, top = page.x, top + _TEXT * LEADING + 2
        colour, dash = _CURVES[number % len(_CURVES)]
        middle = top + _TEXT * LEADING / 2
        canvas.line((x, middle), (x + 24, middle), stroke=colour, line=1.3, dash=dash)
        canvas.text(name, x + 28, top, _TEXT)
        x += need
    return top + _TEXT * LEADING + 2


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = math.pow(10, math.floor(math.log10(value)))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * (1 - 1e-9))


def _axes(canvas: Canvas, plot: Room, far: Point, name: str, percent: bool) -> None:
    """The frame, five divisions on each axis, and the name of the axis across."""
    for i in range(6):
        across, up = plot.x + plot.width * i / 5, plot.bottom - plot.height * i / 5
        canvas.line((plot.x, up), (plot.right, up), stroke=FAINT, line=0.4)
        canvas.text(_tick(far[1] * i / 5, percent), plot.x - 4, up - SMALLEST * LEADING / 2, SMALLEST, align="end")
        canvas.text(_tick(far[0] * i / 5, percent), across, plot.bottom + 5, SMALLEST, align="middle")
    canvas.line((plot.x, plot.y), (plot.x, plot.bottom), (plot.right, plot.bottom), stroke=INK)
    canvas.text(name, plot.right, plot.bottom + 5 + SMALLEST * LEADING, SMALLEST, fill=SOFT, align="end")


def _tick(value: float, percent: bool) -> str:
    return f"{value * 100:.3g}%" if percent else f"{value:,.4g}"

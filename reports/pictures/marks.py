"""What every picture has: how a status looks (a character, a border and a colour, each enough by itself), and the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.analysis.status import Status
from graph.language import say
from graph.schema import Position
from reports.colours import INK, WHITE, ink_on, mixed
from reports.pictures.drawing import SMALLEST, SOFT, Canvas, Room
from reports.pictures.lettering import LEADING, wrap
from reports.words import STATUS_COLOURS, status_symbol, value_name


@dataclass(frozen=True)
class Border:
    """How the box of a status is outlined."""

    line: float
    dash: str = ""
    double: bool = False


BORDERS: dict[Status, Border] = {
    Status.MISSING: Border(1.6, "4 2"),
    Status.WEAK: Border(1.1, "2 1.4"),
    Status.SINGLE: Border(0.9, "6 1.5 1 1.5"),
    Status.UNKNOWN: Border(0.4),
    Status.PRESENT: Border(0.9),
    Status.STRONG: Border(0.7, double=True),
}
#: Width of the strip with the character, and the space around a name (points).
STRIP, PAD = 13.0, 2.5
#: Behind headings.
GREY = "#E8E8E8"
#: Width of a sample in a legend (points).
SAMPLE = 20.0
#: Size of the character, and the height that it takes with the number of firms below.
_SIGN = 8.0
STRIP_HEIGHT = (_SIGN + SMALLEST) * LEADING


def mark(canvas: Canvas, room: Room, status: Status) -> None:
    """The sample of a status in a legend: ``SAMPLE`` wide, a line high; the border is drawn outside of the character."""
    colour = STATUS_COLOURS[status]
    room = room.inset(-0.8)
    canvas.rect(room, fill=mixed(colour, 0.25))
    canvas.rect(Room(room.x, room.y, STRIP, room.height), fill=colour)
    middle = room.x + STRIP / 2 + 0.4
    canvas.text(status_symbol(status), middle, room.y + 1.4, SMALLEST, bold=True, fill=ink_on(colour), align="middle")
    border(canvas, room, status)


def border(canvas: Canvas, room: Room, status: Status) -> None:
    """The outline of a status."""
    look = BORDERS[status]
    colour = mixed(STATUS_COLOURS[status], 0.45, INK)
    canvas.rect(room, stroke=colour, line=look.line, dash=look.dash)
    if look.double:
        canvas.rect(room.inset(-1.7), stroke=colour, line=look.line)


def status_box(
    canvas: Canvas,
    id: str,
    room: Room,
    name: Sequence[str],
    size: float,
    status: Status | None,
    *,
    count: int = 0,
    leader: bool = False,
) -> None:
    """A link: its name in lines, its status in the strip at the left, with the number of firms below if there are any.

    ``leader`` puts a star on the corner: a chain leader works on the link.
    """
    canvas.rect(room, fill=mixed(STATUS_COLOURS[status], 0.15) if status else WHITE, id=id)
    strip = Room(room.x, room.y, STRIP, room.height)
    if status:
        canvas.rect(strip, fill=STATUS_COLOURS[status])
    lines = [(status_symbol(status), _SIGN)] if status else []
    lines += [(str(count), SMALLEST)] if count else []
    ink = ink_on(STATUS_COLOURS[status]) if status else INK
    top = strip.y + (strip.height - sum(letters for _, letters in lines) * LEADING) / 2
    for text, letters in lines:
        top = canvas.text(text, strip.middle[0], top, letters, bold=True, fill=ink, align="middle", box=id)
    canvas.lines(name, strip.right + PAD, room.y + (room.height - len(name) * size * LEADING) / 2, size, box=id)
    if status:
        border(canvas, room, status)
    else:
        canvas.rect(room, stroke=INK, line=0.5)
    if leader:
        canvas.star((room.right - 2, room.y + 1), 5.2, stroke=WHITE)


def position_name(position: str) -> str:
    """The place in a chain in the reader's language; links without one are under "other"."""
    return value_name(Position, position) if position else say("其他", "other")


def source_line(source: str) -> str:
    """Where the data come from, for the foot."""
    return say(f"资料来源：{source}", f"Source: {source}")


def foot_height(page: Room, foot: Sequence[str]) -> float:
    """What the lines at the foot of a page take."""
    return sum(len(wrap(text, page.width, SMALLEST)) for text in foot) * SMALLEST * LEADING


def draw_foot(canvas: Canvas, foot: Sequence[str]) -> None:
    """Small lines at the foot of the page."""
    page = canvas.page
    top = page.bottom - foot_height(page, foot)
    for text in foot:
        top = canvas.paragraph(text, page.x, top, page.width, SMALLEST, fill=SOFT)

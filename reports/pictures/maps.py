"""The maps of the "maps and lists" package: 树状图, 现状全景图, 区域分布图, 招商路线图, 发展路径图.

Each takes plain rows, and gives as many pages as it needs; nothing is left out for want of room.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from graph.analysis.status import Status
from graph.language import say
from graph.schema import Position
from reports.colours import INK, WHITE, mixed
from reports.pictures.drawing import (
    A4_LANDSCAPE,
    A4_PORTRAIT,
    BLUE,
    FAINT,
    SKY,
    SMALLEST,
    SOFT,
    Canvas,
    Drawing,
    Paper,
    Point,
    Room,
)
from reports.pictures.lettering import LEADING, balanced, width, wrap
from reports.pictures.marks import (
    GREY,
    PAD,
    SAMPLE,
    STRIP,
    draw_foot,
    foot_height,
    mark,
    position_name,
    source_line,
    status_box,
)
from reports.words import status_name

_TITLE, _TEXT, _SMALL = 13.0, 8.0, 7.5
_LINE, _SMALL_LINE = _TEXT * LEADING, _SMALL * LEADING
_PT = 25.4 / 72


@dataclass(frozen=True)
class Imprint:
    """What stands around every map.

    Attributes:
        title: heading of the map: 成都市锂电池产业链树状图.
        as_of: date of the data, None if not known.
        source: where the data come from, one line.
    """

    title: str
    as_of: str | None = None
    source: str = ""


@dataclass(frozen=True)
class FirmAt:
    """A firm on a link: its name, the district or place where it works, whether it leads the chain.

    ``not_counted`` is why it does not count ("" where it does): such firms are written apart, and no number has them.
    """

    name: str
    place: str = ""
    leader: bool = False
    not_counted: str = ""


@dataclass(frozen=True)
class LinkRow:
    """A link of the chain with what is on record of it.

    ``position`` is the schema's value (upstream, ...); ``firms`` are the ones in the region.
    """

    id: str
    name: str
    position: str
    status: Status | None = None
    products: tuple[str, ...] = ()
    firms: tuple[FirmAt, ...] = ()

    @property
    def counted(self) -> list[FirmAt]:
        """The firms that count."""
        return [firm for firm in self.firms if not firm.not_counted]

    @property
    def others(self) -> list[FirmAt]:
        """The firms on record that do not."""
        return [firm for firm in self.firms if firm.not_counted]


@dataclass(frozen=True)
class PlaceRow:
    """A district with its firms and parks; coordinates in degrees (WGS 84), None where not on record."""

    name: str
    firms: int
    lat: float | None = None
    lon: float | None = None
    parks: tuple[str, ...] = ()
    main: bool = False


@dataclass(frozen=True)
class RouteRow:
    """A gap, firms elsewhere that could fill it (first is best), and parks here that could take it."""

    gap: str
    status: Status
    firms: tuple[FirmAt, ...] = ()
    parks: tuple[str, ...] = ()
    #: More firms on record than are handed over.
    firms_total: int | None = None


@dataclass(frozen=True)
class Milestone:
    """A task, target or measure on the time line.

    ``year`` is the year it is due, None where the document gives none; ``kind`` is the heading of its lane (任务, 指标,
    ...); ``who`` leads it; ``clause`` is where it is stated.
    """

    kind: str
    text: str
    year: int | None = None
    who: str = ""
    clause: str = ""


# -- pages -----------------------------------------------------------------------------------------


@dataclass
class _Sheet:
    """A page of a map: where its body lies, and which rows stand on it at what height."""

    canvas: Canvas
    body: Room
    rows: list[tuple[int, float]]


def _sheets(
    heights: Sequence[float], imprint: Imprint, paper: Paper, head: float = 0.0, legend: Sequence[Status] = ()
) -> list[_Sheet]:
    """Pages that hold rows of these heights below a head of that height; a row higher than a page makes its page grow."""
    canvas = Canvas(paper)
    first = _imprint(canvas, imprint, legend, "")
    room = _bottom(canvas, imprint) - first - head
    pages: list[list[int]] = [[]]
    used = 0.0
    for row, height in enumerate(heights):
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    sheets = []
    for number, rows in enumerate(pages, start=1):
        more = max(0.0, sum(heights[row] for row in rows) - room) * _PT
        canvas = Canvas(paper._replace(height=paper.height + more))
        top = _imprint(canvas, imprint, legend, f"{number}/{len(pages)}" if len(pages) > 1 else "")
        body = Room(canvas.page.x, top, canvas.page.width, _bottom(canvas, imprint) - top)
        tops, y = [], top + head
        for row in rows:
            tops.append((row, y))
            y += heights[row]
        sheets.append(_Sheet(canvas, body, tops))
    return sheets


def _imprint(canvas: Canvas, imprint: Imprint, legend: Sequence[Status], number: str) -> float:
    """Title, date, legend and source; returns where the body begins."""
    page = canvas.page
    y = canvas.paragraph(imprint.title, page.x, page.y, page.width - 40, _TITLE, bold=True) + 2
    if number:
        canvas.text(number, page.right, page.y + 3, _TEXT, fill=SOFT, align="end")
    about = say(f"数据截至 {imprint.as_of or '未知'}", f"Data as of {imprint.as_of or 'unknown'}")
    canvas.text(about, page.x, y, _TEXT, fill=SOFT)
    x = page.x + width(about, _TEXT) + 16
    for status in legend:
        need = SAMPLE + 4 + width(status_name(status), _TEXT) + 10
        if x + need > page.right:
            x, y = page.x, y + _LINE + 3
        mark(canvas, Room(x, y, SAMPLE, _LINE), status)
        x += need
        canvas.text(status_name(status), x - need + SAMPLE + 4, y, _TEXT)
    draw_foot(canvas, _foot(imprint))
    return y + _LINE + 8


def _foot(imprint: Imprint) -> tuple[str, ...]:
    return (source_line(imprint.source),) if imprint.source else ()


def _bottom(canvas: Canvas, imprint: Imprint) -> float:
    """Where the body ends."""
    foot = foot_height(canvas.page, _foot(imprint))
    return canvas.page.bottom - (foot + 4 if foot else 0.0)


def _finish(sheets: Iterable[_Sheet], name: str, imprint: Imprint, data: Mapping[str, Any]) -> tuple[Drawing, ...]:
    whole = {"title": imprint.title, "as_of": imprint.as_of, "source": imprint.source, **data}
    return tuple(sheet.canvas.finish(name, imprint.title, whole) for sheet in sheets)


def _statuses(links: Iterable[LinkRow]) -> list[Status]:
    """The statuses that occur, in their usual order."""
    present = {link.status for link in links}
    return [status for status in Status if status in present]


def _by_position(links: Sequence[LinkRow]) -> list[LinkRow]:
    """The links in the order of the chain; within a position in the order given."""
    order = [p.value for p in Position]
    return sorted(links, key=lambda link: order.index(link.position) if link.position in order else len(order))


def _firm_text(firm: FirmAt) -> str:
    about = say("，", ", ").join(part for part in (firm.place, firm.not_counted) if part)
    place = say(f"（{about}）", f" ({about})") if about else ""
    return f"{'★' if firm.leader else ''}{firm.name}{place}"


def _listed(word: str, names: Sequence[str], most: int) -> str:
    """名词：甲、乙、丙 等 5 个; what there are none of on record is said."""
    if not names:
        return say(f"{word}：无在册", f"{word}: none on record")
    rest = say(f" 等 {len(names)} 个", f" and {len(names) - most} more") if len(names) > most else ""
    return say(f"{word}：", f"{word}: ") + say("、", ", ").join(names[:most]) + rest


def _box_height(name: Sequence[str]) -> float:
    return len(name) * _LINE + 2 * PAD


# -- 树状图 ----------------------------------------------------------------------------------------


def draw_tree(
    links: Sequence[LinkRow], chain: str, imprint: Imprint, *, paper: Paper = A4_PORTRAIT, most: int = 12
) -> tuple[Drawing, ...]:
    """树状图: chain, positions, links, and beside each link its products and firms.

    ``most`` names of firms and of products are written a link; how many there are in all is said.
    """
    links = _by_position(links)
    page = Canvas(paper).page
    roots, branches, boxes, gap = 46.0, 42.0, 96.0, 14.0
    left = roots + branches + boxes + 3 * gap
    names = [balanced(link.name, boxes - STRIP - 2 * PAD, _TEXT) for link in links]
    texts = [_leaf(link, page.width - left, most) for link in links]
    heights = [max(_box_height(n), len(t) * _SMALL_LINE) + 3 for n, t in zip(names, texts, strict=True)]
    sheets = _sheets(heights, imprint, paper, legend=_statuses(links))
    for sheet in sheets:
        canvas, x = sheet.canvas, sheet.body.x
        middles: list[float] = []
        for position, group in groupby(sheet.rows, key=lambda row: links[row[0]].position):
            rows = list(group)
            ends = [top + heights[row] / 2 - 1.5 for row, top in rows]
            middle = (ends[0] + ends[-1]) / 2
            middles.append(middle)
            _plain_box(
                canvas,
                f"position:{position}",
                position_name(position),
                x + roots + gap,
                middle,
                branches,
                sheet.body.y,
            )
            _fork(canvas, x + roots + gap + branches, middle, ends, gap)
            for row, top in rows:
                high = _box_height(names[row])
                room = Room(x + roots + branches + 2 * gap, top + heights[row] / 2 - 1.5 - high / 2, boxes, high)
                link = links[row]
                leads = any(f.leader for f in link.firms)
                status_box(canvas, link.id, room, names[row], _TEXT, link.status, leader=leads)
                text_top = top + heights[row] / 2 - 1.5 - len(texts[row]) * _SMALL_LINE / 2
                canvas.lines(texts[row], x + left, text_top, _SMALL)
        if middles:
            _plain_box(canvas, "chain", chain, x, (middles[0] + middles[-1]) / 2, roots, sheet.body.y, bold=True)
            _fork(canvas, x + roots, (middles[0] + middles[-1]) / 2, middles, gap)
    return _finish(sheets, "tree", imprint, {"chain": chain, "links": [asdict(link) for link in links]})


def _leaf(link: LinkRow, room: float, most: int) -> list[str]:
    products = wrap(_listed(say("产品", "products"), link.products, most), room, _SMALL) if link.products else []
    firms = wrap(_listed(say("企业", "firms"), [_firm_text(f) for f in link.counted], most), room, _SMALL)
    apart = [_firm_text(f) for f in link.others]
    return products + firms + (wrap(_listed(say("未计入", "not counted"), apart, most), room, _SMALL) if apart else [])


def _plain_box(
    canvas: Canvas, id: str, text: str, x: float, middle: float, wide: float, ceiling: float, *, bold: bool = False
) -> None:
    """A grey box of that width around a height, whose upper edge is not above ``ceiling``."""
    lines = balanced(text, wide - 2 * PAD, _TEXT, bold)
    high = len(lines) * _LINE + 2 * PAD
    middle = max(middle, ceiling + high / 2)
    canvas.rect(Room(x, middle - high / 2, wide, high), fill=GREY, stroke=INK, line=0.5, id=id)
    canvas.lines(lines, x + wide / 2, middle - high / 2 + PAD, _TEXT, bold=bold, align="middle", box=id)


def _fork(canvas: Canvas, x: float, middle: float, ends: Sequence[float], gap: float) -> None:
    """From one box to several, with right angles."""
    half = x + gap / 2
    canvas.line((x, middle), (half, middle), stroke=SOFT)
    canvas.line((half, min(ends)), (half, max(ends)), stroke=SOFT)
    for end in ends:
        canvas.line((half, end), (x + gap, end), stroke=SOFT)


# -- 现状全景图 ------------------------------------------------------------------------------------


def draw_panorama(links: Sequence[LinkRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """现状全景图: links against districts; in each cell the number of firms there, at the end of the row their names.

    Districts without a firm have no column; where there are too many for the page, the rest share one.
    """
    links = _by_position(links)
    page = Canvas(paper).page
    boxes, pitch, gap = 104.0, 17.0, 6.0
    places = _columns(links, int((page.width - boxes - 200) / pitch))
    left = boxes + gap + len(places) * pitch + gap
    wide = page.width - left
    names = [balanced(link.name, boxes - STRIP - 2 * PAD, _TEXT) for link in links]
    texts = [wrap(_names(link), wide, _SMALL) for link in links]
    heights = [max(_box_height(n), len(t) * _SMALL_LINE) + 4 for n, t in zip(names, texts, strict=True)]
    headings = {i for i, link in enumerate(links) if i == 0 or link.position != links[i - 1].position}
    heights = [height + (_LINE + 5 if i in headings else 0.0) for i, height in enumerate(heights)]
    head = max((_head_height(place) for place in places), default=0.0) + 6
    sheets = _sheets(heights, imprint, paper, head, _statuses(links))
    for sheet in sheets:
        canvas, x = sheet.canvas, sheet.body.x
        for i, place in enumerate(places):
            _column_head(canvas, place, x + boxes + gap + (i + 0.5) * pitch, sheet.body.y + head - 4)
        canvas.text(say("企业（所在地）", "firms (place)"), x + left, sheet.body.y + head - 4 - _LINE, _TEXT, bold=True)
        for row, top in sheet.rows:
            link, below = links[row], top
            if row in headings:
                canvas.rect(Room(x, top, page.width, _LINE + 2), fill=GREY)
                canvas.text(position_name(link.position), x + 3, top + 1, _TEXT, bold=True)
                below = top + _LINE + 5
            high = heights[row] - (below - top)
            box = _box_height(names[row])
            room = Room(x + 2, below + (high - box) / 2 - 1, boxes - 4, box)
            leads = any(f.leader for f in link.firms)
            status_box(canvas, link.id, room, names[row], _TEXT, link.status, leader=leads)
            canvas.line(
                (x + boxes, top + heights[row] - 1.5), (page.right, top + heights[row] - 1.5), stroke=FAINT, line=0.3
            )
            _cells(canvas, link, places, (x + boxes + gap, below + high / 2 - 1), pitch)
            canvas.lines(texts[row], x + left, below + (high - len(texts[row]) * _SMALL_LINE) / 2 - 1, _SMALL)
    return _finish(sheets, "panorama", imprint, {"places": places, "links": [asdict(link) for link in links]})


def _names(link: LinkRow) -> str:
    counted = say("、", ", ").join(map(_firm_text, link.counted))
    apart = say("、", ", ").join(map(_firm_text, link.others))
    if not apart:
        return counted or say("无在册企业", "no firm on record")
    return say(f"{counted or '无'}；未计入：{apart}", f"{counted or 'none'}; not counted: {apart}")


def _place(firm: FirmAt) -> str:
    return firm.place or say("未注明", "not stated")


def _rest() -> str:
    return say("其他", "other")


def _columns(links: Sequence[LinkRow], most: int) -> list[str]:
    """The places by number of firms; what does not fit is in a last column."""
    counted = Counter(_place(firm) for link in links for firm in link.counted)
    places = sorted(counted, key=lambda place: (-counted[place], place))
    return places if len(places) <= most else [*places[: most - 1], _rest()]


def _column_head(canvas: Canvas, place: str, middle: float, bottom: float) -> None:
    """The name of a place over its column: Chinese from top to bottom, Latin letters upwards."""
    if _upright(place):
        canvas.lines(list(place), middle, bottom - _head_height(place), _SMALL, align="middle")
    else:
        canvas.text(place, middle - _SMALL_LINE / 2, bottom, _SMALL, turned=True)


def _head_height(place: str) -> float:
    return len(place) * _SMALL_LINE if _upright(place) else width(place, _SMALL)


def _upright(place: str) -> bool:
    """Whether a name can be written from top to bottom: Chinese characters only."""
    return all("\u4e00" <= character <= "\u9fff" for character in place)


def _cells(canvas: Canvas, link: LinkRow, places: Sequence[str], start: Point, pitch: float) -> None:
    """A circle with the number of firms in each place that has any; a dot where there is none."""
    counted = Counter(_place(firm) if _place(firm) in places else _rest() for firm in link.counted)
    for i, place in enumerate(places):
        centre = (start[0] + (i + 0.5) * pitch, start[1])
        if number := counted[place]:
            canvas.circle(centre, pitch * 0.42, fill=BLUE if number > 1 else WHITE, stroke=BLUE, line=1.0)
            ink = WHITE if number > 1 else INK
            canvas.text(
                str(number), centre[0], centre[1] - _SMALL_LINE / 2, _SMALL, bold=True, fill=ink, align="middle"
            )
        else:
            canvas.circle(centre, 0.6, fill=FAINT)


# -- 区域分布图 ------------------------------------------------------------------------------------


def draw_places(places: Sequence[PlaceRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """区域分布图: districts at their coordinates, the circle's area by the number of firms, and all of them ranked beside.

    Without coordinates only the ranking is drawn. No boundaries are drawn: none are on record.
    """
    ranked = sorted(places, key=lambda place: (-place.firms, place.name))
    located = [place for place in ranked if place.lat is not None and place.lon is not None]
    page = Canvas(paper).page
    share = 0.56 if located else 0.0
    left = page.width * share + (14 if located else 0)
    label, bars = 92.0, 70.0
    room = page.width - left - label - bars - 28
    names = [balanced(place.name, label - 4, _TEXT) for place in ranked]
    parks = [wrap(say("、", ", ").join(place.parks), room, _SMALL) if place.parks else [] for place in ranked]
    heights = [max(len(n) * _LINE, len(p) * _SMALL_LINE) + 4 for n, p in zip(names, parks, strict=True)]
    head = _LINE + 6
    sheets = _sheets(heights, imprint, paper, head)
    most = max((place.firms for place in ranked), default=0) or 1
    for number, sheet in enumerate(sheets):
        canvas, x = sheet.canvas, sheet.body.x + left
        canvas.text(say("地区", "place"), x, sheet.body.y, _TEXT, bold=True)
        canvas.text(say("在册企业", "firms"), x + label, sheet.body.y, _TEXT, bold=True)
        canvas.text(say("园区（载体）", "parks"), x + label + bars + 28, sheet.body.y, _TEXT, bold=True)
        canvas.line((x, sheet.body.y + _LINE + 2), (page.right, sheet.body.y + _LINE + 2), stroke=SOFT)
        for row, top in sheet.rows:
            place, middle = ranked[row], top + heights[row] / 2
            canvas.lines(names[row], x, middle - len(names[row]) * _LINE / 2, _TEXT, bold=place.main)
            if place.firms:
                bar = Room(x + label, middle - 3.5, bars * place.firms / most, 7)
                canvas.rect(bar, fill=BLUE if place.main else SKY, stroke=BLUE, line=0.5)
            canvas.text(str(place.firms), x + label + bars * place.firms / most + 4, middle - _LINE / 2, _TEXT)
            canvas.lines(parks[row], x + label + bars + 28, middle - len(parks[row]) * _SMALL_LINE / 2, _SMALL)
        if located and number == 0:
            high = min(sheet.body.height, page.width * share)
            _map(canvas, Room(sheet.body.x, sheet.body.y, page.width * share, high), located)
    return _finish(sheets, "places", imprint, {"places": [asdict(place) for place in ranked]})


def _map(canvas: Canvas, frame: Room, places: Sequence[PlaceRow]) -> None:
    """Circles at their coordinates (equirectangular about the mean latitude), with names where there is room."""
    room = Room(frame.x + 34, frame.y + 24, frame.width - 68, frame.height - 60)
    at = _projected(places, room)
    canvas.rect(frame, stroke=FAINT)
    radii = [_radius(place.firms) for place in places]
    order = sorted(range(len(places)), key=lambda i: -radii[i])
    for i in order:
        fill = mixed(BLUE, 0.75) if places[i].main else mixed(SKY, 0.55)
        if places[i].firms:
            canvas.circle(at[i], radii[i], fill=fill, stroke=BLUE, line=0.8)
        else:
            canvas.circle(at[i], radii[i], fill=WHITE, stroke=SOFT, line=0.6)
    taken = [Room(x - r, y - r, 2 * r, 2 * r) for (x, y), r in zip(at, radii, strict=True)]
    for i in order:
        text = f"{places[i].name} {places[i].firms}" if places[i].firms else places[i].name
        label = _label(canvas, text, at[i], radii[i], taken, frame.inset(2), bold=places[i].main)
        taken.append(label)
    _map_key(canvas, frame, max((p.firms for p in places), default=0), any(p.main for p in places))


def _projected(places: Sequence[PlaceRow], room: Room) -> list[Point]:
    """Longitude shortened by the cosine of the mean latitude, fitted into the room without distortion."""
    points = [(float(p.lon or 0.0), float(p.lat or 0.0)) for p in places]
    shorten = math.cos(math.radians(sum(lat for _, lat in points) / len(points)))
    xs, ys = [lon * shorten for lon, _ in points], [-lat for _, lat in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(room.width / wide if wide else math.inf, room.height / high if high else math.inf)
    scale = 1.0 if math.isinf(scale) else scale
    left, top = room.x + (room.width - wide * scale) / 2, room.y + (room.height - high * scale) / 2
    return [(left + (x - min(xs)) * scale, top + (y - min(ys)) * scale) for x, y in zip(xs, ys, strict=True)]


def _radius(firms: int) -> float:
    """Area in proportion to the number of firms."""
    return 3.6 * math.sqrt(firms) if firms else 2.0


def _label(
    canvas: Canvas, text: str, at: Point, radius: float, taken: Sequence[Room], frame: Room, *, bold: bool
) -> Room:
    """Write a name beside its circle where it covers nothing, else further off with a line to it."""
    wide, high = width(text, SMALLEST, bold), SMALLEST * LEADING
    best = None
    for distance in (1.5, 8.0, 16.0, 26.0, 38.0, 52.0, 70.0, 90.0):
        for turn in (0.0, 1.0, 0.5, 1.5, 0.25, 1.75, 0.75, 1.25):
            away = radius + distance
            x, y = at[0] + math.cos(turn * math.pi) * away, at[1] + math.sin(turn * math.pi) * away
            x += wide / 2 * (math.cos(turn * math.pi) - 1)
            y += high / 2 * (math.sin(turn * math.pi) - 1)
            room = Room(x, y, wide, high)
            best = best or room
            if frame.holds(room) and not any(room.meets(other) for other in taken):
                if distance > 8.0:
                    near = (min(max(at[0], room.x), room.right), min(max(at[1], room.y), room.bottom))
                    canvas.line(at, near, stroke=SOFT, line=0.4)
                canvas.text(text, room.x, room.y, SMALLEST, bold=bold)
                return room
    assert best is not None
    canvas.text(text, best.x, best.y, SMALLEST, bold=bold)
    return best


def _map_key(canvas: Canvas, frame: Room, most: int, main: bool) -> None:
    """Sizes of circles, and what the drawing does not show."""
    y, x = frame.bottom - 22, frame.x + 8
    for firms in dict.fromkeys((1, max(1, round(most / 3)), most)):
        if not firms:
            continue
        x += _radius(firms)
        canvas.circle((x, y), _radius(firms), fill=mixed(SKY, 0.55), stroke=BLUE, line=0.8)
        x += _radius(firms) + 3
        text = say(f"{firms} 家", f"{firms} firms")
        canvas.text(text, x, y - SMALLEST * LEADING / 2, SMALLEST)
        x += width(text, SMALLEST) + 10
    if main:
        canvas.circle((x + 4, y), 4, fill=mixed(BLUE, 0.75), stroke=BLUE, line=0.8)
        canvas.text(say("主承载地", "main carrier"), x + 11, y - SMALLEST * LEADING / 2, SMALLEST)
        x += 11 + width(say("主承载地", "main carrier"), SMALLEST) + 10
    note = say("位置为行政中心坐标示意，不绘边界", "At the seats' coordinates; no boundaries")
    canvas.text(note, frame.right - 6, y - SMALLEST * LEADING / 2, SMALLEST, fill=SOFT, align="end")


# -- 招商路线图 ------------------------------------------------------------------------------------


def draw_routes(routes: Sequence[RouteRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """招商路线图: for each gap the firms elsewhere that could fill it with their places, and the parks that could take them."""
    page = Canvas(paper).page
    gap = 26.0
    boxes, parks = 100.0, min(190.0, page.width * 0.24)
    middle = page.width - boxes - parks - 2 * gap
    names = [balanced(route.gap, boxes - STRIP - 2 * PAD, _TEXT) for route in routes]
    firms = [_firm_lines(route, middle - 2 * PAD) for route in routes]
    places = [_park_lines(route, parks - 2 * PAD) for route in routes]
    heights = [
        max(_box_height(n), (max(len(f), len(p)) * _SMALL_LINE) + 2 * PAD) + 7
        for n, f, p in zip(names, firms, places, strict=True)
    ]
    head = _LINE + 8
    sheets = _sheets(heights, imprint, paper, head, [s for s in Status if s in {r.status for r in routes}])
    columns = (page.x, page.x + boxes + gap, page.right - parks)
    words = (
        say("短板环节", "gap"),
        say(
            "本地无该业务的企业及其地点（阶段，直线距离，证据截至）", "firms that do not make it here, and their places"
        ),
        say("本地可承载园区", "parks here that could take them"),
    )
    for sheet in sheets:
        canvas = sheet.canvas
        for x, word, wide in zip(columns, words, (boxes, middle, parks), strict=True):
            canvas.rect(Room(x, sheet.body.y, wide, _LINE + 2), fill=GREY)
            canvas.text(word, x + wide / 2, sheet.body.y + 1, _TEXT, bold=True, align="middle")
        for row, top in sheet.rows:
            high = heights[row] - 7
            status_box(canvas, f"gap:{row}", Room(columns[0], top, boxes, high), names[row], _TEXT, routes[row].status)
            _panel(canvas, f"firms:{row}", Room(columns[1], top, middle, high), firms[row])
            _panel(canvas, f"parks:{row}", Room(columns[2], top, parks, high), places[row])
            for start in (columns[0] + boxes, columns[1] + middle):
                tip = (start + gap - 4, top + high / 2)
                canvas.line((start + 5, tip[1]), (tip[0] - 4, tip[1]), stroke=INK, line=1.0)
                canvas.arrow_head(tip, (1, 0), 6, 2.6)
    return _finish(sheets, "routes", imprint, {"routes": [asdict(route) for route in routes]})


def _firm_lines(route: RouteRow, room: float) -> list[str]:
    """甲：江苏常州（已投产）、四川宜宾（在建）, a line or more for each firm, the best first."""
    if not route.firms:
        return [say("无在册企业", "no firm on record")]
    texts = [f"{'★' if f.leader else ''}{f.name}{say('：', ': ')}{_place(f)}" for f in route.firms]
    if route.firms_total and route.firms_total > len(route.firms):
        texts.append(say(f"在册共 {route.firms_total} 家", f"{route.firms_total} on record in all"))
    return [line for text in texts for line in wrap(text, room, _SMALL)]


def _park_lines(route: RouteRow, room: float) -> list[str]:
    if not route.parks:
        return [say("无在册园区", "no park on record")]
    return [line for park in route.parks for line in wrap(park, room, _SMALL)]


def _panel(canvas: Canvas, id: str, room: Room, lines: Sequence[str]) -> None:
    canvas.rect(room, stroke=SOFT, line=0.5, id=id)
    canvas.lines(lines, room.x + PAD, room.y + (room.height - len(lines) * _SMALL_LINE) / 2, _SMALL, box=id)


# -- 发展路径图 ------------------------------------------------------------------------------------


def draw_path(milestones: Sequence[Milestone], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """发展路径图: tasks and targets under the year they are due, a lane a kind; what has no year stands in a part of its own."""
    page = Canvas(paper).page
    years = sorted({m.year for m in milestones if m.year is not None})
    lanes = 44.0
    pitch = (page.width - lanes) / max(len(years), 1)
    across = max(1, int((page.width - lanes) // 150))
    rows = [*_dated(milestones, years, pitch), *_undated(milestones, across, (page.width - lanes) / across)]
    sheets = _sheets([row.height for row in rows], imprint, paper, head=_LINE + 14)
    for sheet in sheets:
        if years and any(rows[row].dated for row, _ in sheet.rows):
            _time_line(sheet, years, lanes, pitch)
        before = None
        for number, top in sheet.rows:
            row = rows[number]
            _draw_row(sheet.canvas, row, Room(page.x, top, page.width, row.height), lanes, name=row.lane != before)
            before = row.lane
    return _finish(sheets, "path", imprint, {"milestones": [asdict(m) for m in milestones]})


#: A card is no wider than this (points).
_WIDEST = 260.0
#: Number, left edge, width, and lines with whether they are small.
_Card = tuple[int, float, float, list[tuple[str, bool]]]


@dataclass(frozen=True)
class _Row:
    """Cards side by side: for each its number, left edge, width and lines; or a heading alone."""

    lane: str
    cards: tuple[_Card, ...]
    height: float
    dated: bool = True
    heading: str = ""


def _dated(milestones: Sequence[Milestone], years: Sequence[int], pitch: float) -> list[_Row]:
    """Rows of cards under their years, lane by lane."""
    rows = []
    numbered, wide = list(enumerate(milestones)), min(pitch, _WIDEST)
    for lane in dict.fromkeys(m.kind for m in milestones):
        columns = [[(i, m) for i, m in numbered if m.kind == lane and m.year == year] for year in years]
        for depth in range(max((len(column) for column in columns), default=0)):
            cards = tuple(
                (column[depth][0], place * pitch, wide, _card(column[depth][1], wide))
                for place, column in enumerate(columns)
                if depth < len(column)
            )
            rows.append(_Row(lane, cards, _row_height(cards)))
    return rows


def _undated(milestones: Sequence[Milestone], across: int, wide: float) -> list[_Row]:
    """What has no year, several to a row, under a heading of its own."""
    rows = []
    numbered = [(i, m) for i, m in enumerate(milestones) if m.year is None]
    for lane in dict.fromkeys(m.kind for _, m in numbered):
        of_lane = [(i, m) for i, m in numbered if m.kind == lane]
        for start in range(0, len(of_lane), across):
            cards = tuple(
                (i, place * wide, wide, _card(m, wide)) for place, (i, m) in enumerate(of_lane[start : start + across])
            )
            rows.append(_Row(lane, cards, _row_height(cards), dated=False))
    heading = _Row("", (), _LINE + 8, dated=False, heading=say("未注明年份", "no year stated"))
    return [heading, *rows] if rows else []


def _card(milestone: Milestone, wide: float) -> list[tuple[str, bool]]:
    """The lines of a card: what, then who leads and where it is stated; the flag says which are small."""
    room = wide - 4 * PAD - 2
    who = say(f"牵头：{milestone.who}", f"lead: {milestone.who}") if milestone.who else ""
    small = say("；", "; ").join(part for part in (who, milestone.clause) if part)
    lines = [(line, False) for line in wrap(milestone.text, room, _TEXT)]
    return lines + ([(line, True) for line in wrap(small, room, SMALLEST)] if small else [])


def _row_height(cards: Iterable[_Card]) -> float:
    return (
        max(sum(SMALLEST * LEADING if small else _LINE for _, small in lines) for _, _, _, lines in cards) + 2 * PAD + 5
    )


def _draw_row(canvas: Canvas, row: _Row, room: Room, lanes: float, *, name: bool) -> None:
    if row.heading:
        canvas.rect(Room(room.x, room.y + 2, room.width, _LINE + 2), fill=GREY)
        canvas.text(row.heading, room.x + 3, room.y + 3, _TEXT, bold=True)
        return
    if name:
        canvas.lines(balanced(row.lane, lanes - 4, _TEXT, bold=True), room.x, room.y + PAD, _TEXT, bold=True)
    for number, left, wide, lines in row.cards:
        id = f"milestone:{number}"
        box = Room(room.x + lanes + left + 2, room.y, wide - 4, room.height - 5)
        canvas.rect(box, fill=mixed(SKY, 0.12), stroke=BLUE if row.dated else SOFT, line=0.6, id=id)
        top = box.y + PAD
        for text, small in lines:
            size, ink = (SMALLEST, SOFT) if small else (_TEXT, INK)
            top = canvas.text(text, box.x + PAD, top, size, fill=ink, box=id)


def _time_line(sheet: _Sheet, years: Sequence[int], lanes: float, pitch: float) -> None:
    """The years on an arrow over their columns."""
    canvas, body = sheet.canvas, sheet.body
    y = body.y + _LINE + 5
    canvas.line((body.x + lanes, y), (body.right - 5, y), stroke=INK, line=1.2)
    canvas.arrow_head((body.right, y), (1, 0), 7, 3)
    for place, year in enumerate(years):
        x = body.x + lanes + place * pitch + min(pitch, _WIDEST) / 2
        canvas.circle((x, y), 2.4, fill=BLUE)
        canvas.text(say(f"{year} 年", str(year)), x, body.y, 9, bold=True, align="middle")

"""The maps of the "maps and lists" package: 树状图, 现状全景图, 区域分布图, 招商路线图, 发展路径图.

Each takes plain rows, and gives as many pages as it needs; nothing is left out for want of room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.analysis.status import Status
from reports.drawing import A4_LANDSCAPE, A4_PORTRAIT, Drawing, Paper


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
    """A firm on a link: its name, the district or place where it works, whether it leads the chain."""

    name: str
    place: str = ""
    leader: bool = False


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


def draw_tree(
    links: Sequence[LinkRow], chain: str, imprint: Imprint, *, paper: Paper = A4_PORTRAIT, most: int = 12
) -> tuple[Drawing, ...]:
    """树状图: chain, positions, links, and beside each link its products and firms.

    ``most`` names of firms and of products are written a link; how many more there are is said.
    """
    raise NotImplementedError


def draw_panorama(links: Sequence[LinkRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """现状全景图: links against districts; in each cell the number of firms there, at the end of the row their names."""
    raise NotImplementedError


def draw_places(places: Sequence[PlaceRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """区域分布图: districts at their coordinates, the circle's area by the number of firms, and all of them ranked beside.

    Without coordinates only the ranking is drawn. No boundaries are drawn: none are on record.
    """
    raise NotImplementedError


def draw_routes(routes: Sequence[RouteRow], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """招商路线图: from each gap to firms elsewhere by place, and from them to the parks that could take them."""
    raise NotImplementedError


def draw_path(milestones: Sequence[Milestone], imprint: Imprint, *, paper: Paper = A4_LANDSCAPE) -> tuple[Drawing, ...]:
    """发展路径图: tasks and targets under the year they are due, a lane a kind; what has no year stands in a column of its own."""
    raise NotImplementedError

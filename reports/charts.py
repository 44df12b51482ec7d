"""Small charts for reports: bars, bars in parts, curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.drawing import Drawing, Paper

#: Half a page of text.
CHART = Paper(160, 90, 0)


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


def draw_bars(bars: Sequence[Bar], title: str, *, unit: str = "", note: str = "", paper: Paper = CHART) -> Drawing:
    """Bars across, in the order given (a ranking, losses by knock-out); the page grows with their number.

    Parts are told apart by colour and hatching, and named in a legend.
    """
    raise NotImplementedError


def draw_curves(
    curves: Sequence[Curve], title: str, *, x: str, y: str, percent: bool = True, note: str = "", paper: Paper = CHART
) -> Drawing:
    """Curves (resilience under removal), told apart by colour, dash and a name at their end.

    ``x`` and ``y`` name the axes; with ``percent`` both are fractions (0-1) written in per cent.
    """
    raise NotImplementedError

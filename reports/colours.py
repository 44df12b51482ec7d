"""Colours of everything that is put out, as #RRGGBB: one ink on all of them, so that a badge reads alike on screen, page and sheet."""

from __future__ import annotations

#: Dark and light ink.
INK, WHITE = "#1A1A1A", "#FFFFFF"


def mixed(colour: str, share: float, ground: str = WHITE) -> str:
    """A colour thinned with another: ``share`` (0-1) of it remains."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance from 0 (black) to 1 (white): what remains in grey print (WCAG 2.1)."""
    red, green, blue = (
        c / 12.92 if (c := v / 255) <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for v in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21; 4.5 is enough for text (WCAG 2.1, 1.4.3)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on that colour."""
    return max((INK, WHITE), key=lambda ink: contrast(ink, colour))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))

"""The typeface of pictures and PDF files: Noto Sans SC, cut to the characters of Chinese reports (README.md beside)."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def font_file(bold: bool = False) -> Path:
    """The TrueType file of a weight; licence: OFL.txt beside it."""
    return _HERE / ("NotoSansSC-Bold.ttf" if bold else "NotoSansSC-Regular.ttf")

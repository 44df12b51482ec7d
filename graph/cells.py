"""What may stand in a cell of a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"^[=+\-@\t\r]")


def safe_cell(value: str) -> str:
    """Text that no spreadsheet runs as a formula (a leading apostrophe shows as text).

    >>> safe_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    >>> safe_cell("-3.5")
    '-3.5'
    """
    if _FORMULA.match(value) and not re.fullmatch(r"[+-]?\d+(\.\d+)?%?", value):
        return f"'{value}"
    return value

"""Concentration: the Herfindahl-Hirschman index and the effective number it stands for.

Hirschman 1964, "The Paternity of an Index", American Economic Review 54(5):761.
"""

from __future__ import annotations

from collections.abc import Mapping


def hhi(quantities: Mapping[str, float]) -> float:
    """HHI = Σ (share)², from 1/n (n equal holders) to 1 (one holds all).

    Raises:
        ZeroDivisionError: nobody holds anything.
    """
    total = sum(quantities.values())
    return sum((quantity / total) ** 2 for quantity in quantities.values())


def effective_number(quantities: Mapping[str, float]) -> float:
    """N_eff = 1/HHI: 1 if one holds all, n if n hold equal parts.

    Raises:
        ZeroDivisionError: nobody holds anything.
    """
    return 1 / hhi(quantities)

"""M4 Outside dependence: what share of local demand comes from outside, and from how few places.

δ_m = 1 - σ_m; HHI over the regions or countries that it comes from. Flagged where both are high, as in the GeoDep data base of CEPII.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graph.analysis.concentration import hhi
from graph.analysis.coverage import ChainCoverage
from graph.analysis.makers import Basis, Inflow, inflow_by
from graph.settings import DependenceThresholds


@dataclass(frozen=True)
class Dependence:
    """Outside dependence of one link.

    ``delta`` (0-1), ``concentration`` the HHI over origins (None where origins or quantities are not on record),
    ``origins`` their shares (0-1), largest first.
    """

    segment: str
    delta: float
    basis: Basis
    concentration: float | None
    origins: tuple[tuple[str, float], ...]
    flagged: bool


def outside_dependence(
    coverages: Sequence[ChainCoverage],
    inflows: Mapping[str, Sequence[Inflow]],
    thresholds: DependenceThresholds,
    unknown: Collection[str] = (),
) -> list[Dependence]:
    """Every link that is needed here and not fully made here, most dependent first.

    Parameters
    ----------
    coverages: the best first; a link is taken from the first that has it.
    unknown: links of which nobody knows whether they are made here; nothing is said of them.
    """
    best: dict[str, tuple[float, Basis]] = {}
    for coverage in coverages:
        for segment, covered in coverage.segments.items():
            if covered.sigma is not None and segment not in unknown:
                best.setdefault(segment, (covered.sigma, coverage.basis))
    dependences = []
    for segment, (sigma, basis) in best.items():
        if sigma == 1:
            continue
        brought = _by_named_origin(inflows.get(segment, ()))
        concentration = hhi(brought) if brought else None
        total = sum(brought.values())
        origins = sorted(((name, x / total) for name, x in brought.items()), key=lambda o: (-o[1], o[0]))
        delta = 1 - sigma
        flagged = delta > thresholds.share and concentration is not None and concentration > thresholds.concentration
        dependences.append(Dependence(segment, delta, basis, concentration, tuple(origins), flagged))
    return sorted(dependences, key=lambda d: (-d.flagged, -d.delta, -(d.concentration or 0), d.segment))


def _by_named_origin(inflows: Sequence[Inflow]) -> dict[str, float]:
    """Origin -> what comes from there; empty where an origin is not named or nothing measures all alike."""
    if any(i.origin is None for i in inflows):
        return {}
    names = {i.origin or "": i.origin_name or i.origin or "" for i in inflows}
    for basis in (Basis.MONEY, Basis.CAPACITY):
        unit = inflows[0].unit if inflows else None
        brought = inflow_by(inflows, basis, unit)
        if brought and sum(brought.values()):
            return {names[origin]: x for origin, x in brought.items()}
    return {}

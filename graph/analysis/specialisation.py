"""Specialisation of regions: location quotient, proximity of segments, relatedness density, economic complexity.

Pure functions on a region x segment matrix of counts (or output). The sources: Hidalgo, Klinger, Barabási,
Hausmann 2007, Science 317:482, doi 10.1126/science.1144581 (advantage, proximity, density); Hidalgo & Hausmann 2009,
PNAS 106:10570, doi 10.1073/pnas.0900943106 (complexity). ``carried`` cuts the matrix to what says something, or refuses
with the reason.

Own code, because no published library is sound enough: docs/methods.md says which were looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.reasons import Reason, reason
from graph.settings import SpecialisationThresholds

#: Eigenvalues nearer than this are one eigenvalue: their vectors, and so the ranking, are arbitrary.
_SAME_EIGENVALUE = 1e-9


@dataclass(frozen=True)
class Complexity:
    """Economic complexity of regions (``regions``, ECI) and segments (``segments``, PCI), each with mean 0 and sd 1.

    ``diversity`` counts the segments in which a region has an advantage, ``ubiquity`` the regions that have one in a
    segment.
    """

    regions: pd.Series[float]
    segments: pd.Series[float]
    diversity: pd.Series[int]
    ubiquity: pd.Series[int]


@dataclass(frozen=True)
class RelatedSegment:
    """How near a segment is to what a region has.

    ``density`` (0-1) is the share of what goes with the segment elsewhere that the region has already; ``rank`` the
    region's place by it (1 the nearest) ``among`` so many regions that are as it is, without a maker or with one;
    ``because`` the segments it has that go with this one most, with their proximity.
    """

    id: str
    makers: int
    has_advantage: bool
    density: float
    rank: int
    among: int
    because: tuple[tuple[str, float], ...]


def location_quotient(local: float, local_total: float, benchmark: float, benchmark_total: float) -> float:
    """LQ = (local / local_total) / (benchmark / benchmark_total): above 1 the region has more than its share.

    Raises:
        ZeroDivisionError: the benchmark or the region is empty.
    """
    return (local / local_total) / (benchmark / benchmark_total)


def location_quotients(matrix: pd.DataFrame) -> pd.DataFrame:
    """LQ of every cell: the segment's share in the region over its share in all regions together.

    Location quotient (Florence 1939) and revealed comparative advantage (Balassa 1965) are the same ratio.

    Parameters
    ----------
    matrix: regions x segments, counts or output in one unit, none negative.

    Returns:
        The same shape; NaN in empty rows and columns, where there is no share to compare.
    """
    x = matrix.to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients = x * x.sum() / (x.sum(axis=1, keepdims=True) * x.sum(axis=0, keepdims=True))
    return pd.DataFrame(quotients, matrix.index, matrix.columns)


def advantages(matrix: pd.DataFrame, least: float = 1.0) -> pd.DataFrame:
    """Whether a region has an advantage in a segment: LQ >= ``least``.

    Reckoned without division, so that an LQ of exactly 1 is not lost in rounding; empty rows and columns have none.
    """
    x = matrix.to_numpy(dtype=float)
    expected = x.sum(axis=1, keepdims=True) * x.sum(axis=0, keepdims=True)
    return pd.DataFrame((x * x.sum() >= least * expected) & (expected > 0), matrix.index, matrix.columns)


def proximity(advantage: pd.DataFrame) -> pd.DataFrame:
    """How alike two segments are in what they need: min(P(i|j), P(j|i)) over regions with an advantage.

    Parameters
    ----------
    advantage: regions x segments, true where the region has an advantage.

    Returns:
        segments x segments, 0-1, symmetric, 1 on the diagonal; NaN for a segment in which no region has an advantage.
    """
    m = advantage.to_numpy(dtype=float)
    ubiquity = m.sum(axis=0)
    with np.errstate(invalid="ignore"):
        alike = (m.T @ m) / np.maximum.outer(ubiquity, ubiquity)
    alike[:, ubiquity == 0] = alike[ubiquity == 0, :] = np.nan
    return pd.DataFrame(alike, advantage.columns, advantage.columns)


def relatedness_density(advantage: pd.DataFrame) -> pd.DataFrame:
    """Share of what is near a segment that the region has already, weighted by proximity: Σ M φ / Σ φ.

    The segment itself is left out of both sums: the density says what surrounds a link, whether it is there or not.

    Returns:
        regions x segments, 0-1; NaN for a segment that is near no other.
    """
    alike = proximity(advantage).fillna(0.0).to_numpy(copy=True)
    np.fill_diagonal(alike, 0.0)
    with np.errstate(invalid="ignore"):
        density = advantage.to_numpy(dtype=float) @ alike / alike.sum(axis=0)
    return pd.DataFrame(density, advantage.index, advantage.columns)


def related_segments(
    matrix: pd.DataFrame, region: str, least: float = 1.0, reasons: int = 3
) -> tuple[RelatedSegment, ...]:
    """The segments by their density in a region, nearest first; those near no other are left out.

    Parameters
    ----------
    matrix: regions x segments, number of makers.
    region: one of its rows.
    least: location quotient from which a region has an advantage.
    reasons: so many segments are named as the reason of a density.
    """
    held = advantages(matrix, least)
    makers, density, near = matrix.to_numpy(), relatedness_density(held).to_numpy(), proximity(held).to_numpy()
    own, names = matrix.index.get_loc(region), [str(name) for name in matrix.columns]
    assert isinstance(own, int)
    has = held.to_numpy()[own]
    related = []
    for s in np.flatnonzero(~np.isnan(density[own])):
        alike = (makers[:, s] > 0) == (makers[own, s] > 0)
        others = [o for o in np.flatnonzero(has & (near[s] > 0)) if o != s]
        others.sort(key=lambda o: (-near[s, o], names[o]))
        related.append(
            RelatedSegment(
                names[s],
                int(makers[own, s]),
                bool(has[s]),
                float(density[own, s]),
                1 + int((density[alike, s] > density[own, s]).sum()),
                int(alike.sum()),
                tuple((names[o], float(near[s, o])) for o in others[:reasons]),
            )
        )
    return tuple(sorted(related, key=lambda item: (-item.density, item.id)))


def complexity(advantage: pd.DataFrame) -> Complexity | Reason:
    """Economic complexity index of regions and segments.

    ECI is the second eigenvector of the regions' matrix Σ_s M_rs M_r's / (k_r k_s), PCI that of the segments'. Both come
    from one singular value decomposition of M / √(k_r k_s), which is symmetric in the two and finds nothing complex
    (as in correspondence analysis: Mealy, Farmer, Teytelboym 2019, doi 10.1126/sciadv.aau1705). The sign is fixed so
    that ECI goes with diversity.

    Returns:
        A reason where a row or column is empty, where the matrix falls into parts that share nothing (the index would
        only name the parts), or where the eigenvector or its sign is not determined.
    """
    m = advantage.to_numpy(dtype=float)
    diversity, ubiquity = m.sum(axis=1), m.sum(axis=0)
    if m.size == 0 or not diversity.all() or not ubiquity.all():
        return reason("matrix_with_empty_lines")
    parts = _parts(m)
    if parts > 1:
        return reason("matrix_in_parts", parts=parts)
    rows, values, columns = np.linalg.svd(m / np.sqrt(np.outer(diversity, ubiquity)), full_matrices=False)
    if not _second_is_determined(values):
        return reason("eigenvector_not_determined")
    eci, pci = _standard(rows[:, 1] / np.sqrt(diversity)), _standard(columns[1] / np.sqrt(ubiquity))
    along = float(eci @ (diversity - diversity.mean()))
    if abs(along) <= _SAME_EIGENVALUE * diversity.sum():
        return reason("sign_not_determined")
    sign = np.sign(along)
    return Complexity(
        pd.Series(sign * eci, advantage.index),
        pd.Series(sign * pci, advantage.columns),
        pd.Series(diversity.astype(int), advantage.index),
        pd.Series(ubiquity.astype(int), advantage.columns),
    )


def carried(matrix: pd.DataFrame, thresholds: SpecialisationThresholds) -> pd.DataFrame | Reason:
    """The part of the matrix that carries these measures: regions and segments with enough makers.

    Thin rows and columns are left out in turns until every one that is left has enough, whatever their order.

    Parameters
    ----------
    matrix: regions x segments, number of makers.

    Returns:
        The smaller matrix, or a reason where fewer than ``min_regions`` regions or two segments are left.
    """
    kept = matrix
    while True:
        kept = kept.loc[kept.sum(axis=1) >= thresholds.region_min_makers]
        enough = kept.sum(axis=0) >= thresholds.segment_min_makers
        if enough.all():
            break
        kept = kept.loc[:, enough]
    if len(kept) >= thresholds.min_regions and kept.shape[1] >= 2:
        return kept
    return reason(
        "too_few_regions",
        regions=len(kept),
        least=thresholds.min_regions,
        makers_a_region=thresholds.region_min_makers,
        makers_a_segment=thresholds.segment_min_makers,
        regions_with_any=int((matrix.sum(axis=1) > 0).sum()),
    )


def _parts(m: npt.NDArray[np.float64]) -> int:
    """Connected parts of the bipartite graph of regions and segments."""
    graph: nx.Graph[int] = nx.Graph()
    rows, columns = np.nonzero(m)
    graph.add_edges_from(zip(rows.tolist(), (columns + len(m)).tolist(), strict=True))
    return nx.number_connected_components(graph)


def _second_is_determined(values: npt.NDArray[np.float64]) -> bool:
    """Whether the second singular value is neither zero nor equal to the third."""
    if len(values) < 2 or values[1] <= _SAME_EIGENVALUE:
        return False
    return len(values) == 2 or values[1] - values[2] > _SAME_EIGENVALUE


def _standard(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean 0, standard deviation 1 (of the whole population)."""
    spread: npt.NDArray[np.float64] = (values - values.mean()) / values.std()
    return spread

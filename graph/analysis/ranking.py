"""M5 Ranking the gaps: Pareto fronts first, then a weighted score, and how stable the top is under other weights.

Each gap is judged by fractions from 0 (worst reason to act) to 1 (best):

* pull: what is lacking of local demand, or the share of the chain's local firms that need the link (按家数)
* risk: what is lost when the link's outside source, or its only maker, falls out (M3)
* ease: relatedness density of the region for the link (Hidalgo et al. 2007), where it can be taken
* stance: how strongly the policy in force asks for it

A criterion that is not known for all gaps compared is left out for all of them and named, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.settings import RankingWeights

_TIE = 1e-12
CRITERIA = ("pull", "risk", "ease", "stance")


@dataclass(frozen=True)
class Criteria:
    """The four fractions (0-1) of one gap; None is not known."""

    pull: float | None = None
    risk: float | None = None
    ease: float | None = None
    stance: float | None = None

    @property
    def sum(self) -> float:
        """All that is known of it, added up."""
        return sum(value for value in (self.pull, self.risk, self.ease, self.stance) if value is not None)


@dataclass(frozen=True)
class Ranked:
    """Place of one gap: ``front`` 1 is beaten by none, ``score`` 0-1, ``stability`` how often it is among the top."""

    id: str
    front: int
    score: float
    stability: float


@dataclass(frozen=True)
class Ranking:
    """The gaps in order.

    ``applied`` are the criteria used, ``weights`` those of them, adding up to 1; ``top`` the number that stability
    is counted for, over ``samples`` drawings of weights.
    """

    rows: tuple[Ranked, ...]
    applied: tuple[str, ...]
    weights: Mapping[str, float]
    top: int
    samples: int

    def priority(self, row: Ranked) -> float:
        """Front and score in one number (0-1) that falls in the order of the ranking."""
        fronts = max(r.front for r in self.rows)
        return (fronts - row.front + row.score) / fronts


def rank(gaps: Mapping[str, Criteria], weights: RankingWeights) -> Ranking:
    """Order the gaps by front, then score, then id."""
    ids = sorted(gaps)
    applied = tuple(c for c in CRITERIA if ids and all(getattr(gaps[i], c) is not None for i in ids))
    used = _normalised({c: getattr(weights, c) for c in applied})
    points = np.array([[getattr(gaps[i], c) for c in applied] for i in ids], dtype=float).reshape(
        len(ids), len(applied)
    )
    fronts = pareto_fronts(points)
    scores = points @ np.array([used[c] for c in applied])
    top = min(weights.top, len(ids))
    stable = stability(points, top, weights.samples)
    rows = [
        Ranked(i, front, float(score), share)
        for i, front, score, share in zip(ids, fronts, scores, stable, strict=True)
    ]
    rows.sort(key=lambda r: (r.front, -r.score, r.id))
    return Ranking(tuple(rows), applied, used, top, weights.samples)


def pareto_fronts(points: npt.NDArray[np.float64]) -> list[int]:
    """Front of every point (rows; columns are criteria, more is better): 1 is dominated by none.

    Non-dominated sorting in one pass, after Zhang et al. 2015 (IEEE Trans. Evol. Comput. 19(2):201,
    https://doi.org/10.1109/TEVC.2014.2308305): a point can only be dominated by one that comes before it in
    lexicographic order.
    """
    fronts: list[list[npt.NDArray[np.float64]]] = []
    found = [1] * len(points)
    order = sorted(range(len(points)), key=lambda i: tuple(-points[i]))
    for i in order:
        place = next((k for k, front in enumerate(fronts) if not _dominated(points[i], front)), len(fronts))
        if place == len(fronts):
            fronts.append([])
        fronts[place].append(points[i])
        found[i] = place + 1
    return found


def stability(points: npt.NDArray[np.float64], top: int, samples: int) -> list[float]:
    """Share (0-1) of weightings, drawn evenly from all that add up to 1, whose score puts each point among the top.

    Points that tie with the last of the top are among it. The same input gives the same result.
    """
    count, criteria = points.shape
    if not count or not criteria:
        return [1.0] * count
    weights = np.random.default_rng(0).dirichlet(np.ones(criteria), samples)
    scores = points @ weights.T
    least = np.partition(scores, count - top, axis=0)[count - top]
    return [float(share) for share in (scores >= least - _TIE).mean(axis=1)]


def _dominated(point: npt.NDArray[np.float64], others: Sequence[npt.NDArray[np.float64]]) -> bool:
    """Whether one of the others is as good in everything and better in something."""
    front = np.array(others)
    return bool(((front >= point).all(axis=1) & (front > point).any(axis=1)).any())


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {c: w / total if total else 1 / len(weights) for c, w in weights.items()}

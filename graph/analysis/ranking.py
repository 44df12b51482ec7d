"""M5 Ranking the gaps: a weighted score orders them; Pareto fronts, and how stable the top is under other weights, stand beside it.

Each gap is judged by fractions from 0 (worst reason to act) to 1 (best):

* pull: what is lacking of local demand, or the share of the chain's local firms that need the link (按家数)
* risk: what is lost when the link's outside source, or its only maker, falls out (M3)
* ease: relatedness density of the region for the link (Hidalgo et al. 2007), where it can be taken
* stance: how strongly the policy in force asks for it

The score of a gap is

    score = Σ w·c / Σ w    over the criteria c that are known of this gap, w their weights in the settings

so that what is not known neither helps nor harms, as in the score of candidates, and is never taken as zero. It looks at no
other gap: neither a score nor the order of two gaps changes with what else is compared. Fronts and stability do: they tell
of the gaps compared, fronts by the criteria that are known for all of them, and order nothing.
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

    ``weights`` are those of all criteria, adding up to 1, the same whatever is compared; ``unknown`` the criteria that
    are not known for some gaps, with the number of these; ``top`` the number that stability is counted for, over
    ``samples`` drawings of weights.
    """

    rows: tuple[Ranked, ...]
    weights: Mapping[str, float]
    unknown: Mapping[str, int]
    top: int
    samples: int

    @property
    def applied(self) -> tuple[str, ...]:
        """The criteria that are known for some gap."""
        return tuple(c for c in CRITERIA if self.unknown.get(c, 0) < len(self.rows))


def rank(gaps: Mapping[str, Criteria], weights: RankingWeights) -> Ranking:
    """Order the gaps by score, then id."""
    ids = sorted(gaps)
    points = np.array([[getattr(gaps[i], c) for c in CRITERIA] for i in ids], dtype=float).reshape(
        len(ids), len(CRITERIA)
    )
    missing = np.isnan(points).sum(axis=0)
    own = np.array([getattr(weights, c) for c in CRITERIA])
    top = min(weights.top, len(ids))
    columns = (
        pareto_fronts(points[:, missing == 0]),
        scores(points, own[None, :])[:, 0],
        stability(points, top, weights.samples),
    )
    rows = [Ranked(i, front, float(score), share) for i, front, score, share in zip(ids, *columns, strict=True)]
    rows.sort(key=lambda r: (-r.score, r.id))
    return Ranking(
        tuple(rows),
        _normalised({c: getattr(weights, c) for c in CRITERIA}),
        {c: int(n) for c, n in zip(CRITERIA, missing, strict=True) if n},
        top,
        weights.samples,
    )


def scores(points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Weighted mean of what is known of every point (rows; nan is not known), for each row of weights: points x weightings.

    Where all that is known weighs nothing, it weighs the same.
    """
    known = (~np.isnan(points)).astype(float)
    filled, total = np.nan_to_num(points), known @ weights.T
    even = filled.sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    weighed: npt.NDArray[np.float64] = np.where(total > 0, filled @ weights.T / np.where(total > 0, total, 1), even)
    # Equal scores stay equal however the sums were rounded; what is rounded off says nothing.
    return weighed.round(12)


def pareto_fronts(points: npt.NDArray[np.float64]) -> list[int]:
    """Front of every point (rows; columns are criteria, more is better): 1 is dominated by none.

    Non-dominated sorting in one pass, after Zhang et al. 2015 (IEEE Trans. Evol. Comput. 19(2):201,
    https://doi.org/10.1109/TEVC.2014.2308305): a point can only be dominated by one that comes before it in
    lexicographic order.
    """
    fronts: list[list[npt.NDArray[np.float64]]] = []
    front_of = [1] * len(points)
    order = sorted(range(len(points)), key=lambda i: tuple(-points[i]))
    for i in order:
        place = next((k for k, front in enumerate(fronts) if not _dominated(points[i], front)), len(fronts))
        if place == len(fronts):
            fronts.append([])
        fronts[place].append(points[i])
        front_of[i] = place + 1
    return front_of


def stability(points: npt.NDArray[np.float64], top: int, samples: int) -> list[float]:
    """Share (0-1) of weightings, drawn evenly from all that add up to 1, whose score puts each point among the top.

    What is not known (nan) does not count. Points that tie with the last of the top are among it. The same input gives the same result.
    """
    count, criteria = points.shape
    if not count or not criteria:
        return [1.0] * count
    weights = np.random.default_rng(0).dirichlet(np.ones(criteria), samples)
    reached = scores(points, weights)
    least = np.partition(reached, count - top, axis=0)[count - top]
    return [float(share) for share in (reached >= least - _TIE).mean(axis=1)]


def _dominated(point: npt.NDArray[np.float64], others: Sequence[npt.NDArray[np.float64]]) -> bool:
    """Whether one of the others is as good in everything and better in something."""
    front = np.array(others)
    return bool(((front >= point).all(axis=1) & (front > point).any(axis=1)).any())


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {c: w / total if total else 1 / len(weights) for c, w in weights.items()}

"""M5 Ranking: fronts, scores and stability on gaps that were ranked by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.ranking import Criteria, pareto_fronts, rank, stability
from graph.settings import RankingWeights

WEIGHTS = RankingWeights(pull=0.4, risk=0.4, ease=0.1, stance=0.1, top=1)


def test_fronts_by_hand() -> None:
    """a and b are beaten by none; c by a alone, d by b and c; e by all."""
    points = np.array([[0.9, 0.2], [0.3, 0.8], [0.8, 0.2], [0.3, 0.2], [0.1, 0.1]])
    assert pareto_fronts(points) == [1, 1, 2, 3, 4]
    assert pareto_fronts(np.array([[0.5, 0.5], [0.5, 0.5]])) == [1, 1]  # equal ones do not beat each other


def test_scores_and_order_by_hand() -> None:
    gaps = {
        "a": Criteria(pull=0.9, risk=0.2, ease=None, stance=0),
        "b": Criteria(pull=0.3, risk=0.8, ease=0.4, stance=1),
        "c": Criteria(pull=0.2, risk=0.1, ease=0.4, stance=0),
    }
    found = rank(gaps, WEIGHTS)
    assert found.applied == ("pull", "risk", "stance")
    assert found.weights == pytest.approx({"pull": 4 / 9, "risk": 4 / 9, "stance": 1 / 9})
    assert [(r.id, r.front) for r in found.rows] == [("b", 1), ("a", 1), ("c", 2)]
    assert [r.score for r in found.rows] == pytest.approx([5.4 / 9, 4.4 / 9, 1.2 / 9])
    assert found.rows[2].stability == 0  # beaten in everything: never first


def test_stability_counts_weightings() -> None:
    """Of two gaps, each best in one of two criteria, each is first under half of the weightings."""
    one, other = stability(np.array([[1.0, 0.0], [0.0, 1.0]]), 1, 4000)
    assert one == pytest.approx(0.5, abs=0.03)
    assert one + other == pytest.approx(1)
    sure, never, tied = stability(np.array([[1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]), 1, 50)
    assert (sure, never, tied) == (1, 0, 1)


def test_nothing_to_rank_and_one_gap() -> None:
    assert rank({}, WEIGHTS).rows == ()
    only = rank({"a": Criteria(stance=0.6)}, WEIGHTS)
    assert (only.applied, only.rows[0].front, only.rows[0].score, only.rows[0].stability) == (("stance",), 1, 0.6, 1)


FRACTIONS = st.floats(0, 1).map(lambda x: round(x, 3))
GAPS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=2),
    st.builds(Criteria, FRACTIONS, FRACTIONS, st.none() | FRACTIONS, FRACTIONS),
    min_size=1,
)


@given(GAPS, st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_does_not_matter(gaps: dict[str, Criteria], shuffle: random.Random) -> None:
    names = list(gaps)
    shuffle.shuffle(names)
    weights = RankingWeights(samples=50)
    assert rank({n: gaps[n] for n in names}, weights) == rank(gaps, weights)


@given(GAPS)
def test_who_is_better_in_everything_comes_first(gaps: dict[str, Criteria]) -> None:
    found = rank(gaps, RankingWeights(samples=10))
    place = {r.id: i for i, r in enumerate(found.rows)}
    assert sorted(place) == sorted(gaps)
    for a, first in gaps.items():
        for b, second in gaps.items():
            ahead = [getattr(first, c) - getattr(second, c) for c in found.applied]
            if min(ahead) >= 0 and max(ahead) > 0:
                assert place[a] < place[b]
    priorities = [found.priority(r) for r in found.rows]
    assert priorities == sorted(priorities, reverse=True)
    assert all(0 <= p <= 1 for p in priorities)

"""M5 Ranking: fronts, scores and stability on gaps that were ranked by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.ranking import CRITERIA, Criteria, pareto_fronts, rank, stability
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
    assert (found.applied, found.unknown) == (("pull", "risk", "ease", "stance"), {"ease": 1})
    assert found.weights == pytest.approx({"pull": 0.4, "risk": 0.4, "ease": 0.1, "stance": 0.1})
    assert [(r.id, r.front) for r in found.rows] == [("b", 1), ("a", 1), ("c", 2)]
    assert [r.score for r in found.rows] == pytest.approx([0.58, 0.44 / 0.9, 0.16])  # of a without relatedness
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


@given(GAPS, GAPS)
def test_what_else_is_compared_changes_neither_a_score_nor_the_order_of_two(
    gaps: dict[str, Criteria], others: dict[str, Criteria]
) -> None:
    weights = RankingWeights(samples=10)
    alone, among = rank(gaps, weights), rank(others | gaps, weights)
    score = {r.id: r.score for r in among.rows}
    assert [(r.id, r.score) for r in alone.rows] == [(r.id, score[r.id]) for r in among.rows if r.id in gaps]
    assert alone.weights == among.weights


@given(GAPS)
def test_who_is_better_in_everything_comes_first(gaps: dict[str, Criteria]) -> None:
    found = rank(gaps, RankingWeights(samples=10))
    place = {r.id: i for i, r in enumerate(found.rows)}
    assert sorted(place) == sorted(gaps)
    for a, first in gaps.items():
        for b, second in gaps.items():
            known = [c for c in CRITERIA if getattr(first, c) is not None]
            if known != [c for c in CRITERIA if getattr(second, c) is not None]:
                continue
            ahead = [getattr(first, c) - getattr(second, c) for c in known]
            if min(ahead) >= 0 and max(ahead) > 0:
                assert place[a] < place[b]
    assert [r.score for r in found.rows] == sorted((r.score for r in found.rows), reverse=True)
    assert all(0 <= r.score <= 1 for r in found.rows)


def test_weights_of_nothing_weigh_alike() -> None:
    """All weights zero, or only such as fall on what is not known: a plain mean, never a division by zero."""
    nothing = RankingWeights(pull=0, risk=0, ease=0, stance=0)
    assert rank({"a": Criteria(pull=0.2, risk=0.4)}, nothing).rows[0].score == pytest.approx(0.3)
    only_ease = RankingWeights(pull=0, risk=0, ease=1, stance=0)
    assert rank({"a": Criteria(pull=0.2, risk=0.4)}, only_ease).rows[0].score == pytest.approx(0.3)

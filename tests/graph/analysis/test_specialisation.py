"""Specialisation of regions: answers worked out by hand, the definitions written out, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph.analysis.reasons import Reason
from graph.analysis.specialisation import (
    Complexity,
    advantages,
    carried,
    complexity,
    location_quotient,
    location_quotients,
    proximity,
    relatedness_density,
)
from graph.language import use_language
from graph.settings import SpecialisationThresholds
from reports.words import say_reason
from tests.conftest import in_english

#: Row sums 6, 6, 8; column sums 6, 6, 8; total 20.
COUNTS = pd.DataFrame([[4, 2, 0], [2, 2, 2], [0, 2, 6]], ["R1", "R2", "R3"], ["a", "b", "c"])
#: Who can do the rare can do the common too: ubiquity 3, 2, 1.
NESTED = pd.DataFrame([[1, 1, 1], [1, 1, 0], [1, 0, 0]], ["R1", "R2", "R3"], ["a", "b", "c"]).astype(bool)
#: Each region shares one segment with the next: a random walk between two ends.
CHAIN = pd.DataFrame(
    [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]], ["R1", "R2", "R3", "R4"], list("abcd")
).astype(bool)


def test_location_quotients_by_hand() -> None:
    """Of R1's 6 makers 4 are in a (2/3), of all 20 makers 6 (3/10): LQ 2.222."""
    expected = [[2.222, 1.111, 0], [1.111, 1.111, 0.833], [0, 0.833, 1.875]]
    assert location_quotients(COUNTS).to_numpy() == pytest.approx(np.array(expected), abs=5e-4)
    assert location_quotient(4, 6, 6, 20) == pytest.approx(2.222, abs=5e-4)


def test_advantages_by_hand() -> None:
    assert advantages(COUNTS).to_numpy().tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    assert advantages(COUNTS, least=2).to_numpy().sum() == 1


def test_a_quotient_of_exactly_one_is_an_advantage() -> None:
    """1/49 x 49 is less than 1 in floating point."""
    even = pd.DataFrame(np.full((49, 49), 7))
    assert advantages(even).to_numpy().all()


def test_an_empty_row_or_column_has_no_quotient_and_no_advantage() -> None:
    holed = pd.DataFrame([[1, 0, 2], [0, 0, 0], [3, 0, 1]])
    quotients = location_quotients(holed)
    assert quotients.iloc[1].isna().all()
    assert quotients[1].isna().all()
    assert not advantages(holed).iloc[1].any()
    assert not advantages(holed)[1].any()


def test_proximity_by_hand() -> None:
    """a and b are together in 2 regions; 3 have a: min(2/3, 2/2)."""
    expected = [[1, 0.667, 0.333], [0.667, 1, 0.5], [0.333, 0.5, 1]]
    assert proximity(NESTED).to_numpy() == pytest.approx(np.array(expected), abs=5e-4)


def test_density_by_hand() -> None:
    """R2 and b: of what is near b (a 2/3, c 1/2) it has a: (2/3) / (7/6) = 0.571."""
    expected = [[1, 1, 1], [0.667, 0.571, 1], [0, 0.571, 0.4]]
    assert relatedness_density(NESTED).to_numpy() == pytest.approx(np.array(expected), abs=5e-4)


def test_a_segment_that_is_near_no_other_has_no_density() -> None:
    apart = pd.DataFrame([[1, 1, 0], [0, 0, 1]]).astype(bool)
    assert relatedness_density(apart)[2].isna().all()
    assert relatedness_density(apart)[0].tolist() == [1, 0]


def test_complexity_of_the_nested_matrix_by_hand() -> None:
    """Eigenvalues 1, 1/4, 1/9; the second eigenvector is (2, -1, -4), that of the segments (-1, 1/2, 2)."""
    found = complexity(NESTED)
    assert isinstance(found, Complexity)
    assert found.regions.tolist() == pytest.approx([1.225, 0, -1.225], abs=5e-4)
    assert found.segments.tolist() == pytest.approx([-1.225, 0, 1.225], abs=5e-4)
    assert found.diversity.tolist() == [3, 2, 1]
    assert found.ubiquity.tolist() == [3, 2, 1]


def test_complexity_of_a_random_walk_by_hand() -> None:
    """The second eigenvector is cos(pi/7), cos(3pi/7), cos(5pi/7), cos(7pi/7)."""
    found = complexity(CHAIN)
    assert isinstance(found, Complexity)
    assert found.regions.tolist() == pytest.approx([1.387, 0.470, -0.674, -1.183], abs=5e-4)
    assert found.segments.tolist() == pytest.approx([1.183, 0.674, -0.470, -1.387], abs=5e-4)


def test_complexity_is_refused_where_the_matrix_falls_into_parts() -> None:
    found = complexity(advantages(COUNTS))
    assert isinstance(found, Reason)
    assert "2 块" in say_reason(found)
    use_language("en")
    try:
        assert "2 parts" in say_reason(found)
    finally:
        use_language("zh")


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ([[1, 0], [0, 0]], "空行"),
        ([[1, 1], [1, 1], [1, 1]], "不唯一"),  # all regions alike: there is no second eigenvector
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], "不唯一"),  # a ring looks the same from everywhere
        (
            [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]],
            "符号",
        ),  # a walk with two like ends: either may be the complex one
        ([[1, 1]], "不唯一"),
    ],
)
def test_complexity_is_refused_where_it_is_not_determined(matrix: list[list[int]], why: str) -> None:
    found = complexity(pd.DataFrame(matrix).astype(bool))
    assert isinstance(found, Reason)
    assert why in say_reason(found)


# --- what the matrix must hold ------------------------------------------------------------------------

FEW = SpecialisationThresholds(min_regions=3, region_min_makers=3, segment_min_makers=3)


def test_thin_rows_and_columns_are_left_out_in_turns() -> None:
    """Without c (2 makers) R4 has 2 left; without R4 d has 2 left; then all have enough."""
    counts = pd.DataFrame(
        {"a": [3, 2, 2, 1], "b": [2, 3, 2, 0], "c": [0, 0, 1, 1], "d": [1, 1, 0, 1]}, ["R1", "R2", "R3", "R4"]
    )
    kept = carried(counts, FEW)
    assert isinstance(kept, pd.DataFrame)
    assert list(kept.index) == ["R1", "R2", "R3"]
    assert list(kept.columns) == ["a", "b"]


def test_fewer_than_thirty_regions_are_refused() -> None:
    thresholds = SpecialisationThresholds()
    counts = pd.DataFrame(np.full((30, 4), 2))
    assert isinstance(carried(counts, thresholds), pd.DataFrame)
    found = carried(counts.iloc[1:], thresholds)
    assert isinstance(found, Reason)
    assert "仅 29 个" in say_reason(found)
    with in_english():
        assert "only 29 regions" in say_reason(found)


def test_an_empty_matrix_is_refused() -> None:
    assert isinstance(carried(pd.DataFrame(), FEW), Reason)


# --- what must always hold ----------------------------------------------------------------------------


@st.composite
def counts(draw: st.DrawFn) -> pd.DataFrame:
    rows, columns = draw(st.integers(2, 7)), draw(st.integers(2, 6))
    cell = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 9])
    cells = draw(st.lists(cell, min_size=rows * columns, max_size=rows * columns))
    return pd.DataFrame(
        np.array(cells).reshape(rows, columns), [f"R{i}" for i in range(rows)], [f"s{i}" for i in range(columns)]
    )


#: A busy machine is no fault of the code.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_patient
@given(counts())
def test_they_are_what_the_definitions_say(matrix: pd.DataFrame) -> None:
    """The same with loops and fractions as the papers write them."""
    total, held = matrix.to_numpy().sum(), {}
    for r in matrix.index:
        for s in matrix.columns:
            local, nation = matrix.loc[r].sum(), matrix[s].sum()
            held[r, s] = bool(local and nation and matrix.loc[r, s] * total >= local * nation)
    assert {(r, s): v for r, row in advantages(matrix).iterrows() for s, v in row.items()} == held
    regions, segments = list(matrix.index), list(matrix.columns)
    near = {}
    for a in segments:
        for b in segments:
            both = sum(held[r, a] and held[r, b] for r in regions)
            most = max(sum(held[r, a] for r in regions), sum(held[r, b] for r in regions))
            near[a, b] = both / most if most else 0.0
    density = relatedness_density(advantages(matrix))
    for r in regions:
        for a in segments:
            around = sum(near[a, b] for b in segments if b != a)
            if around:
                has = sum(near[a, b] for b in segments if b != a and held[r, b])
                assert density.loc[r, a] == pytest.approx(has / around)
            else:
                assert np.isnan(density.loc[r, a])


@_patient
@given(counts(), st.randoms(use_true_random=False), st.sampled_from([2, 3, 10, 0.1]))
def test_order_and_scale_do_not_matter(matrix: pd.DataFrame, random: object, factor: float) -> None:
    rows, columns = list(matrix.index), list(matrix.columns)
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    shuffled = matrix.loc[rows, columns]
    for function in (location_quotients, advantages):
        again = function(shuffled).loc[matrix.index, matrix.columns]
        pd.testing.assert_frame_equal(function(matrix), again)
    pd.testing.assert_frame_equal(location_quotients(matrix * factor), location_quotients(matrix))
    held = advantages(matrix)
    again = relatedness_density(held.loc[rows, columns]).loc[matrix.index, matrix.columns]
    pd.testing.assert_frame_equal(relatedness_density(held), again)
    one, other = complexity(held), complexity(held.loc[rows, columns])
    assert type(one) is type(other)
    if isinstance(one, Complexity) and isinstance(other, Complexity):
        pd.testing.assert_series_equal(one.regions, other.regions.loc[matrix.index], atol=1e-6)
        pd.testing.assert_series_equal(one.segments, other.segments.loc[matrix.columns], atol=1e-6)


@_patient
@given(counts())
def test_bounds(matrix: pd.DataFrame) -> None:
    held = advantages(matrix)
    alike, density = proximity(held).to_numpy(), relatedness_density(held).to_numpy()
    for values in (alike, density):
        known = values[~np.isnan(values)]
        assert ((known >= 0) & (known <= 1 + 1e-12)).all()
    assert np.array_equal(alike, alike.T, equal_nan=True)
    if matrix.to_numpy().sum():
        # the shares add up to one, so no region can be below its share everywhere
        assert held.any(axis=1).equals(matrix.sum(axis=1) > 0)
        assert held.any(axis=0).equals(matrix.sum(axis=0) > 0)


@_patient
@given(counts())
def test_complexity_is_an_eigenvector(matrix: pd.DataFrame) -> None:
    """The regions' index is, up to mean and scale, the mean index of what they hold, and the other way round."""
    held = advantages(matrix)
    found = complexity(held)
    assume(isinstance(found, Complexity))
    assert isinstance(found, Complexity)
    m = held.to_numpy(dtype=float)
    means = m @ found.segments.to_numpy() / m.sum(axis=1)
    assert np.corrcoef(means, found.regions)[0, 1] == pytest.approx(1, abs=1e-6)
    assert found.regions.mean() == pytest.approx(0, abs=1e-9)
    assert found.regions.std(ddof=0) == pytest.approx(1)
    assert np.corrcoef(found.regions, found.diversity)[0, 1] > 0


@_patient
@given(counts(), st.randoms(use_true_random=False))
def test_what_is_left_out_does_not_depend_on_the_order(matrix: pd.DataFrame, random: object) -> None:
    thresholds = SpecialisationThresholds(min_regions=3, region_min_makers=4, segment_min_makers=4)
    rows = list(matrix.index)
    random.shuffle(rows)  # type: ignore[attr-defined]
    one, other = carried(matrix, thresholds), carried(matrix.loc[rows], thresholds)
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other.loc[one.index, one.columns])
        assert (one.sum(axis=1) >= 4).all()
        assert (one.sum(axis=0) >= 4).all()
    else:
        assert one == other

"""A ranking says how sure it is: what is the same under every choice is certain, the rest is an interval."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.measures.ranking import rank

COUNTRIES = ("A", "B", "C", "D")


def test_who_is_better_in_everything_is_first_under_every_choice() -> None:
    values = np.array([[4.0, 1.0, 9.0], [3.0, 2.0, 8.0], [2.0, 3.0, 7.0], [1.0, 4.0, 6.0]])
    found = rank(COUNTRIES, values, [1, -1, 1], draws=300)
    assert found.median.tolist() == [1, 2, 3, 4]
    assert found.dominant == ("A",)
    assert found.decided() == 1
    assert [bound.tolist() for bound in found.interval()] == [[1, 2, 3, 4], [1, 2, 3, 4]]


def test_opposite_strengths_are_not_decided() -> None:
    found = rank(("A", "B"), np.array([[1.0, 0.0], [0.0, 1.0]]), [1, 1], draws=2000)
    assert found.decided() == 0
    assert found.dominant == ("A", "B")
    assert found.above[0, 1] == pytest.approx(0.5, abs=0.05)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=15)
def test_ranks_are_ranks_and_pairs_are_shares(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(4, 3))
    found = rank(COUNTRIES, values, [1, 1, -1], ["x", "x", "y"], draws=50, seed=seed)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 10)
    np.testing.assert_allclose(found.above + found.above.T, 1)
    turned = rank(COUNTRIES[::-1], values[::-1], [1, 1, -1], ["x", "x", "y"], draws=50, seed=seed)
    np.testing.assert_array_equal(turned.ranks[:, ::-1], found.ranks)


def test_a_property_has_its_weight_however_many_indicators_it_has() -> None:
    one = np.array([[1.0], [0.0]])
    values = np.hstack([one, 1 - one, 1 - one, 1 - one])
    found = rank(("A", "B"), values, [1] * 4, ["x", "y", "y", "y"], draws=4000)
    assert found.above[0, 1] == pytest.approx(0.5, abs=0.05)


def test_tables_that_disagree_widen_the_interval() -> None:
    values = np.array([[[2.0], [1.0]], [[1.0], [2.0]]])
    found = rank(("A", "B"), values, [1], draws=500)
    assert found.above[0, 1] == pytest.approx(0.5, abs=0.1)
    assert rank(("A", "B"), values[:1], [1], draws=500).above[0, 1] == 1


def test_an_indicator_that_never_differs_changes_nothing() -> None:
    values = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [4.0, 5.0]])
    assert rank(COUNTRIES, values, [1, 1], draws=100).median.tolist() == [4, 3, 2, 1]


def test_what_is_missing_is_not_filled_in() -> None:
    with pytest.raises(ValueError, match="B has no value in indicator 2"):
        rank(("A", "B"), np.array([[1.0, 2.0], [3.0, np.nan]]), [1, 1])

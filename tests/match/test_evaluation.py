import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from serai.match.evaluation import (
    better_by,
    calibration_error,
    calibration_error_by_mass,
    found_at,
    gains_of,
    gini,
    interval,
    ndcg_at,
    ranked,
    recall_at,
    reciprocal_rank,
)

GAINS = np.array([[0.0, 1, 0, 2], [0, 0, 0, 0], [3, 0, 0, 0]])


def test_the_best_comes_first_and_of_equals_the_earlier() -> None:
    ranking = ranked([[0.1, 0.9, 0.9, 0.2]])
    assert ranking.tolist() == [[1, 2, 3, 0]]
    assert gains_of(ranking, [[5, 0, 1, 0]]).tolist() == [[0, 1, 0, 5]]


def test_recall_success_and_reciprocal_rank_of_a_hand_made_ranking() -> None:
    assert found_at(GAINS, 1).tolist() == [0, 0, 1]
    assert found_at(GAINS, 2).tolist() == [1, 0, 1]
    assert recall_at(GAINS, 2).tolist() == [0.5, 1, 1]
    assert recall_at(GAINS, 4, [4, 1, 1]).tolist() == [0.5, 0, 1]
    assert reciprocal_rank(GAINS).tolist() == [0.5, 0, 1]


def test_discounted_gain_of_a_hand_made_ranking() -> None:
    reached = 1 / math.log2(3) + 2 / math.log2(5)
    assert ndcg_at(GAINS, 4) == pytest.approx([reached / (2 + 1 / math.log2(3)), 1, 1])
    assert ndcg_at(GAINS[:1], 2, np.array([[2.0, 2, 1]])) == pytest.approx([1 / math.log2(3) / (2 + 2 / math.log2(3))])


@given(arrays(np.float64, (3, 6), elements=st.integers(0, 3).map(float)))
def test_no_order_is_better_than_falling_gains(gains: np.ndarray) -> None:
    ideal = -np.sort(-gains, axis=1)
    for k in (1, 3, 6):
        assert (ndcg_at(gains, k) <= 1 + 1e-12).all()
        np.testing.assert_allclose(ndcg_at(ideal, k), 1)
        assert (recall_at(gains, k) <= recall_at(ideal, k)).all()


def test_unevenness_of_known_spreads() -> None:
    assert gini([1, 1, 1, 1]) == 0
    assert gini([0, 0, 0, 1]) == 0.75
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([0, 0]) == 0
    with pytest.raises(ValueError, match="negative"):
        gini([-1, 1])


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_unevenness_is_the_mean_difference_of_all_pairs(amounts: list[float]) -> None:
    spread = np.array(amounts)
    if spread.sum() > 1e-6:
        pairs = np.abs(spread[:, None] - spread).mean() / (2 * spread.mean())
        assert gini(spread) == pytest.approx(pairs, abs=1e-9)


def test_an_interval_holds_the_mean_and_shrinks_with_what_is_measured() -> None:
    few, many = (interval(np.tile([0.0, 1.0], n)) for n in (10, 1000))
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(2000), rel=0.1)
    assert interval([0.25] * 5).low == interval([0.25] * 5).high == 0.25


def test_what_hangs_together_counts_as_one() -> None:
    values, concept = np.repeat([0.0, 1.0] * 10, 6), np.repeat(np.arange(20), 6)
    together, apart = interval(values, groups=concept), interval(values)
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_a_difference_is_measured_query_by_query() -> None:
    noise = np.random.default_rng(0).random(200)
    assert better_by(noise + 0.01, noise).low == pytest.approx(0.01)
    with pytest.raises(ValueError, match="Nothing was measured"):
        interval([])


def test_bins_of_equal_mass_see_what_few_high_chances_hide() -> None:
    chance, right = [0.1] * 10 + [0.9] * 10, [1] + [0] * 9 + [1] * 5 + [0] * 5
    assert calibration_error_by_mass(chance, right, bins=2) == pytest.approx(0.2)
    assert calibration_error_by_mass(chance[::-1], right[::-1], bins=2) == pytest.approx(0.2)
    assert calibration_error_by_mass([0.5] * 4, [1, 0, 1, 0], bins=1) == 0


def test_a_chance_that_is_met_has_no_calibration_error() -> None:
    assert calibration_error([0.25] * 4 + [1.0], [1, 0, 0, 0, 1]) == 0
    assert calibration_error([0.9, 0.9], [0, 1]) == pytest.approx(0.4)

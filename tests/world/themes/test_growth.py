"""The number of a theme: worked by hand, and by what it may not depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.world.themes import geometric_mean, growth

RELATIVES = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)


def test_three_relatives_worked_by_hand() -> None:
    number = growth({"a": 2.0, "b": 4.0, "c": 1.0})
    assert number.value == pytest.approx(2.0)  # the third root of 8
    assert (number.low, number.high) == (1.0, 4.0)
    assert number.weight == pytest.approx(1 / 3)
    assert geometric_mean([2.0, 8.0], [3, 1]) == pytest.approx(2**1.5)  # 2^(3/4) x 8^(1/4)


@given(RELATIVES, st.integers(0, 2**32 - 1))
def test_the_interval_holds_the_number_of_every_choice_of_weights_and_reaches_its_ends(
    relatives: list[float], seed: int
) -> None:
    number = growth({str(place): relative for place, relative in enumerate(relatives)})
    for weights in np.random.default_rng(seed).dirichlet(np.ones(len(relatives)), 20):
        assert number.low * (1 - 1e-9) <= geometric_mean(relatives, weights) <= number.high * (1 + 1e-9)
    ends = [geometric_mean(relatives, corner) for corner in np.eye(len(relatives))]
    assert (min(ends), max(ends)) == pytest.approx((number.low, number.high))
    assert number.low * (1 - 1e-9) <= number.value <= number.high * (1 + 1e-9)


@given(RELATIVES)
def test_going_back_in_time_undoes_what_going_on_did(relatives: list[float]) -> None:
    assert geometric_mean(relatives) * geometric_mean([1 / relative for relative in relatives]) == pytest.approx(1)


def test_a_number_that_is_not_positive_and_weights_without_any_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        growth({"a": 1.0, "b": 0.0})
    with pytest.raises(ValueError, match="Weights"):
        geometric_mean([1.0, 2.0], [0.0, 0.0])

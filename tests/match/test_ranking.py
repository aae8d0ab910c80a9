"""Scores from signals, weights that answers move, and a value of links that costs no more than it may."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from serai.match.ranking import JUDGED, MOST_WISHED, Signal, Weights, calibrated, weights_from, with_links

type Floats = NDArray[np.float64]

shares = st.floats(0, 1)
signals = arrays(np.float64, st.tuples(st.integers(1, 30), st.just(len(Signal))), elements=shares)


@given(signals)
@settings(max_examples=50, deadline=None)
def test_a_score_is_the_logistic_function_of_the_weighted_signals(given_signals: Floats) -> None:
    row = given_signals[0]
    odds = JUDGED.intercept + sum(JUDGED.weights[signal] * row[n] for n, signal in enumerate(Signal))
    assert JUDGED.score(given_signals)[0] == pytest.approx(1 / (1 + np.exp(-odds)))


def test_a_signal_that_is_not_known_counts_as_its_usual_value() -> None:
    usual = np.array([JUDGED.usual[signal] for signal in Signal])
    assert JUDGED.score(np.full(len(Signal), np.nan)) == JUDGED.score(usual)


def test_without_answers_the_weights_are_the_judgement() -> None:
    found = calibrated(np.zeros((0, len(Signal))), np.zeros(0, dtype=bool))
    assert (found.intercept, found.answers) == (pytest.approx(JUDGED.intercept), 0)
    assert found.weights == JUDGED.weights


def test_weights_that_were_kept_come_back_and_a_new_signal_has_its_prior_weight() -> None:
    kept = {"intercept": -2.0, "weights": {"chain": 3.0, "no longer": 1.0}, "answers": 50}
    weights = weights_from(kept)
    assert (weights.intercept, weights.answers) == (-2.0, 50)
    assert weights.weights == {**JUDGED.weights, Signal.CHAIN: 3.0}


def answers(size: int, truth: Weights) -> tuple[Floats, NDArray[np.bool_]]:
    random = np.random.default_rng(1)
    seen = random.random((size, len(Signal)))
    return seen, random.random(size) < truth.score(seen)


TRUTH = Weights(
    -3.0,
    {
        Signal.CHAIN: 5.0,
        Signal.MEANING: 1.0,
        Signal.WORDS: 0.0,
        Signal.CODES: 2.0,
        Signal.NEAR: 1.5,
        Signal.WISHES: 0.5,
    },
    JUDGED.usual,
)


def test_many_answers_bring_the_weights_to_what_made_them() -> None:
    weights = calibrated(*answers(20_000, TRUTH))
    assert weights.answers == 20_000
    assert weights.errors is not None
    for signal in Signal:
        assert abs(weights.weights[signal] - TRUTH.weights[signal]) < 4 * weights.errors[signal] < 0.5


def test_few_answers_move_the_weights_little_and_more_move_them_further() -> None:
    seen, accepted = answers(4_000, TRUTH)
    moved = [
        abs(calibrated(seen[:n], accepted[:n]).weights[Signal.MEANING] - JUDGED.weights[Signal.MEANING])
        for n in (3, 4_000)
    ]
    assert moved[0] < 1 < 2 < moved[1]


@given(signals, st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_the_weights_are_the_most_likely_ones(seen: Floats, seed: int) -> None:
    """At the mode the gradient of likelihood and prior is zero."""
    accepted = np.random.default_rng(seed).random(len(seen)) < 0.5
    learned = calibrated(seen, accepted)
    chance = learned.score(seen)
    usual = np.array([JUDGED.usual[signal] for signal in Signal])
    at_usual = [np.log(1 / weights.score(usual) - 1) for weights in (learned, JUDGED)]
    for n, signal in enumerate(Signal):
        pull = (learned.weights[signal] - JUDGED.weights[signal]) / 4
        if signal is Signal.WISHES and learned.weights[signal] in (0, MOST_WISHED):
            continue  # at its bound
        assert ((seen[:, n] - usual[n]) * (chance - accepted)).sum() + pull == pytest.approx(0, abs=1e-6)
    assert (chance - accepted).sum() + (at_usual[1] - at_usual[0]) / 4 == pytest.approx(0, abs=1e-6)


def test_a_signal_that_is_never_known_keeps_its_weight() -> None:
    seen, accepted = answers(500, TRUTH)
    seen[:, tuple(Signal).index(Signal.MEANING)] = np.nan
    assert calibrated(seen, accepted).weights[Signal.MEANING] == pytest.approx(JUDGED.weights[Signal.MEANING])


def test_answers_that_are_all_yes_do_not_run_away() -> None:
    found = calibrated(np.ones((1_000, len(Signal))), np.ones(1_000, dtype=bool))
    assert all(abs(weight) < 10 for weight in found.weights.values())


def test_signals_and_answers_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rows of signals and 1 answers"):
        calibrated(np.zeros((2, len(Signal))), np.ones(1, dtype=bool))


# The value of the link

vectors = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, n, elements=shares), arrays(np.float64, (n, 2), elements=st.floats(-5, 5, width=32))
    )
)


@given(vectors, st.sampled_from([0.0, 0.05, 0.5]), st.floats(-2, 2), st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_a_list_never_loses_more_of_its_relevance_than_it_may(
    market: tuple[Floats, Floats], most_lost: float, weight: float, k: int
) -> None:
    scores, values = market
    raised = with_links(scores, values, ("secure", "green"), {"secure": weight, "green": 1.0}, most_lost=most_lost)
    places = 1 / np.log2(np.arange(2, k + 2))[: len(scores)]
    by_relevance, by_both = (np.argsort(-order, kind="stable")[:k] for order in (scores, raised))
    assert places @ scores[by_both] >= (1 - most_lost) * (places @ scores[by_relevance]) - 1e-12


def test_without_weights_the_link_counts_nothing() -> None:
    scores = np.array([0.2, 0.4])
    assert with_links(scores, np.ones((2, 1)), ("secure",), {}) is scores
    assert with_links(scores, np.ones((2, 1)), ("secure",), {"secure": 0.0}) is scores


def test_of_two_equals_the_one_that_does_more_for_the_chain_comes_first_and_the_unknown_counts_as_nothing() -> None:
    scores = np.full(3, 0.5)
    values = np.array([[-0.02], [np.nan], [0.01]])
    raised = with_links(scores, values, ("secure",), {"secure": 1.0})
    assert np.argsort(-raised).tolist() == [2, 1, 0]
    assert np.argsort(-with_links(scores, values, ("secure",), {"secure": -1.0})).tolist() == [0, 1, 2]
    assert with_links(scores, 1e6 * values, ("secure",), {"secure": 9.0}) == pytest.approx(raised)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="share of 1 of the relevance"):
        with_links(np.ones(1), np.ones((1, 1)), ("secure",), {"secure": 1.0}, most_lost=1.0)
    with pytest.raises(KeyError, match="no property 'blue'"):
        with_links(np.ones(1), np.ones((1, 1)), ("secure",), {"blue": 1.0})

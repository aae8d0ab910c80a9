"""Ranking: the worth of a match to a side, from signals with weights that can be shown, learned and bounded.

A side's score is the probability that it says yes: the logistic function of the weighted signals. The weights are set
by judgement until there is behaviour (requests accepted and declined, meetings rated). Then they are the mode of a
logistic regression with a normal prior around the judgement (Bishop 2006, section 4.5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

PRIOR_DEVIATION = 2.0
"""Standard deviation of the prior: the likely error of a weight set by judgement."""


class Signal(StrEnum):
    """Signals for a match, each from 0 to 1 except `WISHES`."""

    CHAIN = "chain"
    """Worth of the pairs of items along the chain: `WORTH` times the chance that both are placed right."""
    MEANING = "meaning"
    """Cosine of the vectors of the two texts, in any languages, corrected for crowded places (`hubness`)."""
    WORDS = "words"
    """Cosine of the words of the two texts and their pieces (`word_vectors`); not known without a common
    script."""
    CODES = "codes"
    """Cosine of the likely codes of the two texts, in any languages (codes/likeness.py)."""
    NEAR = "near"
    """Both firms are in one country."""
    WISHES = "wishes"
    """How far the wishes of the side are met: from -1, all missed, to 1, all met (requirements.py)."""


MOST_WISHED = 1.0
"""Largest weight of `Signal.WISHES` in log-odds, whatever is learned; the least is 0.

So all wishes of a side together change the odds of its yes at most by the factor e, met or missed against unknown. No
match comes before another whose odds of both sides, without wishes, are more than e squared (7.4) times as high."""


@dataclass(frozen=True)
class Weights:
    """The weight of each signal in log-odds, and the usual value that replaces an unknown signal.

    `answers` is the number of yes and no from which the weights were learned, 0 for judgement; `errors` are the
    standard errors of the weights.
    """

    intercept: float
    weights: Mapping[Signal, float]
    usual: Mapping[Signal, float]
    answers: int = 0
    errors: Mapping[Signal, float] | None = None

    def adds(self, signal: Signal, value: float | None) -> float:
        """The log-odds that one signal adds; None for an unknown signal."""
        return self.weights[signal] * (self.usual[signal] if value is None else value)

    def filled(self, signals: Floats) -> Floats:
        """`signals` (..., len(Signal)) in the order of `Signal` with the usual value in place of NaN."""
        return np.where(np.isnan(signals), [self.usual[signal] for signal in Signal], signals)

    def score(self, signals: Floats) -> Floats:
        """(...,) the probability of a yes for `signals` (..., len(Signal)); NaN for an unknown signal."""
        filled = self.filled(signals)
        # Signal by signal: a product of matrices rounds a row differently when it is among others.
        odds = sum((self.weights[signal] * filled[..., n] for n, signal in enumerate(Signal)), start=self.intercept)
        return np.asarray(1 / (1 + np.exp(-odds)))


def weights_from(kept: Mapping[str, Any], prior: "Weights | None" = None) -> Weights:
    """The weights from the JSON of `dataclasses.asdict`; a signal that is missing there keeps its prior weight.

    Raises KeyError where `kept` is something else.
    """
    prior = JUDGED if prior is None else prior
    given = {Signal(name): float(weight) for name, weight in kept["weights"].items() if name in set(Signal)}
    return Weights(float(kept["intercept"]), {**prior.weights, **given}, prior.usual, int(kept["answers"]))


JUDGED = Weights(
    intercept=-4.6,
    weights={
        Signal.CHAIN: 4.0,
        Signal.MEANING: 5.0,
        Signal.WORDS: 2.0,
        Signal.CODES: 1.5,
        Signal.NEAR: 0.0,
        Signal.WISHES: 0.5,
    },
    usual={
        Signal.CHAIN: 0.0,
        Signal.MEANING: 0.4,
        Signal.WORDS: 0.1,
        Signal.CODES: 0.2,
        Signal.NEAR: 0.5,
        Signal.WISHES: 0.0,
    },
)
"""Weights set by judgement and compared on four test sets (benchmarks/ranking.py): weights of 4 to 6 for the meaning, 1
to 2 for the words and 1 to 2 for the codes rank nearly as well. The weight of nearness is the organiser's decision: a
fair joins countries, a tender most often does not. Wishes have half of their largest weight until there is
behaviour."""


def calibrated(signals: Floats, accepted: NDArray[np.bool_], *, prior: Weights = JUDGED) -> Weights:
    """The weights most likely after these answers: `signals` (n, len(Signal)) of matches that a side answered.

    With no answer it is the prior. A weight of the prior that is 0 is learned like the others; that of wishes stays
    from 0 to `MOST_WISHED`. Raises ValueError where the lengths differ.
    """
    if len(signals) != len(accepted):
        raise ValueError(f"There are {len(signals)} rows of signals and {len(accepted)} answers; give one for each.")
    # Measured from the usual values, so that a signal that is never known says nothing and keeps its weight.
    usual = np.array([prior.usual[signal] for signal in Signal])
    features = np.column_stack([np.ones(len(signals)), prior.filled(signals.reshape(-1, len(Signal))) - usual])
    slopes = np.array([prior.weights[signal] for signal in Signal])
    judged = np.array([prior.intercept + slopes @ usual, *slopes])
    weights, curvature = _most_likely(features, accepted, judged, judged, np.ones(len(judged), dtype=np.bool_))
    wished = 1 + tuple(Signal).index(Signal.WISHES)
    within = np.clip(weights[wished], 0, MOST_WISHED)
    if within != weights[wished]:  # the function is convex: then the best within the bound is at it
        start, free = weights.copy(), np.arange(len(judged)) != wished
        start[wished] = within
        weights, curvature = _most_likely(features, accepted, judged, start, free)
    errors = np.sqrt(np.diagonal(np.linalg.inv(curvature)))
    return Weights(
        intercept=float(weights[0] - weights[1:] @ usual),
        weights=dict(zip(Signal, weights[1:].tolist(), strict=True)),
        usual=prior.usual,
        answers=prior.answers + len(accepted),
        errors=dict(zip(Signal, errors[1:].tolist(), strict=True)),
    )


def _most_likely(
    features: Floats, accepted: NDArray[np.bool_], judged: Floats, start: Floats, free: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """The most likely weights from `start` on, those that are not `free` as they are there, and the curvature there.

    Newton's method on a convex function, halving steps that would go up.
    """
    precision = np.eye(len(judged)) / PRIOR_DEVIATION**2
    weights, curvature, step = start, precision, np.inf
    while step > 1e-10:
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chance - accepted) + precision @ (weights - judged)
        curvature = (features * (chance * (1 - chance))[:, None]).T @ features + precision
        move = np.zeros(len(judged))
        move[free] = np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
        least = _cost(weights, features, accepted, judged) * (1 + 1e-12)
        while _cost(weights - move, features, accepted, judged) > least:
            move = move / 2
        weights, step = weights - move, float(np.abs(move).max())
    return weights, curvature


def _cost(weights: Floats, features: Floats, accepted: NDArray[np.bool_], judged: Floats) -> float:
    odds = features @ weights
    surprise = np.logaddexp(0, np.where(accepted, -odds, odds)).sum()
    return float(surprise + ((weights - judged) ** 2).sum() / (2 * PRIOR_DEVIATION**2))


# The value of the link for the chain

MOST_LOST = 0.05
"""Default of the share of a list's relevance that the value of the links may cost at most."""


def with_links(
    scores: Floats,
    vectors: Floats,
    properties: Sequence[str],
    weights: Mapping[str, float],
    *,
    most_lost: float = MOST_LOST,
) -> Floats:
    """The scores (n,), raised by up to a share for what each link does for the chain, `vectors` (n, len(properties)).

    A property counts by its weight, in units of its largest absolute value here, so that a weight means the same
    whatever the unit; NaN counts as 0. A score is raised by the factor 1 + v L / (1 - L), v from 0 to 1 and L =
    `most_lost`. So any list of the best by the new scores, with any falling weights of its places, keeps at least 1 - L
    of what the best list by the old scores has of them. Without weights the scores are returned as they are. Raises
    ValueError for an L outside 0 to below 1 and KeyError for a weight of an unknown property.
    """
    if not 0 <= most_lost < 1:
        raise ValueError(f"A share of {most_lost:g} of the relevance cannot be lost; give one from 0 to below 1.")
    if unknown := sorted(set(weights) - set(properties)):
        raise KeyError(f"The links have no property '{unknown[0]}'; they have {', '.join(properties)}.")
    weight = np.array([weights.get(name, 0.0) for name in properties])
    total = np.abs(weight).sum()
    if not total:
        return scores
    change = np.nan_to_num(vectors)
    largest = np.abs(change).max(axis=0, initial=0.0)
    value = (change / np.where(largest > 0, largest, 1)) @ (weight / total)  # from -1 to 1
    return np.asarray(scores * (1 + (1 + value) / 2 * most_lost / (1 - most_lost)))

"""Fairness of lists: measures by hand, floors against every choice of lists, FairRec's theorem."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import sparse

from serai.match.fairness.fairrec import fairrec
from serai.match.fairness.floors import Ledger, curve, expected_lists, guarantee, spread
from serai.match.fairness.measures import (
    attention,
    best,
    envy,
    expected_meetings,
    exposure,
    normalised_gains,
    share_unseen,
)

type Floats = NDArray[np.float64]


def matrix(*rows: list[float]) -> sparse.csr_array:
    return sparse.csr_array(np.array(rows))


def counts(lists: NDArray[np.int64], m: int) -> NDArray[np.int64]:
    return np.bincount(lists[lists >= 0], minlength=m)


scores = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0]))
)


# Measures


def test_the_best_come_first_ties_go_to_the_smaller_column_and_nobody_fills_the_rest() -> None:
    assert best(matrix([0.2, 0.9, 0.2, 0.0]), 4).tolist() == [[1, 0, 2, -1]]
    assert best(matrix([0.2, 0.9, 0.2, 0.0]), 2).tolist() == [[1, 0]]
    assert best(sparse.csr_array((2, 3)), 1).tolist() == [[-1], [-1]]


def test_exposure_is_the_attention_of_all_places() -> None:
    lists = np.array([[0, 1], [0, -1]])
    assert exposure(lists, 3) == pytest.approx([2.0, 1 / np.log2(3), 0.0])
    assert share_unseen(lists, 3) == pytest.approx(1 / 3)


@given(scores, st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_no_list_gains_more_than_the_one_by_relevance(relevance: Floats, k: int) -> None:
    relevant = sparse.csr_array(relevance)
    assert normalised_gains(best(relevant, k), relevant) == pytest.approx(1)
    gains = normalised_gains(best(sparse.csr_array(1 - relevance), k), relevant)
    assert np.all((gains >= 0) & (gains <= 1 + 1e-12))


def test_two_meet_where_each_finds_the_other() -> None:
    likes, liked = matrix([0.5, 1.0]), matrix([0.5, 0.0])
    both = expected_meetings(np.array([[1, 0]]), np.array([[0], [-1]]), likes, liked)
    assert both.toarray() == pytest.approx(np.array([[attention(2)[1] * 0.25, 0.0]]))


def test_who_stands_last_envies_who_stands_first() -> None:
    gains = matrix([1.0, 1.0, 1.0])
    assert envy(np.array([[0, 1, 2]]), gains) == pytest.approx((0 + 1 + 2) / 3)
    assert envy(np.array([[0, 1, 2]]), matrix([1.0, 1.0, 0.0])) == pytest.approx(1 / 3)


# Floors


def all_lists(candidates: Floats, k: int) -> list[list[tuple[int, ...]]]:
    """Every choice of lists, as full as they can be where no ceiling keeps them short."""
    return [list(combinations(np.flatnonzero(row), min(k, np.count_nonzero(row)))) for row in candidates]


@given(scores, st.integers(1, 2), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_floors_are_kept_or_proved_impossible_and_the_scores_are_the_highest(
    candidates: Floats, k: int, floor: int
) -> None:
    n, m = candidates.shape
    floor = min(floor, n)
    guaranteed = guarantee(sparse.csr_array(candidates), k, least=floor)
    reached = []
    for choice in product(*all_lists(candidates, k)):
        seen = np.bincount([column for shown in choice for column in shown], minlength=m)
        total = sum(candidates[row, column] for row, shown in enumerate(choice) for column in shown)
        reached.append((-int(np.maximum(floor - seen, 0).sum()), total))
    fewest, highest = max(reached)
    assert guaranteed.shortfall.sum() == -fewest
    assert guaranteed.kept == (fewest == 0)
    assert (np.maximum(floor - counts(guaranteed.lists, m), 0) == guaranteed.shortfall).all()
    shown = guaranteed.lists >= 0
    rows = np.nonzero(shown)[0]
    assert candidates[rows, guaranteed.lists[shown]].sum() == pytest.approx(highest)
    assert (candidates[rows, guaranteed.lists[shown]] > 0).all()


@given(scores, st.integers(1, 3), st.integers(0, 3))
@settings(max_examples=50, deadline=None)
def test_a_ceiling_is_never_broken(candidates: Floats, k: int, ceiling: int) -> None:
    found = guarantee(sparse.csr_array(candidates), k, most=ceiling)
    assert counts(found.lists, candidates.shape[1]).max() <= ceiling


def test_nobody_is_listed_twice_and_the_better_stands_first() -> None:
    assert guarantee(matrix([0.1, 0.3, 0.2]), 3, least=1).lists.tolist() == [[1, 2, 0]]


def test_each_reader_divides_its_places_by_what_it_expects() -> None:
    expected = matrix([0.3, 0.1, 0.0], [0.0, 0.0, 0.2])
    assert expected_lists(expected, 2) == pytest.approx([1.5, 0.5, 1.0])


def test_readers_who_are_alike_list_different_columns_where_lists_are_spread() -> None:
    """Four readers expect each of four columns in two of their lists of two, and all score the first two best."""
    scores = sparse.csr_array(np.tile([0.4, 0.3, 0.2, 0.1], (4, 1)))
    expected = sparse.csr_array(np.full((4, 4), 0.5))
    assert counts(guarantee(scores, 2).lists, 4).tolist() == [4, 4, 0, 0]
    assert counts(spread(scores, expected, 2).lists, 4).tolist() == [2, 2, 2, 2]


def test_a_promise_goes_before_what_is_only_expected() -> None:
    scores = sparse.csr_array(np.tile([0.4, 0.3, 0.2], (3, 1)))
    expected = sparse.csr_array(np.full((3, 3), 1 / 3))
    guaranteed = spread(scores, expected, 1, promised=[0, 0, 3])
    assert (counts(guaranteed.lists, 3).tolist(), guaranteed.kept) == ([0, 0, 3], True)
    assert spread(scores, expected, 1, promised=[0, 3, 3]).shortfall.sum() == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"least": -1}, "floor is -1"), ({"least": 2}, "floor 2 above its ceiling 1"), ({"most": -1}, "ceiling is -1")],
)
def test_numbers_that_cannot_be_are_refused(options: dict[str, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        guarantee(matrix([0.5]), 1, **options)
    with pytest.raises(ValueError, match="not above 0"):
        guarantee(sparse.csr_array((np.array([-1.0]), ([0], [0])), shape=(1, 1)), 1)


@given(st.lists(arrays(np.float64, (2, 3), elements=st.sampled_from([0.25, 0.5, 1.0])), min_size=1, max_size=3))
@settings(max_examples=50, deadline=None)
def test_over_the_days_the_promise_is_kept_where_each_day_can_keep_its_floor(days: list[Floats]) -> None:
    ledger, kept = Ledger.opened(3), True
    for day in days:
        floor = np.minimum(ledger.floor(1), len(day))
        guaranteed = guarantee(sparse.csr_array(day), 1, least=floor)
        kept = guaranteed.kept and (floor == ledger.floor(1)).all()
        ledger = ledger.after(guaranteed.lists, 1)
    assert (ledger.promised == len(days)).all()
    assert not kept or (ledger.given >= ledger.promised).all()
    assert ledger.given.sum() == sum(len(day) for day in days)


def test_who_was_passed_over_on_one_day_is_owed_it_on_the_next() -> None:
    day = matrix([1.0, 0.5])
    ledger = Ledger.opened(2).after(guarantee(day, 1).lists, 1)
    assert ledger.floor(1).tolist() == [1, 2]
    assert ledger.floor([0, 0]).tolist() == [0, 1]
    again = guarantee(day, 1, least=ledger.floor([0, 0]))
    assert again.lists.tolist() == [[1]]
    assert ledger.after(again.lists, [0, 0]).floor([0, 0]).tolist() == [0, 0]


def test_the_curve_shows_what_a_higher_floor_gives_and_what_it_costs() -> None:
    random = np.random.default_rng(3)
    relevance = random.random((40, 12)) * np.linspace(1, 0.2, 12)
    protected = np.arange(12) >= 9
    scores = sparse.csr_array(relevance)
    points = list(curve(lambda floors: guarantee(scores, 3, least=floors), scores, protected, range(5)))
    assert [point.floor for point in points] == [0, 1, 2, 3, 4]
    assert points[0].gain == pytest.approx(1)
    assert all(lower.gain >= higher.gain - 1e-9 for lower, higher in pairwise(points))
    assert points[-1].protected > points[0].protected
    assert points[-1].gini < points[0].gini
    assert points[-1].unseen < points[0].unseen
    assert all(point.shortfall == 0 for point in points)


# FairRec


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 6), st.sampled_from([0.5, 1.0]), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_fairrec_keeps_its_theorem(n: int, m: int, k: int, share: float, seed: int) -> None:
    """Every list is envy-free up to one item, and at least m - k columns stand in floor(share n k / m) lists."""
    k = min(k, m)
    relevance = np.random.default_rng(seed).integers(0, 5, (n, m)) / 4
    lists = fairrec(relevance, k, share=share)
    assert all(len(set(shown)) == k for shown in lists.tolist())
    promised = int(share * n * k / m)
    assert np.count_nonzero(counts(lists, m) >= promised) >= m - k
    for reader, other in product(range(n), repeat=2):
        own, theirs = relevance[reader, lists[reader]], relevance[reader, lists[other]]
        assert own.sum() >= theirs.sum() - theirs.max(initial=0.0)


def test_fairrec_without_a_share_is_each_readers_best() -> None:
    relevance = np.array([[0.1, 0.9, 0.5], [0.2, 0.3, 0.9]])
    assert fairrec(relevance, 2, share=0).tolist() == best(sparse.csr_array(relevance), 2).tolist()
    with pytest.raises(ValueError, match="Lists of 4 from 3 columns"):
        fairrec(relevance, 4)


def test_the_first_list_of_a_firm_outweighs_a_best_partner_and_the_others_a_small_difference() -> None:
    for score, chosen in ((2.9, 1), (3.2, 0)):
        assert guarantee(sparse.csr_array([[score, 0.1]]), 1, usual=[0, 1]).lists.tolist() == [[chosen]]
    for score, chosen in ((0.5, 1), (0.7, 0)):
        lists = guarantee(sparse.csr_array([[score, 0.1], [0, 0.1]]), 1, usual=[0, 2]).lists
        assert lists.tolist() == [[chosen], [1]]

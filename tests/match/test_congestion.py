"""The matching with transferable utility: its margins, its symmetry, its closed form for a single pair."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from serai.match.congestion import match


@st.composite
def markets(draw: st.DrawFn, n: int | None = None) -> sparse.csr_array:
    """Rows and columns with a surplus of 0 to 2 on some pairs, zeros among them."""
    rows, columns = n or draw(st.integers(1, 6)), n or draw(st.integers(1, 6))
    pair = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    pairs = draw(st.dictionaries(pair, st.sampled_from([0.0, 0.3, 0.5, 1.0, 2.0]), max_size=20))
    return from_pairs(pairs, (rows, columns))


def from_pairs(pairs: dict[tuple[int, int], float], shape: tuple[int, int]) -> sparse.csr_array:
    row, column = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    stop = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=shape[0]))])
    return sparse.csr_array((np.array([pairs[pair] for pair in sorted(pairs)]), column, stop), shape=shape)


def sums(expected: sparse.csr_array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return expected.sum(axis=1), expected.sum(axis=0)


@given(markets(), st.sampled_from([0.3, 1.0]), st.sampled_from([1.0, 8.0]))
@settings(max_examples=50, deadline=None)
def test_meetings_and_free_capacity_add_up_to_the_capacity(
    surplus: sparse.csr_array, temperature: float, capacity: float
) -> None:
    matching = match(surplus, rows=capacity, columns=1.0, temperature=temperature)
    assert matching.converged
    rows, columns = sums(matching.expected)
    assert rows + matching.free_rows == pytest.approx(capacity)
    assert columns + matching.free_columns == pytest.approx(1.0)
    assert np.all(matching.free_rows > 0)
    assert np.all(matching.expected.data > 0)


@given(markets())
@settings(max_examples=50, deadline=None)
def test_each_pair_meets_as_choo_and_siow_say(surplus: sparse.csr_array) -> None:
    matching = match(surplus, temperature=0.3)
    coo = matching.expected.tocoo()
    free = matching.free_rows[coo.row] * matching.free_columns[coo.col]
    assert coo.data**2 / free == pytest.approx(np.exp(surplus.data / 0.3))


def test_one_pair_has_the_closed_form() -> None:
    """x^2 + k x^2 = 1 for one row and one column, where k = exp(surplus / 2t)."""
    found = match(from_pairs({(0, 0): 1.0}, (1, 1)), temperature=0.5)
    assert found.expected.toarray() == pytest.approx(np.array([[np.e / (1 + np.e)]]))


@given(markets(n=4))
@settings(max_examples=50, deadline=None)
def test_a_symmetric_market_has_a_symmetric_matching(surplus: sparse.csr_array) -> None:
    both = sparse.csr_array(surplus + surplus.T + sparse.csr_array(np.eye(4)))
    matching = match(both, temperature=1.0)
    assert matching.expected.toarray() == pytest.approx(matching.expected.toarray().T, abs=1e-6)
    assert matching.free_rows == pytest.approx(matching.free_columns, abs=1e-6)


@given(markets(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_and_columns_changes_nothing(surplus: sparse.csr_array, random: Random) -> None:
    rows, columns = (np.array(random.sample(range(n), n)) for n in surplus.shape)
    expected = match(surplus, temperature=1.0).expected.toarray()
    coo = surplus.tocoo()
    place = (np.argsort(rows)[coo.row], np.argsort(columns)[coo.col])
    moved = from_pairs(dict(zip(zip(*place, strict=True), coo.data, strict=True)), surplus.shape)
    again = match(moved, temperature=1.0).expected.toarray()
    assert again == pytest.approx(expected[np.ix_(rows, columns)], abs=1e-6)


def test_a_crowd_before_one_star_is_sent_to_the_others_too() -> None:
    """Ten buyers like the star best; each supplier can see one, so most of the buyers are expected elsewhere."""
    surplus = sparse.csr_array(np.tile(np.linspace(2.0, 1.1, 10), (10, 1)))
    matching = match(surplus)
    _, columns = sums(matching.expected)
    assert columns.min() > 0.9
    assert columns.max() <= 1.0


def test_a_full_market_converges_in_a_few_rounds() -> None:
    """Nearly all capacity is used; fitting the margins alone takes more than 2,000 rounds here."""
    matching = match(sparse.csr_array(np.random.default_rng(0).random((200, 200)) * 2))
    assert matching.converged
    assert matching.iterations < 30


def test_what_did_not_converge_says_so() -> None:
    found = match(sparse.csr_array(np.random.default_rng(0).random((20, 21))), most_iterations=1)
    assert (found.converged, found.iterations) == (False, 1)
    assert found.residual > found.tolerance


def test_nobody_meets_where_there_are_no_candidates() -> None:
    matching = match(sparse.csr_array((2, 3)))
    assert (matching.expected.nnz, matching.converged) == (0, True)
    assert matching.free_rows == pytest.approx(1.0)
    assert match(sparse.csr_array((0, 0))).converged


@pytest.mark.parametrize(
    ("surplus", "options", "sentence"),
    [
        (1.0, {"temperature": 0.0}, "temperature is 0"),
        (1.0, {"rows": 0.0}, "capacity of row 0 is 0"),
        (1.0, {"columns": np.inf}, "capacity of column 0 is inf"),
        (np.nan, {}, "surplus is not a number"),
        (1e9, {}, "or larger than"),
    ],
)
def test_what_cannot_be_matched_is_refused_by_a_sentence(
    surplus: float, options: dict[str, float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        match(from_pairs({(0, 0): surplus}, (1, 1)), **options)

"""What an inverse at hand gives is what the factors give, and the diagonal needs no inverse."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks.extraction import leontief_diagonal, output_lost, output_lost_by_cell, value_added_lost_by_cell
from serai.world.table import WorldTable


@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_the_diagonal_comes_from_the_factors_alone(n_countries: int, n_industries: int, seed: int) -> None:
    table, known = (synthetic_table(n_countries, n_industries, seed=seed) for _ in range(2))
    diagonal = leontief_diagonal(table)
    assert "L" not in vars(table)
    np.testing.assert_allclose(diagonal, np.diag(known.L), rtol=1e-12)
    np.testing.assert_allclose(leontief_diagonal(known), diagonal, rtol=1e-12)
    np.testing.assert_allclose(value_added_lost_by_cell(table), value_added_lost_by_cell(known))
    np.testing.assert_allclose(output_lost_by_cell(table), output_lost_by_cell(known))
    assert "L" not in vars(table)


def test_rows_that_the_factorisation_exchanges_find_their_place_again() -> None:
    A = np.array([[0.5, 0.1, 0.0], [0.7, 0.2, 0.1], [0.1, 0.1, 0.3]])  # a cell with negative value added
    x = np.array([1.0, 10.0, 10.0])
    table = WorldTable(
        ("A", "B", "C"), ("i",), tuple("abc"), A * x, np.diag(x - A @ x) @ np.ones((3, 9)) / 9, 2000, "$"
    )
    assert table._factors[1].tolist() != [0, 1, 2]
    np.testing.assert_allclose(leontief_diagonal(table), np.diag(np.linalg.inv(np.eye(3) - A)))


def test_columns_at_hand_are_read_instead_of_solved_for() -> None:
    table, known = (synthetic_table(4, 3, seed=1) for _ in range(2))
    cells = table.cells(["C2"])
    assert known.L.shape == (12, 12)
    np.testing.assert_allclose(output_lost(known, cells), output_lost(table, cells))

"""Balancing: RAS and GRAS against the papers' examples, closed forms and what must hold of any answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.world.balancing import CannotBalance, gras, ras, update_table
from serai.world.readers.synthetic import synthetic_table

JUNIUS_OOSTERHAVEN = np.array([[7, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]])
"""The example of Junius and Oosterhaven (2003) as the R package ioanalysis carries it, with its answer."""


def test_gras_gives_the_papers_example() -> None:
    answer = gras(JUNIUS_OOSTERHAVEN, [15, 26, -1], [9, 16, 17, -2]).values
    printed = [
        [8.424340881, 3.375237362, 5.200422021, -2.000000263],
        [3.000997078, 12.624763744, 10.374239178, 0],
        [-2.425339135, 0, 1.425339135, 0],
    ]
    assert answer == pytest.approx(np.array(printed), abs=1e-5)


def test_ras_meets_the_totals_of_miller_and_blair_and_keeps_the_cross_products() -> None:
    """Miller and Blair (2009), section 7.4.2: inputs of one year, brought to the totals of another."""
    before = np.array([[0.120, 0.100, 0.049], [0.210, 0.247, 0.265], [0.026, 0.249, 0.145]]) * [421, 284, 283]
    after = ras(before, [245, 136, 159], [251, 107, 182]).values
    assert after.sum(axis=1) == pytest.approx(np.array([245, 136, 159]), rel=1e-8)
    assert after.sum(axis=0) == pytest.approx(np.array([251, 107, 182]), rel=1e-8)
    cross = [m[0, 0] * m[1, 1] / (m[0, 1] * m[1, 0]) for m in (before, after)]
    assert cross[1] == pytest.approx(cross[0], rel=1e-8)


def test_ras_of_two_by_two_is_the_root_of_a_quadratic() -> None:
    # Cross product 2 * 3 / (1 * 1) = 6 stays: a (a + 1) = 6 (5 - a) (4 - a) for rows 5, 5 and columns 4, 6.
    a = ras([[2, 1], [1, 3]], [5, 5], [4, 6]).values[0, 0]
    assert a * (a + 1) == pytest.approx(6 * (5 - a) * (4 - a), rel=1e-7)


positive = st.lists(st.floats(0.1, 10), min_size=12, max_size=12)


@given(positive, positive)
def test_gras_without_negative_cells_is_ras(first: list[float], second: list[float]) -> None:
    seed, target = np.array(first).reshape(3, 4), np.array(second).reshape(3, 4)
    totals = target.sum(axis=1), target.sum(axis=0)
    assert gras(seed, *totals).values == pytest.approx(ras(seed, *totals).values, rel=1e-6)


def test_balancing_to_the_totals_that_hold_changes_nothing() -> None:
    seed = JUNIUS_OOSTERHAVEN
    assert gras(seed, seed.sum(axis=1), seed.sum(axis=0)).values == pytest.approx(seed, abs=1e-6)


def test_known_cells_stay_as_they_are() -> None:
    known = np.full((3, 4), np.nan)
    known[:2, :2] = [[8, 3], [3, 13]]
    answer = gras(JUNIUS_OOSTERHAVEN, [15, 26, -1], [9, 16, 17, -2], known=known).values
    assert np.array_equal(answer[:2, :2], known[:2, :2])
    assert answer.sum(axis=1) == pytest.approx(np.array([15, 26, -1]), abs=1e-6)
    assert answer.sum(axis=0) == pytest.approx(np.array([9, 16, 17, -2]), abs=1e-6)


def test_a_row_of_negative_cells_alone_meets_a_negative_total() -> None:
    answer = gras([[5, 5], [-1, -2]], [13, -4], [4, 5]).values
    assert answer[1].sum() == pytest.approx(-4)


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "why"),
    [
        ([[1, 2], [3, 4]], [3, 7], [4, 9], "rows add up to 10 and the columns to 13"),
        ([[0, 0], [3, 4]], [3, 7], [4, 6], "Row 0 holds only zeros"),
        ([[1, -2], [3, 4]], [3, 7], [4, 6], "take `gras`"),
        ([[1, 0], [0, 1]], [1, 3], [2, 2], "not met"),
        ([[1, 2, 3], [3, 4, 5]], [3, 7], [4, 6], "shape"),
    ],
)
def test_totals_that_cannot_be_met_are_refused(
    seed: list[list[float]], rows: list[float], columns: list[float], why: str
) -> None:
    with pytest.raises(CannotBalance, match=why):
        ras(seed, rows, columns, most_steps=50)


def test_a_table_brought_to_other_totals_has_them() -> None:
    table = synthetic_table(3, 4, seed=1)
    grown = table.x * np.linspace(1.0, 1.2, table.n)
    added = table.v * (grown / table.x)
    final = table.F.sum(axis=0) * (added.sum() / table.v.sum())
    updated = update_table(table, output=grown, value_added=added, final_demand=final)
    assert updated.x == pytest.approx(grown, rel=1e-6)
    assert updated.v == pytest.approx(added, rel=1e-5)
    assert updated.F.sum(axis=0) == pytest.approx(final, rel=1e-6)
    assert "GRAS" in updated.log[-1]
    assert updated.previous is table

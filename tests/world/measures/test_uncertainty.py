"""Tables drawn with errors stay tables, what is left out is said, and Sobol's indices find the choice that decides."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.hygiene import INPUTS_AT_MOST, balance_sheet
from serai.world.measures.ranking import RULES, SCALINGS, Choices, property_correlations, ranks_under, weights
from serai.world.measures.uncertainty import FACTORS, Sample, disturbed, sample, sensitivity
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Array, NotMeasured, WorldTable

seeds = st.integers(0, 2**32 - 1)


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_a_table_with_errors_balances_and_keeps_its_zeros_and_signs(seed: int) -> None:
    table = synthetic_table(3, 3, seed=seed, idle=0.2)
    if not (table.gdp > 0).all():
        return
    drawn = disturbed(table, np.random.default_rng(seed))
    assert balance_sheet(drawn).holds
    assert (np.sign(drawn.F) == np.sign(table.F)).all()
    assert ((drawn.Z > 0) <= (table.Z > 0)).all()
    assert (drawn.A.sum(axis=0) <= INPUTS_AT_MOST + 1e-12).all()
    again = disturbed(table, np.random.default_rng(seed))
    np.testing.assert_array_equal(drawn.Z, again.Z)
    assert drawn.previous is table


def test_errors_have_mean_one_and_fall_with_the_size_of_the_flow() -> None:
    for size, error in ((1e12, 0.05), (1e4, 0.6 * 1e4**-0.12), (1e-3, 0.6)):
        flows = np.full((400, 400), size)
        table = WorldTable(
            ("A",), tuple(map(str, range(400))), tuple(map(str, range(400))), flows * 0, flows, 2000, "$"
        )
        factors = disturbed(table, np.random.default_rng(1)).F / flows
        assert factors.mean() == pytest.approx(1, abs=0.01)
        assert factors.std() == pytest.approx(error, rel=0.02)


def test_what_cannot_be_ranked_is_left_out_with_the_reason() -> None:
    drawn = sample(read("leather"), ("S1", "M2", "G2", "D1", "O1"), errors=1)
    assert drawn.symbols == ("S1", "O1")
    assert drawn.values.shape == (2, 3, 3, 2)
    assert drawn.left_out == {
        "M2": "More is neither better nor worse.",
        "G2": "The table has no extension 'emissions'.",
        "D1": "Nothing is known of the industry 'agriculture' of classification ''.",
    }
    with pytest.raises(NotMeasured, match="none of the indicators"):
        sample(read("leather"), ("M2",), errors=0)


def test_a_rest_of_the_world_is_no_country_to_rank() -> None:
    g20 = read()
    drawn = sample(g20, ("S1",), errors=0)
    assert set(g20.countries) - set(drawn.countries) == {"ROW"}
    invented = synthetic_table(3, 2, seed=1)
    assert sample(invented, ("S1",), errors=0).countries == invented.countries


def test_elasticities_move_the_indicators_that_rest_on_them() -> None:
    values = sample(read("leather"), ("M1", "E1.1", "O1"), errors=0).values[0]
    assert (values[0, :, :2] < values[1, :, :2]).all()
    assert (values[1, :, :2] < values[2, :, :2]).all()
    assert (values[0, :, 2] == values[2, :, 2]).all()


def slow_rank(values: Array, weight: Array, scaling: int, rule: int) -> list[float]:
    """One ranking by loops: scale each indicator, join, count who is better."""
    N, K = values.shape
    scores = np.empty((N, K))
    for k in range(K):
        column = values[:, k]
        if scaling == 0:
            scores[:, k] = (column - column.mean()) / column.std()
        elif scaling == 1:
            low, high = np.percentile(column, [2.5, 97.5])
            scores[:, k] = [(min(max(value, low), high) - low) / (high - low) for value in column]
        else:
            scores[:, k] = [sum(other < value for other in column) / (N - 1) for value in column]
    if rule == 0:
        joined = [sum(weight[k] * scores[c, k] for k in range(K)) for c in range(N)]
    elif rule == 1:
        unit = (scores - scores.min(axis=0)) / (scores.max(axis=0) - scores.min(axis=0))
        joined = [float(np.prod([(0.1 + 0.9 * unit[c, k]) ** weight[k] for k in range(K)])) for c in range(N)]
    else:
        joined = [
            sum(np.sign(sum(weight[k] * np.sign(scores[c, k] - scores[d, k]) for k in range(K))) for d in range(N))
            for c in range(N)
        ]
    return [1 + sum(a > b for a in joined) + (sum(a == b for a in joined) - 1) / 2 for b in joined]


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_many_rankings_at_once_are_each_one_by_loops(seed: int) -> None:
    random = np.random.default_rng(seed)
    better, groups = random.normal(size=(2, 5, 3)), ("x", "x", "y")
    chosen = Choices(
        weights(random.exponential(size=(9, 5)), groups),
        random.integers(2, size=9),
        np.repeat(np.arange(len(SCALINGS)), 3),
        np.tile(np.arange(len(RULES)), 3),
    )
    np.testing.assert_allclose(chosen.weights.sum(axis=1), 1)
    for draw, ranks in enumerate(ranks_under(better, chosen)):
        expected = slow_rank(
            better[chosen.table[draw]], chosen.weights[draw], int(chosen.scaling[draw]), int(chosen.rule[draw])
        )
        assert ranks.tolist() == pytest.approx(expected)


def invented(values: Array, symbols: Sequence[str] = ("O1", "O2")) -> Sample:
    return Sample(tuple("ABCDE"[: values.shape[2]]), tuple(symbols), values, {})


def test_where_only_weights_differ_they_decide_everything() -> None:
    pytest.importorskip("SALib", reason="Sobol's indices need the extra 'uncertainty'")
    opposed = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.1]])[None, None]
    found = sensitivity(invented(opposed), base=256)
    assert found.factors == FACTORS
    assert found.total[0, 3:] == pytest.approx([0, 0])  # one table, one elasticity
    assert (found.total[:2, 0] > 0.8).all()
    assert (found.first_order[:2] <= found.total[:2] + 0.1).all()


def test_where_tables_disagree_in_everything_the_table_decides() -> None:
    pytest.importorskip("SALib", reason="Sobol's indices need the extra 'uncertainty'")
    turned = np.array([[[2.0, 2.0], [1.0, 1.0]], [[1.0, 1.0], [2.0, 2.0]]])[:, None]
    found = sensitivity(invented(turned), base=256)
    np.testing.assert_allclose(found.total[:, 3], 1, atol=0.05)
    np.testing.assert_allclose(found.first_order[:, 3], 1, atol=0.05)
    np.testing.assert_allclose(found.total[:, :3], 0, atol=0.05)
    same = sensitivity(invented(turned[:1]), base=64)
    assert np.isnan(same.total).all()  # the ranks never change


def test_properties_that_pull_apart_correlate_negatively() -> None:
    values = np.array([[1.0, 9.0, 2.0], [2.0, 8.0, 3.0], [3.0, 7.0, 1.0]])
    names, together = property_correlations(values, [1, 1, 1], ["open", "secure", "green"])
    assert names == ("open", "secure", "green")
    assert together[0, 1] == pytest.approx(-1)
    assert together[0, 2] == pytest.approx(np.corrcoef([1, 2, 3], [2, 3, 1])[0, 1])
    turned, opposite = property_correlations(values, [1, -1, 1], ["open", "secure", "green"])
    assert opposite[0, 1] == pytest.approx(1)
    assert turned == names

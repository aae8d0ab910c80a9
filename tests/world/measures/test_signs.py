"""What must hold on any balanced table: identities, signs of actions, what splitting leaves alone.

The signs are those of docs/method/indicators.md.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from serai.world.measures import INDICATORS, ask, measure_cells
from serai.world.measures.green import carbon_content
from serai.world.measures.position import downstreamness, upstreamness
from serai.world.measures.secure import foreign_shares
from serai.world.measures.smooth import border_crossings
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Array, Extension, WorldTable

seeds = st.integers(0, 2**32 - 1)
facts = settings(deadline=None, max_examples=25)


def value(table: WorldTable, symbol: str) -> Array:
    """An indicator of every country, and of the world last where there is one; NaN where undefined."""
    return np.array([np.nan if each.value is None else each.value for each in ask(table, INDICATORS[symbol])])


def rebuilt(table: WorldTable, A: Array, F: Array) -> WorldTable:
    """The balanced table with these coefficients and this final demand."""
    x = np.linalg.solve(np.eye(table.n) - A, F.sum(axis=1))
    return replace(table, Z=A * x, F=F)


def with_link(table: WorldTable, supplier: int, buyer: int, share: float) -> WorldTable:
    """The buyer takes `share` of its inputs of the supplier's product from the supplier, less from the others."""
    alike = table.industry_of == table.industry_of[supplier]
    A = table.A.copy()
    bought = A[alike, buyer].sum()
    A[alike, buyer] *= 1 - share
    A[supplier, buyer] += share * bought
    return rebuilt(table, A, table.F)


@given(st.integers(2, 4), st.integers(1, 3), seeds)
@facts
def test_the_identities_of_a_balanced_table_hold(n_countries: int, n_industries: int, seed: int) -> None:
    table = synthetic_table(n_countries, n_industries, seed=seed)
    np.testing.assert_allclose(table.vc @ table.L, 1)
    np.testing.assert_allclose(table.origins.sum(axis=0), table.final.sum(axis=0))
    assert table.F.sum() == pytest.approx(table.v.sum())
    assert table.x @ upstreamness(table) == pytest.approx(table.x @ downstreamness(table))
    assert (np.eye(table.n) - 1e-12 <= table.L).all()
    assert np.abs(np.linalg.eigvals(table.A)).max() < 1
    emitting = replace(table, extensions={"emissions": Extension(np.random.default_rng(seed).random(table.n), "t")})
    assert value(emitting, "G1.production")[-1] == pytest.approx(value(emitting, "G1.consumption")[-1])
    np.testing.assert_allclose(value(emitting, "G3")[-1], value(emitting, "G1.production")[-1])
    np.testing.assert_allclose(value(emitting, "G1.balance").sum(), 0, atol=1e-9 * table.n)


@given(seeds, st.floats(1e-4, 1e-2))
@facts
def test_concentration_falls_when_a_share_moves_to_an_origin_below_the_weighted_mean(seed: int, moved: float) -> None:
    share = foreign_shares(synthetic_table(4, 2, seed=seed).origins)[1:, 0]
    for giver, taker in ((0, 1), (1, 2), (2, 0)):
        assume(share[giver] > 2 * moved)
        change = np.zeros(3)
        change[[giver, taker]] = -moved, moved
        after = share + change
        first_order = (share * change).sum()
        assume(abs(first_order) > moved**2)
        assert ((after**2).sum() < (share**2).sum()) == (first_order < 0)
    new = share * (1 - moved)  # an origin that did not exist takes a share: it lies below any mean
    assert (new**2).sum() + moved**2 < (share**2).sum()


@given(seeds, st.floats(0.1, 0.95))
@facts
def test_flatter_foreign_shares_are_less_concentrated(seed: int, power: float) -> None:
    table = synthetic_table(4, 1, seed=seed)
    F = table.F.copy()
    for buyer in range(4):
        abroad = np.delete(np.arange(4), buyer)
        flat = F[abroad, buyer] ** power
        F[abroad, buyer] = flat / flat.sum() * F[abroad, buyer].sum()
    direct = replace(table, Z=np.zeros_like(table.Z))
    assert (value(replace(direct, F=F), "S1") <= value(direct, "S1") + 1e-12).all()


@given(seeds, st.integers(0, 3))
@facts
def test_a_cut_off_supplier_leaves_its_users_more_concentrated_unless_it_was_dominant(seed: int, gone: int) -> None:
    table = synthetic_table(4, 1, seed=seed)
    direct = replace(table, Z=np.zeros_like(table.Z))
    F = table.F.copy()
    share = foreign_shares(direct.origins)
    F[gone, np.arange(4) != gone] = 0
    before, after = value(direct, "S1"), value(replace(direct, F=F), "S1")
    for user in (country for country in range(4) if country != gone):
        p = share[gone, user]
        rises = (before[user] - p**2) / (1 - p) ** 2 > before[user]
        assume(abs(after[user] - before[user]) > 1e-9)
        assert (after[user] > before[user]) == rises
        if p**2 <= p * before[user]:  # at most the weighted mean: never dominant
            assert after[user] > before[user]


@given(seeds, st.integers(0, 5), st.integers(0, 5), st.floats(0.01, 0.5))
@facts
def test_a_new_link_changes_carbon_as_its_supplier_compares_with_the_present_mix(
    seed: int, supplier: int, buyer: int, share: float
) -> None:
    random = np.random.default_rng(seed)
    table = synthetic_table(3, 2, seed=seed)
    table = replace(table, extensions={"emissions": Extension(random.random(6) * table.x, "t")})
    alike = table.industry_of == table.industry_of[supplier]
    mix = table.A[:, buyer] * alike
    gap = carbon_content(table)[supplier] - carbon_content(table) @ mix / mix.sum()
    assume(abs(gap) > 1e-6)
    q = table.extensions["emissions"].values / table.x
    changed = with_link(table, supplier, buyer, share)
    assert (q @ changed.x > q @ table.x) == (gap > 0)


@given(seeds, st.integers(0, 5), st.integers(0, 5), st.floats(0.01, 0.5))
@facts
def test_a_new_link_changes_borders_as_its_supplier_compares_with_the_present_mix(
    seed: int, supplier: int, buyer: int, share: float
) -> None:
    table = synthetic_table(3, 2, seed=seed)
    alike = table.industry_of == table.industry_of[supplier]
    mix = table.A[:, buyer] * alike
    steps = border_crossings(table) + (table.country_of != table.country_of[buyer])  # a link's own border counted
    gap = steps[supplier] - steps @ mix / mix.sum()
    assume(abs(gap) > 1e-6)
    changed = with_link(table, supplier, buyer, share)
    before, after = (border_crossings(each) @ each.final.sum(axis=1) for each in (table, changed))
    assert (after > before) == (gap > 0)


@given(seeds, st.floats(0.1, 0.9))
@facts
def test_decoupling_raises_the_wall_and_lowers_trade_across(seed: int, left: float) -> None:
    table = synthetic_table(4, 2, seed=seed)
    blocs = {"bloc": Extension(np.array([1.0, 1.0, 2.0, 2.0]), "bloc", additive=False)}
    table = replace(table, extensions=blocs)
    east = table.country_of >= 2
    across = np.where(east[:, None] == east, 1.0, left)
    changed = replace(table, Z=table.Z * across, F=table.F * np.where(east[:, None] == (np.arange(4) >= 2), 1.0, left))
    assert (value(changed, "O4.share") < value(table, "O4.share")).all()
    before, after = value(table, "O4"), value(changed, "O4")
    defined = np.isfinite(before)
    assert (np.isfinite(after) == defined).all()  # a wall changes nothing of what is traded within
    assert (after > before)[defined].all()


@given(seeds)
@facts
def test_the_wall_is_never_below_minus_one(seed: int) -> None:
    """Where partners of the own bloc trade more with each other than at home there is nothing to compare with."""
    blocs = {"bloc": Extension(np.array([1.0, 1.0, 2.0, 2.0]), "bloc", additive=False)}
    walls = value(replace(synthetic_table(4, 2, seed=seed), extensions=blocs), "O4")
    assert (walls[np.isfinite(walls)] >= -1).all()


@given(seeds, st.floats(1.01, 3.0))
@facts
def test_more_imports_at_the_same_home_sales_gain_more(seed: int, more: float) -> None:
    table = synthetic_table(3, 2, seed=seed)
    final = np.where(table.country_of[:, None] == np.arange(3), 1.0, more)
    changed = replace(table, F=table.F * final)
    assert (value(changed, "E1.1") > value(table, "E1.1")).all()


@given(seeds, st.floats(1.1, 5.0))
@facts
def test_higher_tariffs_weigh_more(seed: int, factor: float) -> None:
    table = synthetic_table(3, 2, seed=seed)
    rates = np.random.default_rng(seed).random((6, 6)) * 0.2
    low, high = (
        replace(table, extensions={"tariff": Extension(rates * times, "1", additive=False)}) for times in (1.0, factor)
    )
    np.testing.assert_allclose(value(high, "M2.tariffs"), factor * value(low, "M2.tariffs"))
    assert (value(high, "O5") > value(low, "O5")).all()


def split(table: WorldTable, shares: Array) -> WorldTable:
    """Each industry in two with the same technology and customers; `shares` (S,) go to the first."""
    parts = np.column_stack([shares, 1 - shares]).ravel()  # (2S,)
    rows = np.tile(parts, table.n_countries)[:, None]
    old = np.repeat(np.arange(table.n), 2)
    industries = tuple(f"{industry}{half}" for industry in table.industries for half in "ab")
    extensions = {
        name: replace(item, values=item.values[old] * rows[:, 0]) if len(item.values) == table.n else item
        for name, item in table.extensions.items()
    }
    return replace(
        table,
        industries=industries,
        Z=table.Z[np.ix_(old, old)] * rows * rows.T,
        F=table.F[old] * rows,
        extensions=extensions,
    )


CHANGED_BY_SPLITTING = {
    *("R1", "S4", "S5", "S6"),  # count cells, or products whose size matters
    *("D4",),  # counts products
}


@given(seeds)
@facts
def test_industries_split_without_telling_them_apart_are_measured_as_before(seed: int) -> None:
    random = np.random.default_rng(seed)
    whole = replace(
        synthetic_table(3, 2, seed=seed),
        extensions={
            "emissions": Extension(random.random(6), "t"),
            "research": Extension(random.random(6), "money"),
            "population": Extension(random.random(3), "persons"),
            "bloc": Extension(np.array([1.0, 2.0, 2.0]), "bloc", additive=False),
        },
    )
    parts = split(whole, random.uniform(0.1, 0.9, 2))
    back = parts.aggregate(industries={f"{industry}{half}": industry for industry in whole.industries for half in "ab"})
    np.testing.assert_allclose(back.Z, whole.Z)
    np.testing.assert_allclose(back.F, whole.F)
    compared = 0
    for symbol, declared in INDICATORS.items():
        if declared.costly or symbol in CHANGED_BY_SPLITTING:
            continue
        before, after = value(whole, symbol), value(parts, symbol)
        np.testing.assert_allclose(after, before, rtol=1e-7, atol=1e-9, err_msg=symbol)
        compared += bool(np.isfinite(before).any())
    assert compared >= 25
    twice = np.repeat(np.arange(6), 2)
    for symbol in ("S1", "S2", "S3", "M2", "O2", "G2"):
        cells, halves = ([each.value for each in measure_cells(each, symbols=[symbol])] for each in (whole, parts))
        assert halves == pytest.approx([cells[cell] for cell in twice])

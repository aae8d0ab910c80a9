"""A world table derives everything from its flows, and its identities hold whatever is done to it."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Extension, WorldTable

LEATHER = read("leather")
tables = st.builds(
    synthetic_table,
    st.integers(1, 5),
    st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
).filter(lambda table: table.x.sum() > 0)


@given(tables)
@settings(deadline=None)
def test_the_identities_of_an_input_output_table_hold(table: WorldTable) -> None:
    scale = table.x.max()
    np.testing.assert_allclose(table.vc @ table.L, 1, rtol=1e-12)
    np.testing.assert_allclose(table.L @ table.final.sum(axis=1), table.x, atol=1e-11 * scale)
    np.testing.assert_allclose(table.origins.sum(axis=0), table.final.sum(axis=0), atol=1e-11 * scale)
    np.testing.assert_allclose(table.F.sum(), table.v.sum(), rtol=1e-11)
    np.testing.assert_allclose(table.bilateral.sum(axis=1), table.by_country(table.x), rtol=1e-12)
    assert (table.L - np.eye(table.n) >= -1e-14).all()
    assert np.abs(np.linalg.eigvals(table.A)).max() < 1


@given(tables)
@settings(deadline=None)
def test_solves_and_inverses_are_those_of_the_definitions(table: WorldTable) -> None:
    identity = np.eye(table.n)
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)
    B = np.divide(table.Z, table.x[:, None], out=np.zeros_like(table.Z), where=table.x[:, None] > 0)
    L, G = np.linalg.inv(identity - A), np.linalg.inv(identity - B)
    weights = np.random.default_rng(0).random((table.n, 3))
    np.testing.assert_allclose(table.A, A)
    np.testing.assert_allclose(table.B, B)
    np.testing.assert_allclose(table.L, L, atol=1e-12)
    np.testing.assert_allclose(table.G, G, atol=1e-10)
    np.testing.assert_allclose(table.solve_leontief(weights), L @ weights, atol=1e-11)
    np.testing.assert_allclose(table.solve_leontief_transposed(weights), L.T @ weights, atol=1e-11)
    country = np.kron(np.eye(table.n_countries), np.ones((1, table.n_industries)))
    np.testing.assert_allclose(table.cell_origins, country @ (table.vc[:, None] * L), atol=1e-11)


@given(tables)
@settings(deadline=None)
def test_exports_are_sales_abroad(table: WorldTable) -> None:
    for cell, (country, _) in enumerate(table.labels):
        abroad = sum(
            float(table.Z[cell, buyer]) for buyer, (other, _) in enumerate(table.labels) if other != country
        ) + sum(float(table.F[cell, use]) for use, (other, _) in enumerate(table.final_labels) if other != country)
        assert table.exports[cell] == pytest.approx(abroad, rel=1e-12, abs=1e-12)


@given(tables, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_aggregation_keeps_the_accounts(table: WorldTable, random: st.DataObject) -> None:
    countries = {label: random.choice("XYZ") for label in table.countries}  # type: ignore[attr-defined]
    industries = {label: random.choice("pq") for label in table.industries}  # type: ignore[attr-defined]
    small = table.aggregate(countries, industries)
    for country in small.countries:
        members = [label for label in table.countries if countries[label] == country]
        assert small.v[small.cells([country])].sum() == pytest.approx(table.v[table.cells(members)].sum())
        for industry in small.industries:
            parts = [label for label in table.industries if industries[label] == industry]
            assert small.x[small.cell(country, industry)] == pytest.approx(table.x[table.cells(members, parts)].sum())
    assert small.F.sum() == pytest.approx(table.F.sum())
    np.testing.assert_allclose(small.vc @ small.L, 1, rtol=1e-11)


def test_aggregating_the_leather_example_by_hand() -> None:
    small = LEATHER.aggregate({"ARG": "rest", "TUR": "rest"}, {"agriculture": "a", "textile-leather": "a"})
    assert small.countries == ("rest", "DEU")
    assert small.industries == ("a", "transport-equipment")
    rest = [0, 1, 3, 4]
    assert small.Z[0, 0] == pytest.approx(LEATHER.Z[np.ix_(rest, rest)].sum())
    assert small.Z[3, 2] == pytest.approx(LEATHER.Z[8, [6, 7]].sum())
    assert small.F[0, 1] == pytest.approx(LEATHER.F[rest, 2].sum())
    assert small.previous is LEATHER
    assert small.log == ("Aggregated to 2 countries x 2 industries.",)


@given(tables, st.data())
@settings(deadline=None)
def test_a_slice_is_a_table_of_the_whole_world(table: WorldTable, data: st.DataObject) -> None:
    countries = data.draw(st.sets(st.sampled_from(table.countries)))
    industries = data.draw(st.sets(st.sampled_from(table.industries)))
    part = table.only(countries, industries)
    kept = [label for label in table.countries if label in countries]
    assert part.countries == (*kept, *(["rest"] if len(kept) < table.n_countries else []))
    old, new = table.cells(kept, industries), part.cells(kept, industries)
    scale = table.x.max()
    np.testing.assert_allclose(part.x[new], table.x[old], atol=1e-12 * scale)
    np.testing.assert_allclose(part.v[new], table.v[old], atol=1e-12 * scale)
    np.testing.assert_allclose(part.Z[np.ix_(new, new)], table.Z[np.ix_(old, old)])
    assert part.v.sum() == pytest.approx(table.v.sum())
    np.testing.assert_allclose(part.vc @ part.L, 1, rtol=1e-11)
    for label in kept:
        assert part.gdp[part.countries.index(label)] == pytest.approx(table.gdp[table.countries.index(label)])


def test_the_rest_of_a_slice_has_a_name_of_its_own() -> None:
    part = LEATHER.only(["DEU"], rest="all others")
    assert part.countries == ("DEU", "all others")
    assert part.industries == LEATHER.industries
    assert part.Z[0, 3] == pytest.approx(LEATHER.Z[6, [0, 3]].sum())
    assert LEATHER.only(rest="DEU").countries == LEATHER.countries
    with pytest.raises(ValueError, match="The country 'DEU' is among the chosen; call the rest something else"):
        LEATHER.only(["DEU"], rest="DEU")
    with pytest.raises(KeyError, match="no industry 'mining'"):
        LEATHER.only(industries=["mining"])


def test_uses_are_added_together_and_inventories_known_only_when_apart() -> None:
    table = replace(
        LEATHER, uses=("households", "stocks"), inventories="stocks", F=np.arange(54.0).reshape(9, 6), previous=None
    )
    assert table.net_inventories.tolist() == table.F[:, 1::2].sum(axis=1).tolist()
    merged = table.aggregate(uses={"stocks": "households"})
    assert merged.uses == ("households",)
    assert merged.inventories is None
    assert table.aggregate(countries={"ARG": "rest"}).inventories == "stocks"


def test_extensions_are_added_and_rates_are_left_out_with_a_word() -> None:
    cells, links = np.arange(9.0), np.ones((9, 9))
    table = replace(
        LEATHER,
        extensions={
            "co2": Extension(cells, "t", households=np.array([1.0, 2.0, 3.0])),
            "people": Extension(np.array([10.0, 20.0, 30.0]), "persons"),
            "freight": Extension(links, "tkm"),
            "tariff": Extension(links, "1", additive=False),
        },
    )
    small = table.aggregate({"ARG": "rest", "TUR": "rest"}, dict.fromkeys(LEATHER.industries, "all"))
    assert small.extensions["co2"].values.tolist() == [15, 21]
    assert small.extensions["co2"].households is not None
    assert small.extensions["co2"].households.tolist() == [3, 3]
    assert small.extensions["people"].values.tolist() == [30, 30]
    assert small.extensions["freight"].values.tolist() == [[36, 18], [18, 9]]
    assert "tariff" not in small.extensions
    assert "rates cannot be added: tariff" in small.log[-1]


def test_labels_lead_to_cells() -> None:
    assert LEATHER.cell("TUR", "transport-equipment") == 5
    assert LEATHER.cells(["DEU", "ARG"], ["textile-leather"]).tolist() == [7, 1]
    assert LEATHER.cells(industries=["agriculture"]).tolist() == [0, 3, 6]
    with pytest.raises(KeyError, match="no country 'FRA'; it has ARG, TUR, DEU"):
        LEATHER.cell("FRA", "agriculture")
    with pytest.raises(KeyError, match="no industry 'mining'"):
        LEATHER.aggregate(industries={"mining": "a"})


def test_a_focus_counts_the_final_demand_and_exports_of_some_products_only() -> None:
    seen = LEATHER.on([1, 4, 7])
    others = LEATHER.on([0, 2, 3, 5, 6, 8])
    np.testing.assert_allclose(seen.origins + others.origins, LEATHER.origins)
    np.testing.assert_allclose(seen.exports + others.exports, LEATHER.exports)
    assert (seen.x == LEATHER.x).all()
    assert seen._factors is LEATHER._factors
    assert (seen.on(None).final == LEATHER.final).all()
    assert LEATHER.on(None) is LEATHER


def test_a_step_that_leaves_the_flows_keeps_what_is_derived_from_them() -> None:
    table = replace(LEATHER)
    factors = table._factors
    more = table.then("More is known.", extensions={"co2": Extension(table.x, "t")})
    assert more._factors is factors
    assert more.x is table.x
    other = table.then("Doubled.", Z=2 * table.Z, F=2 * table.F)
    assert "_factors" not in other.__dict__
    np.testing.assert_allclose(other.x, 2 * table.x)


def test_nothing_in_a_table_can_be_written() -> None:
    for values in (LEATHER.Z, LEATHER.F, LEATHER.x, LEATHER.A, LEATHER.origins, LEATHER.L):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1


def test_the_arrays_given_stay_the_callers() -> None:
    Z, F = np.eye(1), np.ones((1, 1))
    WorldTable(("A",), ("i",), ("f",), Z, F, 2000, "$")
    Z[0, 0] = 2
    assert Z.flags.writeable


def test_half_the_precision_gives_nearly_the_same_answers() -> None:
    single = LEATHER.with_precision(np.float32)
    for values in (single.A, single.B, single.L, single.G, single.aggregate({"ARG": "rest", "TUR": "rest"}).Z):
        assert values.dtype == np.float32
    np.testing.assert_allclose(single.origins, LEATHER.origins, rtol=1e-5)
    np.testing.assert_allclose(single.G, LEATHER.G, rtol=1e-4, atol=1e-6)


def test_whole_numbers_are_taken_as_floating_ones() -> None:
    table = WorldTable(("A",), ("i",), ("f",), np.array([[1]]), np.array([[3]]), 2000, "$")
    assert table.A.tolist() == [[0.25]]


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("derived", "matrices"), [("A", 1), ("B", 1), ("_factors", 1), ("L", 1), ("G", 1), ("origins", 0), ("exports", 0)]
)
def test_what_is_derived_takes_no_more_memory_than_the_matrix_it_is(
    derived: str, matrices: int, precision: type
) -> None:
    table = replace(synthetic_table(20, 30, seed=1).with_precision(precision))
    for before in {"L": ("_factors",), "G": ("L",), "origins": ("_factors",)}.get(derived, ()):
        getattr(table, before)
    tracemalloc.start()
    try:
        getattr(table, derived)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (matrices + 0.35) * table.Z.nbytes


def test_what_cannot_be_a_table_is_refused_with_the_row_and_column_at_fault() -> None:
    Z = LEATHER.Z.copy()
    Z[3, 7] = np.nan
    with pytest.raises(ValueError, match=r"nan in row 3 \(TUR agriculture\), column 7 \(DEU textile-leather\)"):
        replace(LEATHER, Z=Z)
    F = LEATHER.F.copy()
    F[8, 1] = np.inf
    with pytest.raises(ValueError, match=r"inf in row 8 \(DEU transport-equipment\), column 1 \(TUR final\)"):
        replace(LEATHER, F=F)
    with pytest.raises(ValueError, match=r"F has shape \(9, 3\), but 3 countries x 3 industries with 2 final uses"):
        replace(LEATHER, uses=("a", "b"))
    with pytest.raises(ValueError, match="country labels repeat ARG"):
        replace(LEATHER, countries=("ARG", "ARG", "DEU"))
    with pytest.raises(ValueError, match="use 'stocks' for inventories is none of final"):
        replace(LEATHER, inventories="stocks")

"""Alternative suppliers: advantage, proximity, density and complexity are their definitions, in toys and real trade."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.complexity import complexities
from serai.world.published import compare, printed_numbers
from serai.world.readers import TableNotHere, UnreadableTable
from serai.world.trade import Exports, read_exports, suppliers

# Country 0 makes everything, 1 the first two, 2 the first only.
TOY = Exports(("AAA", "BBB", "CCC"), ("0101", "8507", "8703"), np.array([[4.0, 4, 8], [4, 5, 0], [8, 0, 0]]), 2017)


def random_exports(seed: int, countries: int, products: int) -> Exports:
    random = np.random.default_rng(seed)
    values = random.lognormal(sigma=2, size=(countries, products)) * (random.random((countries, products)) < 0.7)
    values[:, 0] += 1
    return Exports(tuple(map(str, range(countries))), tuple(map(str, range(products))), values, 2017)


exports = st.builds(random_exports, st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 6))


@given(exports)
@settings(deadline=None)
def test_every_measure_is_its_definition(some: Exports) -> None:
    X, (C, P) = some.values, some.values.shape
    for c in range(C):
        for p in range(P):
            share = X[c, p] / X[:, p].sum() if X[:, p].sum() else 0.0
            assert some.advantage[c, p] == pytest.approx(share / (X[c].sum() / X.sum()))
    M = some.able
    for p in range(P):
        assert some.proximity[p, p] == 0
        for q in range(P):
            if p != q and M[:, p].any() and M[:, q].any():
                both = (M[:, p] & M[:, q]).sum()
                assert some.proximity[p, q] == pytest.approx(min(both / M[:, p].sum(), both / M[:, q].sum()))
        near = some.proximity[p].sum()
        for c in range(C):
            made = sum(some.proximity[p, q] for q in range(P) if M[c, q])
            assert some.density[c, p] == pytest.approx(made / near if near else 0)


@given(exports, st.floats(0.001, 1000))
@settings(deadline=None)
def test_nothing_depends_on_the_unit_of_money(some: Exports, unit: float) -> None:
    other = replace(some, values=some.values * unit)
    np.testing.assert_allclose(other.advantage, some.advantage)
    np.testing.assert_allclose(np.nan_to_num(other.concentration), np.nan_to_num(some.concentration))


def test_the_average_advantage_weighted_by_size_is_one() -> None:
    some = random_exports(1, 6, 5)
    size = some.values.sum(axis=1) / some.values.sum()
    np.testing.assert_allclose(size @ some.advantage, 1)


def test_complexity_of_products_is_the_eigenvector_of_their_own_matrix() -> None:
    M = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 1], [1, 1, 0, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 0]], dtype=bool)
    countries, products = complexities(M)
    diversity, ubiquity = M.sum(axis=1), M.sum(axis=0)
    matrix = (M.T / ubiquity[:, None]) @ (M / diversity[:, None])
    values, vectors = np.linalg.eig(matrix)
    second = np.real(vectors[:, np.argsort(-np.real(values))[1]])
    second = (second - second.mean()) / second.std()
    np.testing.assert_allclose(products, second * np.sign(second @ products), atol=1e-9)
    assert np.corrcoef(countries, diversity)[0, 1] > 0
    assert (countries.mean(), countries.std()) == pytest.approx((0, 1), abs=1e-12)


def test_suppliers_come_by_share_and_those_that_could_by_density() -> None:
    found = suppliers(TOY, "8507")
    assert [(each.country, each.established) for each in found] == [("BBB", True), ("AAA", False), ("CCC", False)]
    assert sum(each.share for each in found) == pytest.approx(1)
    assert [each.country for each in suppliers(TOY, "8507", without=["AAA"])] == ["BBB", "CCC"]
    assert suppliers(TOY, "8703")[0].share == 1
    assert TOY.concentration.tolist() == pytest.approx([0.375, 41 / 81, 1])


def test_an_unknown_heading_is_answered_with_the_former_ones() -> None:
    with pytest.raises(KeyError, match="no heading '8524'; its goods were in 8517, 8528"):
        TOY.product("8524")
    with pytest.raises(KeyError, match=r"no heading '0000'\."):
        TOY.product("0000")


def written(path: Path, **changes: list[object]) -> Path:
    columns: dict[str, list[object]] = {
        "reporter_iso": ["chn", "chn", "DEU", "fra"],
        "product_code": ["0101", "8507", "8507", "0101"],
        "export_value_usd": [2e9, 3e9, 4e9, 1.0],
    }
    pl.DataFrame(columns | changes).write_parquet(path)
    return path


def test_a_file_is_read_with_large_exporters_only(tmp_path: Path) -> None:
    found = read_exports(written(tmp_path / "some.parquet", export_value_usd=[2e9, 3e9, None, 4e9]))
    assert found.countries == ("CHN", "FRA")
    assert found.products == ("0101", "8507")
    assert found.values.tolist() == [[2e9, 3e9], [4e9, 0]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reporter_iso": ["chn", "chn", "???", "fra"]}, "row 3, column reporter_iso"),
        ({"reporter_iso": ["chn", "chn", None, "fra"]}, "row 3, column reporter_iso"),
        ({"product_code": ["0101", "8507", "85", "0101"]}, "row 3, column product_code"),
        ({"export_value_usd": [1.0, -1.0, 1.0, 1.0]}, "row 2, column export_value_usd"),
        ({"product_code": ["8507", "8507", "8507", "0101"]}, "row 1, column reporter_iso and product_code, given twic"),
        ({"product_code": [1, 2, 3, 4]}, "needs a column 'product_code' of type String, and has Int64"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, changes: dict[str, list[object]], message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        read_exports(written(tmp_path / "wrong.parquet", **changes))


def test_what_is_no_file_of_exports_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.parquet").write_text("nothing")
    with pytest.raises(UnreadableTable, match="not a parquet file"):
        read_exports(tmp_path / "text.parquet")
    for variable in ("SERAI_DATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(TableNotHere, match="set SERAI_DATA"):
        read_exports()


@pytest.mark.data
def test_real_exports_tell_complexity_as_it_is_published(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    compared = list(compare(each for each in printed_numbers() if each.publication == "growth_lab_2018"))
    printed, found = np.array([(each.printed.value, each.found) for each in compared]).T
    assert np.corrcoef(printed, found)[0, 1] >= 0.95
    assert {compared[place].printed.of for place in np.argsort(-found)[:4]} <= {"JPN", "CHE", "DEU", "KOR", "SGP"}


@pytest.mark.data
def test_batteries_come_from_china_and_germany_could(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    found = read_exports()
    batteries = suppliers(found, "8507")
    assert [each.country for each in batteries[:3]] == ["CHN", "KOR", "JPN"]
    assert next(each.country for each in batteries if not each.established) == "DEU"
    simple, complex_ = found.complexity[1][[found.product("1801"), found.product("8457")]]
    assert simple < -2 < 2 < complex_  # cocoa beans and machining centres

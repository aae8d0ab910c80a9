"""The forms by cell, exposures, choke points, strategic dependence and groups, against loops on the small table."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.classifications.country_groups import members_in
from serai.world.measures import INDICATORS, UNDEFINED, WORLD, ask, measure_cells
from serai.world.measures.position import upstreamness
from serai.world.measures.strategic import three_tests
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Array, Extension
from serai.world.trade import read_exports
from tests.world.measures.test_measures import (
    CELLS,
    EXPORTED,
    GDP,
    PEOPLE,
    SALES,
    TABLE,
    TARIFF,
    VC,
    A,
    F,
    L,
    N,
    Q,
    S,
    X,
    Z,
    domestic_leontief,
    exports_of,
    others_of,
    values_of,
    world_of,
)

Y = F.sum(axis=1)


def origin(c: int, j: int) -> float:
    """Value added of country c in a unit of final output of cell j."""
    return sum(VC[i] * L[i, j] for i in CELLS if i // S == c)


def produced(c: int, j: int) -> float:
    return sum(L[i, j] for i in CELLS if i // S == c)


def abroad(j: int) -> list[int]:
    return others_of(j // S)


def concentration(j: int) -> float:
    total = sum(origin(c, j) for c in abroad(j))
    return sum((origin(c, j) / total) ** 2 for c in abroad(j))


def look_through(j: int) -> float:
    return sum(produced(c, j) for c in abroad(j)) / L[:, j].sum()


def face_value(j: int) -> float:
    return sum(A[i, j] for i in CELLS if i // S != j // S) / L[:, j].sum()


def passed_on(i: int, c: int) -> float:
    """Output of country c that a unit of value added of cell i passes into, by Ghosh's inverse."""
    ghosh = np.linalg.inv(np.eye(9) - Z / X[:, None])
    return float(sum(ghosh[i, j] for j in CELLS if j // S == c))


def visits(k: int, weights: Array) -> float:
    """Visits to cell k per chain that starts in another country."""
    starts = [i for i in CELLS if i // S != k // S]
    return sum(weights[i] * L[i, k] * X[k] / X[i] for i in starts) / sum(weights[i] for i in starts)


def bought(c: int, s: int, j: int) -> float:
    return sum(Z[c * S + s, k] for k in CELLS if k // S == j) + F[c * S + s, j]


def depends(j: int, s: int) -> bool:
    sources = [bought(c, s, j) for c in others_of(j)]
    exports = sum(bought(j, s, d) for d in others_of(j))
    few = sum((source / sum(sources)) ** 2 for source in sources) > 0.4
    outside = sum(sources) / (sum(sources) + bought(j, s, j)) > 0.5
    return few and outside and sum(sources) > exports


def exported_value(i: int) -> list[float]:
    return [VC[i] * (L @ F)[i, j] for j in abroad(i)]


def local(weights: Array, c: int) -> Array:
    return np.asarray(weights[c * S : c * S + S] @ domestic_leontief(c))


def absorbed(i: int) -> float:
    """Domestic value added in the exports of cell i that the importer absorbs, relative to the exports."""
    own, total = i // S, 0.0
    for r in others_of(own):
        cells = slice(r * S, r * S + S)
        total += F[i, r] + A[i, cells] @ domestic_leontief(r) @ F[cells, r]
    return float(local(VC, own)[i % S] * total / exports_of(own)[i % S])


def own_content(i: int) -> float:
    return float(local(VC, i // S)[i % S])


def without(j: int) -> float:
    rest = [i for i in CELLS if i != j]
    x = np.linalg.solve(np.eye(8) - A[np.ix_(rest, rest)], Y[rest])
    return float(1 - VC[rest] @ x / (VC @ X))


RESEARCH = TABLE.extensions["research"].values / X
ONES = np.ones(9)
BY_CELL: dict[str, list[float]] = {
    "S1": [concentration(j) for j in CELLS],
    "S2": [max(origin(c, j) for c in abroad(j)) for j in CELLS],
    "S3": [look_through(j) - face_value(j) for j in CELLS],
    "S3.look_through": [look_through(j) for j in CELLS],
    "S3.face_value": [face_value(j) for j in CELLS],
    "S3.inputs": [sum(produced(c, j) for c in abroad(j)) / (L[:, j].sum() - 1) for j in CELLS],
    "S3.sales": [sum(passed_on(i, c) for c in abroad(i)) / sum(passed_on(i, c) for c in range(N)) for i in CELLS],
    "S4": [visits(k, ONES) for k in CELLS],
    "S5": [float(depends(i // S, i % S)) for i in CELLS],
    "S6": [without(j) for j in CELLS],
    "R1": [X[i] / GDP.sum() for i in CELLS],
    "M2": [sum(A[i, k] * L[k, j] for i in CELLS for k in CELLS if i // S != k // S) for j in CELLS],
    "M2.tariffs": [sum(TARIFF[i, k] * A[i, k] * L[k, j] for i in CELLS for k in CELLS) for j in CELLS],
    "E3": [sum(VC[i] * L[i, j] for i in CELLS if i % S == 2) for j in CELLS],
    "O2": [sum(origin(c, j) for c in abroad(j)) for j in CELLS],
    "O3": [own_content(i) for i in CELLS],
    "I2": [1 - absorbed(i) for i in CELLS],
    "I2.backward": [1 - own_content(i) for i in CELLS],
    "I2.forward": [own_content(i) - absorbed(i) for i in CELLS],
    "I3": [1 - sum((v / sum(exported_value(i))) ** 2 for v in exported_value(i)) for i in CELLS],
    "G1.production": list(TABLE.extensions["emissions"].values),
    "G2": [sum(Q[i] * L[i, j] for i in CELLS) for j in CELLS],
    "G4": [sum(Q[k] * L[k, i] * Z[i, j] for k in CELLS for i in CELLS) / Z[:, j].sum() for j in CELLS],
    "D1": [sum(VC[i] * L[i, j] for i in CELLS if i % S == 1) for j in CELLS],
    "D2": [sum(VC[i] * L[i, j] for i in CELLS if i % S == 1) for j in CELLS],
    "D3": [sum(RESEARCH[i] * L[i, j] for i in CELLS) for j in CELLS],
}


def of_final_output(by_cell: list[float], weight: list[float] | None = None) -> list[float]:
    """The mean over a country's cells, by their part in the production behind its final output."""
    behind = [Y[j] * (L[:, j].sum() if weight is None else weight[j]) for j in CELLS]
    return [
        sum(by_cell[j] * behind[j] for j in CELLS if j // S == c) / sum(behind[j] for j in CELLS if j // S == c)
        for c in range(N)
    ]


def shares_of_sales() -> list[float]:
    given = [[sum(VC[i] * X[i] * passed_on(i, d) for i in CELLS if i // S == c) for d in range(N)] for c in range(N)]
    return [1 - given[c][c] / sum(given[c]) for c in range(N)]


IMPORTS = [[sum(bought(c, s, j) for c in others_of(j)) for s in range(S)] for j in range(N)]
CARBON = [
    sum(Q[k] * L[k, i] * Z[i, j] for k in CELLS for i in CELLS for j in CELLS if i // S != c == j // S)
    / sum(Z[i, j] for i in CELLS for j in CELLS if i // S != c == j // S)
    for c in range(N)
]
BY_COUNTRY: dict[str, list[float]] = {
    "S3.look_through": of_final_output(BY_CELL["S3.look_through"]),
    "S3.face_value": of_final_output(BY_CELL["S3.face_value"]),
    "S3.inputs": of_final_output(BY_CELL["S3.inputs"], [L[:, j].sum() - 1 for j in CELLS]),
    "S3.sales": shares_of_sales(),
    "S4": [sum(visits(k, ONES) for k in CELLS if k // S == c) for c in range(N)],
    "S5": [sum(IMPORTS[j][s] for s in range(S) if depends(j, s)) / sum(IMPORTS[j]) for j in range(N)],
    "G4": CARBON,
    "O4.share": [
        sum(SALES[c, d] + SALES[d, c] for d in others_of(c) if (c == 0) != (d == 0))
        / sum(SALES[c, d] + SALES[d, c] for d in others_of(c))
        for c in range(N)
    ],
}


@pytest.mark.parametrize("symbol", BY_CELL)
def test_the_form_by_cell_is_the_obvious_calculation(symbol: str) -> None:
    records = measure_cells(TABLE, symbols=[symbol])
    assert [(record.country, record.industry) for record in records] == list(TABLE.labels)
    assert [record.value for record in records] == pytest.approx(BY_CELL[symbol], rel=1e-9, abs=1e-12)
    assert records[0].property == INDICATORS[symbol].property


def test_every_form_by_cell_is_compared() -> None:
    assert {symbol for symbol, declared in INDICATORS.items() if declared.by_cell is not None} == set(BY_CELL)


@pytest.mark.parametrize("symbol", BY_COUNTRY)
def test_the_form_by_country_is_the_obvious_calculation(symbol: str) -> None:
    found = values_of(ask(TABLE, INDICATORS[symbol]), symbol)
    assert found == pytest.approx(BY_COUNTRY[symbol], rel=1e-9, abs=1e-12)


def test_some_product_depends_and_some_does_not() -> None:
    assert 0 < sum(BY_CELL["S5"]) < len(CELLS)


def test_cells_are_chosen_and_what_is_missing_is_said() -> None:
    records = measure_cells(TABLE, symbols=["M2"], cells=[4])
    assert [(record.country, record.industry) for record in records] == [TABLE.labels[4]]
    bare = replace(TABLE, extensions={})
    (record,) = measure_cells(bare, symbols=["G2"])
    assert (record.country, record.value, record.reason) == (WORLD, None, "The table has no extension 'emissions'.")
    idle = synthetic_table(3, 2, seed=5, idle=0.5)
    undefined = [record for record in measure_cells(idle, symbols=["I2"]) if record.value is None]
    assert undefined[0].reason == UNDEFINED


def test_one_critical_cell_is_followed_alone() -> None:
    critical = np.zeros(9)
    critical[3] = 1.0
    table = replace(TABLE, extensions={"critical": Extension(critical, "weight")})
    found = values_of(ask(table, INDICATORS["S4"]), "S4")
    for c in (0, 2):
        assert found[c] == pytest.approx(sum(L[3, k] * X[k] / X[3] for k in CELLS if k // S == c))
    assert found[1] is None  # no chain starts outside


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_visits_abroad_add_up_to_the_part_of_upstreamness_that_lies_abroad(seed: int) -> None:
    table = synthetic_table(3, 2, seed=seed)
    found = np.array([record.value for record in ask(table, INDICATORS["S4"])], dtype=float)
    starts = table.n - table.n_industries
    at_home = sum(
        table.L[i, k] * table.x[k] / table.x[i]
        for i in range(table.n)
        for k in range(table.n)
        if table.country_of[i] == table.country_of[k]
    )
    assert found.sum() * starts == pytest.approx(upstreamness(table).sum() - at_home)


def test_the_three_tests_are_those_of_the_commission() -> None:
    outside = np.array([[60.0, 10.0, 0.0], [20.0, 10.0, 0.0], [20.0, 10.0, 0.0]])
    found = three_tests(outside, np.array([150.0, 30.0, 10.0]), np.array([50.0, 0.0, 5.0]))
    assert found.concentration.tolist() == pytest.approx([0.44, 1 / 3, np.nan], nan_ok=True)
    assert found.from_outside.tolist() == pytest.approx([2 / 3, 1.0, 0.0])
    assert found.over_exports.tolist() == [2.0, np.inf, 0.0]
    assert found.flagged.tolist() == [True, False, False]


GROUPS = ("LDC", "LLDC", "SIDS", "BRI")


def test_a_dated_group_counts_the_members_of_the_year() -> None:
    table = replace(TABLE, countries=("AGO", "NPL", "DEU"), year=2019)
    poor = members_in(table.countries, "LDC", date(2019, 12, 31))
    assert poor == ("AGO", "NPL")
    exports, product = sum(EXPORTED[:2]) / sum(EXPORTED), sum(GDP[:2]) / sum(GDP)
    assert world_of(ask(table, INDICATORS["I1.LDC"]), "I1.LDC") == pytest.approx(exports / product)
    people = sum(PEOPLE[:2]) / sum(PEOPLE)
    assert world_of(ask(table, INDICATORS["I1.LDC.population"]), "I1.LDC.population") == pytest.approx(exports / people)
    assert world_of(ask(table, INDICATORS["I1.LLDC"]), "I1.LLDC") == pytest.approx(
        EXPORTED[1] / sum(EXPORTED) / (GDP[1] / sum(GDP))
    )


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_a_member_in_the_table_is_not_measured(group: str) -> None:
    table = replace(TABLE, countries=("USA", "CAN", "AUS"), year=2019)
    (record,) = ask(table, INDICATORS[f"I1.{group}"])
    assert record.value is None
    assert record.reason == f"No country of the table is a member of {group} at the end of 2019."


def test_what_publishers_measure_is_taken_from_the_extension() -> None:
    values = np.array([1.0, 1.5, 1.9])
    for name, symbol in (("liner_shipping_connectivity", "M3.shipping"), ("trade_facilitation", "M3.facilitation")):
        table = replace(TABLE, extensions={name: Extension(values, "index", additive=False)})
        assert values_of(ask(table, INDICATORS[symbol]), symbol) == values.tolist()


@pytest.mark.data
def test_world_trade_in_products_of_few_exporters_is_counted(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    (record,) = ask(TABLE, INDICATORS["S5.products"])
    assert record.country == WORLD
    assert record.value is not None
    exports = read_exports().values
    total = exports.sum(axis=0)
    few = [column for column, sold in enumerate(total) if sold and ((exports[:, column] / sold) ** 2).sum() > 0.4]
    assert 0 < len(few) < len(total)
    assert record.value == pytest.approx(total[few].sum() / total.sum())


def test_without_trade_data_risky_products_are_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    (record,) = ask(TABLE, INDICATORS["S5.products"])
    assert record.value is None
    assert "hs4_exports_2017.parquet is in none of" in record.reason

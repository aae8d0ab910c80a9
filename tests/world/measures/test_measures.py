"""Every indicator equals a slow, obvious calculation on a small table, and keeps what must not change."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.complexity import complexity
from serai.world.measures import INDICATORS, PROPERTIES, UNDEFINED, WORLD, Record, ask, indicator, measure
from serai.world.measures.gvc import export_content
from serai.world.measures.inclusive import group_share
from serai.world.measures.mutual import gini
from serai.world.measures.secure import exposure, input_exposure, pass_through, propagation_length
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Array, Extension, WorldTable

N, S = 3, 3
CELLS = range(N * S)


def small_table() -> WorldTable:
    """The leather example with industries that have a meaning, and every extension that an indicator asks for."""
    random = np.random.default_rng(7)
    return replace(
        read("leather"),
        industries=("A01_02", "C26", "H49"),
        classification="oecd2023",
        extensions={
            "emissions": Extension(random.random(9) * 10, "t", households=np.array([1.0, 2.0, 3.0])),
            "population": Extension(np.array([40.0, 80.0, 83.0]), "million persons"),
            "research": Extension(random.random(9), "units of money"),
            "tariff": Extension(random.random((9, 9)) * 0.1, "1", additive=False),
            "logistics_performance": Extension(np.array([2.9, 3.4, 4.1]), "1 to 5", additive=False),
            "bloc": Extension(np.array([1.0, 2.0, 2.0]), "number of the bloc", additive=False),
        },
    )


TABLE = small_table()
DECLARED = dict(INDICATORS)
CHEAP = {symbol: declared for symbol, declared in DECLARED.items() if not declared.costly}
Z, F, X = TABLE.Z, TABLE.F, TABLE.Z.sum(axis=1) + TABLE.F.sum(axis=1)
A = Z / X
VC = 1 - A.sum(axis=0)
L = np.linalg.inv(np.eye(9) - A)
O = np.array(  # noqa: E741
    [[sum(VC[i] * (L @ F)[i, j] for i in CELLS if i // S == c) for j in range(N)] for c in range(N)]
)
SHARE = O / O.sum(axis=0)
GDP = np.array([sum(VC[i] * X[i] for i in CELLS if i // S == c) for c in range(N)])
SALES = np.array(
    [
        [
            sum(Z[i, j] for i in CELLS for j in CELLS if i // S == c and j // S == d) + F[c * S : c * S + S, d].sum()
            for d in range(N)
        ]
        for c in range(N)
    ]
)
E = np.array([sum(SALES[c, d] for d in range(N) if d != c) for c in range(N)])
LAMBDA_EPS = (8.11, 10.6, 5.0)


def over_others(value: Callable[[int, int], float]) -> list[list[float]]:
    return [[value(c, j) for c in range(N) if c != j] for j in range(N)]


def s1() -> list[float]:
    return [sum((SHARE[c, j] / (1 - SHARE[j, j])) ** 2 for c in range(N) if c != j) for j in range(N)]


def s3() -> list[float]:
    hidden = []
    for j in range(N):
        w = np.array([F[i].sum() if i // S == j else 0.0 for i in CELLS])
        look, face = L @ w, w + A @ w
        hidden.append(sum(look[i] - face[i] for i in CELLS if i // S != j) / look.sum())
    return hidden


def s6() -> list[float]:
    lost = []
    for c in range(N):
        rest = [i for i in CELLS if i // S != c]
        x = np.linalg.solve(np.eye(6) - A[np.ix_(rest, rest)], F[rest].sum(axis=1))
        lost.append(1 - VC[rest] @ x / (VC @ X))
    return lost


def domestic_leontief(c: int) -> Array:
    own = [i for i in CELLS if i // S == c]
    return np.linalg.inv(np.eye(3) - A[np.ix_(own, own)])


def exports_of(c: int) -> Array:
    return np.array(
        [
            sum(Z[i, j] for j in CELLS if j // S != c) + sum(F[i, d] for d in range(N) if d != c)
            for i in CELLS
            if i // S == c
        ]
    )


def dva() -> list[float]:
    return [float(VC[c * S : c * S + S] @ domestic_leontief(c) @ exports_of(c)) for c in range(N)]


def davax() -> list[float]:
    found = []
    for s in range(N):
        V = VC[s * S : s * S + S] @ domestic_leontief(s)
        total = 0.0
        for r in range(N):
            if r != s:
                own, other = slice(s * S, s * S + S), slice(r * S, r * S + S)
                total += V @ (F[own, r] + A[own, other] @ domestic_leontief(r) @ F[other, r])
        found.append(float(total))
    return found


def cost(c: int, d: int, theta: float = 5) -> float:
    return float((SALES[c, c] * SALES[d, d] / (SALES[c, d] * SALES[d, c])) ** (1 / (2 * theta)) - 1)


def weighted_cost(c: int, others: list[int]) -> float:
    weights = [SALES[c, d] + SALES[d, c] for d in others]
    return sum(w * cost(c, d) for w, d in zip(weights, others, strict=True)) / sum(weights)


def others_of(c: int) -> list[int]:
    return [d for d in range(N) if d != c]


def foreign_input(j: int) -> float:
    return sum(A[i, j] for i in CELLS if i // S != j // S)


def content(per_output: Array) -> list[float]:
    return [float(per_output @ L @ F[:, j] / F[:, j].sum()) for j in range(N)]


def first_passage(j: int) -> float:
    """Mean first passage from every other country to j by following the walk for a long time."""
    walk = SALES / SALES.sum(axis=1)[:, None]
    total = 0.0
    for start in others_of(j):
        place = np.eye(N)[start]
        for _ in range(2000):
            place[j] = 0
            total += place.sum()
            place = place @ walk
    return total


def lambdas(j: int) -> tuple[list[float], list[float], list[float]]:
    """Domestic share, expenditure share and revenue share of each product in country j."""
    bought = [
        [sum(Z[c * S + s, k] for k in CELLS if k // S == j) + F[c * S + s, j] for c in range(N)] for s in range(S)
    ]
    spent = [sum(row) for row in bought]
    revenue = [X[j * S + s] for s in range(S)]
    return (
        [bought[s][j] / spent[s] for s in range(S)],
        [spent[s] / sum(spent) for s in range(S)],
        [revenue[s] / sum(revenue) for s in range(S)],
    )


def crc(j: int, form: int) -> float:
    share, e, r = lambdas(j)
    beta = [sum(F[c * S + s, j] for c in range(N)) for s in range(S)]
    if form == 1:
        total = sum(SALES[c, j] for c in range(N))
        return float(1 - (SALES[j, j] / total) ** (1 / 5))
    if form == 4:
        gamma = np.array([[sum(A[c * S + k, j * S + m] for c in range(N)) for m in range(S)] for k in range(S)])
        weight = np.linalg.inv(np.eye(S) - gamma) @ (np.array(beta) / sum(beta))
        return float(1 - np.exp(sum(weight[k] * np.log(share[k]) / LAMBDA_EPS[k] for k in range(S))))
    inner = [share[s] * (e[s] / r[s] if form == 3 else 1) for s in range(S)]
    return float(1 - np.prod([inner[s] ** (beta[s] / sum(beta) / LAMBDA_EPS[s]) for s in range(S)]))


Q = TABLE.extensions["emissions"].values / X
HOUSEHOLDS = (1.0, 2.0, 3.0)
TARIFF = TABLE.extensions["tariff"].values


def emitted(c: int, j: int) -> float:
    """Emissions in country c for the final demand of country j."""
    return sum(Q[i] * (L @ F)[i, j] for i in CELLS if i // S == c)


def adjusted() -> list[float]:
    traded = [sum((L @ F)[c * S + s, d] for c in range(N) for d in range(N) if d != c) for s in range(S)]
    carbon = [sum(Q[c * S + s] * (L @ F)[c * S + s, d] for c in range(N) for d in range(N) if d != c) for s in range(S)]
    return [
        sum(emitted(c, j) for j in range(N))
        - sum(carbon[s] / traded[s] * (L @ F)[c * S + s, d] for s in range(S) for d in others_of(c))
        + sum(emitted(d, c) for d in others_of(c))
        + HOUSEHOLDS[c]
        for c in range(N)
    ]


def asymmetry(pairs: list[tuple[int, int]]) -> float:
    return sum(abs(SHARE[c, d] - SHARE[d, c]) for c, d in pairs) / sum(SHARE[c, d] + SHARE[d, c] for c, d in pairs)


def mean_difference(values: list[float]) -> float:
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) * sum(values))


PEOPLE = TABLE.extensions["population"].values
EXPORTED = [sum(O[c, j] for j in others_of(c)) for c in range(N)]
OBVIOUS: dict[str, list[float]] = {
    "S1": s1(),
    "S2": [max(row) for row in over_others(lambda c, j: SHARE[c, j])],
    "S3": s3(),
    "S6": s6(),
    "R1": [float(np.sqrt(sum(((L @ F)[i, j] / F[:, j].sum()) ** 2 for i in CELLS))) for j in range(N)],
    "M1": [weighted_cost(c, others_of(c)) for c in range(N)],
    "M2": [sum(foreign_input(k) * L[k, j] * F[j, d] for k in CELLS for j in CELLS) / F[:, d].sum() for d in range(N)],
    "M2.tariffs": content((TARIFF * A).sum(axis=0)),
    "M3": [2.9, 3.4, 4.1],
    "M4": [N / first_passage(j) for j in range(N)],
    "E1.1": [crc(j, 1) for j in range(N)],
    "E1.2": [crc(j, 2) for j in range(N)],
    "E1.3": [crc(j, 3) for j in range(N)],
    "E1.4": [crc(j, 4) for j in range(N)],
    "E3": content(np.where(np.arange(9) % S == 2, VC, 0)),
    "O1": [E[c] / GDP[c] for c in range(N)],
    "O2": [1 - SHARE[j, j] for j in range(N)],
    "O3": [dva()[c] / E[c] for c in range(N)],
    "O5": [
        sum(TARIFF[i, j] * Z[i, j] for i in CELLS for j in CELLS if j // S == c != i // S)
        / sum(Z[i, j] for i in CELLS for j in CELLS if j // S == c != i // S)
        for c in range(N)
    ],
    "I1": [EXPORTED[c] / sum(EXPORTED) / (GDP[c] / sum(GDP)) for c in range(N)],
    "I2": [1 - davax()[c] / E[c] for c in range(N)],
    "I2.backward": [1 - dva()[c] / E[c] for c in range(N)],
    "I2.forward": [(dva()[c] - davax()[c]) / E[c] for c in range(N)],
    "I3": [1 - sum((O[c, j] / EXPORTED[c]) ** 2 for j in others_of(c)) for c in range(N)],
    "I4": [],
    "B2": [asymmetry([(c, d) for d in others_of(c)]) for c in range(N)],
    "B4": [],
    "G1.production": [sum(Q[i] * X[i] for i in CELLS if i // S == c) + HOUSEHOLDS[c] for c in range(N)],
    "G1.consumption": [sum(emitted(c, j) for c in range(N)) + HOUSEHOLDS[j] for j in range(N)],
    "G1.balance": [sum(emitted(c, j) - emitted(j, c) for j in range(N)) for c in range(N)],
    "G2": content(Q),
    "G3": adjusted(),
    "D1": content(np.where(np.arange(9) % S == 1, VC, 0)),
    "D2": content(np.where(np.arange(9) % S == 1, VC, 0)),
    "D3": content(TABLE.extensions["research"].values / X),
}
OBVIOUS_WORLD: dict[str, float] = {
    "R1": float(np.sqrt(sum(x**2 for x in X)) / GDP.sum()),
    "M2": sum(foreign_input(k) * L[k, j] * F[j].sum() for k in CELLS for j in CELLS) / F.sum(),
    "O1": sum(E) / sum(GDP),
    "O2": sum(EXPORTED) / O.sum(),
    "I2": 1 - sum(davax()) / sum(E),
    "I4": sum(GDP[c] / GDP.sum() * np.log(GDP[c] / PEOPLE[c] / (GDP.sum() / PEOPLE.sum())) for c in range(N)),
    "B2": asymmetry([(0, 1), (0, 2), (1, 2)]),
    "B4": mean_difference([crc(j, 4) for j in range(N)]),
    "G3": float(TABLE.extensions["emissions"].values.sum() + 6),
}


def values_of(records: list[Record], symbol: str) -> list[float | None]:
    return [record.value for record in records if record.symbol == symbol and record.country != WORLD]


def world_of(records: list[Record], symbol: str) -> float | None:
    return next(record.value for record in records if record.symbol == symbol and record.country == WORLD)


@pytest.mark.parametrize("symbol", OBVIOUS)
def test_an_indicator_is_the_obvious_calculation(symbol: str) -> None:
    assert values_of(ask(TABLE, DECLARED[symbol]), symbol) == pytest.approx(OBVIOUS[symbol], rel=1e-10)


@pytest.mark.parametrize("symbol", OBVIOUS_WORLD)
def test_the_worlds_number_is_the_obvious_calculation(symbol: str) -> None:
    assert world_of(ask(TABLE, DECLARED[symbol]), symbol) == pytest.approx(OBVIOUS_WORLD[symbol], rel=1e-10)


def test_no_indicator_is_left_out_of_the_comparison() -> None:
    apart = {"O4", "D4", "E1.5", "R3"} | {each.symbol for each in INDICATORS.values() if each.costly}
    apart |= {"S3.look_through", "S3.face_value", "S3.inputs", "S3.sales", "S4", "S5", "O4.share", "G4"}
    apart |= {symbol for symbol in INDICATORS if symbol.startswith(("D5", "D6"))}
    apart |= {"M3.shipping", "M3.facilitation", *(symbol for symbol in INDICATORS if symbol.startswith("I1."))}
    # have tests of their own, here and in test_measures_by_cell.py
    assert set(INDICATORS) == set(OBVIOUS) | apart


def test_the_wall_between_blocs_compares_costs_across_with_costs_within() -> None:
    found = values_of(measure(TABLE, symbols=["O4"]), "O4")
    across = [weighted_cost(0, [1, 2]), weighted_cost(1, [0]), weighted_cost(2, [0])]
    assert found[0] is None  # alone in its bloc
    assert found[1:] == pytest.approx([across[1] / cost(1, 2) - 1, across[2] / cost(2, 1) - 1])


def test_complexity_ranks_who_makes_the_rare_thing_first() -> None:
    exports = np.array([[5.0, 5, 5, 5], [5, 5, 5, 0], [5, 5, 0, 0], [5, 0, 0, 0]])
    index = complexity(exports)
    assert list(np.argsort(-index)) == [0, 1, 2, 3]
    assert index.mean() == pytest.approx(0, abs=1e-12)
    assert index.std() == pytest.approx(1)
    np.testing.assert_allclose(complexity(exports[:, ::-1] * 3), index)


@given(st.integers(2, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_values_stay_in_the_range_that_is_declared(n_countries: int, n_industries: int, seed: int) -> None:
    table = synthetic_table(n_countries, n_industries, seed=seed)
    for record in (record for declared in CHEAP.values() for record in ask(table, declared)):
        low, high = DECLARED[record.symbol].range
        if record.value is not None:
            assert low - 1e-9 <= record.value <= high + 1e-9, record


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_the_unit_of_money_and_the_order_of_countries_do_not_matter(seed: int) -> None:
    table = synthetic_table(4, 2, seed=seed)
    order = [2, 0, 3, 1]
    cells = np.concatenate([table.cells([table.countries[c]]) for c in order])
    turned = replace(
        table,
        countries=tuple(table.countries[c] for c in order),
        Z=table.Z[np.ix_(cells, cells)] * 1000,
        F=table.F[np.ix_(cells, order)] * 1000,
    )
    for symbol, declared in CHEAP.items():
        if symbol != "D4":  # its sign is open where diversity says nothing
            before, after = (
                {each.country: each.value for each in ask(version, declared)} for version in (table, turned)
            )
            assert after.keys() == before.keys()
            for country, value in before.items():
                assert after[country] == (value if value is None else pytest.approx(value, rel=1e-7, abs=1e-9)), symbol


def test_adding_industries_together_leaves_the_total_trade_measures_alone() -> None:
    small = TABLE.aggregate(industries=dict.fromkeys(TABLE.industries, "all"))
    for symbol in ("O1", "M1", "M4", "E1.1"):
        assert values_of(measure(small), symbol) == pytest.approx(values_of(measure(TABLE), symbol))


def test_a_country_that_trades_with_none_is_undefined_with_the_reason() -> None:
    home = np.kron(np.eye(2), np.full((2, 2), 1.0))
    table = WorldTable(("A", "B"), ("i", "j"), ("f",), home, np.kron(np.eye(2), np.full((2, 1), 5.0)), 2000, "$")
    records = measure(table, symbols=["S1", "O1", "M1", "I2"])
    assert [record.value for record in records if record.symbol == "O1"] == [0, 0, 0]
    undefined = [record for record in records if record.symbol in {"S1", "M1", "I2"}]
    assert {record.value for record in undefined} == {None}
    assert undefined[0].reason == UNDEFINED


def test_what_is_missing_is_said_not_guessed() -> None:
    records = {record.symbol: record for record in measure(read("leather"))}
    assert records["G1.production"].value is None
    assert records["G1.production"].reason == "The table has no extension 'emissions'."
    assert records["D1"].reason == "Nothing is known of the industry 'agriculture' of classification ''."


def test_a_chain_is_measured_through_its_cells() -> None:
    chain = TABLE.cells(industries=["C26"])
    records = measure(TABLE, cells=chain)
    seen = L @ np.where((np.arange(9) % S == 1)[:, None], F, 0)
    origins = np.array([[sum(VC[i] * seen[i, j] for i in CELLS if i // S == c) for j in range(N)] for c in range(N)])
    share = origins / origins.sum(axis=0)
    assert values_of(records, "S2") == pytest.approx([max(share[c, j] for c in others_of(j)) for j in range(N)])
    exported = [exports_of(c)[1] for c in range(N)]
    assert values_of(records, "O1") == pytest.approx([exported[c] / GDP[c] for c in range(N)])
    whole = next(record for record in records if record.symbol == "S6")
    assert whole.reason == "It is a property of a whole economy, not of some of its products."
    parts = [export_content(TABLE.on(TABLE.cells(industries=[industry]))) for industry in TABLE.industries]
    np.testing.assert_allclose(sum(part.forward for part in parts), export_content(TABLE).forward)


def test_records_come_by_property_in_the_order_of_the_mission() -> None:
    seen = list(dict.fromkeys(record.property for record in measure(TABLE)))
    assert seen == list(PROPERTIES)
    assert {record.property for record in measure(TABLE, properties=["green"])} == {"green"}


def test_bounds_enclose_the_value() -> None:
    bounded = [record for record in measure(TABLE, symbols=["M1", "E1.1"]) if record.country != WORLD]
    assert all(record.low < record.value < record.high for record in bounded)  # type: ignore[operator]


def test_a_declaration_says_what_it_is_in_words() -> None:
    declared = INDICATORS["S1"]
    assert declared.name == "origin concentration"
    assert declared.description == "Concentration of the foreign value added in each country's final demand."
    assert all(each.description.endswith(".") and each.source and each.unit for each in INDICATORS.values())
    with pytest.raises(ValueError, match="'cheap' is none of the properties secure, stable"):
        indicator(symbol="X", property="cheap", unit="1", range=(0, 1), sense=1, source="")


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_what_is_hidden_is_never_negative_and_shares_add_up(seed: int) -> None:
    table = synthetic_table(3, 3, seed=seed)
    basket = np.random.default_rng(seed).random((9, 2))
    found = exposure(table, basket)
    assert (found.hidden >= -1e-12).all()
    np.testing.assert_allclose(found.look_through.sum(axis=0), 1)
    inputs = input_exposure(table, basket)
    np.testing.assert_allclose(inputs.look_through.sum(axis=0), 1)
    np.testing.assert_allclose(inputs.face_value.sum(axis=0), 1)


def test_visits_on_the_way_are_counted_over_all_chains() -> None:
    visits = pass_through(TABLE, 3, 1)
    np.testing.assert_allclose(visits, [L[3, k] * L[k, 1] / L[3, 1] for k in CELLS])
    assert visits[3] >= 1
    assert visits[1] >= 1
    power = np.eye(9)
    length = weight = 0.0
    for step in range(1, 200):
        power = power @ A
        length += step * power[3, 1]
        weight += power[3, 1]
    assert propagation_length(TABLE, 3, 1) == pytest.approx(length / weight)


def test_without_a_chain_there_are_no_visits() -> None:
    alone = WorldTable(("A", "B"), ("i",), ("f",), np.eye(2), np.eye(2), 2000, "$")
    assert pass_through(alone, 0, 1).tolist() == [0, 0]
    assert np.isnan(propagation_length(alone, 0, 1))


def test_a_group_has_the_share_of_its_members() -> None:
    exports, product = group_share(TABLE, ["ARG", "TUR"])
    assert exports == pytest.approx((EXPORTED[0] + EXPORTED[1]) / sum(EXPORTED))
    assert product == pytest.approx((GDP[0] + GDP[1]) / sum(GDP))
    with pytest.raises(KeyError, match="no country 'FRA'"):
        group_share(TABLE, ["FRA"])


def test_the_gini_of_equals_is_zero_and_of_one_winner_nearly_one() -> None:
    assert gini(np.ones(5)) == 0
    assert gini(np.eye(100)[0]) == pytest.approx(0.99)

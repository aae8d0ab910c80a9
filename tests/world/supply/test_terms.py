"""What both sides state: prices and mutual shares by hand, against drawn shares, and only in the same unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.supply import Amount, Needs, Supplier, needs_of, source_values
from serai.world.supply.figures import AGREE, CHANGE
from serai.world.supply.needs import THETA_SPREAD
from serai.world.supply.terms import price_change, share_in_input, share_in_sales, terms_of
from tests.world.supply.test_stoppage import BY_HAND

RATIOS = st.floats(0.01, 100)
THETAS = st.floats(0.05, 0.7)


def need(**stated: Amount) -> Needs:
    given = {name: {0: amount} for name, amount in stated.items()}
    return needs_of(BY_HAND, [("salts", "KOR")], theta={0: 0.3}, **given)  # type: ignore[arg-type]


def test_the_price_of_the_input_by_hand() -> None:
    # three tenths at 8 in the place of 10: the input costs 6 % less, between 4.2 and 7.8 % as theta is .21 to .39
    cheaper, other = Supplier("AUS", {"salts": Amount(8, "USD / kg")}), Supplier("CHL", {"cells": Amount(8, "USD/kg")})
    values = source_values(BY_HAND, need(price=Amount(10, "USD/kg")), [cheaper, other, "AUS"])
    row = {row["property"]: row for row in values.records(0, 0)}["efficient"]
    assert [row["change"], row["low"], row["high"]] == pytest.approx([-0.06, -0.078, -0.042])
    assert (row["told"], row["grade"]) == ("better", "A")
    assert [figure.change for figure in values.further(0, 0) if "price" in figure.about] == pytest.approx([-0.2])
    assert ("efficient", -1, "-6.0e-02") in values.verdict(0, 0)
    assert values.better(0, 0) == values.better(0, "AUS") + 1
    for silent in (1, 2, "AUS"):
        assert {row["property"]: row["told"] for row in values.records(0, silent)}["efficient"] == "not measured"


def test_mutual_shares_by_hand() -> None:
    # three tenths of 100 is 30: of sales of 20, then 50, that is .6; of sales of 970, then 1,000, it is .03
    small, large = (Supplier("AUS", sales=Amount(sales, "EUR a year")) for sales in (20.0, 970.0))
    values = source_values(BY_HAND, need(value=Amount(100, "EUR a year")), [small, large])
    rows = [{row["property"]: row for row in values.records(0, place)}["mutual"] for place in range(2)]
    assert [row["change"] for row in rows] == pytest.approx([0.3, 0.3])
    assert [row["told"] for row in rows] == [
        "the supplier depends more on the buyer",
        "the buyer depends more on the supplier",
    ]
    sales = [figure for place in range(2) for figure in values.further(0, place) if figure.property == "mutual"]
    assert [figure.change for figure in sales] == pytest.approx([0.6, 0.03])
    assert [sales[0].low, sales[0].high] == pytest.approx([21 / 41, 39 / 59])
    assert values.better(0, 0) == values.better(0, "AUS")  # who depends on whom is neither better nor worse


@pytest.mark.parametrize("unit", ["EUR/kg", "USD/t", "USD", "USD/KG"])
def test_amounts_in_other_units_are_not_compared(unit: str) -> None:
    terms = terms_of(BY_HAND, need(price=Amount(10, "USD/kg")), [Supplier("AUS", {"salts": Amount(8, unit)})])
    assert np.isnan(terms.price).all()
    assert np.isnan(terms.weight).all()


@pytest.mark.parametrize(("value", "unit"), [(0.0, "USD"), (-1.0, "USD"), (float("nan"), "USD"), (1.0, " ")])
def test_an_amount_needs_a_number_above_nothing_and_a_unit(value: float, unit: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        Amount(value, unit)


def test_terms_are_those_of_each_pair() -> None:
    random = np.random.default_rng(0)
    pairs = [(BY_HAND.nodes[random.integers(3)], "KOR") for _ in range(12)]

    def some() -> Amount | None:
        return (
            Amount(float(random.uniform(1, 9)), str(random.choice(["USD", "EUR"]))) if random.random() < 0.8 else None
        )

    prices = {place: amount for place in range(12) if (amount := some())}
    values = {place: amount for place in range(12) if (amount := some())}
    suppliers = [
        Supplier("AUS", {code: amount for code in BY_HAND.nodes if (amount := some())}, some()) for _ in range(9)
    ]
    terms = terms_of(BY_HAND, needs_of(BY_HAND, pairs, price=prices, value=values), suppliers)
    for place, (node, _) in enumerate(pairs):
        for number, supplier in enumerate(suppliers):
            price, now = supplier.prices.get(node), prices.get(place)
            alike = price and now and price.unit == now.unit
            assert terms.price[place, number] == pytest.approx(
                price.value / now.value if alike else np.nan,  # type: ignore[union-attr]
                nan_ok=True,
            )
            value, sales = values.get(place), supplier.sales
            alike = value and sales and value.unit == sales.unit
            assert terms.weight[place, number] == pytest.approx(
                value.value / sales.value if alike else np.nan,  # type: ignore[union-attr]
                nan_ok=True,
            )


@given(RATIOS, THETAS)
@settings(max_examples=60, deadline=None)
def test_intervals_and_signs_are_those_of_drawn_thetas(ratio: float, theta: float) -> None:
    share = np.linspace(1 - THETA_SPREAD, 1 + THETA_SPREAD, 4001) * theta  # a uniform distribution without its noise
    values = np.array([ratio])
    in_sales = share * ratio / (1 + share * ratio)
    drawn = (share * (ratio - 1), share, in_sales)
    figures = (price_change(values, theta), share_in_input(values, theta), share_in_sales(values, theta))
    for figure, draws in zip(figures, drawn, strict=True):
        assert [figure.low[0], figure.high[0]] == pytest.approx(np.quantile(draws, [0.05, 0.95]), abs=1e-6)
        assert figure.low[0] - 1e-12 <= figure.change[0] <= figure.high[0] + 1e-12
    assert figures[0].told[0] == (np.sign(ratio - 1) if abs(theta * (ratio - 1)) > CHANGE else 0)
    more = in_sales - share
    sign = np.sign(theta * ratio / (1 + theta * ratio) - theta)
    agree = (np.sign(more) == sign).mean()
    if abs(agree - AGREE) > 0.001 and abs(abs(more[2000]) - CHANGE * theta) > 1e-9:
        assert figures[1].told[0] == (sign if agree > AGREE and abs(more[2000]) > CHANGE * theta else 0)


@given(RATIOS, THETAS)
@settings(max_examples=60, deadline=None)
def test_a_dearer_supplier_never_makes_the_input_cheaper_and_shares_stay_shares(ratio: float, theta: float) -> None:
    values = np.array([ratio, ratio * 1.5])
    assert np.diff(price_change(values, theta).change)[0] > 0
    figure = share_in_sales(values, theta)
    assert 0 < figure.change[0] < figure.change[1] < 1

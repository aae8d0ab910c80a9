"""A link's value by rank-one updates is what a table rebuilt with the link shows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.links import Links, links_between, value_of_links
from serai.world.links.candidates import capable, capable_of, lawful, order_of, within_capacity
from serai.world.links.risk import Disruptions, country_outages, insurance_premium, risk_of, variety_gain
from serai.world.links.structure import change_of, output_after
from serai.world.measures.digital import ict_content
from serai.world.measures.mutual import dependence_asymmetry
from serai.world.measures.openness import foreign_share_of_final_demand
from serai.world.measures.secure import largest_dependence, origin_concentration
from serai.world.measures.smooth import borders_crossed, cumulative_tariffs
from serai.world.measures.stable import network_volatility
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks.inputs import inputs_of
from serai.world.table import Array, Extension, WorldTable
from serai.world.trade import Exports

tables = st.builds(synthetic_table, st.integers(3, 5), st.integers(2, 4), seed=st.integers(0, 2**32 - 1))


def with_extensions(table: WorldTable, seed: int) -> WorldTable:
    random = np.random.default_rng(seed)
    emissions = Extension(random.random(table.n) * table.x, "t")
    tariff = Extension(random.random((table.n, table.n)) / 5, "1", additive=False)
    coarse = dict(zip(table.industries, "CJGH", strict=False))
    return replace(
        table.aggregate(industries=coarse, classification="isic4-sections"),
        extensions={"emissions": emissions, "tariff": tariff},
    )


def rebuilt(table: WorldTable, links: Links) -> WorldTable:
    """The table solved anew with all these links in its coefficients."""
    A = table.A.copy()
    for buyer, supplier, share in zip(links.buyer, links.supplier, links.share, strict=True):
        cells = table.cells(None, [table.industries[table.industry_of[supplier]]])
        A[cells, buyer] -= share * table.A[cells, buyer]
        A[supplier, buyer] += share * table.A[cells, buyer].sum()
    x = np.linalg.solve(np.eye(table.n) - A, table.F.sum(axis=1))
    intensity = {
        name: replace(item, values=item.values / table.x * x) if name == "emissions" else item
        for name, item in table.extensions.items()
    }
    return replace(table, Z=A * x, extensions=intensity)


def draw_links(table: WorldTable, seed: int, k: int) -> Links:
    random = np.random.default_rng(seed)
    return links_between(
        random.integers(table.n, size=k), random.integers(table.n, size=k), random.uniform(0.01, 0.9, k)
    )


def close(found: Array, expected: Array | float, scale: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10 * max(scale, 1e-30))


@given(tables, st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_each_property_changes_as_in_the_table_rebuilt(table: WorldTable, seed: int) -> None:
    table = with_extensions(table, seed)
    links = draw_links(table, seed, 3)
    value = value_of_links(table, links, least_developed=table.countries[:1])
    for k in range(len(links)):
        after, home = rebuilt(table, links[k : k + 1]), int(table.country_of[links.buyer[k]])
        for name, indicator in {
            "concentration": origin_concentration,
            "largest dependence": largest_dependence,
            "borders": borders_crossed,
            "tariffs": cumulative_tariffs,
            "foreign share": foreign_share_of_final_demand,
            "asymmetry": dependence_asymmetry,
            "information": ict_content,
        }.items():
            old, new = indicator(table).values[home], indicator(after).values[home]
            close(value.of(name)[k], new - old, abs(old))
        worlds = network_volatility(table).world, network_volatility(after).world
        assert worlds[0] is not None
        assert worlds[1] is not None
        close(value.of("volatility")[k], worlds[1] - worlds[0], worlds[0])
        gains, seller = after.gdp - table.gdp, int(table.country_of[links.supplier[k]])
        close(value.of("gain of the buyer")[k], gains[home], table.gdp.sum())
        close(value.of("gain of the supplier")[k], gains[seller], table.gdp.sum())
        close(value.of("smaller gain")[k], min(gains[home], gains[seller]), table.gdp.sum())
        close(value.of("least developed")[k], gains[0], table.gdp.sum())
        emitted = [each.extensions["emissions"].values.sum() for each in (table, after)]
        close(value.of("emissions")[k], emitted[1] - emitted[0], emitted[0])
    assert not value.missing


@given(tables, st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_links_together_are_the_table_rebuilt_and_those_of_one_buyer_add(table: WorldTable, seed: int) -> None:
    links = draw_links(table, seed, 6)
    links = replace(links, share=links.share / 6)
    np.testing.assert_allclose(output_after(table, links), rebuilt(table, links).x, rtol=1e-10)
    one_buyer = replace(links, buyer=np.full(6, links.buyer[0]))
    np.testing.assert_allclose(output_after(table, one_buyer), rebuilt(table, one_buyer).x, rtol=1e-10)


def test_moving_nothing_changes_nothing_and_value_added_is_conserved() -> None:
    table = read()
    links = draw_links(table, 1, 50)
    assert np.abs(change_of(table, replace(links, share=links.share * 0)).gains).max() == 0
    gains = change_of(table, links).gains
    np.testing.assert_allclose(gains.sum(axis=1), 0, atol=1e-12 * table.gdp.sum())


def disruptions(table: WorldTable, seed: int, scenarios: int = 6) -> Disruptions:
    random = np.random.default_rng(seed)
    lost = random.random((table.n, scenarios)) * (random.random((table.n, scenarios)) < 0.3)
    return Disruptions(lost, random.dirichlet(np.ones(scenarios)))


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=10)
def test_relief_is_the_derivative_of_the_expected_loss(seed: int) -> None:
    table = synthetic_table(4, 4, seed=seed % 1000)
    risk = risk_of(table, disruptions(table, seed))
    links = draw_links(table, seed, 5)
    product, step = table.industry_of[links.supplier], 1e-6
    gradient = risk.gradient(links, product)
    largest = np.abs(risk.all_pairs()).max()
    for k in range(len(links)):
        after = risk.resolved(replace(links[k : k + 1], share=np.array([step])))
        assert (risk.expected - after.expected) / step == pytest.approx(gradient[k], abs=1e-3 * largest)


def test_all_pairs_in_one_product_are_the_links_one_by_one() -> None:
    table = synthetic_table(4, 3, seed=5)
    risk = risk_of(table, disruptions(table, 5))
    buyer, supplier = (each.ravel() for each in np.mgrid[: table.n, : table.n])
    links = links_between(buyer, supplier, 1e-7)
    product = table.industry_of[supplier]
    for weights in (None, risk.tail(0.8)):
        found = risk.all_pairs(weights).ravel()
        np.testing.assert_allclose(found, risk.gradient(links, product, weights), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(risk.local(links, product, weights) * 1e7, found, atol=1e-5 * np.abs(found).max())


def test_local_relief_of_a_whole_share_is_nearer_to_the_solution_than_the_gradient() -> None:
    table = read()
    risk = risk_of(table, country_outages(table))
    links = draw_links(table, 3, 40)
    links = replace(links, share=np.full(40, 0.3))
    product = table.industry_of[links.supplier]
    exact = np.array([risk.expected - risk.resolved(links[k : k + 1]).expected for k in range(40)])
    local, gradient = risk.local(links, product), 0.3 * risk.gradient(links, product)
    assert np.abs(local - exact).sum() <= np.abs(gradient - exact).sum()
    assert np.abs(local - exact).sum() < 0.2 * np.abs(exact).sum()


def test_the_tail_weights_give_the_mean_of_the_worst() -> None:
    table = synthetic_table(3, 3, seed=1)
    risk = risk_of(table, Disruptions(disruptions(table, 2, 10).lost, np.full(10, 0.1)))
    worst = np.sort(risk.losses)[-2:].mean()
    assert risk.tail(0.8) @ risk.losses == pytest.approx(worst)
    assert risk.tail(0.0) @ risk.losses == pytest.approx(risk.expected)


def test_a_healthier_source_than_the_mix_is_better_in_every_draw() -> None:
    table = read()
    china, india = table.cell("CHN", "C"), table.cell("IND", "C")
    only_china = Disruptions((table.country_of == table.countries.index("CHN"))[:, None] * 0.5, np.ones(1))
    value = value_of_links(table, links_between([table.cell("CHN", "F")], [india], 0.2), disruptions=only_china)
    place = [aspect.name for aspect in value.aspects].index("expected loss")
    assert value.better[0, place] in {0.0, 1.0}
    back = value_of_links(table, links_between([table.cell("USA", "C")], [china], 0.2), disruptions=only_china)
    assert back.worse[0, place] == 1
    assert "tariffs" in value.missing
    weighted = value.weighted({"foreign share": 2.0, "volatility": 1.0})
    np.testing.assert_allclose(weighted, 2 * value.of("foreign share") - value.of("volatility"))
    with pytest.raises(KeyError, match="Nothing is known of 'beauty'"):
        value.of("beauty")


def test_filters_keep_what_can_be_and_premiums_price_it() -> None:
    table = read()
    links = draw_links(table, 4, 200)
    room = within_capacity(table, links, 0.05)
    assert (order_of(table, links)[room] <= 0.05 * table.x[links.supplier[room]]).all()
    assert 0 < capable(table, links).mean() < 1
    ban = lawful(table, links, [("CHN", "USA")])
    buyer, seller = (np.array(table.countries)[table.country_of[each]] for each in (links.buyer, links.supplier))
    assert (~ban == (buyer == "CHN") & (seller == "USA")).all()
    premium = insurance_premium(np.array([100.0, 100.0]), 0.1, np.array([5.0, 0.0]))
    assert premium.tolist() == [2.0, np.inf]
    gain = variety_gain(table, links, np.full(table.n_industries, 5.0))
    assert (gain >= 0).all()
    with pytest.raises(ValueError, match="between 0 and below 1"):
        links_between([0], [1], 1.0)


def test_links_price_the_same_whatever_comes_with_them() -> None:
    table = read()
    links = draw_links(table, 6, 30)
    together, one = value_of_links(table, links), value_of_links(table, links[7:8])
    np.testing.assert_allclose(together.values[7], one.values[0], rtol=1e-9, atol=1e-16)
    assert inputs_of(table).n == table.n


def test_a_country_is_able_where_it_exports_with_advantage_or_makes_what_is_close() -> None:
    table = read()
    values = np.array([[9.0, 0.0, 1.0], [1.0, 9.0, 1.0], [1.0, 1.0, 9.0]])
    exports = Exports(("CHN", "DEU", "USA"), ("8507", "8703", "2711"), values, 2017)
    able = dict(zip(table.countries, capable_of(exports, table, "8507"), strict=True))
    assert (able["CHN"], able["DEU"], able["USA"]) == (True, False, False)
    assert able["ROW"]  # nothing is known of it
    assert capable_of(exports, table, "8507", density=0.0).all()

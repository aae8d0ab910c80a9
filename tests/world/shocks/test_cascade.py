"""ESRI: the published toy, and the fixed point by brute force on random networks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.firm_generator import generate_network
from serai.world.firm_network import FirmNetwork, sorted_links
from serai.world.measures import measure
from serai.world.measures.stable import with_systemic_risk
from serai.world.readers import read
from serai.world.shocks import Scenario, Status, run
from serai.world.shocks.cascade import cascade
from serai.world.shocks.cascade.essential import essential_inputs
from serai.world.shocks.cascade.systemic_risk import systemic_risk
from serai.world.table import Array


def network(
    supplier: list[int], buyer: list[int], value: list[float], product: list[int], size: list[float]
) -> FirmNetwork:
    n, made = len(size), np.array(product)
    links = sorted_links(n, np.array(supplier), np.array(buyer), np.array(value), made[supplier])
    codes = np.zeros(n, dtype=int)
    products = tuple(f"p{code}" for code in range(max(product) + 1))
    return FirmNetwork(("X",), ("C",), products, codes, codes, made, np.array(size), unit="$", **links)


TOY = network([0, 1, 2, 4, 4], [2, 2, 3, 2, 3], [6, 4, 20, 2, 5], [0, 0, 1, 2, 3], [6, 4, 20, 40, 7])
ESSENTIAL = ["p0", "p1"]
PUBLISHED = {
    False: [0.545455, 0.363636, 0.935065, 1.0, 0.238095],
    True: [0.545455, 0.259740, 0.935065, 1.0, 0.238095],
}


@pytest.mark.parametrize("replaceable", [False, True])
def test_the_toy_gives_the_known_index(replaceable: bool) -> None:
    found = systemic_risk(TOY, essential=ESSENTIAL, replaceable=replaceable, tolerance=1e-9, threads=1)
    np.testing.assert_allclose(found.combined, PUBLISHED[replaceable], atol=6e-7)
    alone = [cascade(TOY, firms=[firm], essential=ESSENTIAL, replaceable=replaceable) for firm in range(5)]
    np.testing.assert_allclose([each.answer.index for each in alone], PUBLISHED[replaceable], atol=6e-7)


def test_a_loss_that_runs_in_a_circle_for_long_is_followed_to_its_end() -> None:
    """Three firms buy from one another and hardly from the fourth: each round loses a ten-thousandth only."""
    ring = network([0, 1, 2, 3], [1, 2, 0, 0], [1e4, 1e4, 1e4, 1], [0, 0, 0, 0], [1e4, 1e4, 1e4, 1])
    leaking = network([0, 1, 2, 2], [1, 2, 0, 3], [1e4, 1e4, 1e4, 1], [0, 0, 0, 0], [1e4, 1e4, 1e4, 1])
    for some, lost in ((ring, 1.0), (leaking, 1e4 / (1e4 + 1))):
        found = systemic_risk(some, essential=[], replaceable=False, tolerance=1e-7, threads=1)
        alone = cascade(some, firms=[0], essential=[], replaceable=False)
        assert alone.status is Status.SOLVED
        np.testing.assert_allclose(alone.answer.upstream[1:3], lost, rtol=1e-9)
        np.testing.assert_allclose(found.combined[0], alone.answer.index, atol=1e-6)


@st.composite
def networks(draw: st.DrawFn) -> FirmNetwork:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m, products = draw(st.integers(2, 15)), draw(st.integers(1, 40)), draw(st.integers(1, 4))
    ends = np.column_stack([[0, 1], random.integers(n, size=(2, m))])
    ends = ends[:, ends[0] != ends[1]]
    product = random.integers(products, size=n)
    product[0] = products - 1
    value = random.pareto(1.1, ends.shape[1]) + 0.1
    sizes = (random.pareto(1.1, n) + 0.1).tolist()
    return network(ends[0].tolist(), ends[1].tolist(), value.tolist(), product.tolist(), sizes)


def brute_force(given: FirmNetwork, lost: Array, essential: Array, replaceable: bool) -> tuple[Array, Array]:
    """Losses downstream and upstream by iterating the equations from no loss, with dense matrices."""
    n, W = given.n, given.matrix.toarray()
    product, size = given.product, given.size
    bought, sold = W.sum(axis=0), W.sum(axis=1)
    down = lost.copy()
    for _ in range(100_000):
        left = np.bincount(product, size * (1 - down), len(given.products))[product]
        share = np.minimum(np.divide(size, left, out=np.ones(n), where=left > 0), 1) if replaceable else np.ones(n)
        gone = W * (share * down)[:, None]
        new = lost.copy()
        for p in range(len(given.products)):
            makers = product == p
            if essential[p]:
                all_of_it = W[makers].sum(axis=0)
                part = np.divide(gone[makers].sum(axis=0), all_of_it, out=np.zeros(n), where=all_of_it > 0)
                new = np.maximum(new, part)
        others = gone[~essential[product]].sum(axis=0)
        new = np.maximum(new, np.divide(others, bought, out=np.zeros(n), where=bought > 0))
        settled = np.abs(new - down).max() < 1e-15
        down = new
        if settled:
            break
    up = lost.copy()
    for _ in range(100_000):
        up, before = np.maximum(lost, np.divide(W @ up, sold, out=np.zeros(n), where=sold > 0)), up
        if np.abs(up - before).max() < 1e-15:
            break
    return down, up


@given(networks(), st.integers(0, 15), st.booleans(), st.floats(0.05, 1), st.data())
@settings(deadline=None, max_examples=15)
def test_losses_are_the_fixed_point_of_brute_force(
    some: FirmNetwork, mask: int, replaceable: bool, share: float, data: st.DataObject
) -> None:
    essential = np.array([bool(mask >> p & 1) for p in range(len(some.products))])
    failing = data.draw(st.lists(st.integers(0, some.n - 1), min_size=1, max_size=3))
    lost = np.zeros(some.n)
    lost[failing] = share
    names = [name for name, needed in zip(some.products, essential, strict=True) if needed]
    found = cascade(some, share, failing, essential=names, replaceable=replaceable)
    if found.status is not Status.SOLVED:
        assert not replaceable  # a circle of essential inputs that never dies out
        return
    down, up = brute_force(some, lost, essential, replaceable)
    np.testing.assert_allclose(found.answer.downstream, down, atol=1e-6)
    np.testing.assert_allclose(found.answer.upstream, up, atol=1e-6)
    np.testing.assert_allclose(found.output, some.size * np.maximum(down, up), atol=1e-6 * some.size.sum())


@given(networks(), st.integers(0, 15), st.booleans())
@settings(deadline=None, max_examples=8)
def test_the_index_of_each_firm_lies_within_its_error(some: FirmNetwork, mask: int, replaceable: bool) -> None:
    names = [name for p, name in enumerate(some.products) if mask >> p & 1]
    found = systemic_risk(some, essential=names, replaceable=replaceable, tolerance=1e-5, threads=1)
    for firm in range(some.n):
        alone = cascade(some, firms=[firm], essential=names, replaceable=replaceable)
        exact = alone.answer
        if alone.status is Status.SOLVED:  # else what still circles was cut, and the index lies above
            assert found.combined[firm] <= exact.index + 1e-5 + np.nan_to_num(found.error[firm])
        if np.isfinite(found.error[firm]):
            assert exact.index <= found.combined[firm] + found.error[firm] + 1e-6


def test_threads_and_the_order_of_firms_do_not_change_the_index() -> None:
    some = generate_network(read(), 500, links_each=4, seed=2)
    one = systemic_risk(some, threads=1)
    two = systemic_risk(some, threads=3)
    assert (two.combined == one.combined).all()
    certified = np.isfinite(one.error)
    assert certified.mean() > 0.9
    assert (one.error[certified] < 1e-3).all()


@given(networks(), st.booleans())
@settings(deadline=None, max_examples=8)
def test_nothing_fails_when_nothing_fails_and_more_failing_is_never_better(
    some: FirmNetwork, replaceable: bool
) -> None:
    nothing = cascade(some, firms=[], essential=[], replaceable=replaceable)
    assert nothing.output.sum() == 0
    one, both = (cascade(some, firms=firms, essential=["p0"], replaceable=replaceable) for firms in ([0], [0, 1]))
    assert (both.output >= one.output - 1e-9 * some.size.sum()).all()
    half = cascade(some, 0.5, [0], essential=["p0"], replaceable=replaceable)
    assert (half.output <= one.output + 1e-9 * some.size.sum()).all()


def test_goods_and_utilities_are_essential_where_nobody_says_otherwise() -> None:
    shops = replace(TOY, industries=("C", "G"), industry=np.array([0, 0, 0, 1, 1]))
    needed = essential_inputs(shops)
    assert needed[:, 0].tolist() == [True, True, True, False]  # p2 is sold by nobody, p3 by a shop
    with pytest.raises(ValueError, match="'cars' is no code of ISIC"):
        essential_inputs(replace(TOY, industries=("cars",)))
    with pytest.raises(ValueError, match=r"truth values of shape \(4, 1\)"):
        essential_inputs(TOY, np.ones((2, 2), dtype=bool))
    with pytest.raises(KeyError, match="no product 'steel'"):
        essential_inputs(TOY, ["steel"])


def test_a_scenario_of_failing_firms_is_answered() -> None:
    named = replace(TOY, names=("ore", "mine", "steel", "car", "tools"))
    result = run(named, Scenario("cascade", {"firms": ["mine"], "essential": ESSENTIAL}))
    assert result.share_of_gdp[0] == pytest.approx(0.259740, abs=1e-6)
    assert "Diem" in result.cite()
    with pytest.raises(KeyError, match="no firm 'shop'"):
        run(named, Scenario("cascade", {"firms": ["shop"]}))


def test_the_indicator_needs_a_network_and_takes_the_most_critical_firm() -> None:
    table = read()
    (missing,) = measure(table, symbols=["R3"])
    assert missing.reason == "The table has no extension 'systemic_risk'."
    firms = generate_network(table, 500, links_each=4, seed=2)
    seen = with_systemic_risk(table, firms, threads=1)
    index = systemic_risk(firms, threads=1).combined
    records = {record.country: record.value for record in measure(seen, symbols=["R3"])}
    china = firms.country == firms.countries.index("CHN")
    assert records["CHN"] == index[china].max()
    assert records["world"] == index.max()
    with pytest.raises(KeyError, match="no country 'X'"):
        with_systemic_risk(table, TOY, essential=ESSENTIAL)

"""The counterexamples to plain greedy are solved, the theorem holds, and the certificate bounds brute force."""

from collections.abc import Collection
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.links import links_between
from serai.world.links.candidates import capable, within_capacity
from serai.world.links.risk import Disruptions, Risk, country_outages, risk_of
from serai.world.portfolio import Backup, Limits, certify, choose, portfolio, promising_links
from serai.world.portfolio.choice import greedy
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks.inputs import group_inputs
from serai.world.shocks.shortage import shortage_solution


def problem(Z: np.ndarray, product: list[int], lost: np.ndarray, links: list[tuple[int, int, float]]) -> Backup:
    x = Z.sum(axis=0) + 1
    inputs = group_inputs(Z, x, product)
    solved = shortage_solution(inputs, lost, irreplaceable=0.999)
    given = Disruptions(lost, np.full(lost.shape[1], 1 / lost.shape[1]))
    chosen = links_between(*zip(*links, strict=True))
    weight = np.zeros(len(Z))
    weight[0] = 1
    return Backup(Risk(given, solved, weight), chosen, np.array(product)[chosen.supplier])


def test_two_links_that_are_worth_nothing_alone_are_chosen_together() -> None:
    """One buyer, two essential inputs whose only makers fail together."""
    Z = np.zeros((5, 5))
    Z[1, 0] = Z[2, 0] = 1
    lost = np.array([[0.0], [1], [1], [0], [0]])
    two = problem(Z, [0, 1, 2, 1, 2], lost, [(0, 3, 0.99), (0, 4, 0.99)])
    assert two.saved([0]) == pytest.approx(0, abs=1e-3)
    assert two.saved([1]) == pytest.approx(0, abs=1e-3)
    assert two.saved([0, 1]) > 0.9
    assert (0, 1) in two.bundles()
    assert choose(two.saved, 2, Limits(2), two.bundles()) == (0, 1)
    assert certify(two, Limits(2)).bound == pytest.approx(two.saved([0, 1]), abs=1e-6)


def test_a_link_that_pays_only_after_another_is_found() -> None:
    """Substitution: a new supplier that hangs on a bad source is a loss until its own source is mended."""
    values = {(): 0.0, (0,): -0.036, (1,): 0.0, (0, 1): 0.45, (2,): 0.1, (0, 2): 0.06, (1, 2): 0.1, (0, 1, 2): 0.5}

    def value(chosen: Collection[int]) -> float:
        return values[tuple(sorted(chosen))]

    assert choose(value, 3, Limits(2)) == (0, 1)
    assert choose(value, 3, Limits(3)) == (0, 1, 2)
    assert choose(value, 3, Limits(2, group=np.array([0, 0, 1]))) == (2,)
    assert choose(value, 3, Limits(3, effects=np.array([[-1.0, 0.5, 0.2]]))) == (2,)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_pure_relief_in_a_linear_model_is_submodular_and_greedy_keeps_its_promise(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, k = 7, 6
    T = random.random((n, n)) * 0.9 / n
    damage, weight = random.random(n), random.random(n)
    lowered = np.stack([T * (random.random((n, n)) < 0.15) / k for _ in range(k)])

    def value(chosen: Collection[int]) -> float:
        after = T - lowered[list(chosen)].sum(axis=0)
        return float(weight @ (np.linalg.solve(np.eye(n) - T, damage) - np.linalg.solve(np.eye(n) - after, damage)))

    every = {s: value(s) for size in range(k + 1) for s in map(frozenset, combinations(range(k), size))}
    for small, start in every.items():
        for more in range(k):
            for other in range(k):
                if more not in small and other not in small and more != other:
                    gain = every[small | {more}] - start
                    assert gain >= -1e-12
                    assert every[small | {more, other}] - every[small | {other}] <= gain + 1e-12
    best = max(found for chosen, found in every.items() if len(chosen) <= 3)
    assert value(greedy(value, k, Limits(3))) >= (1 - 1 / np.e) * best - 1e-12
    group = np.arange(k) % 3
    allowed = max(found for chosen, found in every.items() if Limits(3, group).allow(chosen))
    assert value(greedy(value, k, Limits(3, group))) >= allowed / 2 - 1e-12


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=6)
def test_the_certificate_is_the_best_of_brute_force_and_the_choice_is_near_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, products, k = 8, 3, 7
    product = [0, 1, 2, *random.integers(products, size=n - 3).tolist()]
    Z = random.random((n, n)) * (random.random((n, n)) < 0.4)
    lost = (random.random((n, 3)) < 0.3) * random.random((n, 3))
    links = [(int(random.integers(n)), int(random.integers(n)), float(random.uniform(0.1, 0.6))) for _ in range(k)]
    x = Z.sum(axis=0) + 1
    essential = random.random((products, n)) < 0.6
    inputs = group_inputs(Z, x, product)
    solved = shortage_solution(inputs, lost, irreplaceable=0.8, essential=essential)
    risk = Risk(Disruptions(lost, random.dirichlet(np.ones(3))), solved, random.random(n))
    chosen = links_between(*zip(*links, strict=True))
    some = Backup(risk, chosen, np.array(product)[chosen.supplier])
    limits = Limits(3, group=chosen.buyer, each=2)
    sets = [s for size in range(4) for s in combinations(range(k), size) if limits.allow(s)]
    best = max(some.saved(s) for s in sets)
    scale = risk.weight.sum()
    exact, loose = certify(some, limits), certify(some, limits, whole=False)
    assert exact.bound == pytest.approx(best, abs=1e-6 * scale)
    assert loose.bound >= best - 1e-6 * scale
    for rows in (0, 10, 40):  # a programme of some levels only is a bound too, between the best and all links together
        partial = certify(some, limits, most_rows=rows)
        assert best - 1e-6 * scale <= partial.bound <= some.saved(range(k)) + 1e-6 * scale
    assert some.saved(choose(some.saved, k, limits, some.bundles())) >= 0.95 * best - 1e-9


def test_a_portfolio_of_a_table_says_how_good_and_how_sure_it_is() -> None:
    table = synthetic_table(3, 3, seed=3)
    random = np.random.default_rng(0)
    links = links_between(random.integers(9, size=8), random.integers(9, size=8), 0.2)
    given = country_outages(table, 0.5)
    found = portfolio(table, links, Limits(3), given, probabilities=[np.array([0.8, 0.1, 0.1])])
    assert len(found.chosen) <= 3
    assert found.saved <= found.bound * (1 + 1e-9)
    assert found.gap < 0.01
    assert found.frequency.min() >= 0
    assert found.frequency.max() <= 1
    assert set(found.recommended) <= set(range(8))


def test_promising_links_touch_the_cells_save_something_and_can_be_delivered() -> None:
    table = read()
    risk = risk_of(table, country_outages(table))
    cells = table.cells(["CHN"], ["C"])
    links = promising_links(table, risk, cells, most=12)
    value = risk.all_pairs()[links.buyer, links.supplier]
    assert 0 < len(links) <= 12
    assert (np.diff(value) <= 0).all()
    assert (value > 0).all()
    assert (np.isin(links.buyer, cells) | np.isin(links.supplier, cells)).all()
    assert within_capacity(table, links).all()
    assert capable(table, links).all()

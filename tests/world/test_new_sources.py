"""The links chosen for needs are those that enumeration finds, and no choice exceeds the bound."""

from itertools import combinations

import numpy as np
import pytest

from serai.world.portfolio.new_sources import Gains, gains_of, joined, new_sources
from serai.world.supply import Link, difference, generate_supply, needs_of


def random_gains(seed: int, links: int = 8, needs: int = 3) -> Gains:
    random = np.random.default_rng(seed)
    need = tuple(random.integers(0, needs, links).tolist())
    single = random.random(links)
    pairs = {
        (a, b): float(max(single[a], single[b]) + random.random())
        for a, b in combinations(range(links), 2)
        if need[a] == need[b]
    }
    return Gains(need, single, pairs)


def best_by_trial(gains: Gains, suppliers: list[int], most: int, each: int) -> float:
    def saved(chosen: tuple[int, ...]) -> float:
        total = 0.0
        for need in {gains.need[link] for link in chosen}:
            of = [link for link in chosen if gains.need[link] == need]
            total += max([gains.single[link] for link in of] + [gains.pairs[pair] for pair in combinations(of, 2)])
        return total

    allowed = (
        chosen
        for size in range(most + 1)
        for chosen in combinations(range(len(gains.need)), size)
        if all(sum(suppliers[link] == one for link in chosen) <= each for one in set(suppliers))
    )
    return max(saved(chosen) for chosen in allowed)


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_exceeds_the_bound_which_is_exact_where_no_supplier_is_limited(seed: int) -> None:
    gains = random_gains(seed)
    free = new_sources(gains, list(range(8)), most=4, each=4)
    assert free.bound == pytest.approx(best_by_trial(gains, list(range(8)), 4, 4))
    assert free.gap < 0.2
    few = [number % 2 for number in range(8)]
    limited = new_sources(gains, few, most=4, each=1)
    assert len(limited.chosen) <= 2
    assert limited.saved <= best_by_trial(gains, few, 4, 1) + 1e-9
    assert best_by_trial(gains, few, 4, 1) <= limited.bound + 1e-9


def test_the_gain_of_a_link_is_what_the_difference_says_that_it_takes_away() -> None:
    network = generate_supply(6, 5, seed=1)
    needs = needs_of(network, [(network.nodes[0], network.countries[0]), (network.nodes[1], network.countries[1])])
    links = [Link(0, network.countries[2]), Link(0, network.countries[3]), Link(1, network.countries[2])]
    gains = gains_of(network, needs, links)
    assert gains.single == pytest.approx(np.maximum(difference(network, needs, links).moved, 0), abs=1e-6)
    assert set(gains.pairs) == {(0, 1)}


def test_several_chains_are_numbered_from_one_to_the_next() -> None:
    one, other = random_gains(1, 4, 2), random_gains(2, 3, 2)
    both = joined([one, other])
    assert both.need == (*one.need, *(need + max(one.need) + 1 for need in other.need))
    assert len(both.pairs) == len(one.pairs) + len(other.pairs)


def test_without_links_there_is_nothing_to_choose() -> None:
    assert new_sources(joined([]), [], most=5, each=1).chosen == ()

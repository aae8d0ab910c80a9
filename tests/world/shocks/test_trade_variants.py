"""Plainer economies of Caliendo and Parro's model, a part of a change, and needs that nobody meets."""

from dataclasses import replace

import numpy as np
import pytest

from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Status
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, equilibrium
from serai.world.shocks.trade.variants import VARIANTS, variant, with_minus_without

ECONOMY = TradeEconomy.of(synthetic_table(3, 4, seed=3), np.array([4.0, 5.0, 6.0, 7.0]))
BALANCED = equilibrium(ECONOMY, deficit=np.zeros(3)).after


@pytest.mark.parametrize("word", VARIANTS)
def test_without_a_change_a_plainer_economy_stays_as_it_is(word: str) -> None:
    plain = variant(ECONOMY, word).economy
    assert plain.final_share.sum(axis=0) == pytest.approx(np.ones(3))
    assert (plain.value_added_share + plain.input_share.sum(axis=1).T) == pytest.approx(np.ones(plain.spending.shape))
    solved = equilibrium(plain, deficit=np.zeros(3))
    again = equilibrium(solved.after)
    assert again.status is Status.SOLVED
    assert again.welfare == pytest.approx(np.ones(3), abs=1e-8)


def test_trade_flows_stay_those_of_the_data() -> None:
    assert variant(ECONOMY, "no_materials").economy.flows == pytest.approx(ECONOMY.flows)
    assert variant(ECONOMY, "one_sector").economy.flows[0] == pytest.approx(ECONOMY.flows.sum(axis=0))


def test_one_sector_reads_tariffs_as_means_weighted_by_trade() -> None:
    tariffs = np.zeros_like(ECONOMY.tariffs)
    tariffs[0, 0, 1] = 0.2
    mean = variant(ECONOMY, "one_sector").tariffs(tariffs)
    assert mean[0, 0, 1] == pytest.approx(0.2 * ECONOMY.flows[0, 0, 1] / ECONOMY.flows[:, 0, 1].sum())
    with pytest.raises(KeyError, match="no_materials, own_materials, one_sector"):
        variant(ECONOMY, "two_sectors")


def test_the_world_with_minus_the_world_without_is_nothing_where_nothing_is_left_out() -> None:
    tariffs = np.where(np.eye(3, dtype=bool), 0, 0.1) * np.ones((4, 1, 1))
    assert with_minus_without(BALANCED, tariffs, tariffs).welfare == pytest.approx(np.zeros(3), abs=1e-9)
    part = np.where(np.arange(3)[:, None] == 0, tariffs, 0)
    difference = with_minus_without(BALANCED, tariffs, tariffs - part)
    assert difference.welfare[1:].max() < 0  # what the first country levies costs the others


def test_a_sector_that_is_needed_and_not_supplied_is_refused_by_its_name() -> None:
    shares, spending = ECONOMY.shares.copy(), ECONOMY.spending.copy()
    shares[2, 1], spending[2, 1] = 0, 0
    with pytest.raises(ValueError, match=f"{ECONOMY.countries[1]} needs sector '{ECONOMY.sectors[2]}'"):
        equilibrium(replace(ECONOMY, shares=shares, spending=spending))
    walls = np.ones_like(ECONOMY.shares)
    walls[0, 2, :] = np.inf
    with pytest.raises(ValueError, match="no source of it is left"):
        equilibrium(BALANCED, costs=walls)

"""NAFTA as Caliendo and Parro (2015) print it, by their formula of first order, and what real income does beside it."""

from collections.abc import Mapping

import numpy as np

from serai.world.published import quantity
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, TradeEquilibrium, cp_linear_decomposition
from serai.world.shocks.trade.nafta import MEMBERS, Nafta
from serai.world.table import Array


@quantity("effects of NAFTA as printed, per cent")
def printed_effects(nafta: Nafta) -> Mapping[str, float]:
    """Welfare and its parts after the paper's formula, from balanced trade; the parts by partner too."""
    return _printed(nafta, nafta.from_balanced_trade)


@quantity("effects of NAFTA with deficits as printed, per cent")
def printed_effects_with_deficits(nafta: Nafta) -> Mapping[str, float]:
    """The same with the deficits of 1993 kept."""
    return _printed(nafta, nafta.with_deficits)


@quantity("effects of NAFTA without materials as printed, per cent")
def printed_effects_without_materials(nafta: Nafta) -> Mapping[str, float]:
    """The same where every sector is made of labour alone."""
    return _printed(nafta, nafta.plainly("no_materials"))


@quantity("effects of NAFTA beside all other tariffs as printed, per cent")
def printed_effects_beside_others(nafta: Nafta) -> Mapping[str, float]:
    """Welfare after all tariffs of 2005 less welfare after all but NAFTA's, each by the paper's formula."""
    difference = nafta.in_a_changing_world
    both = [cp_linear_decomposition(solved).welfare for solved in (difference.with_it, difference.without)]
    return {f"{name}, welfare": value for name, value in _members(nafta, both[0] - both[1]).items()}


@quantity("real income after NAFTA, per cent")
def real_income(nafta: Nafta) -> Mapping[str, float]:
    """The exact change of each member's real income, from balanced trade."""
    return _members(nafta, nafta.from_balanced_trade.welfare - 1)


@quantity("real income after NAFTA with deficits, per cent")
def real_income_with_deficits(nafta: Nafta) -> Mapping[str, float]:
    """The exact change of each member's real income, the deficits of 1993 kept."""
    return _members(nafta, nafta.with_deficits.welfare - 1)


@quantity("growth of imports after NAFTA, per cent")
def growth_of_imports(nafta: Nafta) -> Mapping[str, float]:
    """Growth of what each member imports from each other one, and from both, net of tariffs."""
    members, equilibrium = nafta.members, nafta.from_balanced_trade
    traded = [
        economy.flows.sum(axis=0)[np.ix_(members, members)] * (1 - np.eye(len(members)))
        for economy in (equilibrium.before, equilibrium.after)
    ]
    growth = {
        f"{importer} from {exporter}": 100 * (traded[1][row, column] / traded[0][row, column] - 1)
        for row, importer in enumerate(MEMBERS)
        for column, exporter in enumerate(MEMBERS)
        if row != column
    }
    before, after = (flows.sum(axis=1) for flows in traded)
    return growth | {
        f"{name} from the members": percent for name, percent in zip(MEMBERS, 100 * (after / before - 1), strict=True)
    }


@quantity("tariff revenue in income, per cent")
def tariff_revenue(nafta: Nafta) -> Mapping[str, float]:
    """Tariff revenue in each member's income, before and after."""

    def part(economy: TradeEconomy) -> dict[str, float]:
        return _members(nafta, economy.revenue / economy.income)

    before, after = part(nafta.from_balanced_trade.before), part(nafta.from_balanced_trade.after)
    return {f"{name}, before": share for name, share in before.items()} | {
        f"{name}, after": share for name, share in after.items()
    }


def _printed(nafta: Nafta, equilibrium: TradeEquilibrium) -> dict[str, float]:
    parts = cp_linear_decomposition(equilibrium)
    inside = np.isin(np.arange(len(equilibrium.wage)), nafta.members)
    columns = {
        "welfare": parts.welfare,
        "terms of trade": parts.terms_of_trade.sum(axis=1),
        "volume of trade": parts.volume_of_trade.sum(axis=1),
        "real wage": equilibrium.real_wage - 1,
        "terms of trade with members": parts.terms_of_trade[:, inside].sum(axis=1),
        "terms of trade with others": parts.terms_of_trade[:, ~inside].sum(axis=1),
        "volume of trade with members": parts.volume_of_trade[:, inside].sum(axis=1),
        "volume of trade with others": parts.volume_of_trade[:, ~inside].sum(axis=1),
    }
    return {
        f"{name}, {what}": value for what, column in columns.items() for name, value in _members(nafta, column).items()
    }


def _members(nafta: Nafta, shares: Array) -> dict[str, float]:
    """Shares by country (N,) as per cent of each member."""
    return {name: 100 * float(shares[position]) for name, position in zip(MEMBERS, nafta.members, strict=True)}

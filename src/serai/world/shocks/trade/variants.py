"""Plainer economies of the same data, by one word each: what inputs, links of sectors, and sectors add to an answer.

After the counterfactuals of Caliendo and Parro (2015), section 5.4. Trade flows, tariffs and deficits stay those of the
data in each of them.

| word | what is left |
| --- | --- |
| no_materials | every sector, made of labour alone: all that is sold is value added and finally used |
| own_materials | every sector, whose inputs come from itself alone; value added shares are those of the data |
| one_sector | one sector with inputs from itself; tariffs are means weighted by trade |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from serai.world.arrays import share
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, TradeEquilibrium, equilibrium
from serai.world.table import Array


@dataclass(frozen=True, eq=False)
class Variant:
    """A plainer economy, and how tariffs (J, N, N) of the full one are read in it."""

    economy: TradeEconomy
    tariffs: Callable[[Array], Array]


def no_materials(economy: TradeEconomy) -> Variant:
    """Every sector without inputs."""
    sold = economy.flows.sum(axis=1)
    plain = replace(
        economy,
        value_added_share=np.ones_like(economy.value_added_share),
        input_share=np.zeros_like(economy.input_share),
        final_share=share(economy.spending, economy.spending.sum(axis=0)),
        value_added=sold.sum(axis=0),
    )
    return Variant(plain, lambda tariffs: tariffs)


def own_materials(economy: TradeEconomy) -> Variant:
    """Every sector with inputs from itself; final use is what these leave of spending, not less than 0."""
    sectors = np.arange(len(economy.sectors))
    sold = economy.flows.sum(axis=1)
    inputs = np.zeros_like(economy.input_share)
    inputs[:, sectors, sectors] = (1 - economy.value_added_share).T
    final = np.maximum(economy.spending - (1 - economy.value_added_share) * sold, 0)
    plain = replace(economy, input_share=inputs, final_share=share(final, final.sum(axis=0)))
    return Variant(plain, lambda tariffs: tariffs)


def one_sector(economy: TradeEconomy, elasticity: float | None = None) -> Variant:
    """All sectors added together; the elasticity is the mean weighted by imports where none is given."""
    flows = economy.flows

    def together(tariffs: Array) -> Array:
        return share((flows * tariffs).sum(axis=0), flows.sum(axis=0))[None]

    net = flows.sum(axis=0)
    before = together(economy.tariffs)[0]
    spending, sold = (net * (1 + before)).sum(axis=1), net.sum(axis=0)
    added = share(economy.value_added, sold)
    imports = (flows * (1 - np.eye(len(economy.countries)))).sum(axis=(1, 2))
    mean = float(imports @ economy.elasticity / imports.sum()) if elasticity is None else elasticity
    plain = replace(
        economy,
        sectors=("all",),
        shares=share(net * (1 + before), spending[:, None])[None],
        spending=spending[None],
        tariffs=before[None],
        value_added_share=added[None],
        input_share=(1 - added)[:, None, None],
        final_share=np.ones((1, len(spending))),
        elasticity=np.array([mean]),
    )
    return Variant(plain, together)


VARIANTS: Mapping[str, Callable[[TradeEconomy], Variant]] = MappingProxyType(
    {"no_materials": no_materials, "own_materials": own_materials, "one_sector": one_sector}
)
"""The plainer economies by their word."""


def variant(economy: TradeEconomy, word: str) -> Variant:
    """The plainer economy of this word. Raises KeyError with the words that there are."""
    if word not in VARIANTS:
        raise KeyError(f"There is no variant '{word}'; there are {', '.join(VARIANTS)}.")
    return VARIANTS[word](economy)


@dataclass(frozen=True, eq=False)
class Difference:
    """The world with a change beside the world without it, both counted from the same start."""

    with_it: TradeEquilibrium
    without: TradeEquilibrium

    @property
    def welfare(self) -> Array:
        """Real income with the change relative to that without it, less 1, shape (N,)."""
        return self.with_it.welfare / self.without.welfare - 1

    @property
    def real_wage(self) -> Array:
        """The same of the real wage, shape (N,)."""
        return self.with_it.real_wage / self.without.real_wage - 1


def with_minus_without(economy: TradeEconomy, with_tariffs: Array, without_tariffs: Array) -> Difference:
    """What a part of a change of tariffs is worth: all of it, beside all but this part, both from `economy`."""
    return Difference(equilibrium(economy, tariffs=with_tariffs), equilibrium(economy, tariffs=without_tariffs))

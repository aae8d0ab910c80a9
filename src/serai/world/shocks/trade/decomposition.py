"""The welfare change of Caliendo and Parro (2015), split into terms of trade and volume of trade, as they print it.

Their formula (equation 16) is of first order, evaluated at a finite change of tariffs, so that its number is not the
change of real income: for Mexico after NAFTA it says +1.31 %, where real income rises by 0.007 %. It serves to
replicate the paper; `TradeEquilibrium.welfare` is the change of real income.
"""

from dataclasses import dataclass

import numpy as np

from serai.world.shocks.trade.caliendo_parro import TradeEquilibrium
from serai.world.table import Array


@dataclass(frozen=True, eq=False)
class LinearDecomposition:
    """Shares of income before, by country and partner, shape (N, N); a sum over partners is the country's effect."""

    terms_of_trade: Array
    volume_of_trade: Array

    @property
    def welfare(self) -> Array:
        """First-order change of welfare by country, shape (N,)."""
        return np.asarray((self.terms_of_trade + self.volume_of_trade).sum(axis=1))


def cp_linear_decomposition(equilibrium: TradeEquilibrium) -> LinearDecomposition:
    """Terms of trade: exports times the rise of own costs, less imports times that of the partner's; volume of trade:
    tariffs of before times the growth of imports beyond the partner's costs. Both in one step, as printed."""
    imports, risen = equilibrium.before.flows, equilibrium.cost - 1
    exported = np.einsum("jin,jn->ni", imports, risen)
    paid = np.einsum("jni,ji->ni", imports, risen)
    grown = equilibrium.after.flows - imports * equilibrium.cost[:, None, :]
    volume = (equilibrium.before.tariffs * grown).sum(axis=0)
    income = equilibrium.before.income[:, None]
    return LinearDecomposition((exported - paid) / income, volume / income)

"""Model A: many sectors, inputs from every sector, tariffs whose revenue is spent; changes solved in exact hat algebra.

Caliendo and Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, Review of Economic Studies 82(1),
equations (1) to (6) of docs/method/shocks.md. N countries, J sectors. Shapes are [sector][importer][exporter], [sector]
[country], and [country][source][user] for inputs. Wages, prices and spending are solved as one fixed point; every
evaluation is three products of an N x N matrix with a vector a sector, so that no NJ x NJ matrix is ever formed.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, cast

import numpy as np

from serai.world.arrays import share
from serai.world.shocks import Status
from serai.world.shocks.trade.fixed_point import fixed_point
from serai.world.table import Array, WorldTable

TOLERANCE = 1e-11
MOST_EVALUATIONS = 2_000
NEGLIGIBLE = 1e-12
"""A need, relative to the world's income, that counts as none."""

RESIDUAL_AT_MOST = 1e-8
"""Violation of the markets' clearing, relative to the world's income, up to which an equilibrium counts as solved."""


@dataclass(frozen=True, eq=False)
class TradeEconomy:
    """What the model takes from the data, which are themselves an equilibrium.

    `shares` (J, N, N) is the part of each importer's spending on a sector that each exporter gets, tariff included;
    `spending` (J, N) by importer; `tariffs` (J, N, N) ad valorem; `value_added_share` (J, N) and `input_share`
    (N, J, J) add up to 1 by user; `final_share` (J, N) adds up to 1 by country; `value_added` (N,) are the wages paid;
    `deficit` (N,) is what a country spends beyond its income; `elasticity` (J,) is theta.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    shares: Array
    spending: Array
    tariffs: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    value_added: Array
    deficit: Array
    elasticity: Array

    @classmethod
    def of(cls, table: WorldTable, elasticity: Array) -> Self:
        """The economy of an inter-country table, all buyers of a country buying from the same mix, without tariffs.

        `elasticity` (S,) by industry. Raises ValueError where the table has negative demand or value added.
        """
        if (table.final < 0).any() or (table.v < 0).any():
            raise ValueError(
                "Negative final demand or value added has no share in a trade model; "
                "apply the hygiene steps 'inventories' and 'inputs' first."
            )
        countries, industries = table.n_countries, table.n_industries
        shape = (countries, industries, countries)
        intermediate = table.Z.reshape(table.n, countries, industries).sum(axis=2, dtype=np.float64)
        sales = (intermediate + table.final).reshape(shape).transpose(1, 2, 0)
        spending = sales.sum(axis=2)
        inputs = table.Z.reshape(countries, industries, countries, industries).sum(axis=0, dtype=np.float64)
        output = table.x.reshape(countries, industries)
        spent = table.final.sum(axis=0)
        return cls(
            table.countries,
            table.industries,
            share(sales, spending[:, :, None]),
            spending,
            np.zeros_like(sales),
            table.vc.reshape(countries, industries).T,
            share(inputs.transpose(1, 0, 2), output[:, None, :]),
            share(table.final.reshape(shape).sum(axis=0), spent),
            table.gdp,
            spent - table.gdp,
            elasticity,
        )

    @cached_property
    def flows(self) -> Array:
        """M: what each importer pays each exporter, net of tariffs, shape (J, N, N)."""
        return self.shares * self.spending[:, :, None] / (1 + self.tariffs)

    @property
    def revenue(self) -> Array:
        """Tariff revenue by importer, shape (N,)."""
        return cast(Array, (self.tariffs * self.flows).sum(axis=(0, 2)))

    @property
    def income(self) -> Array:
        """I: wages, tariff revenue and deficit, all spent on final goods, shape (N,)."""
        return self.value_added + self.revenue + self.deficit


@dataclass(frozen=True, eq=False)
class TradeEquilibrium:
    """A solved economy beside the one it started from. Hats are new over old.

    `wage` (N,), `cost` (J, N) of a unit of output and `price` (J, N) of a sector's bundle are hats; `after` is the
    economy now, of the same kind as `before`, from which the next change can be counted.
    """

    before: TradeEconomy
    after: TradeEconomy
    wage: Array
    cost: Array
    price: Array
    status: Status
    evaluations: int

    @property
    def cost_of_living(self) -> Array:
        """The price of each country's final basket, new over old, shape (N,)."""
        return _cost_of_living(self.before.final_share, self.price)

    @property
    def welfare(self) -> Array:
        """Exact change of real income, new over old, shape (N,)."""
        return self.after.income / self.before.income / self.cost_of_living

    @property
    def real_wage(self) -> Array:
        """Change of the real wage, new over old, shape (N,)."""
        return self.wage / self.cost_of_living

    @cached_property
    def residual(self) -> float:
        """The largest violation of goods' and labour's market clearing and of the prices, relative to the world's
        income, computed from the shares and flows themselves and not from the fixed point."""
        new, old = self.after, self.before
        sold = new.flows.sum(axis=1)
        bought = np.einsum("nkj,jn->kn", new.input_share, sold) + new.final_share * new.income
        labour = (new.value_added_share * sold).sum(axis=0) - self.wage * old.value_added
        traded = np.abs(new.shares.sum(axis=2) - 1)[new.spending > 0]
        scale = new.value_added.sum()
        gaps = (np.abs(bought - new.spending).max() / scale, np.abs(labour).max() / scale, traded.max(initial=0.0))
        return float(max(gaps))


def equilibrium(
    economy: TradeEconomy,
    *,
    tariffs: Array | None = None,
    costs: Array | None = None,
    deficit: Array | None = None,
) -> TradeEquilibrium:
    """The equilibrium under new tariffs, iceberg cost factors (new over old) and deficits, those of now if left out.

    Arrays as in `TradeEconomy`. The sum of all wages stays what it is: it measures all money. Raises ValueError where a
    deficit as negative as a country's whole income leaves it nothing to spend, and where a country needs a sector that
    nobody sells it.
    """
    old = economy
    tariffs = old.tariffs if tariffs is None else tariffs
    deficit = old.deficit if deficit is None else deficit
    theta = old.elasticity[:, None]
    wedge = (1 + tariffs) / (1 + old.tariffs) * (1 if costs is None else costs)
    weights = old.shares * wedge ** -theta[:, :, None]
    net_weights = weights / (1 + tariffs)
    inputs, users = np.ascontiguousarray(old.input_share.transpose(0, 2, 1)), old.value_added_share.T
    countries, cells = len(old.countries), old.spending.size
    bought = old.spending > 0
    _refuse_unsupplied(old, weights)
    least = np.where(deficit < 0, 1e-9 * old.income, 0.0)  # keeps logarithms finite on the way
    imported = old.spending * (1 - np.einsum("jnn->jn", old.shares))
    damping = 1 / (1 + old.elasticity @ imported / old.value_added)

    def unit_costs(wage: Array, price: Array) -> Array:
        logs = users * wage[:, None] + (inputs @ price.T[:, :, None])[:, :, 0]
        return logs.T

    def of(point: Array) -> tuple[Array, Array, Array]:
        return (
            point[:countries],
            point[countries : countries + cells].reshape(bought.shape),
            point[countries + cells :].reshape(bought.shape),
        )

    def step(point: Array) -> Array:
        wage, price, spending = of(point)
        competitive = np.exp(-theta * unit_costs(wage, price))[:, :, None]
        total = np.where(bought, (weights @ competitive)[:, :, 0], 1.0)
        spent = np.where(bought, np.exp(spending), 0.0)
        per_share = spent / total
        paid = per_share * (net_weights @ competitive)[:, :, 0]
        sold = competitive[:, :, 0] * (per_share[:, None, :] @ net_weights)[:, 0, :]
        wages = np.exp(wage) * old.value_added
        income = np.maximum(wages + (spent - paid).sum(axis=0) + deficit, least)
        new_spending = (old.input_share @ sold.T[:, :, None])[:, :, 0].T + old.final_share * income
        labour = (old.value_added_share * sold).sum(axis=0)
        new_wage = wage + damping * np.log(labour / wages)
        new_wage -= np.log((np.exp(new_wage) * old.value_added).sum() / old.value_added.sum())
        new_spending = np.log(np.where(bought, new_spending, 1.0))
        return np.concatenate([new_wage, (-np.log(total) / theta).ravel(), new_spending.ravel()])

    start = np.concatenate([np.zeros(countries + cells), np.log(np.where(bought, old.spending, 1.0)).ravel()])
    solution = fixed_point(step, start, tolerance=TOLERANCE, most=MOST_EVALUATIONS)
    log_wage, log_price, log_spending = of(solution.point)
    log_cost = unit_costs(log_wage, log_price)
    competitive = weights * np.exp(-theta * log_cost)[:, None, :]
    shares = share(competitive, competitive.sum(axis=2, keepdims=True))
    wage, price = np.exp(log_wage), np.exp(log_price)
    after = replace(
        old,
        shares=shares,
        spending=np.where(bought, np.exp(log_spending), 0.0),
        tariffs=tariffs,
        value_added=wage * old.value_added,
        deficit=deficit,
    )
    if (after.income <= least).any():
        country = old.countries[int((after.income - least).argmin())]
        raise ValueError(
            f"{country} would have nothing left to spend: its surplus of {-deficit.min():.6g} is fixed in money. "
            "Remove the imbalances first."
        )
    solved = TradeEquilibrium(old, after, wage, np.exp(log_cost), price, Status.SOLVED, solution.evaluations)
    return (
        solved
        if solution.found and solved.residual <= RESIDUAL_AT_MOST
        else replace(solved, status=Status.NOT_CONVERGED)
    )


def _refuse_unsupplied(economy: TradeEconomy, weights: Array) -> None:
    """Raises ValueError for a sector that a country needs and nobody sells it, before or under the new wedges."""
    sold = economy.flows.sum(axis=1)
    wanted = np.einsum("nkj,jn->kn", economy.input_share, sold) + economy.final_share * economy.income
    needed = wanted > NEGLIGIBLE * economy.value_added.sum()
    for unsupplied, why in (
        (needed & (economy.spending <= 0), "buys none of it: its spending is 0"),
        (needed & (weights.sum(axis=2) <= 0), "no source of it is left"),
    ):
        if unsupplied.any():
            sector, country = (int(index) for index in np.argwhere(unsupplied)[0])
            raise ValueError(
                f"{economy.countries[country]} needs sector '{economy.sectors[sector]}' and {why}. There is no "
                "equilibrium: leave it a source, or take the sector out of what is needed."
            )


def _cost_of_living(final_share: Array, price: Array) -> Array:
    return cast(Array, np.exp((final_share * np.log(price)).sum(axis=0)))


@dataclass(frozen=True, eq=False)
class LinearDecomposition:
    """The welfare change that the paper prints, split into terms of trade and volume of trade (equation 16).

    The formula is of first order, evaluated at a finite change of tariffs, so its number is not the change of real
    income: for Mexico after NAFTA it gives +1.31 %, while real income rises by 0.007 %. It serves to replicate the
    paper; `TradeEquilibrium.welfare` is the change of real income.

    Shares of income before, by country and partner, shape (N, N); a sum over partners is the country's effect."""

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

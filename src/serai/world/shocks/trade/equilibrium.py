"""Model B solved: how wages, prices and every flow of an inter-country table answer to tariffs and trade costs.

Exact hat algebra with use-specific shares (docs/method/shocks.md). Wages, costs, outputs and incomes are one fixed
point in logarithms; an evaluation reads the sourcing shares twice and forms no n x n system.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Never, cast

import numpy as np
from numpy.typing import NDArray

from serai.world.shocks import Status
from serai.world.shocks.trade.economy import InterCountryEconomy, by_link, share
from serai.world.shocks.trade.elasticities import Elasticities
from serai.world.shocks.trade.fixed_point import fixed_point
from serai.world.table import Array, Extension, WorldTable

TOLERANCE = 1e-12
MOST_EVALUATIONS = 2_000
RESIDUAL_AT_MOST = 1e-8
"""Violation of any market's clearing, relative to the largest output, up to which an equilibrium counts as solved."""

UNCHANGED = 1e-9
"""Change of welfare that counts as none."""

RUNAWAY = 25.0
"""Logarithm of a cost, new over old, that no economy reaches: inputs eat up more than they make."""


@dataclass(frozen=True, eq=False)
class Change:
    """A change of the economy. Shapes as in `InterCountryEconomy`; fields that are None stay as they are.

    `tariffs` (S, N, N) are the new rates, `costs` (S, N, N) iceberg factors, new over old, both by product, buyer's and
    seller's country. `productivity` (N, S) is new over old. `entry` (S, N, N, S+1) adds a source: the share of the
    buyer's spending on the product that it would reach at the costs of now. `deficit` (N,) in money.
    """

    tariffs: Array | None = None
    costs: Array | None = None
    productivity: Array | None = None
    entry: Array | None = None
    deficit: Array | None = None


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The table after a change. Hats are new over old; money is measured so that the world's wages stay what they were.

    `wage` and `cost_of_living` (N,), `cost` (N, S) of a unit of output, `welfare` (N,) the exact change of real income;
    `wages` (N,) and `income` (N,) in money, `output` (N, S) in money as solved. `table` is the new balanced table.
    """

    base: InterCountryEconomy
    change: Change
    elasticities: Elasticities
    tariffs: Array
    deficit: Array
    wage: Array
    cost: Array
    cost_of_living: Array
    income: Array
    output: Array
    links: Array
    evaluations: int
    found: bool

    @property
    def welfare(self) -> Array:
        """Exact change of each country's real income, new over old, shape (N,)."""
        return self.income / self.base.income / self.cost_of_living

    @property
    def wins(self) -> NDArray[np.bool_]:
        """Which countries don't lose, shape (N,)."""
        return self.welfare >= 1 - UNCHANGED

    @property
    def winners(self) -> float:
        """Share of countries that don't lose."""
        return float(self.wins.mean())

    @property
    def worst(self) -> tuple[str, float]:
        """The country that fares worst, and the logarithm of its welfare."""
        position = int(self.welfare.argmin())
        return self.base.table.countries[position], float(np.log(self.welfare[position]))

    @property
    def world_welfare(self) -> float:
        """Mean welfare of countries, weighted by their income before."""
        return float(self.welfare @ self.base.income / self.base.income.sum())

    @property
    def real_output(self) -> Array:
        """Quantity that each cell makes, new over old, shape (N, S); 1 in a cell without output."""
        return share(self.output / self.cost, self.base.output, of_nothing=1.0)

    @cached_property
    def table(self) -> WorldTable:
        """The balanced table after the change, on the same labels; tariffs on final goods stand outside of it.

        Uses keep their part of each final flow. What is counted beside the money follows the quantity made, or consumed
        by households, with unchanged technique; what is counted in money follows output.
        """
        old = self.base.table
        Z = self.links[..., :-1].transpose(2, 0, 1, 3).reshape(old.n, old.n)
        final = self.links[..., -1].transpose(2, 0, 1).reshape(old.n, old.n_countries)
        uses = old.F.reshape(*final.shape, len(old.uses))
        mix = uses.sum(axis=0) / uses.sum(axis=(0, 2))[:, None]
        by_use = np.where(final[:, :, None] > 0, share(uses, old.final[:, :, None]), 0.0)
        by_use = np.where((old.final == 0)[:, :, None], mix[None], by_use) * final[:, :, None]
        extensions = {name: self._extension(name, item) for name, item in old.extensions.items()}
        return old.then(
            "trade: flows after a change of tariffs or trade costs, by exact hat algebra.",
            Z=Z,
            F=by_use.reshape(old.F.shape),
            extensions=extensions,
        )

    def _extension(self, name: str, item: Extension) -> Extension:
        old = self.base.table
        if name == "tariff":
            rates = self.tariffs.transpose(2, 0, 1).reshape(old.n, old.n_countries)
            return replace(item, values=np.repeat(rates, old.n_industries, axis=1))
        if not item.additive or item.values.shape != (old.n,):
            return item
        in_money = item.unit == old.unit
        made = share(self.output, self.base.output, of_nothing=1.0) if in_money else self.real_output
        households = None if item.households is None else item.households * self.welfare
        return replace(item, values=item.values * made.ravel(), households=households)

    @cached_property
    def residual(self) -> float:
        """The largest violation of the markets, relative to the largest output, counted on the new table alone: goods
        (output solved against sales), labour (wages against value added net of tariffs), and spending against income.
        """
        table, old = self.table, self.base
        levied = self.tariffs * self.links.sum(axis=3)
        inputs = by_link(table, table.Z, table.final)
        on_inputs = (self.tariffs[..., None] * inputs[..., :-1]).sum(axis=(0, 2, 3))
        spent = ((1 + self.tariffs) * inputs[..., -1]).sum(axis=(0, 2))
        goods = table.x - self.output.ravel()
        labour = table.gdp - on_inputs - self.wage * old.wages
        budget = spent - self.wage * old.wages - levied.sum(axis=(0, 2)) - self.deficit
        return float(max(np.abs(gap).max() for gap in (goods, labour, budget)) / table.x.max())

    @property
    def status(self) -> Status:
        """Whether the fixed point was found and all markets clear."""
        return Status.SOLVED if self.found and self.residual <= RESIDUAL_AT_MOST else Status.NOT_CONVERGED


def counterfactual(old: InterCountryEconomy, change: Change, elasticities: Elasticities) -> Counterfactual:
    """The equilibrium after a change.

    Raises ValueError where a buyer keeps no source of something it needs, a country nothing to spend, or where inputs
    eat up more than is made of them.
    """
    countries, industries = old.output.shape
    theta = elasticities.trade[:, None]
    tariffs = old.tariffs if change.tariffs is None else change.tariffs
    deficit = old.deficit if change.deficit is None else change.deficit
    weights = old.sourcing
    if change.entry is not None:
        weights = weights + change.entry / (1 - change.entry)
    if change.tariffs is not None or change.costs is not None:
        wedge = (1 + tariffs) / (1 + old.tariffs) * (1 if change.costs is None else change.costs)
        weights = weights * (wedge ** -theta[:, :, None])[..., None]
    _refuse_without_source(old, weights)
    needed, active = old.spending > 0, old.output > 0
    efficiency = np.zeros(active.shape) if change.productivity is None else np.log(change.productivity)
    net = 1 / (1 + tariffs)
    least = np.where(deficit < 0, 1e-9 * old.income, 0.0)  # keeps logarithms finite on the way
    elastic = old.import_elasticity(elasticities.trade)
    by_labour = 1 / (1 + 2 * elastic * old.openness)
    by_trade = 1 / (20 + 4 * elastic)  # small, but it is what still moves wages behind walls, where trade is small
    inputs, final = old.spending[:, :, :-1], old.spending[:, :, -1]

    def of(point: Array) -> tuple[Array, Array, Array, Array]:
        wage, cost, output, income = np.split(
            point, np.cumsum([countries, countries * industries, countries * industries])
        )
        return wage, cost.reshape(active.shape), output.reshape(active.shape), income

    def market(point: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Costs (N, S), costs of living (N,), prices' weights (S, N), orders per weight (S, N, S+1), labour (N, S)."""
        wage, cost, output, income = of(point)
        competitive = np.exp(-theta * cost.T)
        total = np.where(needed, (competitive[:, None, None, :] @ weights)[:, :, 0, :], 1.0)
        price = -np.log(total) / theta[:, :, None]
        s, s_final = elasticities.inputs, elasticities.final
        new_cost = _nest(
            np.concatenate([old.labour[None], inputs]),
            np.concatenate([np.broadcast_to(wage[:, None], active.shape)[None], price[:, :, :-1]]),
            s,
        )
        living = _nest(final, price[:, :, -1], s_final)
        bought = np.concatenate(
            [
                inputs * np.exp((1 - s) * (price[:, :, :-1] - new_cost)) * np.where(active, np.exp(output), 0.0),
                (final * np.exp((1 - s_final) * (price[:, :, -1] - living)) * np.exp(income))[:, :, None],
            ],
            axis=2,
        )
        labour = old.labour * np.exp((1 - s) * (wage[:, None] - new_cost))
        return new_cost - efficiency, living, competitive, bought / total, labour

    def step(point: Array) -> Array:
        wage = point[:countries]
        cost, _, competitive, orders, labour = market(point)
        paid = competitive[:, None, :] * (weights @ orders[:, :, :, None])[..., 0]
        received = paid * net
        output = received.sum(axis=1).T
        wages = np.exp(wage) * old.wages
        income = np.maximum(wages + (paid - received).sum(axis=(0, 2)) + deficit, least)
        demanded = (labour * output).sum(axis=1)
        new_wage = (
            wage + by_labour * np.log(demanded / wages) + by_trade * _trade_surplus(received.sum(axis=0), deficit)
        )
        new_wage -= np.log((np.exp(new_wage) * old.wages).sum() / old.wages.sum())
        logs = np.log(np.where(active, output, 1.0))
        return np.concatenate([new_wage, cost.ravel(), logs.ravel(), np.log(income)])

    start = np.concatenate(
        [
            np.zeros(countries + active.size),
            np.log(np.where(active, old.output, 1.0)).ravel(),
            np.log(old.income),
        ]
    )
    solution = fixed_point(step, start, tolerance=TOLERANCE, most=MOST_EVALUATIONS)
    wage, cost, output, income = of(solution.point)
    if solution.change == np.inf or cost.max() > RUNAWAY:
        _refuse_runaway(old.table, cost)
    if (np.exp(income) <= least).any():
        _refuse_broke(old.table, np.exp(income) <= least)
    _, living, competitive, orders, _ = market(solution.point)
    links = weights * orders[:, :, None, :]
    links *= (competitive[:, None, :] * net)[..., None]
    return Counterfactual(
        old,
        change,
        elasticities,
        tariffs,
        deficit,
        np.exp(wage),
        np.exp(cost),
        np.exp(living),
        np.exp(income),
        np.where(active, np.exp(output), 0.0),
        links,
        solution.evaluations,
        solution.found,
    )


def _trade_surplus(flows: Array, deficit: Array) -> Array:
    """Exports less imports beyond the deficit, relative to what is traded, shape (N,); 0 where nothing is.

    `flows` (N, N) by buyer's and seller's country. The wage of a country with a surplus has to rise.
    """
    abroad = flows * (1 - np.eye(len(flows)))
    exports, imports = abroad.sum(axis=0), abroad.sum(axis=1)
    return share(exports - imports + deficit, np.maximum(exports, imports))


def _nest(shares: Array, logs: Array, substitution: float) -> Array:
    """The logarithm of the price of a bundle over the first axis; Cobb-Douglas where the elasticity is 1."""
    if substitution == 1:
        return cast(Array, (shares * logs).sum(axis=0))
    bundle = (shares * np.exp((1 - substitution) * logs)).sum(axis=0)
    return cast(Array, np.log(bundle) / (1 - substitution))


def _refuse_runaway(table: WorldTable, cost: Array) -> Never:
    country = table.countries[int(cost.argmax() // cost.shape[1])]
    raise ValueError(
        f"Costs in {country} rise without end: with so little substitution its inputs become dearer than what is made "
        "of them. Use a milder factor or more substitution."
    )


def _refuse_broke(table: WorldTable, broke: NDArray[np.bool_]) -> Never:
    raise ValueError(
        f"{table.countries[int(broke.argmax())]} would have nothing left to spend: its surplus is fixed in money. "
        "Remove the imbalances first."
    )


def _refuse_without_source(old: InterCountryEconomy, weights: Array) -> None:
    without = (old.spending > 0) & (weights.sum(axis=2) == 0)
    if without.any():
        product, country, buyer = (int(index) for index in np.argwhere(without)[0])
        table = old.table
        who = (*table.industries, "final demand")[buyer]
        raise ValueError(
            f"{table.countries[country]} {who} would have no source of {table.industries[product]} left, so that its "
            "price has no value; use a large but finite cost factor, such as 3."
        )

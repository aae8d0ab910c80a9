"""Model B's view of an inter-country table: every buyer (an industry, or final demand) with its own sourcing shares.

After Antràs and Chor (2018), On the Measurement of Upstreamness and Downstreamness in Global Value Chains;
docs/method/shocks.md. Links have the shape (S, N, N, S+1): [product][buyer's country][seller's country][buyer], the
buyers of a country being its industries and, last, its final demand. So one buyer country's purchases of one product
are one matrix.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from serai.world.table import Array, WorldTable


@dataclass(frozen=True, eq=False)
class InterCountryEconomy:
    """A table as an equilibrium, at purchasers' prices: what is paid holds the tariff.

    `sourcing` (S, N, N, S+1) is the part of a buyer's spending on a product that each country gets; `spending` (S, N,
    S+1) the part of a buyer's cost that goes to a product; with `labour` (N, S), value added net of tariffs on inputs,
    it adds up to 1. `tariffs` (S, N, N) are ad valorem. `wages` (N,), `deficit` (N,) and tariff revenue make `income`
    (N,), all of it spent.
    """

    table: WorldTable
    tariffs: Array
    sourcing: Array
    spending: Array
    labour: Array
    wages: Array
    deficit: Array
    income: Array

    @cached_property
    def output(self) -> Array:
        """Gross output by country and industry, shape (N, S)."""
        return self.table.x.reshape(self.table.n_countries, self.table.n_industries)

    @cached_property
    def imports(self) -> Array:
        """What each country pays for imports of each product, tariffs included, shape (S, N)."""
        bought = self.spending * np.concatenate([self.output, self.income[:, None]], axis=1)
        return np.asarray(bought.sum(axis=2) - np.einsum("rjjb,rjb->rj", self.sourcing, bought))

    @property
    def openness(self) -> Array:
        """Imports over income, shape (N,)."""
        return self.imports.sum(axis=0) / self.income

    def import_elasticity(self, trade: Array) -> Array:
        """Mean trade elasticity of what each country imports, given those of the products (S,), shape (N,)."""
        return share(trade @ self.imports, self.imports.sum(axis=0))


def economy(table: WorldTable) -> InterCountryEconomy:
    """The economy of a table without negative demand or value added; tariffs are those of its extension "tariff".

    Raises ValueError where a share would be negative.
    """
    _refuse_negative(table)
    if why := mere_destinations(table):
        raise ValueError(why)
    tariffs = tariffs_of(table)
    links = by_link(table, table.Z, table.final)
    links *= 1 + tariffs[:, :, :, None]
    bought = links.sum(axis=2)
    cost = np.concatenate([table.x.reshape(table.n_countries, -1), bought[:, :, -1].sum(axis=0)[:, None]], axis=1)
    spending = share(bought, cost)
    labour = 1 - spending[:, :, :-1].sum(axis=0)
    if (labour < 0).any():
        country, industry = (int(index) for index in np.argwhere(labour < 0)[0])
        raise ValueError(
            f"Tariffs on its inputs take more than the value added of {table.countries[country]} "
            f"{table.industries[industry]}; tariffs that high were not paid."
        )
    wages = (labour * cost[:, :-1]).sum(axis=1)
    revenue = (tariffs / (1 + tariffs) * links.sum(axis=3)).sum(axis=(0, 2))
    links /= np.where(bought > 0, bought, 1)[:, :, None, :]
    income = cost[:, -1]
    return InterCountryEconomy(table, tariffs, links, spending, labour, wages, income - wages - revenue, income)


def tariffs_of(table: WorldTable) -> Array:
    """The table's tariffs by product, buyer's and seller's country, shape (S, N, N); zero where it has none.

    The extension "tariff" holds rates on links (n, n); what a country levies on a cell's product is their mean over the
    industries that buy it, weighted by what they buy.
    """
    countries, industries = table.n_countries, table.n_industries
    if "tariff" not in table.extensions:
        return np.zeros((industries, countries, countries))
    rates = table.extensions["tariff"].values
    paid = (rates * table.Z).reshape(table.n, countries, industries).sum(axis=2)
    bought = table.Z.reshape(table.n, countries, industries).sum(axis=2, dtype=np.float64)
    return share(paid, bought).reshape(countries, industries, countries).transpose(1, 2, 0)


def by_link(table: WorldTable, intermediate: Array, final: Array) -> Array:
    """Flows (n, n) and (n, N) as one array of links, shape (S, N, N, S+1)."""
    countries, industries = table.n_countries, table.n_industries
    links = np.empty((industries, countries, countries, industries + 1))
    shape = (countries, industries, countries)
    links[..., :-1] = intermediate.reshape(*shape, industries).transpose(1, 2, 0, 3)
    links[..., -1] = final.reshape(shape).transpose(1, 2, 0)
    return links


def share(part: Array, whole: Array, of_nothing: float = 0.0) -> Array:
    """part / whole, and `of_nothing` where the whole is 0."""
    out: Array = np.full(np.broadcast_shapes(part.shape, whole.shape), of_nothing)
    return np.divide(part, whole, out=out, where=whole != 0)


def mere_destinations(table: WorldTable) -> str:
    """Why a table with a country that makes nothing has no trade equilibrium, with what to do; empty for another."""
    if table.producing.all():
        return ""
    label = table.countries[int(np.flatnonzero(~table.producing)[0])]
    return (
        f"{label} makes nothing in this table, so that it has no income to spend: models of trade need the table of "
        f"2019, or one in which {label} is added to another country (table.aggregate)."
    )


def _refuse_negative(table: WorldTable) -> None:
    for what, values in (("an intermediate flow", table.Z), ("final demand", table.final)):
        if values.min() < 0:
            cell = " ".join(table.labels[int(np.argwhere(values < 0)[0][0])])
            raise ValueError(f"{cell} sells {what} below zero, which has no share; apply the hygiene steps first.")
    if table.v.min() < 0:
        cell = " ".join(table.labels[int(table.v.argmin())])
        raise ValueError(f"{cell} has negative value added, which has no share; apply the hygiene steps first.")

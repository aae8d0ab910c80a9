"""Inclusive: who takes part in the world's chains, and on how many markets."""

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.classifications.country_groups import members_in
from serai.world.measures import CountryValues, indicator
from serai.world.measures.gvc import ExportContent, export_content
from serai.world.table import Array, NotMeasured, WorldTable


def value_added_exports(table: WorldTable) -> Array:
    """Value added of each country (row) in the final demand of each other one (column); the diagonal is zero."""
    return table.origins * (1 - np.eye(table.n_countries))


@indicator(
    symbol="I1",
    property="inclusive",
    unit="1",
    range=(0, np.inf),
    sense=1,
    source="Johnson and Noguera (2012), JIE 86(2); SDG 17.11.1 on value added",
)
def share_in_value_added_exports(table: WorldTable) -> CountryValues:
    """A country's share in the world's value-added exports relative to its share in world value added."""
    exports = value_added_exports(table).sum(axis=1)
    return CountryValues(table.countries, ratio(exports / exports.sum(), table.gdp / table.gdp.sum()))


def group_share(table: WorldTable, members: Iterable[str]) -> tuple[float, float]:
    """Share of a group of countries in the world's value-added exports, and in world value added. Raises KeyError."""
    unknown = [country for country in members if country not in table.countries]
    if unknown:
        raise KeyError(f"The table has no country '{unknown[0]}'; it has {', '.join(table.countries)}.")
    chosen = [table.countries.index(country) for country in members]
    exports = value_added_exports(table).sum(axis=1)
    return float(exports[chosen].sum() / exports.sum()), float(table.gdp[chosen].sum() / table.gdp.sum())


GROUPS = {
    "LDC": "the least developed countries",
    "LLDC": "the landlocked developing countries",
    "SIDS": "the small island developing states",
    "BRI": "the countries of the Belt and Road",
}
"""Groups whose share is an indicator of its own, by their key in country_groups.csv; membership is that of the year."""


def group_members(table: WorldTable, group: str) -> tuple[str, ...]:
    """The countries of the table that belong to a group at the end of its year. Raises NotMeasured without any."""
    members = members_in(table.countries, group, date(table.year, 12, 31))
    if not members:
        raise NotMeasured(f"No country of the table is a member of {group} at the end of {table.year}.")
    return members


def _relative_to_gdp(group: str) -> Callable[[WorldTable], CountryValues]:
    def share(table: WorldTable) -> CountryValues:
        exports, product = group_share(table, group_members(table, group))
        return CountryValues((), np.zeros(0), quotient(exports, product))

    share.__name__ = f"share_of_{group}_in_value_added_exports"
    share.__doc__ = f"Share of {GROUPS[group]} in the world's value-added exports relative to that in value added."
    return share


def _relative_to_people(group: str) -> Callable[[WorldTable], CountryValues]:
    def share(table: WorldTable) -> CountryValues:
        members = group_members(table, group)
        people = table.extensions["population"].values
        theirs = np.nansum(people[[table.countries.index(country) for country in members]]) / np.nansum(people)
        return CountryValues((), np.zeros(0), quotient(group_share(table, members)[0], theirs))

    share.__name__ = f"share_of_{group}_in_value_added_exports_by_population"
    share.__doc__ = f"Share of {GROUPS[group]} in the world's value-added exports relative to that in its population."
    return share


for _group in GROUPS:
    for _name, _made, _needs in (
        ("", _relative_to_gdp, ()),
        (".population", _relative_to_people, ("population",)),
    ):
        indicator(
            symbol=f"I1.{_group}{_name}",
            property="inclusive",
            unit="1",
            range=(0, np.inf),
            sense=1,
            source="SDG 17.11.1 on value added; Johnson and Noguera (2012), JIE 86(2)",
            needs=_needs,
        )(_made(_group))


def _of_exports(table: WorldTable, part: Callable[[ExportContent], Array]) -> Array:
    """A part of each cell's exports relative to them, shape (n,)."""
    content = export_content(table)
    return ratio(part(content), content.exports)


@indicator(
    symbol="I2",
    property="inclusive",
    unit="1",
    range=(0, 1),
    sense=1,
    source="Borin and Mancini (2023), Economic Systems Research 35(4); World Development Report 2020",
    by_cell=lambda table: _of_exports(table, lambda c: c.exports - c.absorbed_directly),
)
def gvc_participation(table: WorldTable) -> CountryValues:
    """Share of a country's gross exports that crosses at least two borders, backward and forward."""
    content = export_content(table)
    crossing = table.by_country(content.exports - content.absorbed_directly)
    exports = table.by_country(content.exports)
    return CountryValues(table.countries, ratio(crossing, exports), quotient(crossing.sum(), exports.sum()))


@indicator(
    symbol="I2.backward",
    property="inclusive",
    unit="1",
    range=(0, 1),
    sense=0,
    source="Borin and Mancini (2023)",
    by_cell=lambda table: _of_exports(table, lambda c: c.backward),
)
def backward_participation(table: WorldTable) -> CountryValues:
    """Share of a country's gross exports that isn't its own value added: imported inputs that it passes on."""
    content = export_content(table)
    backward, exports = table.by_country(content.backward), table.by_country(content.exports)
    return CountryValues(table.countries, ratio(backward, exports), quotient(backward.sum(), exports.sum()))


@indicator(
    symbol="I2.forward",
    property="inclusive",
    unit="1",
    range=(0, 1),
    sense=0,
    source="Borin and Mancini (2023)",
    by_cell=lambda table: _of_exports(table, lambda c: c.forward),
)
def forward_participation(table: WorldTable) -> CountryValues:
    """Share of a country's gross exports that is its value added passed on by the direct importer."""
    content = export_content(table)
    forward, exports = table.by_country(content.forward), table.by_country(content.exports)
    return CountryValues(table.countries, ratio(forward, exports), quotient(forward.sum(), exports.sum()))


@indicator(
    symbol="I3",
    property="inclusive",
    unit="1",
    range=(0, 1),
    sense=1,
    source="1 - Herfindahl of the markets of value-added exports",
    by_cell=lambda table: _breadth(table.output_by_destination * _abroad(table)),
)
def market_breadth(table: WorldTable) -> CountryValues:
    """How many foreign markets a country's value added reaches, and how evenly: 1 - sum of squared market shares."""
    return CountryValues(table.countries, _breadth(value_added_exports(table)))


def _breadth(exports: Array) -> Array:
    """1 - Herfindahl index of the shares of each row."""
    shares = ratio(exports, exports.sum(axis=1)[:, None])
    return np.asarray(1 - (shares**2).sum(axis=1))


def _abroad(table: WorldTable) -> Array:
    """1 where the column's country isn't that of the row's cell, shape (n, N)."""
    return np.where(table.country_of[:, None] != np.arange(table.n_countries), 1.0, 0.0)


@indicator(
    symbol="I4",
    property="inclusive",
    unit="1",
    range=(0, np.inf),
    sense=-1,
    source="Theil (1967), index T of value added per head across countries",
    needs=("population",),
    by_product=False,
    reads=("value_added",),
)
def inequality_between_countries(table: WorldTable) -> CountryValues:
    """Theil index of value added per head across countries, weighted by value added; 0 where all are equal.

    Countries without a number of people or without value added are left out.
    """
    people = table.extensions["population"].values
    counted = (people > 0) & (table.gdp > 0)
    income, people = table.gdp[counted] / table.gdp[counted].sum(), people[counted]
    return CountryValues((), np.zeros(0), float((income * np.log(income / (people / people.sum()))).sum()))

"""`serai world measure` and `serai world compare`: the nine properties of every country, in one table or two."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import (
    FINAL_DEMAND,
    MAKERS,
    AsJson,
    Countries,
    OfChain,
    Properties,
    Symbols,
    TableName,
    ToParquet,
    chain_cells,
    country_of,
    read_table,
)
from serai.world.command.output import console, handed_over, named, number, show, waiting

if TYPE_CHECKING:
    from serai.world.measures import Record
    from serai.world.table import WorldTable

SENSES = {1: "more is better", -1: "less is better", 0: "it depends"}


@app.command(epilog="Example: serai world measure wiod2013/2011 --country CHN --property secure")
def measure(
    table: TableName = None,
    country: Countries = None,
    property_: Properties = None,
    symbol: Symbols = None,
    chain: OfChain = None,
    by_cell: Annotated[
        bool, typer.Option("--by-cell", help="Each industry of each country, for the indicators that have such a form.")
    ] = False,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Measure the nine properties of every country: secure, stable, smooth, efficient, open and the others."""
    check_indicators(property_, symbol)
    read = read_table(table, FINAL_DEMAND if chain is None else MAKERS)
    if by_cell:
        _measure_cells(read, country, property_, symbol, chain, as_json, parquet)
        return
    records = _measured(read, country, property_, symbol, chain)
    if handed_over([_plain(record) for record in records], as_json, parquet):
        return
    console().print(Text(f"{repr(read).strip('<>')}{f', seen through the chain {chain}' if chain else ''}", "bold"))
    values = {(record.symbol, record.country): with_bounds(record) for record in records if record.value is not None}
    _show_by_property(records, values)
    for caution in dict.fromkeys(record.caution for record in records if record.caution):
        console().print(f"\n{caution}")
    if read.citation:
        console().print(f"\nSource: {read.citation}")


@app.command(epilog="Example: serai world compare wiod2013/1995 wiod2013/2011 --country DEU")
def compare(
    before: Annotated[str, typer.Argument(metavar="TABLE", help="The first table.")],
    after: Annotated[str, typer.Argument(metavar="TABLE", help="The second table.")],
    country: Countries = None,
    property_: Properties = None,
    symbol: Symbols = None,
    chain: OfChain = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Measure two tables and show each indicator in both, for the countries that both have."""
    check_indicators(property_, symbol)
    first, second = read_table(before), read_table(after)
    earlier = {
        (record.symbol, record.country): record for record in _measured(first, country, property_, symbol, chain)
    }
    later = [
        record
        for record in _measured(second, country, property_, symbol, chain)
        if (record.symbol, record.country) in earlier
    ]
    records: list[dict[str, Any]] = []
    for record in later:
        old = earlier[record.symbol, record.country].value
        change = None if old is None or record.value is None else record.value - old
        about = {"country": record.country, "property": record.property, "symbol": record.symbol}
        records.append({**about, "before": old, "after": record.value, "change": change, "unit": record.unit})
    if handed_over(records, as_json, parquet):
        return
    console().print(Text(f"{before} -> {after}", "bold"))
    values = {
        (record_of["symbol"], record_of["country"]): f"{number(record_of['before'])} -> {number(record_of['after'])}"
        for record_of in records
        if record_of["change"] is not None
    }
    _show_by_property(later, values)


def _measured(
    table: "WorldTable",
    countries: Sequence[str] | None,
    properties: Collection[str] | None,
    symbols: Collection[str] | None,
    chain: str | None,
) -> "list[Record]":
    from serai.world.measures import PROPERTIES, WORLD
    from serai.world.measures import measure as ask

    chosen = None if countries is None else {WORLD, *(country_of(table, text) for text in countries)}
    cells = None if chain is None else chain_cells(table, chain)
    with waiting("Measuring"):
        records = ask(table, properties=properties or PROPERTIES, symbols=symbols, cells=cells)
    return [record for record in records if chosen is None or record.country in chosen]


def _measure_cells(
    table: "WorldTable",
    countries: Sequence[str] | None,
    properties: Collection[str] | None,
    symbols: Collection[str] | None,
    chain: str | None,
    as_json: bool,
    parquet: Path | None,
) -> None:
    """One row per cell and one column per indicator, or one record each."""
    import numpy as np

    from serai.world.measures import PROPERTIES, WORLD, measure_cells

    cells = table.cells([country_of(table, text) for text in countries] if countries else None)
    if chain is not None:
        cells = cells[np.isin(cells, chain_cells(table, chain))]
    with waiting("Measuring"):
        records = measure_cells(table, properties=properties or PROPERTIES, symbols=symbols, cells=cells)
    if handed_over([asdict(record) for record in records], as_json, parquet):
        return
    measured = [record for record in records if record.country != WORLD]
    shown = list(dict.fromkeys(record.symbol for record in measured))
    values = {(record.country, record.industry, record.symbol): number(record.value) for record in measured}
    places = dict.fromkeys((record.country, record.industry) for record in measured)
    show(("", "industry", *shown), [(*place, *(values[(*place, symbol)] for symbol in shown)) for place in places])
    for record in records:
        if record.country == WORLD:
            console().print(f"{record.symbol}: not measured. {record.reason}")


def check_indicators(properties: Iterable[str] | None, symbols: Iterable[str] | None) -> None:
    from serai.world.measures import INDICATORS, PROPERTIES

    for kind, names, asked in (("property", PROPERTIES, properties), ("indicator", tuple(INDICATORS), symbols)):
        for word in asked or ():
            if word not in names:
                raise typer.BadParameter(f"There is no {kind} '{word}'; there are {', '.join(names)}.")


def _plain(record: "Record") -> dict[str, Any]:
    """A record for a program; `reason` stands only where nothing is measured, `caution` only where there is one."""
    fields = asdict(record)
    reason, caution = fields.pop("reason"), fields.pop("caution")
    if record.value is None:
        return fields | {"reason": reason}
    return fields | ({"caution": caution} if caution else {})


def with_bounds(record: "Record") -> str:
    value = number(record.value)
    return value if record.low == record.high else f"{value} [{number(record.low)} to {number(record.high)}]"


def _show_by_property(records: "Sequence[Record]", values: Mapping[tuple[str, str], str]) -> None:
    """One table per property: rows are countries, columns are indicators, followed by the definitions."""
    from serai.world.measures import INDICATORS

    for word in dict.fromkeys(record.property for record in records):
        of_property = [record for record in records if record.property == word]
        symbols = list(dict.fromkeys(record.symbol for record in of_property))
        width = max(map(len, symbols)) + 2
        shown = [symbol for symbol in symbols if any(symbol == key for key, _ in values)]
        console().print(Text(f"\n{word.capitalize()}", "bold"))
        if shown:
            places = dict.fromkeys(record.country for record in of_property if record.symbol in shown)
            rows = [(named(place), *(values.get((symbol, place), "-") for symbol in shown)) for place in places]
            show(("", *shown), rows)
        for symbol in symbols:
            declared = INDICATORS[symbol]
            if symbol in shown:
                about = f"{declared.name}, {SENSES[declared.sense]}, unit {declared.unit}. {declared.description}"
            else:
                reason = next((record.reason for record in of_property if record.symbol == symbol), "")
                about = f"{declared.name}: not measured. {reason}"
            console().print(f"  {symbol:<{width}}{about}")

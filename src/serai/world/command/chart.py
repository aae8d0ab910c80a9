"""`serai world chart`: pictures of a table, saved as SVG, PNG, a page, or their data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serai.world.command import app
from serai.world.command.options import Countries, OfChain, chain_cells, country_of, read_table
from serai.world.command.output import check_language, check_picture, console, waiting, writing

if TYPE_CHECKING:
    from serai.world.charts import Picture
    from serai.world.table import WorldTable

KINDS = {
    "properties": "the nine properties of --country (repeat it), over the years of the table's reader",
    "dependence": "who depends on whom, all pairs of the largest economies",
    "partners": "on whom --country depends, and who depends on it",
    "origins": "the countries whose value added is in the final goods of --chain",
    "tiles": "one indicator, --symbol, of every country on a grid of tiles",
}


@dataclass(frozen=True)
class Asked:
    """What a picture was asked for; each kind takes what it needs."""

    table: str | None
    countries: Sequence[str]
    chain: str | None
    symbol: str
    language: str


@app.command(epilog="Example: serai world chart properties wiod2013 --country CHN --country DEU --out properties.svg")
def chart(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="; ".join(f"{key}: {what}" for key, what in KINDS.items()))
    ],
    table: Annotated[
        str | None,
        typer.Argument(metavar="TABLE", help="A name or a path; for properties also a reader, such as wiod2013."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Ends with svg, png, html, json, csv or parquet."),
    ] = Path("chart.svg"),
    country: Countries = None,
    chain: OfChain = None,
    symbol: Annotated[str, typer.Option("--symbol", help="The indicator on the tiles, such as O2.")] = "O2",
    language: Annotated[str, typer.Option("--language", help="In which countries are named, such as zh-hans.")] = "en",
) -> None:
    """Draw a picture of a table and say in words what it shows."""
    check_picture(out)
    if kind not in DRAWN:
        raise typer.BadParameter(f"There is no picture '{kind}'; there are {', '.join(KINDS)}.")
    with waiting("Drawing"):
        check_language(language)
        picture = DRAWN[kind](Asked(table, country or [], chain, symbol, language))
        with writing(out):
            picture.save(out)
    console().print(f"{picture.title}. {picture.alternative}\n\n{out}")


def _properties(asked: Asked) -> "Picture":
    from serai.world.charts import properties_over_time
    from serai.world.readers import READERS
    from serai.world.series import read_years

    tables: Iterable[WorldTable] = (
        read_years(asked.table) if asked.table is not None and asked.table in READERS else [read_table(asked.table)]
    )
    if not asked.countries:
        raise typer.BadParameter("Name one or more countries with --country.")
    first = next(iter(tables))
    return properties_over_time(
        tables, [country_of(first, label) for label in asked.countries], language=asked.language
    )


def _dependence(asked: Asked) -> "Picture":
    from serai.world.charts import dependence_map

    return dependence_map(read_table(asked.table), language=asked.language)


def _partners(asked: Asked) -> "Picture":
    from serai.world.charts import dependence_bars

    if len(asked.countries) != 1:
        raise typer.BadParameter("Name one country with --country.")
    read = read_table(asked.table)
    return dependence_bars(read, country_of(read, asked.countries[0]), language=asked.language)


def _origins(asked: Asked) -> "Picture":
    from serai.world.chains import builtin_chains
    from serai.world.charts import chain_origins

    if asked.chain is None:
        raise typer.BadParameter("Name a chain with --chain, such as smart-vehicle.")
    read = read_table(asked.table)
    cells = chain_cells(read, asked.chain)
    (chain,) = builtin_chains((asked.chain,))
    destinations = [country_of(read, label) for label in asked.countries]
    return chain_origins(
        read, cells, chain.title.get(asked.language, chain.title["en"]), destinations or None, language=asked.language
    )


def _tiles(asked: Asked) -> "Picture":
    from serai.world.charts import tile_map
    from serai.world.measures import INDICATORS, WORLD, measure

    if asked.symbol not in INDICATORS:
        raise typer.BadParameter(f"There is no indicator '{asked.symbol}'; there are {', '.join(INDICATORS)}.")
    read = read_table(asked.table)
    records = measure(
        read, symbols=[asked.symbol], cells=None if asked.chain is None else chain_cells(read, asked.chain)
    )
    values = {
        record.country: record.value for record in records if record.value is not None and record.country != WORLD
    }
    if not values:
        raise typer.BadParameter(f"{asked.symbol} is not measured. {records[0].reason}")
    declared = INDICATORS[asked.symbol]
    measure_said = f"{declared.name} ({asked.symbol}), unit {declared.unit}"
    title = f"{declared.name.capitalize()}, {read.year}"
    return tile_map(values, title, measure_said, language=asked.language, source=read.citation)


DRAWN: "Mapping[str, Callable[[Asked], Picture]]" = {
    "properties": _properties,
    "dependence": _dependence,
    "partners": _partners,
    "origins": _origins,
    "tiles": _tiles,
}

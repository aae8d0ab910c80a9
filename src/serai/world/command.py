"""The command ``serai world``: tables, their properties, who depends on whom, and the published numbers recomputed.

A face: it reads what was asked, calls the library and says what came of it. Exit codes as in ``serai.cli``. Imports
inside a command are meant: SciPy and Polars take a second to load, and ``serai --help`` must not wait for them.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from serai.world.measures import Record
    from serai.world.published import Comparison, Printed
    from serai.world.table import WorldTable

FOUND_A_PROBLEM = 1
WIDE = 240
"""Columns of a line where nobody watches: a pipe cuts nothing off."""

SENSES = {1: "more is better", -1: "less is better", 0: "it depends"}

app = typer.Typer(
    help="The world's tables: what is there, the nine properties of every country, and who depends on whom.",
    no_args_is_help=True,
)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

TableName = Annotated[
    str | None,
    typer.Argument(
        metavar="TABLE", help="A name such as wiod2013/2011, or a path; else the table of SERAI_TABLE or the package."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")]
ToParquet = Annotated[
    Path | None, typer.Option("--parquet", metavar="FILE", dir_okay=False, help="Write the records to this file.")
]
Countries = Annotated[
    list[str] | None, typer.Option("--country", help="Only this country, by code or name; may be repeated.")
]
Properties = Annotated[
    list[str] | None, typer.Option("--property", help="Only this property, such as secure; may be repeated.")
]
Symbols = Annotated[
    list[str] | None, typer.Option("--symbol", help="Only this indicator, such as S1; may be repeated.")
]
OfChain = Annotated[
    str | None, typer.Option("--chain", metavar="SLUG", help="Count only what this chain makes, such as smart-vehicle.")
]


@app.command(epilog="Example: serai world tables --json")
def tables(as_json: AsJson = False, parquet: ToParquet = None) -> None:
    """List the tables that Serai reads by name, and which of them are on this machine."""
    from serai.world.readers import READERS

    records = [
        {
            "name": f"{reader.key}/{year}",
            "here": reader.find(year) is not None,
            "title": reader.title,
            "citation": reader.citation,
            "terms": reader.terms,
        }
        for reader in READERS.values()
        for year in reader.years
    ]
    if _handed_over(records, as_json, parquet):
        return
    here = {str(record["name"]) for record in records if record["here"]}
    rows = []
    for reader in READERS.values():
        found = sum(f"{reader.key}/{year}" in here for year in reader.years)
        span = f"{reader.years[0]} to {reader.years[-1]}" if len(reader.years) > 1 else "".join(map(str, reader.years))
        rows.append(
            (reader.key, span or "by path", f"{found} of {len(reader.years)}" if reader.years else "", reader.title)
        )
    _show(("reader", "years", "here", "what"), rows)


@app.command(epilog="Example: serai world info wiod2013/2011")
def info(table: TableName = None, as_json: AsJson = False) -> None:
    """Say what a table holds and whether its accounts balance (exit 1 where they do not)."""
    from serai.world.hygiene import balance_sheet

    read = _read(table)
    with _waiting("Checking the accounts"):
        sheet = balance_sheet(read)
    texts = ("name", "year", "unit", "source", "citation", "terms", "classification", "inventories", "log")
    facts = {text: getattr(read, text) for text in texts}
    facts |= {label: list(getattr(read, label)) for label in ("countries", "industries", "uses")}
    facts |= {
        "extensions": {name: {"unit": each.unit, "source": each.source} for name, each in read.extensions.items()}
    }
    if as_json:
        _say_json(facts | {"log": list(read.log), "balance": [asdict(check) for check in sheet.checks]})
    else:
        for name, fact in facts.items():
            said = ", ".join(map(str, fact)) if isinstance(fact, list | tuple | dict) else str(fact or "")
            if said:
                _console().print(Text.assemble((f"{name:<16}", "bold"), said))
        _console().print(f"\n{sheet}")
    if not sheet.holds:
        raise typer.Exit(FOUND_A_PROBLEM)


@app.command(epilog="Example: serai world measure wiod2013/2011 --country CHN --property secure")
def measure(
    table: TableName = None,
    country: Countries = None,
    property_: Properties = None,
    symbol: Symbols = None,
    chain: OfChain = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Measure the nine properties of every country: secure, stable, smooth, efficient, open and the others."""
    _check_indicators(property_, symbol)
    read = _read(table)
    records = _measured(read, country, property_, symbol, chain)
    if _handed_over([_plain(record) for record in records], as_json, parquet):
        return
    _console().print(Text(f"{repr(read).strip('<>')}{f', seen through the chain {chain}' if chain else ''}", "bold"))
    values = {(record.symbol, record.country): _with_bounds(record) for record in records if record.value is not None}
    _show_by_property(records, values)
    if read.citation:
        _console().print(f"\nSource: {read.citation}")


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
    _check_indicators(property_, symbol)
    first, second = _read(before), _read(after)
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
    if _handed_over(records, as_json, parquet):
        return
    _console().print(Text(f"{before} -> {after}", "bold"))
    values = {
        (each["symbol"], each["country"]): f"{_number(each['before'])} -> {_number(each['after'])}"
        for each in records
        if each["change"] is not None
    }
    _show_by_property(later, values)


@app.command(epilog="Example: serai world who China --product 8507")
def who(
    country: Annotated[
        str | None, typer.Argument(metavar="COUNTRY", help="A country of the table, by code or name.")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option("--product", metavar="HS4", help="Who supplies this heading, or could instead of COUNTRY."),
    ] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")] = None,
    chain: OfChain = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many countries at most.")] = 10,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Show on whom a country depends and who depends on it, in value added; or who could supply a product."""
    if product is not None:
        records = _suppliers(product, country, most)
        title = f"Who supplies heading {product}, and who could"
        columns: tuple[str, ...] = ("country", "now", "share", "advantage", "density")
    elif country is not None:
        read = _read(table)
        code = _country(read, country)
        records = _dependences(read, code, chain, most)
        title = f"Value added in final demand, every tier counted: {_named(code)}"
        columns = ("relation", "partner", "share")
    else:
        raise typer.BadParameter("Name a country, or a product with --product.")
    if _handed_over(records, as_json, parquet):
        return
    _console().print(Text(title, "bold"))
    _show(columns, [[_said(name, row[name]) for name in columns] for row in records])
    if product is not None:
        _console().print(
            "\nadvantage: revealed comparative advantage, 1 is the average.\ndensity: share of related products that "
            "the country exports with advantage.\nThose that supply now come first."
        )


@app.command(epilog="Example: serai world validate antras_chor_2018")
def validate(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this publication, reader or table; else all.")
    ] = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Recompute published numbers beside the printed ones (exit 1 when one is off)."""
    from serai.world.published import publications

    numbers = _numbers_of(name)
    comparisons = _compared(numbers)
    recomputed = [each for each in comparisons if each.found is not None]
    off = [each for each in recomputed if not each.agrees]
    records = [_comparison(each) for each in comparisons]
    if not _handed_over(records, as_json, parquet):
        for key, publication in publications().items():
            of_publication = [each for each in comparisons if each.printed.publication == key]
            if of_publication:
                _console().print(Text(f"\n{key}", "bold"))
                _console().print(f"{publication.citation}. {publication.remark}")
                _show(("table", "quantity", "of", "printed", "found", ""), _beside(of_publication))
        _console().print(f"\n{len(recomputed) - len(off)} of {len(recomputed)} recomputed numbers agree.")
    missing = list(dict.fromkeys(each.reason for each in comparisons if each.found is None))
    if missing:
        err.print(f"{len(comparisons) - len(recomputed)} numbers need data that is not here: {missing[0]}")
    if off or not recomputed:
        raise typer.Exit(FOUND_A_PROBLEM)


# What the commands share


def _read(name: str | None) -> "WorldTable":
    from serai.world.readers import UnreadableTable, read

    with _waiting(f"Reading {name or 'the table'}"):
        try:
            return read(name)
        except KeyError as error:
            raise typer.BadParameter(str(error.args[0])) from None
        except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
            raise UnreadableTable(f"{name} cannot be read: {error.strerror}.") from None


def _measured(
    table: "WorldTable",
    countries: Sequence[str] | None,
    properties: Collection[str] | None,
    symbols: Collection[str] | None,
    chain: str | None,
) -> "list[Record]":
    from serai.world.measures import PROPERTIES, WORLD
    from serai.world.measures import measure as ask

    chosen = None if countries is None else {WORLD, *(_country(table, text) for text in countries)}
    cells = None if chain is None else _chain_cells(table, chain)
    with _waiting("Measuring"):
        records = ask(table, properties=properties or PROPERTIES, symbols=symbols, cells=cells)
    return [record for record in records if chosen is None or record.country in chosen]


def _check_indicators(properties: Iterable[str] | None, symbols: Iterable[str] | None) -> None:
    from serai.world.measures import INDICATORS, PROPERTIES

    for kind, known, asked in (("property", PROPERTIES, properties), ("indicator", tuple(INDICATORS), symbols)):
        for word in asked or ():
            if word not in known:
                raise typer.BadParameter(f"There is no {kind} '{word}'; there are {', '.join(known)}.")


def _country(table: "WorldTable", text: str) -> str:
    """The table's label of a country given by label, code or name."""
    from serai.world.classifications.countries import find

    found = find(text)
    for label in (text, text.upper(), found.alpha3 if found else None):
        if label in table.countries:
            return str(label)
    raise typer.BadParameter(f"The table has no country '{text}'; it has {', '.join(table.countries)}.")


def _chain_cells(table: "WorldTable", slug: str) -> Any:
    from serai.world.chains import builtin_chains
    from serai.world.measures.industries import cells_making

    chains = {chain.slug: chain for chain in builtin_chains()}
    if slug not in chains:
        raise typer.BadParameter(f"There is no chain '{slug}'; there are {', '.join(chains)}.")
    return cells_making(table, [code for node in chains[slug].nodes for code in node.isic])


def _dependences(table: "WorldTable", code: str, chain: str | None, most: int) -> list[dict[str, Any]]:
    """The largest origins of a country's final demand, and the countries in whose final demand it weighs most."""
    from serai.world.measures.secure import origin_shares

    own = table.countries.index(code)
    seen = table if chain is None else table.on(_chain_cells(table, chain))
    with _waiting("Following the chains"):
        shares = origin_shares(seen)
    records = []
    for relation, values in (("depends on", shares[:, own]), ("is needed by", shares[own, :])):
        ranked = sorted(zip(table.countries, values.tolist(), strict=True), key=lambda pair: -pair[1])
        partners = [(partner, share) for partner, share in ranked if partner != code and math.isfinite(share)][:most]
        records += [
            {"country": code, "relation": relation, "partner": partner, "share": share} for partner, share in partners
        ]
    return records


def _suppliers(product: str, without: str | None, most: int) -> list[dict[str, Any]]:
    """The largest suppliers of a heading, and as many of those that make what is related."""
    from serai.world.classifications.countries import find
    from serai.world.trade import read_exports, suppliers

    left_out = find(without) if without else None
    if without and left_out is None:
        raise typer.BadParameter(f"There is no country '{without}'.")
    with _waiting("Reading the exports"):
        exports = read_exports()
    try:
        found = suppliers(exports, product, without=[left_out.alpha3] if left_out else [])
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    chosen = [each for now in (True, False) for each in [one for one in found if one.established is now][:most]]
    return [
        {"product": product, "country": each.country, "now": each.established}
        | {name: getattr(each, name) for name in ("exports", "share", "advantage", "density")}
        for each in chosen
    ]


def _said(column: str, value: Any) -> str:
    """One value of `who` for people."""
    if column in {"country", "partner"}:
        return _named(value)
    if column == "now":
        return "supplies" if value else "could"
    return f"{value:.2%}" if column == "share" else _number(value) if isinstance(value, float) else str(value)


def _numbers_of(name: str | None) -> "list[Printed]":
    from serai.world.published import printed_numbers

    numbers = printed_numbers()
    if name is None:
        return list(numbers)
    chosen = [each for each in numbers if name in {each.publication, each.table, each.table.partition("/")[0]}]
    if not chosen:
        known = dict.fromkeys(word for each in numbers for word in (each.publication, each.table.partition("/")[0]))
        raise typer.BadParameter(f"Nothing published is known of '{name}'; there are {', '.join(known)}.")
    return chosen


def _compared(numbers: "list[Printed]") -> "list[Comparison]":
    from rich.progress import track

    from serai.world.published import compare as recompute

    found = track(
        recompute(numbers), "Recomputing", len(numbers), console=err, transient=True, disable=not err.is_terminal
    )
    return list(found)


def _beside(comparisons: "Iterable[Comparison]") -> Iterator[tuple[str, ...]]:
    for each in comparisons:
        verdict = "not here" if each.found is None else "agrees" if each.agrees else "OFF"
        printed = each.printed
        yield printed.table, printed.quantity, printed.of, f"{printed.value:g}", _number(each.found, 6), verdict


def _comparison(compared: "Comparison") -> dict[str, Any]:
    """A comparison for a program; what came out undefined is null and does not agree."""
    printed, found = compared.printed, compared.found
    return {
        "publication": printed.publication,
        "table": printed.table,
        "quantity": printed.quantity,
        "of": printed.of,
        "printed": printed.value,
        "found": found if found is not None and math.isfinite(found) else None,
        "tolerance": printed.tolerance,
        "agrees": compared.agrees,
        "reason": compared.reason,
    }


def _plain(record: "Record") -> dict[str, Any]:
    """A record for a program; `reason` stands only where nothing is measured."""
    fields = asdict(record)
    reason = fields.pop("reason")
    return fields if record.value is not None else fields | {"reason": reason}


def _number(value: float | None, digits: int = 4) -> str:
    return "-" if value is None else f"{value:,.{digits}g}"


def _with_bounds(record: "Record") -> str:
    value = _number(record.value)
    return value if record.low == record.high else f"{value} [{_number(record.low)} to {_number(record.high)}]"


def _named(label: str) -> str:
    """A country's label with its English name where it is a code of ISO 3166-1."""
    from serai.world.classifications.countries import find, name

    found = find(label)
    return f"{label} {name(found.alpha2, 'en')}" if found else label


def _show_by_property(records: "Sequence[Record]", values: Mapping[tuple[str, str], str]) -> None:
    """A table a property, with a row a country and a column an indicator, and what each indicator is."""
    from serai.world.measures import INDICATORS

    for word in dict.fromkeys(record.property for record in records):
        of_property = [record for record in records if record.property == word]
        symbols = list(dict.fromkeys(record.symbol for record in of_property))
        shown = [symbol for symbol in symbols if any(symbol == key for key, _ in values)]
        _console().print(Text(f"\n{word.capitalize()}", "bold"))
        if shown:
            places = dict.fromkeys(record.country for record in of_property if record.symbol in shown)
            rows = [(_named(place), *(values.get((symbol, place), "-") for symbol in shown)) for place in places]
            _show(("", *shown), rows)
        for symbol in symbols:
            declared = INDICATORS[symbol]
            if symbol in shown:
                about = f"{declared.name}, {SENSES[declared.sense]}, unit {declared.unit}. {declared.description}"
            else:
                reason = next((record.reason for record in of_property if record.symbol == symbol), "")
                about = f"{declared.name}: not measured. {reason}"
            _console().print(f"  {symbol:<16}{about}")


def _show(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns of text; those after the first stand right where they hold numbers."""
    listed = [tuple(row) for row in rows]
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, title in enumerate(header):
        cells = [row[position] for row in listed]
        numbers = bool(cells) and all(cell[:1] in "-0123456789" for cell in cells) and position > 0
        grid.add_column(Text(title), justify="right" if numbers else "left", no_wrap=numbers)
    for row in listed:
        grid.add_row(*(Text(cell) for cell in row))
    _console().print(grid)


def _console() -> Console:
    """Standard output, as wide as the terminal, or wide enough where it is none."""
    console = Console(highlight=False, soft_wrap=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDE, soft_wrap=False)


@contextmanager
def _waiting(what: str) -> Iterator[None]:
    if err.is_terminal:
        with err.status(f"{what} ..."):
            yield
    else:
        yield


def _handed_over(records: "list[dict[str, Any]]", as_json: bool, parquet: Path | None) -> bool:
    """Whether the records were asked for as data, and given so."""
    if parquet is not None:
        import polars as pl

        try:
            pl.DataFrame(records, infer_schema_length=None).write_parquet(parquet)
        except OSError as error:
            raise typer.BadParameter(f"{parquet} cannot be written: {error}.") from None
        err.print(f"Wrote {len(records):,} records to {parquet}.")
    if as_json:
        _say_json(records)
    return as_json or parquet is not None


def _say_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))

"""`serai chain source`: what one more source of a node is worth to a buyer."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command.chain import ChainName, app, declared_of, fine_table, joined
from serai.world.command.options import AsJson, ToParquet, code_of
from serai.world.command.output import console, handed_over, named, number, show, waiting

if TYPE_CHECKING:
    from serai.world.supply import Amount


@app.command(epilog="Example: serai chain source clean-energy battery-cells Germany Morocco")
def source(
    name: ChainName,
    node: Annotated[str, typer.Argument(metavar="NODE", help="What the buyer needs, a node of the chain.")],
    buyer: Annotated[str, typer.Argument(metavar="BUYER", help="The buyer's country, by code or name.")],
    suppliers: Annotated[list[str], typer.Argument(metavar="SUPPLIER ...", help="Countries of new sources.")],
    present: Annotated[
        list[str] | None,
        typer.Option("--present", metavar="COUNTRY=SHARE", help="A present source; else the average of the country."),
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", min=0, max=1, help="The part of the need that the new source takes.")
    ] = None,
    firms: Annotated[
        float | None,
        typer.Option("--firms", metavar="NUMBER", min=1, help="From how many firms of like size the buyer buys now."),
    ] = None,
    price: Annotated[
        str | None, typer.Option("--price", metavar="AMOUNT", help="The present price, such as '12.5 USD/kg'.")
    ] = None,
    offers: Annotated[
        list[str] | None,
        typer.Option("--offer", metavar="COUNTRY=AMOUNT", help="A supplier's price, in the unit of --price."),
    ] = None,
    value: Annotated[
        str | None, typer.Option("--value", metavar="AMOUNT", help="What the need costs, such as '3000000 USD a year'.")
    ] = None,
    sales: Annotated[
        list[str] | None,
        typer.Option("--sales", metavar="COUNTRY=AMOUNT", help="A supplier's sales, in the unit of --value."),
    ] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")] = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Show, property by property, what one more source changes for a buyer, with its interval, where it can be told."""
    from serai.world.supply import Supplier, needs_of, source_values

    declared = declared_of(name)
    world = fine_table(table)
    network = joined(declared, world)
    at = code_of(buyer)
    countries = list(dict.fromkeys(code_of(text) for text in suppliers))
    prices, sold = (amounts_by_country(texts, countries) for texts in (offers, sales))
    sellers = [Supplier(code, {node: prices[code]} if code in prices else {}, sold.get(code)) for code in countries]
    with waiting("Valuing the sources"):
        try:
            needs = needs_of(
                network,
                [(node, at)],
                present={0: present_of(present)} if present else None,
                theta={} if share is None else {0: share},
                sources={} if firms is None else {0: firms},
                price={} if price is None else {0: amount_of(price)},
                value={} if value is None else {0: amount_of(value)},
            )
            values = source_values(network, needs, sellers, table=world)
            further = [values.further(0, place) for place in range(len(sellers))]
        except KeyError as error:
            raise typer.BadParameter(str(error.args[0])) from None
    records: list[dict[str, Any]] = [
        {"node": node, "buyer": at, "supplier": country, "theta": float(values.theta[0]), "figure": kind} | row
        for place, country in enumerate(countries)
        for kind, rows in (
            ("headline", values.records(0, place)),
            ("further", [figure.record() for figure in further[place]]),
        )
        for row in rows
    ]
    if handed_over(records, as_json, parquet):
        return
    for place, country in enumerate(countries):
        title = f"{node} for a buyer in {named(at)}: {values.theta[0]:.0%} of it from {named(country)}"
        console().print(Text(f"\n{title}", "bold"))
        show(
            ("property", "", "now", "change", "from", "to", "of what"),
            [
                (row["property"], row["told"], *numbers_of(row, "low", "high"), told_of(row))
                for row in values.records(0, place)
            ],
        )
        console().print(Text("beside it"))
        show(
            ("property", "now", "change", "of what"),
            [
                (row["property"], *numbers_of(row), told_of(row))
                for row in (figure.record() for figure in further[place])
            ],
        )
    sourcing = "as declared" if present else "the average of the country (grade D)"
    console().print(f"\nPresent sourcing: {sourcing}. The interval is that of nine draws in ten.")


def numbers_of(row: dict[str, Any], *more: str) -> tuple[str, ...]:
    return tuple(number(row[key], 3) for key in ("present", "change", *more))


def told_of(row: dict[str, Any]) -> str:
    """What a row is about, and why where it is not measured."""
    return f"{row['about']}: {row['reason']}" if row["present"] is None else f"{row['about']}, {row['unit']}"


def present_of(texts: list[str]) -> dict[str, float]:
    """Present sources from COUNTRY=SHARE."""
    shares: dict[str, float] = {}
    for text in texts:
        country, _, part = text.partition("=")
        try:
            size = float(part.removesuffix("%")) / (100 if part.endswith("%") else 1)
        except ValueError:
            size = -1.0
        if not 0 < size <= 1:
            raise typer.BadParameter(f"'{text}' is no source; write it like China=0.6 or China=60%.")
        shares[code_of(country)] = size
    return shares


def amount_of(text: str) -> "Amount":
    """An amount such as 12.5 USD/kg."""
    from serai.world.supply import Amount

    value, _, unit = text.strip().partition(" ")
    try:
        return Amount(float(value), unit.strip())
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is no amount; write a number above 0 and its unit, like '12.5 USD/kg'."
        ) from None


def amounts_by_country(texts: list[str] | None, suppliers: list[str]) -> "dict[str, Amount]":
    """Amounts from COUNTRY=AMOUNT, of these suppliers."""
    amounts = {}
    for text in texts or []:
        country, _, amount = text.partition("=")
        code = code_of(country)
        if code not in suppliers:
            raise typer.BadParameter(f"'{text}' is of no supplier; the suppliers are {', '.join(suppliers)}.")
        amounts[code] = amount_of(amount)
    return amounts

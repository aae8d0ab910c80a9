"""`serai chain source`: what one more source of a node is worth to a buyer."""

from typing import Annotated, Any

import typer
from rich.text import Text

from serai.world.command.chain import ChainName, app, declared_of, fine_table, joined
from serai.world.command.options import AsJson, ToParquet
from serai.world.command.output import console, handed_over, named, number, show, waiting


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
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")] = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Show, property by property, what one more source changes for a buyer, with its interval, where it can be told."""
    from serai.world.supply import needs_of, source_values

    declared = declared_of(name)
    world = fine_table(table)
    network = joined(declared, world)
    at = code_of(buyer)
    countries = [code_of(text) for text in suppliers]
    with waiting("Valuing the sources"):
        try:
            needs = needs_of(
                network,
                [(node, at)],
                present={0: present_of(present)} if present else None,
                theta={} if share is None else {0: share},
            )
            values = source_values(network, needs, countries, table=world)
        except KeyError as error:
            raise typer.BadParameter(str(error.args[0])) from None
    records: list[dict[str, Any]] = [
        {"node": node, "buyer": at, "supplier": country, "theta": float(values.theta[0])} | row
        for country in countries
        for row in values.records(0, country)
    ]
    if handed_over(records, as_json, parquet):
        return
    for country in countries:
        title = f"{node} for a buyer in {named(at)}: {values.theta[0]:.0%} of it from {named(country)}"
        console().print(Text(f"\n{title}", "bold"))
        show(
            ("property", "", "now", "change", "from", "to", "of what"),
            [
                (
                    row["property"],
                    row["told"],
                    *(number(row[key], 3) for key in ("present", "change", "low", "high")),
                    f"{row['about']}, {row['unit']}" if row["present"] is not None else row["reason"],
                )
                for row in values.records(0, country)
            ],
        )
    known = "as declared" if present else "the average of the country (grade D)"
    console().print(f"\nPresent sourcing: {known}. The interval is that of nine draws in ten.")


def code_of(text: str) -> str:
    """The alpha-3 code of a country given by code or name."""
    from serai.world.classifications.countries import find

    country = find(text)
    if country is None:
        raise typer.BadParameter(f"There is no country '{text}'.")
    return country.alpha3


def present_of(texts: list[str]) -> dict[str, float]:
    """Present sources from COUNTRY=SHARE."""
    found: dict[str, float] = {}
    for text in texts:
        country, _, part = text.partition("=")
        try:
            size = float(part.removesuffix("%")) / (100 if part.endswith("%") else 1)
        except ValueError:
            size = -1.0
        if not 0 < size <= 1:
            raise typer.BadParameter(f"'{text}' is no source; write it like China=0.6 or China=60%.")
        found[code_of(country)] = size
    return found

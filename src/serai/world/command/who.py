"""`serai world who`: on whom a country depends and who depends on it, or who could supply a product."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import (
    FINAL_DEMAND,
    MAKERS,
    AsJson,
    OfChain,
    ToParquet,
    chain_cells,
    code_of,
    country_of,
    read_table,
)
from serai.world.command.output import console, handed_over, named, number, show, waiting

if TYPE_CHECKING:
    from serai.world.table import WorldTable


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
        read = read_table(table, FINAL_DEMAND if chain is None else MAKERS)
        code = country_of(read, country)
        records = _dependences(read, code, chain, most)
        title = f"Value added in final demand, every tier counted: {named(code)}"
        columns = ("relation", "partner", "share")
    else:
        raise typer.BadParameter("Name a country, or a product with --product.")
    if handed_over(records, as_json, parquet):
        return
    console().print(Text(title, "bold"))
    show(columns, [[_said(name, row[name]) for name in columns] for row in records])
    if product is not None:
        console().print(
            "\nadvantage: revealed comparative advantage, 1 is the average.\ndensity: share of related products that "
            "the country exports with advantage.\nThose that supply now come first."
        )


def _dependences(table: "WorldTable", code: str, chain: str | None, most: int) -> list[dict[str, Any]]:
    """The largest origins of a country's final demand, and the countries in whose final demand it weighs most."""
    from serai.world.measures.secure import largest_partners

    seen = table if chain is None else table.on(chain_cells(table, chain))
    with waiting("Following the chains"):
        partners = largest_partners(seen, code, most)
    return [
        {"country": code, "relation": relation, "partner": partner, "share": share}
        for relation, partner, share in partners
    ]


def _suppliers(product: str, without: str | None, most: int) -> list[dict[str, Any]]:
    """The largest suppliers of a heading, and as many countries that make related products."""
    from serai.world.trade import read_exports, suppliers

    left_out = [code_of(without)] if without else []
    with waiting("Reading the exports"):
        exports = read_exports()
    try:
        ranked = suppliers(exports, product, without=left_out)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    chosen = [
        supplier
        for now in (True, False)
        for supplier in [candidate for candidate in ranked if candidate.established is now][:most]
    ]
    return [
        {"product": product, "country": supplier.country, "now": supplier.established}
        | {name: getattr(supplier, name) for name in ("exports", "share", "advantage", "density")}
        for supplier in chosen
    ]


def _said(column: str, value: Any) -> str:
    """One value of `who` as text."""
    if column in {"country", "partner"}:
        return named(value)
    if column == "now":
        return "supplies" if value else "could"
    return f"{value:.2%}" if column == "share" else number(value) if isinstance(value, float) else str(value)

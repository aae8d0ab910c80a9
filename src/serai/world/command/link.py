"""`serai world link`: what a new link would do to each of the nine properties."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import AsJson, ToParquet, country_of, read_table
from serai.world.command.output import console, handed_over, named, number, show, waiting

if TYPE_CHECKING:
    from serai.world.links import LinkValue
    from serai.world.table import WorldTable


@app.command(epilog="Example: serai world link DEU:C IND:C --share 0.2")
def link(
    cells: Annotated[
        list[str],
        typer.Argument(metavar="BUYER SUPPLIER ...", help="Pairs of cells, each COUNTRY:INDUSTRY, buyer first."),
    ],
    share: Annotated[
        float, typer.Option("--share", min=0, max=0.99, help="Part of the product that moves to the new supplier.")
    ] = 0.1,
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")] = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Show what a new link between a buyer and a supplier changes, property by property, and how sure its sign is."""
    if len(cells) % 2:
        raise typer.BadParameter("Links are pairs: name a supplier for each buyer.")
    read = read_table(table)
    places = [cell_of(read, text) for text in cells]
    from serai.world.links import links_between, value_of_links

    with waiting("Pricing the links"):
        value = value_of_links(read, links_between(places[::2], places[1::2], share))
    records = [record for place in range(len(value.links)) for record in link_records(value, place)]
    if handed_over(records, as_json, parquet):
        return
    for place in range(len(value.links)):
        of_link = link_records(value, place)
        title = f"{_said(read, places[2 * place])} buys {share:.0%} of its {of_link[0]['product']} from "
        console().print(Text(f"\n{title}{_said(read, places[2 * place + 1])}", "bold"))
        console().print(f"An order of {number(float(value.order[place]))} {read.unit}.")
        show(
            ("property", "change", "from", "to", "", "of what"),
            [
                (
                    aspect["property"],
                    *(number(aspect[name]) for name in ("change", "low", "high")),
                    aspect["sign"],
                    aspect["about"],
                )
                for aspect in of_link
            ],
        )
    for name, reason in value.missing.items():
        console().print(f"{name}: not measured. {reason}")
    console().print(
        "\nThe range is over the irreplaceable share of inputs and trade elasticities; all else is exact accounting in "
        "fixed proportions.\nDisruptions: each country in turn loses 30 % of its capacity, all equally likely; which "
        "ones are likely is yours to say."
    )


def cell_of(table: "WorldTable", text: str) -> int:
    """The cell named COUNTRY:INDUSTRY."""
    country, colon, industry = text.rpartition(":")
    if not colon:
        raise typer.BadParameter(f"'{text}' is no cell; write it like CHN:C, a country and an industry.")
    code = country_of(table, country)
    if industry not in table.industries:
        raise typer.BadParameter(f"The table has no industry '{industry}'; it has {', '.join(table.industries)}.")
    return table.cell(code, industry)


def link_records(value: "LinkValue", place: int) -> list[dict[str, Any]]:
    """The vector of one link for a program."""
    table, links = value.table, value.links
    buyer, supplier = (":".join(table.labels[int(cell[place])]) for cell in (links.buyer, links.supplier))
    product = table.industries[int(table.industry_of[links.supplier[place]])]
    return [
        {
            "buyer": buyer,
            "supplier": supplier,
            "product": product,
            "share": float(links.share[place]),
            "property": aspect.property,
            "aspect": aspect.name,
            "about": aspect.about,
            "unit": aspect.unit if aspect.unit != "money" else table.unit,
            "change": float(value.values[place, k]),
            "low": float(value.low[place, k]),
            "high": float(value.high[place, k]),
            "better": float(value.better[place, k]),
            "worse": float(value.worse[place, k]),
            "sign": sign_in_words(float(value.better[place, k]), float(value.worse[place, k])),
        }
        for k, aspect in enumerate(value.aspects)
    ]


def sign_in_words(better: float, worse: float) -> str:
    """What the draws say of the direction of a change."""
    if better == worse == 0:
        return "no change"
    if better == 1 or worse == 1:
        return "better" if better == 1 else "worse"
    return f"better in {better:.0%} of draws, worse in {worse:.0%}"


def _said(table: "WorldTable", cell: int) -> str:
    country, industry = table.labels[cell]
    return f"{named(country)} {industry}"

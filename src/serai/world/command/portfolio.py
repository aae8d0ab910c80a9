"""`serai world portfolio`: which few new links, taken together, save most when disruptions come."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.link import cell_of
from serai.world.command.options import AsJson, OfChain, chain_cells, read_table
from serai.world.command.output import console, number, say_json, show, waiting

if TYPE_CHECKING:
    from serai.world.links import Links
    from serai.world.table import Array, WorldTable


@app.command(epilog="Example: serai world portfolio --chain smart-vehicle -k 5")
def portfolio(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="CSV of possible links: buyer, supplier (as CHN:C), share.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    most: Annotated[int, typer.Option("-k", "--links", min=1, help="How many links at most.")] = 5,
    each: Annotated[int, typer.Option("--each", min=1, help="How many links at most of one buyer.")] = 2,
    chain: OfChain = None,
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")] = None,
    no_more_carbon: Annotated[
        bool, typer.Option("--no-more-carbon", help="The links together may not raise emissions.")
    ] = False,
    both_gain: Annotated[
        bool, typer.Option("--both-gain", help="The smaller gains of both sides may not add up to a loss.")
    ] = False,
    least_developed_gain: Annotated[
        bool, typer.Option("--least-developed-gain", help="The least developed countries may not lose.")
    ] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="Time for the proof.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Choose the links that save most in disruptions; say how far from the best that can be, and how sure each is."""
    if (file is None) == (chain is None):
        raise typer.BadParameter("Give a file of possible links, or a chain with --chain.")
    read = read_table(table)
    from serai.world.links.risk import country_outages, risk_of
    from serai.world.portfolio import Limits, promising_links
    from serai.world.portfolio import portfolio as best

    given = country_outages(read)
    with waiting("Looking for links"):
        if file is not None:
            links = read_links(read, file)
        else:
            links = promising_links(read, risk_of(read, given), chain_cells(read, str(chain)))
        wanted = {"emissions": no_more_carbon, "smaller gain": both_gain, "least developed": least_developed_gain}
        effects = _effects(read, links, [name for name, asked in wanted.items() if asked])
    if not len(links):
        raise typer.BadParameter("No link that a supplier could deliver saves anything there.")
    limits = Limits(most, group=links.buyer, each=each, effects=effects)
    with waiting("Choosing"):
        choice = best(read, links, limits, given, seconds=seconds)
    records: list[dict[str, Any]] = [
        {
            "buyer": ":".join(read.labels[int(links.buyer[place])]),
            "supplier": ":".join(read.labels[int(links.supplier[place])]),
            "share": float(links.share[place]),
            "chosen": place in choice.chosen,
            "frequency": float(choice.frequency[place]),
            "recommended": place in choice.recommended,
        }
        for place in range(len(links))
        if place in choice.chosen or choice.frequency[place] > 0
    ]
    if as_json:
        say_json(_answer(choice.saved, choice.bound, choice.gap, choice.method, read.unit, records))
        return
    console().print(Text(f"Of {len(links)} possible links, {len(choice.chosen)} together", "bold"))
    show(
        ("buyer", "supplier", "share", "chosen in", ""),
        [(r["buyer"], r["supplier"], f"{r['share']:.0%}", f"{r['frequency']:.0%} of draws", _word(r)) for r in records],
    )
    console().print(
        f"\nThey save {number(choice.saved)} {read.unit} a year in expectation; no choice saves more than "
        f"{number(choice.bound)} (gap {choice.gap:.1%}, by {choice.method}).\nDraws: the irreplaceable share of "
        "inputs. Disruptions: each country in turn loses 30 % of its capacity, all equally likely."
    )


def read_links(table: "WorldTable", file: Path) -> "Links":
    """The links of a CSV file. Raises BadParameter with the row at fault."""
    import polars as pl

    from serai.world.links import links_between

    try:
        frame = pl.read_csv(file, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}.") from None
    for column in ("buyer", "supplier", "share"):
        if column not in frame.columns:
            raise typer.BadParameter(f"{file} has no column '{column}'; it needs buyer, supplier and share.")
    cells: dict[str, list[int]] = {"buyer": [], "supplier": []}
    shares = []
    for number_, row in enumerate(frame.iter_rows(named=True), 1):
        try:
            for column, column_cells in cells.items():
                column_cells.append(cell_of(table, row[column] or ""))
            shares.append(_share(row["share"] or ""))
        except typer.BadParameter as error:
            raise typer.BadParameter(f"{file}, row {number_}: {error}") from None
    return links_between(cells["buyer"], cells["supplier"], shares)


def _share(text: str) -> float:
    """The share in a cell of the file. Raises BadParameter."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise typer.BadParameter(f"The share is a number from 0 to below 1, such as 0.1, not '{text}'.")
    return share


def _effects(table: "WorldTable", links: "Links", names: list[str]) -> "Array":
    """What may not add up to a worsening, (rows, k), positive for the better."""
    import numpy as np

    from serai.world.links import value_of_links

    if not names:
        return np.zeros((0, 0))
    value = value_of_links(table, links)
    for name in names:
        if name in value.missing:
            raise typer.BadParameter(value.missing[name])
    sense = {aspect.name: aspect.sense for aspect in value.aspects}
    return np.stack([sense[name] * value.of(name) for name in names])


def _answer(
    saved: float, bound: float, gap: float, method: str, unit: str, records: list[dict[str, Any]]
) -> dict[str, Any]:
    return {"saved": saved, "bound": bound, "gap": gap, "method": method, "unit": unit, "links": records}


def _word(record: dict[str, Any]) -> str:
    words = [word for word in ("chosen", "recommended") if record[word]]
    return " and ".join(words) or "in some draws"

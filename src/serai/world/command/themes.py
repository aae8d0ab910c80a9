"""`serai world themes`: the four themes by country and year, and their growth against a base year."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import AsJson, Countries, ToParquet, code_of
from serai.world.command.output import console, handed_over, named, number, reporting, say_json, show

if TYPE_CHECKING:
    from serai.world.themes import Theme, ThemeNumber


@app.command(epilog="Example: serai world themes --theme innovation --country CHN --country KEN")
def themes(
    theme: Annotated[
        list[str] | None, typer.Option("--theme", help="Only this theme, such as resilience; may be repeated.")
    ] = None,
    country: Countries = None,
    base: Annotated[
        int | None, typer.Option("--base", help="The base year; else 2018, or the first year that has enough.")
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", metavar="NAME", help="Only this table of the world, of those at hand; may be repeated."
        ),
    ] = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Measure connectivity, resilience, promotion and innovation: every indicator by country and year, and its growth.

    There is no score. A theme's number is the geometric mean of what its indicators are against the base year, with
    the interval over all weights; the published index stands beside it.
    """
    from serai.world.measures import WORLD
    from serai.world.scorecards import tables_at_hand
    from serai.world.themes import THEMES, numbers_of, panels_of_series, panels_of_tables, theme_matrix, values_of

    at_hand = tables_at_hand()
    for kind, names, asked in (("theme", THEMES, theme), ("table", at_hand, table)):
        for word in asked or ():
            if word not in names:
                raise typer.BadParameter(f"There is no {kind} '{word}'; there are {', '.join(names)}.")
    codes = [code_of(text) for text in country or ()]
    with reporting("Measuring") as progress:
        panels = [*panels_of_series(), *panels_of_tables(table or at_hand, progress)]
    chosen = [of_name for name, of_name in theme_matrix(panels).items() if not theme or name in theme]
    places = codes or [WORLD]
    if as_json or parquet is not None:
        values = [asdict(value) for of in chosen for value in values_of(of, codes or None)]
        numbers = [asdict(row) for of in chosen for place in places for row in numbers_of(of, place, base)]
        if parquet is not None:
            handed_over(values, False, parquet)
        if as_json:
            not_measured = {of.name: of.not_measured for of in chosen}
            say_json({"values": values, "numbers": numbers, "not_measured": not_measured})
        return
    for of in chosen:
        _show(of, places, base)


def _show(theme: "Theme", places: list[str], base: int | None) -> None:
    """A theme: the number of each place, then its indicators, then what is not measured."""
    from serai.world.measures import WORLD
    from serai.world.themes import PUBLISHED, numbers_of, values_of

    console().print(Text(f"\n{theme.name.capitalize()}", "bold"))
    for place in places:
        _show_number(numbers_of(theme, place, base)[-1])
        if place == WORLD:
            for printed in (row for row in PUBLISHED if row.theme == theme.name):
                told = f"{printed.title}, {printed.base} = 1: {printed.value} in {printed.year}"
                console().print(f"  {told}. Source: {printed.source}.")
    latest: dict[tuple[str, str, str], Any] = {}
    for value in values_of(theme, places):
        latest[value.country, value.indicator, value.source] = value
    rows = []
    for value in latest.values():
        interval = "" if value.low is None else f"{number(value.low)} to {number(value.high)}"
        of = f"{value.members} countries" if value.members > 1 else ""
        rows.append(
            (named(value.country), value.indicator, number(value.value), interval, str(value.year), value.unit, of)
        )
    if rows:
        show(("", "indicator", "value", "interval", "year", "unit", "of"), rows)
    for source in dict.fromkeys(value.source for value in latest.values()):
        console().print(f"  Source: {source}")
    for key, reason in theme.not_measured.items():
        console().print(f"  {key}: not measured. {reason}")


def _show_number(row: "ThemeNumber") -> None:
    if row.growth is None:
        console().print(f"  {named(row.country)}: no number. {row.reason}")
        return
    made_of = ", ".join(f"{key} {number(relative, 3)}" for key, relative in row.growth.relatives.items())
    told = (
        f"{number(row.growth.value, 3)} [{number(row.growth.low, 3)} to {number(row.growth.high, 3)} over all weights]"
    )
    console().print(f"  {named(row.country)}, {row.base} = 1: {told} in {row.year}, of {made_of}; equal weights.")

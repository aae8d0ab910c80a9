"""`serai world shock`: what a scenario does, over which horizon, what held back whom, and what it cannot say."""

import inspect
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import AsJson, ToParquet, read_table
from serai.world.command.output import (
    check_picture,
    console,
    err,
    handed_over,
    named,
    number,
    say_json,
    show,
    waiting,
    writing,
)

if TYPE_CHECKING:
    from serai.world.charts import Picture
    from serai.world.firm_network import FirmNetwork
    from serai.world.shocks import Result, Scenario
    from serai.world.table import WorldTable

MOST_BINDING = 8

TableOption = Annotated[str | None, typer.Option("--table", metavar="TABLE", help="A name or a path.")]


@app.command(epilog="Example: serai world shock port-closure --set countries=Japan,Korea --set days=30")
def shock(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A named scenario, a file, or a kind of shock; left out, all are listed."),
    ] = None,
    table: TableOption = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A parameter; lists with commas, blocs as CHN,RUS/USA,DEU."),
    ] = None,
    firms: Annotated[
        Path | None,
        typer.Option("--firms", metavar="FILE", help="Firms of a network: firm, country, industry, product, size."),
    ] = None,
    links: Annotated[
        Path | None,
        typer.Option("--links", metavar="FILE", help="Its links: supplier, buyer, value and, if told, product."),
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="The money of the network.")] = "US$",
    most: Annotated[int, typer.Option("--most", min=1, help="How many countries at most.")] = 15,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", dir_okay=False, help="Draw it too: svg, png, html or csv.")
    ] = None,
    drawn_as: Annotated[
        str,
        typer.Option("--as", metavar="KIND", help="Draw bars, tiles, time (by day) or bound (what held what back)."),
    ] = "bars",
    about: Annotated[
        bool, typer.Option("--about", help="Say what it assumes and what its parameters may be, and run nothing.")
    ] = False,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Run a scenario: who loses what, over which horizon, what held back whom, and what the answer cannot say."""
    if name is None:
        _list_scenarios(as_json, parquet)
        return
    from serai.world.shocks import run

    scenario = scenario_called(name)
    if about:
        _tell_about(scenario, as_json, parquet)
        return
    parameters = parsed(scenario.kind, settings or ())
    draw = None if chart is None else _drawing(drawn_as, chart)
    world = _world(scenario, table, firms, links, unit)
    with waiting("Following the shock"):
        try:
            result = run(world, scenario, **parameters)
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise typer.BadParameter(str(error.args[0])) from None
    if chart is not None and draw is not None:
        _draw(result, draw, chart)
    records = _by_country(result)
    if as_json:
        say_json(_plain(result, records))
    if not handed_over(records, False, parquet) and not as_json:
        _say(result, records, most)


def _world(
    scenario: "Scenario", table: str | None, firms: Path | None, links: Path | None, unit: str
) -> "WorldTable | FirmNetwork":
    """The object that the scenario hits: a network of two files, or a table. Raises BadParameter for the other one."""
    from serai.world.firm_network import read_network
    from serai.world.readers import question_of_shock
    from serai.world.shocks import SHOCKS

    if SHOCKS[scenario.kind].on != "network":
        if firms is not None or links is not None:
            raise typer.BadParameter(
                f"The shock '{scenario.kind}' hits a table, not the network of --firms and --links."
            )
        return read_table(table, question_of_shock(scenario.kind))
    if firms is None or links is None or table is not None:
        raise typer.BadParameter(
            f"The shock '{scenario.kind}' hits a network of firms: give --firms FILE and --links FILE, and no --table."
        )
    with waiting("Reading the network"):
        return read_network(firms, links, unit=unit)


def _drawing(kind: str, path: Path) -> "Callable[[Result], Picture]":
    """The function that draws the picture. Raises BadParameter for an unknown picture or an unusable file name."""
    check_picture(path)
    from serai.world.charts import losses_bars, losses_map, losses_over_time, what_bound

    kinds: dict[str, Callable[[Result], Picture]] = {
        "bars": losses_bars,
        "tiles": losses_map,
        "time": losses_over_time,
        "bound": what_bound,
    }
    if kind not in kinds:
        raise typer.BadParameter(f"There is no picture '{kind}' of a shock; there are {', '.join(kinds)}.")
    return kinds[kind]


def _draw(result: "Result", draw: "Callable[[Result], Picture]", path: Path) -> None:
    try:
        picture = draw(result)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with writing(path):
        picture.save(path)
    err.print(f"{picture.alternative}\n{path}")


def scenario_called(name: str) -> "Scenario":
    """The scenario of this name, of this file, or an empty one of this kind."""
    from serai.world.shocks import SHOCKS, Scenario
    from serai.world.shocks.scenarios import read_scenario

    try:
        return read_scenario(name)
    except KeyError as error:
        if name in SHOCKS:
            return Scenario(name, name=name)
        raise typer.BadParameter(f"{error.args[0]} Kinds of shock are {', '.join(SHOCKS)}.") from None


def parsed(kind: str, settings: Iterable[str]) -> dict[str, Any]:
    """Parameters from texts such as days=30, countries=JPN,KOR and behaviour.stock_days=30."""
    from serai.world.shocks import SHOCKS

    signature = inspect.signature(SHOCKS[kind].function).parameters
    parameters: dict[str, Any] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        first, _, rest = key.partition(".")
        if not equals:
            raise typer.BadParameter(f"--set takes KEY=VALUE, not '{text}'.")
        if first not in SHOCKS[kind].parameters:
            declared = "; ".join(f"{name}: {about}" for name, about in SHOCKS[kind].parameters.items())
            raise typer.BadParameter(f"The shock '{kind}' has no parameter '{first}'; it has {declared}.")
        if rest:
            parameters.setdefault(first, {})[rest] = _value(value, None)
        else:
            parameters[first] = _value(value, signature[first].annotation)
    return parameters


def _value(text: str, annotation: Any) -> Any:
    """The value of a text: TOML if it parses, else a list if the parameter is one, else the text."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    if isinstance(value, list):
        return value
    if annotation == Sequence[Iterable[str]]:
        return [bloc.split(",") for bloc in text.split("/")]
    return text.split(",") if annotation in {Iterable[str], Iterable[str] | None} else value


def _tell_about(scenario: "Scenario", as_json: bool, parquet: Any) -> None:
    """The question of a scenario's kind, its parameters with what they may be, limits and sources."""
    from serai.world.shocks import SHOCKS
    from serai.world.shocks.worlds import NAMES

    declared = SHOCKS[scenario.kind]
    records = [
        {
            "parameter": name,
            "here": _assumed(scenario.parameters[name]) if name in scenario.parameters else "",
            "what": parameter.text,
            "is": parameter.allowed.what if parameter.allowed else "",
        }
        for name, parameter in declared.parameters.items()
    ]
    if handed_over(records, as_json, parquet):
        return
    output = console()
    output.print(Text(f"{scenario.name or scenario.kind}, of the kind {scenario.kind}", "bold"))
    if scenario.about:
        output.print(scenario.about)
    output.print(f"Question: {declared.question}\nHorizon:  {declared.horizon}\nHits:     {NAMES[declared.on]}")
    asked = [*scenario.asks, *(name for name in declared.needed if name not in scenario.parameters)]
    output.print(f"Asks for: {', '.join(dict.fromkeys(asked)) or 'nothing'}\n")
    show(("parameter", "here", "what", "is"), [tuple(record.values()) for record in records])
    output.print("\nWhat this cannot say:")
    for limit in declared.limits:
        output.print(f"  {limit}")
    output.print("Sources:")
    for source in declared.sources:
        output.print(f"  {source}")


def _list_scenarios(as_json: bool, parquet: Any) -> None:
    from serai.world.shocks import SHOCKS
    from serai.world.shocks.scenarios import named_scenarios

    records = [
        {"name": name, "kind": item.kind, "asks": ", ".join(item.asks), "about": item.about}
        for name, item in named_scenarios().items()
    ]
    if handed_over(records, as_json, parquet):
        return
    show(("scenario", "kind", "asks for", "what"), [tuple(str(value) for value in item.values()) for item in records])
    console().print(Text("\nKinds of shock, with their parameters", "bold"))
    show(
        ("kind", "question", "parameters"),
        [(item.kind, item.question, ", ".join(item.parameters)) for item in SHOCKS.values()],
    )


def _by_country(result: "Result") -> list[dict[str, Any]]:
    from serai.world.shocks.inventory import Recovery

    records = [
        {"country": country, "value_added_lost": float(loss), "share": float(share)}
        for country, loss, share in zip(
            result.table.countries, result.loss_by_country, result.share_of_gdp, strict=True
        )
    ]
    if isinstance(result.answer, Recovery):
        for record, day in zip(records, result.answer.recovered_on.tolist(), strict=True):
            record["back_on_day"] = int(day)
    return sorted(records, key=lambda record: -record["value_added_lost"])


def _binding(result: "Result") -> list[dict[str, Any]]:
    """What held cells back, with the number of cells and their share of the lost output."""
    lost = result.output_loss.clip(min=0).tolist()
    held: dict[str, list[float]] = {}
    for word, loss in zip(result.bound or (), lost, strict=False):
        if word:
            held.setdefault(word, []).append(loss)
    whole = sum(lost) or 1.0
    records = [
        {"held_back_by": word, "cells": len(values), "share": sum(values) / whole} for word, values in held.items()
    ]
    return sorted(records, key=lambda record: -record["share"])


def _plain(result: "Result", records: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole answer for a program."""
    from serai.world.shocks import SHOCKS

    scenario = result.scenario
    over_time = result.over_time
    return {
        "scenario": {"name": scenario.name, "kind": scenario.kind, "parameters": _listed(scenario.parameters)},
        "question": SHOCKS[scenario.kind].question,
        "horizon": result.horizon.value,
        "unit": result.table.unit,
        "total": result.total,
        "countries": records,
        "held_back_by": _binding(result),
        "over_time": None
        if over_time is None
        else dict(zip(result.table.countries, over_time.T.tolist(), strict=True)),
        "status": result.status.value,
        "residual": result.residual,
        "cautions": list(result.cautions),
        "limits": list(result.limits),
        "sources": result.cite().splitlines(),
    }


def _assumed(value: Any) -> str:
    from serai.world.shocks.values import said

    return said(_listed(value), shown=2000)


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    if hasattr(value, "tolist"):
        return value.tolist()
    return [_listed(entry) for entry in value] if isinstance(value, list | tuple) else value


def _say(result: "Result", records: list[dict[str, Any]], most: int) -> None:
    from serai.world.shocks import SHOCKS

    output, scenario = console(), result.scenario
    output.print(Text(f"{scenario.name or scenario.kind}, {repr(result.table).strip('<>')}", "bold"))
    if scenario.about:
        output.print(scenario.about)
    output.print(f"Question: {SHOCKS[scenario.kind].question}\nHorizon:  {result.horizon}")
    given = ", ".join(f"{key} = {_assumed(value)}" for key, value in scenario.parameters.items())
    output.print(f"Assumed:  {given}")
    output.print(f"World:    {number(result.total)} {result.table.unit} of value added lost (gains are negative)\n")
    columns = ["country", "lost", "of its own"] + ["back on day"] * ("back_on_day" in records[0])
    rows = [
        (
            named(record["country"]),
            number(record["value_added_lost"]),
            f"{record['share']:.3%}",
            str(record.get("back_on_day", "")),
        )
        for record in records
    ]
    show(columns, [row[: len(columns)] for row in rows[:most]])
    if len(rows) > most:
        output.print(f"and {len(rows) - most} more; --most shows them.")
    if binding := _binding(result):
        output.print(Text("\nWhat held cells back", "bold"))
        show(
            ("held back by", "cells", "of output lost"),
            [
                (record["held_back_by"], str(record["cells"]), f"{record['share']:.1%}")
                for record in binding[:MOST_BINDING]
            ],
        )
    output.print(f"\nStatus: {result.status}; residual {result.residual:.1e} of output.")
    for caution in result.cautions:
        output.print(Text(f"Caution: {caution}", "bold"))
    output.print("What this cannot say:")
    for limit in result.limits:
        output.print(f"  {limit}")
    output.print(f"Sources:\n  {result.cite().replace(chr(10), chr(10) + '  ')}")

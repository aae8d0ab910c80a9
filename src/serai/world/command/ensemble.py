"""`serai world ensemble`: many draws of what may happen, and what is at risk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.options import AsJson, ToParquet, read_table
from serai.world.command.output import console, err, handed_over, named, number, reporting, show, waiting
from serai.world.command.shock import TableOption

if TYPE_CHECKING:
    from serai.world.shocks.ensemble import Outcome, Risk
    from serai.world.table import WorldTable

WORLD = "world"


@app.command(epilog="Example: serai world ensemble ports.toml --draws 1000 --out ports")
def ensemble(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A TOML file: scenarios and what is drawn of them.")],
    draws: Annotated[int, typer.Option("--draws", min=1, max=10**15, help="How many draws.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", file_okay=False, help="Where results go, and are taken up again.")
    ],
    table: TableOption = None,
    jobs: Annotated[int, typer.Option("--jobs", help="Processes on this machine; -1 is all cores.")] = -1,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, such as tcp://10.0.0.1:8786."),
    ] = None,
    level: Annotated[float, typer.Option("--level", min=0.01, max=0.999, help="Of value at risk and CVaR.")] = 0.95,
    most: Annotated[int, typer.Option("--most", min=1, help="How many countries at most.")] = 15,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Draw what may happen many times, run it all, and say what loss is expected, what is at risk, and how surely."""
    from serai.world.shocks.ensemble import (
        FEWEST_IN_THE_TAIL,
        PART,
        needs,
        processes,
        read_ensemble,
        risk,
        run_ensemble,
    )

    try:
        asked = read_ensemble(file)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    read = read_table(table)
    drawn = asked.draw(read, draws)
    with reporting("Running") as progress:
        try:
            memory = needs(read, draws, processes(jobs), PART).memory / 2**20
            err.print(
                f"Up to {memory:,.0f} MiB of memory in all, however many draws; stopped at any time, it goes on from "
                f"{out}."
            )
            outcome = run_ensemble(read, drawn, out, jobs=jobs, scheduler=scheduler, progress=progress)
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise typer.BadParameter(str(error.args[0])) from None
        except OSError as error:
            raise typer.BadParameter(f"{out} cannot be used: {error.strerror or error}. Name another.") from None
    with waiting("Counting what is at risk"):
        estimates = risk(outcome.losses, level=level)
    records = _records(read, outcome, estimates)
    if handed_over(records, as_json, parquet):
        return
    console().print(Text(f"{asked.name}, {repr(read).strip('<>')}", "bold"))
    console().print(
        f"{draws:,} draws, {outcome.nothing:,} of nothing. Value added lost in {read.unit} with intervals of 95 %; "
        f"value at risk and CVaR (the mean of the worst {1 - level:.1%}) at {level:.1%}.\n"
    )
    titles = ("country", "expected", "95 %", "of its own", "value at risk", "CVaR", "95 %")
    show(titles, [_row(record) for record in records[: most + 1]])
    if records[0]["expected_shortfall_low"] is None:
        console().print(
            f"\nToo few draws to say how sure CVaR is: {FEWEST_IN_THE_TAIL / (1 - level):,.0f} are needed at "
            f"{level:.1%}."
        )
    console().print(f"\nLargest residual: {outcome.largest_residual:.1e} of output. Draws and losses are in {out}.")


def _records(table: "WorldTable", outcome: "Outcome", estimates: "Risk") -> list[dict[str, Any]]:
    """The world first, then countries by expected shortfall; None where no interval is known."""
    import numpy as np

    own = dict(zip(outcome.countries, table.gdp.tolist(), strict=True)) | {WORLD: float(table.gdp.sum())}
    records = []
    for place, country in enumerate((WORLD, *outcome.countries)):
        record: dict[str, Any] = {"country": country}
        for name in ("expected", "value_at_risk", "expected_shortfall"):
            estimate = getattr(estimates, name)
            for suffix, values in (("", estimate.value), ("_low", estimate.low), ("_high", estimate.high)):
                record[name + suffix] = float(values[place]) if np.isfinite(values[place]) else None
        record["expected_share"] = record["expected"] / own[country] if own[country] else None
        records.append(record)
    return records[:1] + sorted(records[1:], key=lambda record: -record["expected_shortfall"])


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    def interval(name: str) -> str:
        low, high = record[f"{name}_low"], record[f"{name}_high"]
        return "-" if low is None else f"{number(low, 3)} to {number(high, 3)}"

    share = record["expected_share"]
    return (
        "World" if record["country"] == WORLD else named(record["country"]),
        number(record["expected"]),
        interval("expected"),
        "-" if share is None else f"{share:.3%}",
        number(record["value_at_risk"]),
        number(record["expected_shortfall"]),
        interval("expected_shortfall"),
    )

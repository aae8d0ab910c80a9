"""`serai world rank`: the countries' ranks with their intervals, and which choice decides them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import app
from serai.world.command.measure import check_indicators
from serai.world.command.options import AsJson, Properties, Symbols, TableName, ToParquet, read_table
from serai.world.command.output import console, err, handed_over, named, number, say_json, show, waiting

if TYPE_CHECKING:
    from serai.world.measures.uncertainty import Sample, Sensitivity

SHARE = 0.9
"""The interval of ranks that is shown."""


@app.command(epilog="Example: serai world rank wiod2013/2011 --property secure --property open")
def rank(
    table: TableName = None,
    property_: Properties = None,
    symbol: Symbols = None,
    errors: Annotated[int, typer.Option("--errors", min=0, help="How many tables with errors to draw.")] = 20,
    draws: Annotated[int, typer.Option("--draws", min=100, help="How many rankings to draw.")] = 4000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")] = 0,
    choices: Annotated[
        bool, typer.Option("--choices", help="Say which choice decides each rank (Sobol's indices; needs SALib).")
    ] = False,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Rank countries over random weights, scalings, rules and errors of the table: medians and intervals, no score."""
    from serai.world.measures.ranking import property_correlations
    from serai.world.measures.ranking import rank as draw
    from serai.world.table import NotMeasured

    check_indicators(property_, symbol)
    try:
        drawn = _sampled(table, property_, symbol, errors, seed)
    except NotMeasured as error:
        raise typer.BadParameter(str(error)) from None
    ranking = draw(drawn.countries, drawn.tables, drawn.senses, drawn.properties, draws=draws, seed=seed)
    low, high = ranking.interval(SHARE)
    order = sorted(
        range(len(ranking.countries)), key=lambda country: (ranking.median[country], ranking.countries[country])
    )
    above = ranking.above
    records: list[dict[str, Any]] = [
        {
            "country": ranking.countries[place],
            "median": float(ranking.median[place]),
            "low": float(low[place]),
            "high": float(high[place]),
            "above_next": float(above[place, order[position + 1]]) if position + 1 < len(order) else None,
            "dominated_by_none": ranking.countries[place] in ranking.dominant,
        }
        for position, place in enumerate(order)
    ]
    decisive = _decisive(drawn, seed) if choices else None
    if decisive is not None:
        shares = dict(zip(decisive.countries, decisive.total.tolist(), strict=True))
        for record in records:
            record |= {f"total, {factor}": share for factor, share in _known(decisive, shares[record["country"]])}
    if handed_over(records, False, parquet) and not as_json:
        return
    names, together = property_correlations(drawn.tables, drawn.senses, drawn.properties)
    if as_json:
        say_json(
            {
                "countries": records,
                "decided": ranking.decided(),
                "indicators": list(drawn.symbols),
                "left_out": dict(drawn.left_out),
                "correlations": {
                    name: dict(zip(names, row, strict=True)) for name, row in zip(names, together.tolist(), strict=True)
                },
            }
        )
        return
    _show(records, decisive)
    undecided = 1 - ranking.decided()
    console().print(
        f"\n{undecided:.0%} of the pairs of countries change their order in more than 5 % of the rankings."
        "\nabove next: how often a country stands above the one on the next line; 0.5 says nothing."
    )
    if len(ranking.dominant) < len(order):
        console().print(f"No other country equals or betters in everything: {', '.join(ranking.dominant)}.")
    console().print(f"Ranked by {', '.join(drawn.symbols)}.")
    for left, reason in drawn.left_out.items():
        console().print(f"Not measured: {left}. {reason}")
    if len(names) > 1:
        console().print(Text("\nHow the properties go together (correlation over countries)", "bold"))
        show(
            ("", *names),
            [(name, *(number(value, 2) for value in row)) for name, row in zip(names, together, strict=True)],
        )


def _sampled(
    name: str | None, properties: Sequence[str] | None, symbols: Sequence[str] | None, errors: int, seed: int
) -> "Sample":
    from rich.progress import Progress

    from serai.world.measures import INDICATORS
    from serai.world.measures.uncertainty import RANKED, sample

    read = read_table(name)
    chosen = [symbol for symbol in symbols or RANKED if not properties or INDICATORS[symbol].property in properties]
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Measuring the table and its errors", total=errors + 1)
        return sample(read, chosen, errors=errors, seed=seed, step=lambda: progress.advance(task))


def _decisive(drawn: "Sample", seed: int) -> "Sensitivity":
    from serai.world.measures.uncertainty import sensitivity

    with waiting("Asking which choice decides"):
        try:
            return sensitivity(drawn, seed=seed)
        except ImportError as error:
            raise typer.BadParameter(str(error)) from None


def _known(decisive: "Sensitivity", shares: Sequence[float]) -> list[tuple[str, float | None]]:
    """Sobol's total index of each factor; None for a rank that never changes."""
    return [
        (factor, None if math.isnan(share) else share) for factor, share in zip(decisive.factors, shares, strict=True)
    ]


def _show(records: Sequence[dict[str, Any]], decisive: "Sensitivity | None") -> None:
    factors = decisive.factors if decisive else ()
    header = ("", "median rank", "5 %", "95 %", "above next", *factors)
    rows = [
        (
            named(record["country"]),
            *(number(record[column]) for column in ("median", "low", "high")),
            number(record["above_next"], 2),
            *(number(record[f"total, {factor}"], 2) for factor in factors),
        )
        for record in records
    ]
    show(header, rows)
    if factors:
        console().print(f"\n{', '.join(factors)}: share of the variance of a rank in which that choice takes part.")

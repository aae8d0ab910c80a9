"""`serai world validate`: published numbers recomputed beside the printed ones."""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command import FOUND_A_PROBLEM, app
from serai.world.command.options import AsJson, ToParquet
from serai.world.command.output import console, err, handed_over, number, show

if TYPE_CHECKING:
    from serai.world.published import Comparison, Printed


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
    recomputed = [comparison for comparison in comparisons if comparison.found is not None]
    off = [comparison for comparison in recomputed if not comparison.agrees]
    records = [_comparison(comparison) for comparison in comparisons]
    if not handed_over(records, as_json, parquet):
        for key, publication in publications().items():
            of_publication = [comparison for comparison in comparisons if comparison.printed.publication == key]
            if of_publication:
                console().print(Text(f"\n{key}", "bold"))
                console().print(f"{publication.citation}. {publication.remark}")
                show(("table", "quantity", "of", "printed", "found", ""), _beside(of_publication))
        console().print(f"\n{len(recomputed) - len(off)} of {len(recomputed)} recomputed numbers agree.")
    missing = list(dict.fromkeys(comparison.reason for comparison in comparisons if comparison.found is None))
    if missing:
        err.print(f"{len(comparisons) - len(recomputed)} numbers need data that is not here: {missing[0]}")
    if off or not recomputed:
        raise typer.Exit(FOUND_A_PROBLEM)


def _numbers_of(name: str | None) -> "list[Printed]":
    from serai.world.published import printed_numbers

    numbers = printed_numbers()
    if name is None:
        return list(numbers)
    chosen = [
        number for number in numbers if name in {number.publication, number.table, number.table.partition("/")[0]}
    ]
    if not chosen:
        words = dict.fromkeys(
            word for number in numbers for word in (number.publication, number.table.partition("/")[0])
        )
        raise typer.BadParameter(f"Nothing published is known of '{name}'; there are {', '.join(words)}.")
    return chosen


def _compared(numbers: "list[Printed]") -> "list[Comparison]":
    from rich.progress import track

    from serai.world.published import compare as recompute

    comparisons = track(
        recompute(numbers), "Recomputing", len(numbers), console=err, transient=True, disable=not err.is_terminal
    )
    return list(comparisons)


def _beside(comparisons: "Iterable[Comparison]") -> Iterator[tuple[str, ...]]:
    for comparison in comparisons:
        verdict = "not here" if comparison.found is None else "agrees" if comparison.agrees else "OFF"
        printed = comparison.printed
        yield printed.table, printed.quantity, printed.of, f"{printed.value:g}", number(comparison.found, 6), verdict


def _comparison(compared: "Comparison") -> dict[str, Any]:
    """A comparison for a program; what came out undefined is null and does not agree."""
    printed, value = compared.printed, compared.found
    return {
        "publication": printed.publication,
        "table": printed.table,
        "quantity": printed.quantity,
        "of": printed.of,
        "printed": printed.value,
        "found": value if value is not None and math.isfinite(value) else None,
        "tolerance": printed.tolerance,
        "agrees": compared.agrees,
        "reason": compared.reason,
    }

"""`serai halls solve`: a layout of QAPLIB, by robust tabu search."""

import json
from pathlib import Path
from typing import Annotated

import typer

from serai.match.command import halls


@halls.callback()
def _group() -> None:
    """Halls: who stands where, so that those who should meet are near."""


@halls.command(epilog="Example: serai halls solve nug30.dat --seconds 10")
def solve(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A quadratic assignment of QAPLIB.")
    ],
    seconds: Annotated[float, typer.Option(min=0.01, help="How long to look for a better one.")] = 10.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed searches in another order.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")] = False,
) -> None:
    """Solve a layout of QAPLIB: which facility on which location, so that the flows go short ways."""
    from serai.match.halls.assignment import assign
    from serai.match.halls.qaplib import read_qaplib

    answer = assign(*read_qaplib(file), seconds=seconds, seed=seed)
    whole = answer.objective.is_integer()
    objective = int(answer.objective) if whole else answer.objective
    permutation = (answer.permutation + 1).tolist()
    if as_json:
        report = {"file": file.name, "objective": objective, "permutation": permutation}
        typer.echo(json.dumps(report | {"seconds": round(answer.seconds, 3)}))
        return
    typer.echo(f"{file.name}: {objective} after {answer.seconds:.1f} s")
    typer.echo(" ".join(map(str, permutation)))

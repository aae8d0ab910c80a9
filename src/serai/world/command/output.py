"""Output of the commands: columns for people, JSON and Parquet for programs, and progress."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serai.world.progress import Progress, span

WIDE = 240
"""Width of a line in characters where the output is no terminal, so that a pipe cuts nothing off."""

EVERY = 10
"""Seconds between two lines of progress where the output is no terminal."""

err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def number(value: float | None, digits: int = 4) -> str:
    return "-" if value is None else f"{value:,.{digits}g}"


def between(low: float, high: float, form: str) -> str:
    """An interval with its ends in a format such as ".1%", the number alone where both read alike."""
    first, last = f"{low:{form}}", f"{high:{form}}"
    return first if first == last else f"{first} to {last}"


def named(label: str) -> str:
    """A country's label with its English name where it is a code of ISO 3166-1."""
    from serai.world.classifications.countries import find, name

    country = find(label)
    return f"{label} {name(country.alpha2, 'en')}" if country else label


def show(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns of text; those after the first stand right where they hold numbers."""
    listed = [tuple(row) for row in rows]
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, title in enumerate(header):
        cells = [row[position] for row in listed]
        numbers = bool(cells) and all(cell[:1] in "-0123456789" for cell in cells) and position > 0
        grid.add_column(Text(title), justify="right" if numbers else "left", no_wrap=numbers)
    for row in listed:
        grid.add_row(*(Text(cell) for cell in row))
    console().print(grid)


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough without one."""
    console = Console(highlight=False, soft_wrap=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDE, soft_wrap=False)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    if err.is_terminal:
        with err.status(f"{what} ..."):
            yield
    else:
        yield


@contextmanager
def reporting(what: str) -> Iterator[Progress]:
    """A progress bar on a terminal's standard error; otherwise a line from time to time with the remaining time."""
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    if not err.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn("{task.percentage:>6.2f} %"))
    with Bar(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def _lines() -> Progress:
    begun = told = time.monotonic()
    at_first: list[float] = []

    def tell(what: str, share: float) -> None:
        nonlocal told
        now = time.monotonic()
        at_first.append(share) if not at_first else None
        done = share - at_first[0]
        if now - told >= EVERY and done > 0:
            told = now
            left = span((now - begun) * (1 - share) / done)
            err.print(f"{what}: {share:.2%} done, about {left} to go.")

    return tell


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in a sentence where a file cannot be written."""
    try:
        yield
    except OSError as error:
        reason = "its folder is not there" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise typer.BadParameter(f"{path} cannot be written: {reason[:1].lower()}{reason[1:]}. Name another.") from None


def check_picture(path: Path) -> None:
    """Refuse a picture's file before anything is computed for it: an unknown format, or a folder that is not there.

    Refused too where the packages that draw are not installed.
    """
    try:
        from serai.world.charts.picture import FORMATS
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"Pictures need {error.name}: pip install 'serai[charts]'.") from None
    if path.suffix.removeprefix(".").lower() not in FORMATS:
        raise typer.BadParameter(f"{path} ends with none of the formats {', '.join(FORMATS)}.")
    with writing(path):
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError


def check_language(language: str) -> None:
    """Refuse a language that has no names of countries."""
    from serai.world.classifications.countries import name

    try:
        name("CN", language)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0])) from None


def handed_over(records: "list[dict[str, Any]]", as_json: bool, parquet: Path | None) -> bool:
    """Write the records as JSON or Parquet if asked to; whether it was done."""
    if parquet is not None:
        import polars as pl

        with writing(parquet):
            pl.DataFrame(records, infer_schema_length=None).write_parquet(parquet)
        err.print(f"Wrote {len(records):,} records to {parquet}.")
    if as_json:
        say_json(records)
    return as_json or parquet is not None


def say_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))

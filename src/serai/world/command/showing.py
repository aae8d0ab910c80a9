"""How the commands answer: columns for people, JSON and Parquet for programs, and a sign of life while they work."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 240
"""Columns of a line where nobody watches: a pipe cuts nothing off."""

err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def number(value: float | None, digits: int = 4) -> str:
    return "-" if value is None else f"{value:,.{digits}g}"


def named(label: str) -> str:
    """A country's label with its English name where it is a code of ISO 3166-1."""
    from serai.world.classifications.countries import find, name

    found = find(label)
    return f"{label} {name(found.alpha2, 'en')}" if found else label


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
    """Standard output, as wide as the terminal, or wide enough where it is none."""
    console = Console(highlight=False, soft_wrap=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDE, soft_wrap=False)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    if err.is_terminal:
        with err.status(f"{what} ..."):
            yield
    else:
        yield


def handed_over(records: "list[dict[str, Any]]", as_json: bool, parquet: Path | None) -> bool:
    """Whether the records were asked for as data, and given so."""
    if parquet is not None:
        import polars as pl

        try:
            pl.DataFrame(records, infer_schema_length=None).write_parquet(parquet)
        except OSError as error:
            raise typer.BadParameter(f"{parquet} cannot be written: {error}.") from None
        err.print(f"Wrote {len(records):,} records to {parquet}.")
    if as_json:
        say_json(records)
    return as_json or parquet is not None


def say_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))

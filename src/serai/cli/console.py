"""Shared by the commands: consoles, progress, options, and opening an instance."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

FOUND_A_PROBLEM, WRONG_USE = 1, 2

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Linear algebra in one thread, to be set before NumPy is imported. Pages run in parallel already, and OpenBLAS with
threads of its own brings a web process down when two pages ask it for something at once. Threads that wait on a busy
machine double the processor time of placing."""

out = Console(highlight=False, soft_wrap=True, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

AsJson = Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")]
EditionOption = Annotated[
    str | None, typer.Option("--edition", metavar="SLUG", help="The edition; may be left out where there is only one.")
]


class RefusedError(Exception):
    """The request cannot be fulfilled; the message is a sentence for the user."""


def first_line(error: Exception) -> str:
    """The first line of a library's error message."""
    return str(error).strip().partition("\n")[0]


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on a terminal's standard error. The yielded function takes the step and the share that is done."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def say_json(value: Any) -> None:
    """Write ``value`` as JSON; dates, decimals and translated texts as their text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def open_without_fair() -> None:
    """Load Django for its languages and templates; no database is opened."""
    from serai.expo.site.operation.domain.instance import open_instance

    open_instance()


def open_fair() -> None:
    """Load Django, and make or change the tables of the database where this version needs it."""
    from serai.expo.base.home import close_to_others
    from serai.expo.site.operation.domain.instance import bring_up_to_date, is_up_to_date, open_instance

    open_instance()
    close_to_others()
    if not is_up_to_date():
        with progress("Preparing the database"):
            bring_up_to_date()

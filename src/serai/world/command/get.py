"""`serai world get`: a publisher's table fetched into the cache folder, or what to do where it cannot be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from serai.world.command import app
from serai.world.command.options import AsJson
from serai.world.command.output import err, say_json


@app.command(epilog="Example: serai world get oecd2025/2022")
def get(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A reader and year such as wiod2016/2014, or a reader for all its years; usgs, baci: products.",
        ),
    ],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="FOLDER", file_okay=False, help="Instead of the cache folder.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch it even if it is there or has changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch a table from its publisher, or say which page to open and where to put the file.

    A download that was cut goes on where it stopped. What arrives is checked, and a file is there whole or not at all.
    """
    from serai.world.readers import READERS, download

    key, _, year = name.partition("/")
    if key in READERS and READERS[key].packaged:
        err.print(f"'{key}' comes with Serai; there is nothing to fetch.")
        return
    if into is None and not again and (here := _here(key, year)):
        err.print("It is on this machine already; --again fetches it from its publisher.")
        say_json([str(here)]) if as_json else typer.echo(here)
        return
    try:
        with _bar(name) as progress:
            paths = download.get(name, folder=into, again=again, progress=progress)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    if as_json:
        say_json([str(path) for path in paths])
        return
    for path in paths:
        typer.echo(path)


def _here(key: str, year: str) -> Path | None:
    """Where a table lies outside the cache folder, which `download` checks itself."""
    from serai.world.cache import cache_folder
    from serai.world.readers import READERS

    if key not in READERS or not year.isdigit() or int(year) not in READERS[key].years:
        return None
    path = READERS[key].find(int(year))
    return None if path is None or path.is_relative_to(cache_folder("tables")) else path


@contextmanager
def _bar(title: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on a terminal's standard error. The yielded function takes the step and the share that is done."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)

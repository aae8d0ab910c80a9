"""Checks of an instance, and its backup."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import FOUND_A_PROBLEM, AsJson, open_fair, out, progress, say_json


@app.command(epilog="Example: serai doctor --json")
def doctor(as_json: AsJson = False) -> None:
    """Check whether this instance can do its work, and say what to do where it cannot (then exit with 1)."""
    from serai.expo.site.operation.domain.doctor import State, examine

    findings = list(examine())
    if as_json:
        say_json(
            [
                {"id": check.id, "state": finding.state, "found": finding.sentence, "todo": finding.todo}
                for check, finding in findings
            ]
        )
    else:
        for check, finding in findings:
            style = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "bold red"}[finding.state]
            out.print(Text.assemble((f"{finding.state:<8}", style), f"{check.id:<12}{finding.sentence}"))
            if finding.todo:
                out.print(f"{'':<20}{finding.todo}")
    if any(finding.state is State.FAILED for _check, finding in findings):
        raise typer.Exit(FOUND_A_PROBLEM)


@app.command(epilog="Example: serai backup --to /mnt/backups")
def backup(
    to: Annotated[
        Path | None, typer.Option(help="Folder to write in (else SERAI_BACKUPS, else in SERAI_HOME).")
    ] = None,
) -> None:
    """Write the database, the files and the secrets of this instance into one archive, while it runs."""
    from serai.expo.site.operation.domain.backup import make_backup
    from serai.expo.site.operation.domain.instance import open_instance

    open_instance()
    written = make_backup(to)
    out.print(f"{written} ({written.stat().st_size / 1024**2:.1f} MiB). To put it back: serai restore {written.name}")


@app.command(epilog="Example: serai restore serai-20261129-030000.zip")
def restore(archive: Annotated[Path, typer.Argument(metavar="FILE", help="What 'serai backup' has written.")]) -> None:
    """Put a backup back into this instance, which has to be empty; all of it is verified before anything is changed."""
    from serai.expo.site.operation.domain.instance import open_instance

    open_instance()
    from serai.expo.site.operation.domain.backup import restore

    files = restore(archive)
    out.print(f"The database, {files} files and the secrets of {archive.name} are back. Now run: serai up")


@app.command(epilog="Example: serai move-database postgresql://serai:password@localhost/serai")
def move_database(url: Annotated[str, typer.Argument(metavar="URL", help="An empty database of PostgreSQL.")]) -> None:
    """Copy the SQLite database of this instance into PostgreSQL and compare every row; files stay where they are."""
    open_fair()
    from serai.expo.site.operation.domain.move import move_database

    with progress("Moving the database") as step:
        counts = move_database(url, progress=step)
    out.print(f"{sum(counts.values()):,} rows of {len(counts)} tables are the same in both databases.")
    out.print("Set DATABASE_URL to that address and run: serai up. The old database stays where it is.")

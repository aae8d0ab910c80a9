"""Checks of an instance, and its backup."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import FOUND_A_PROBLEM, AsJson, out, say_json


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
    out.print(f"{written} ({written.stat().st_size / 1024**2:.1f} MiB). Unpack it into an empty SERAI_HOME to restore.")

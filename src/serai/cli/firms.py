"""Import of lists, and the search index."""

from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serai.cli import app
from serai.cli.console import FOUND_A_PROBLEM, AsJson, EditionOption, RefusedError, open_fair, out, progress, say_json

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition
    from serai.expo.site.imports.domain.command import Summary

MOST_ROWS_TOLD = 20


@app.command("import", epilog="Example: serai import firms.xlsx --edition fair-2026 --map Company=name --map G=country")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A workbook (.xlsx) or a .csv file; of a programme also schedule.json or .ics.",
        ),
    ],
    edition: EditionOption = None,
    create: Annotated[
        bool, typer.Option("--create", help="Open the edition where there is none of this name.")
    ] = False,
    country: Annotated[str | None, typer.Option(help="With --create: the country in which the fair is held.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of the workbook, where several hold lists.")] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            help="firms, contacts, sessions, needs, wishes or booths; if not named, the titles of the columns tell."
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column holds, by its header or letter; repeatable."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of it and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a list: firms, contacts, sessions, needs, wishes to meet or booths.

    Each row is kept with what became of it and why; sent again, it changes nothing. A column of firms that no field
    takes is kept as a field of your own.
    """
    mapping = dict(_mapped(column) for column in columns or ())
    if create and edition is None:
        raise RefusedError("Name the edition to open by --edition.")
    open_fair()
    from django.db import transaction

    from serai.expo.site.imports.domain.command import import_file
    from serai.expo.site.operation.domain.editions import edition_named, edition_opened

    # An edition opened for a list does not stay where the list is refused or only tried.
    with transaction.atomic() if create else nullcontext():
        fair = edition_opened(edition, country) if create and edition else edition_named(edition)
        with progress(f"Importing {file.name}") as step:
            summary = import_file(
                file, fair, sheet=sheet, subject=subject, mapping=mapping or None, dry_run=dry_run, progress=step
            )
        if create and dry_run:
            transaction.set_rollback(True)
    if as_json:
        say_json({"edition": fair.slug} | asdict(summary))
    else:
        _tell(summary, dry_run=dry_run)
        if not dry_run:
            _say_who_organises(fair)
    if summary.needs_attention == summary.rows:
        raise typer.Exit(FOUND_A_PROBLEM)


def _tell(summary: "Summary", *, dry_run: bool) -> None:
    """Say what became of the rows and columns of a list."""
    out.print(f"{summary.file_name}: {summary.rows} rows, {'not imported (dry run)' if dry_run else 'imported'}.")
    if summary.kind:
        out.print(f"Its name says that they take part as: {summary.kind}. If not, add a column 'Takes part as'.")
    for state, number in summary.counts.items():
        out.print(f"{number:>8}  {state}")
    for column in summary.columns:
        if column.became != "field" or column.not_understood or column.hidden:
            out.print(f"Column {column.column} ({column.title}): {column.sentence}", markup=False)
    for row in summary.reports[:MOST_ROWS_TOLD]:
        out.print(f"Row {row.number} ({row.state}): {' '.join(row.sentences)}")
    if (more := len(summary.reports) - MOST_ROWS_TOLD) > 0:
        out.print(f"... and {more} rows more; --json tells all.")
    if summary.is_placed_later:
        out.print("What came is placed on the chains while 'serai up' runs, or at once by 'serai match'.")
    if summary.other_sheets:
        others = ", ".join(summary.other_sheets)
        out.print(f"Not read: the other sheets of the workbook ({others}). Import each by --sheet.", markup=False)


def _say_who_organises(fair: "Edition") -> None:
    """Say how to sign in where nobody can, as after the first import of an instance."""
    from serai.expo.fairs.organisers.domain import is_organised, organisers

    if organisers().filter(organisation=fair.organisation_id).exists():
        return
    here = f"serai organiser add MAIL --organisation {fair.organisation.slug} --owner"
    link = "" if is_organised() else "\nOr run 'serai up' and open the link that it prints."
    out.print(f"Nobody organises {fair.slug} yet. To sign in as its owner, run:\n  {here}{link}")


def _mapped(column: str) -> tuple[str, str]:
    title, equals, field = column.rpartition("=")
    if not (title and equals and field):
        raise RefusedError(f"--map '{column}' is not of the form COLUMN=FIELD, as in --map Company=name.")
    return title, field


@app.command(epilog="Example: serai reindex")
def reindex(edition: EditionOption = None) -> None:
    """Work out for the search what firms, offers and needs mean that have changed; `serai up` does it by itself.

    After another encoder was chosen by SERAI_ENCODER, all is read anew: of every edition, where none is named.
    Meanwhile the search goes on by the encoder before, or by words alone where that cannot be had. Stopped, it goes on
    where it was.
    """
    open_fair()
    from serai.expo.fairs.edition.models import Edition
    from serai.expo.offers.search.domain.index import reindex as index
    from serai.expo.site.operation.domain.editions import edition_named

    for fair in [edition_named(edition)] if edition else Edition.objects.order_by("slug"):
        with progress(f"Indexing {fair.slug}") as step:
            done = index(fair, progress=step)
        out.print(f"{done} participants of {fair.slug} were indexed.")

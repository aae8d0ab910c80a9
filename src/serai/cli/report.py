"""The figures of an edition, and its report."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import AsJson, EditionOption, RefusedError, open_fair, out, progress, say_json

report = typer.Typer(invoke_without_command=True, epilog="Example: serai report --json")
app.add_typer(report, name="report")


@report.callback()
def figures_command(context: typer.Context, edition: EditionOption = None, as_json: AsJson = False) -> None:
    """Show the figures of an edition, each with its definition; or publish its report."""
    if context.invoked_subcommand:
        return
    open_fair()
    from serai.expo.results.report.domain.summary import figures
    from serai.expo.site.operation.domain.editions import edition_named

    fair = edition_named(edition)
    with progress("Counting"):
        counted = figures(fair)
    if as_json:
        say_json(
            {
                "edition": fair.slug,
                "figures": [
                    {
                        "code": figure.code,
                        "title": figure.definition.title,
                        "value": figure.value,
                        "unit": figure.definition.unit,
                        "definition": figure.definition.text,
                        "version": figure.definition.version,
                        "as_of": figure.as_of.isoformat(timespec="seconds"),
                    }
                    for figure in counted
                ],
            }
        )
        return
    for figure in counted:
        value = "not known" if figure.value is None else f"{round(figure.value, 1):,} {figure.definition.unit}"
        out.print(Text.assemble((f"{figure.definition.title}: {value}", "bold")))
        out.print(f"    {figure.definition.text} ({figure.code}, version {figure.definition.version})")


@report.command(epilog="Example: serai report publish --edition fair-2026 --language en --language ar --to reports")
def publish(
    edition: EditionOption = None,
    language: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="A language of the report, once for each. Else English."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the PDFs, press sheets and the data package there too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the report of a whole fair as its next issue; where it has none, it is written first."""
    open_fair()
    from django.conf import settings
    from django_scopes import scope

    from serai.expo.results.report.domain import builder
    from serai.expo.results.report.domain.files import issue_files
    from serai.expo.results.report.domain.story import compute_awaited
    from serai.expo.results.report.models import NamedReport
    from serai.expo.site.operation.domain.editions import edition_named

    fair, languages = edition_named(edition), language or ["en"]
    if unknown := [code for code in languages if code not in dict(settings.LANGUAGES)]:
        raise RefusedError(f"There is no language '{unknown[0]}'; there are {', '.join(dict(settings.LANGUAGES))}.")
    with scope(edition=fair), progress("Counting") as tell:
        story = NamedReport.objects.filter(edition=fair, slug=builder.STORY).first()
        if story is None:
            story = builder.new_story(fair, languages=languages, user=None)
        compute_awaited(story, tell)
        issue = builder.publish(story, user=None)
        files = dict(issue_files(issue)) if to else {}
    for name, content in files.items():
        assert to is not None
        to.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(content)
    address = f"/{languages[0]}/{fair.slug}/report/{story.slug}/{issue.number}/"
    if as_json:
        say_json({"edition": fair.slug, "issue": issue.number, "address": address, "files": sorted(files)})
        return
    out.print(f"Issue {issue.number} is published at {address}")
    for name in sorted(files):
        out.print(f"    {name}")

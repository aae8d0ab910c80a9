"""The figures of an edition, and its report."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import AsJson, EditionOption, RefusedError, open_fair, open_without_fair, out, progress, say_json

Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="A language of the report, once for each. Else English."),
]

report = typer.Typer(invoke_without_command=True, epilog="Example: serai report --json")
app.add_typer(report, name="report")


@report.callback()
def figures_command(context: typer.Context, edition: EditionOption = None, as_json: AsJson = False) -> None:
    """Show the figures of an edition, each with its definition; or publish its report."""
    if context.invoked_subcommand:
        return
    open_fair()
    from serai.expo.results.report.domain.properties import figures
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
    language: Languages = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write its files there too: PDF, HTML, press sheets, data.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the report of a whole fair as its next issue; where it has none, it is written first."""
    open_fair()
    from django_scopes import scope

    from serai.expo.results.report.domain.builder import STORY, publish_story
    from serai.expo.results.report.domain.files import issue_files
    from serai.expo.site.operation.domain.editions import edition_named

    fair, languages = edition_named(edition), known_languages(language)
    with scope(edition=fair), progress("Counting") as tell:
        issue = publish_story(fair, languages=languages, progress=tell)
        files = dict(issue_files(issue)) if to else {}
    for name, content in files.items():
        assert to is not None
        to.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(content)
    address = f"/{languages[0]}/{fair.slug}/report/{STORY}/{issue.number}/"
    if as_json:
        say_json({"edition": fair.slug, "issue": issue.number, "address": address, "files": sorted(files)})
        return
    out.print(f"Issue {issue.number} is published at {address}")
    for name in sorted(files):
        out.print(f"    {name}")


@report.command(epilog="Example: serai report world --year 2026 --language en --language zh-hans --to world-2026")
def world(
    year: Annotated[int | None, typer.Option(help="The edition; else that of this year.")] = None,
    language: Languages = None,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT", help="pdf, html, press or data, once for each. Else all of them."),
    ] = None,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files are written; it is made if need be.")] = (
        Path()
    ),
    as_json: AsJson = False,
) -> None:
    """Write the edition of the world of a year: chains, single sources, losses, themes, properties. No fair."""
    from datetime import UTC, datetime

    open_without_fair()
    from serai.expo.results.report.domain.files import file_of, offered_files
    from serai.expo.results.report.domain.world_edition import SLUG, world_content

    languages = known_languages(language)
    forms = form or list(FORMATS)
    if unknown := [word for word in forms if word not in FORMATS]:
        raise RefusedError(f"There is no format '{unknown[0]}'; there are {', '.join(FORMATS)}.")
    wanted = year or datetime.now(UTC).year
    name, written = f"{SLUG}-{wanted}", []
    with progress("Counting") as tell:
        content = world_content(wanted, languages, tell)
        to.mkdir(parents=True, exist_ok=True)
        for offered in offered_files(languages):
            if any(FORMATS[word](offered.name) for word in forms):
                tell(offered.name, 1.0)
                (to / f"{name}-{offered.name}").write_bytes(file_of(content, offered, name=name, number=None))
                written.append(f"{name}-{offered.name}")
    if as_json:
        say_json({"year": wanted, "languages": languages, "files": written})
        return
    out.print(f"The edition of {wanted} is written:")
    for file_name in written:
        out.print(f"    {to / file_name}")


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "pdf": lambda name: name.startswith("report-") and name.endswith(".pdf"),
    "html": lambda name: name.endswith(".html"),
    "press": lambda name: name.startswith("press-"),
    "data": lambda name: name.endswith(".zip"),
}
"""Which files a format is, by their names."""


def known_languages(language: list[str] | None) -> list[str]:
    """The languages asked for, else English. Raises RefusedError for one that Serai does not speak."""
    from django.conf import settings

    languages = language or ["en"]
    if unknown := [code for code in languages if code not in dict(settings.LANGUAGES)]:
        raise RefusedError(f"There is no language '{unknown[0]}'; there are {', '.join(dict(settings.LANGUAGES))}.")
    return languages

"""The figures of an edition."""

from rich.text import Text

from serai.cli import app
from serai.cli.console import AsJson, EditionOption, open_fair, out, progress, say_json


@app.command(epilog="Example: serai report --json")
def report(edition: EditionOption = None, as_json: AsJson = False) -> None:
    """Show the figures of an edition, each with its definition."""
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

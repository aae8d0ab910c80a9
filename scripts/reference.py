"""Write docs/reference/*.md from what is declared in the code.

    python scripts/reference.py

Everything that is extended by a registry describes itself beside its function; these pages only set that in tables.
"""

import os
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer.main

from serai.cli import app

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
GLOSSARY = Path(__file__).parents[1] / "src" / "serai" / "expo" / "locale" / "glossary.toml"
WRITTEN = "<!-- Written by `make docs` from the declarations in the code; edit those. -->"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["SERAI_HOME"] = home  # no page depends on an instance, but the settings of the fair ask for one
        from serai.expo.site.operation.domain.instance import open_instance

        open_instance()
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, page in PAGES.items():
            (FOLDER / f"{name}.md").write_text(f"{WRITTEN}\n\n{page()}", encoding="utf-8")
            print(f"docs/reference/{name}.md")


def indicators() -> str:
    from serai.world.measures import INDICATORS, PROPERTIES

    sense = {1: "more is better", -1: "less is better", 0: "it depends"}
    declared = sorted(INDICATORS.values(), key=lambda indicator: PROPERTIES.index(indicator.property))
    return page(
        "Indicators",
        "The properties of a supply network as `serai.world.measures` computes them from a world table. Formulas and "
        "check values: [docs/method/indicators.md](../method/indicators.md).",
        ("Symbol", "Property", "Name", "What it is", "Unit", "Range", "Sense", "Needs", "Source"),
        (
            (
                indicator.symbol,
                indicator.property,
                indicator.name,
                indicator.description,
                indicator.unit,
                "{:g} to {:g}".format(*indicator.range),
                sense[indicator.sense],
                ", ".join(indicator.needs),
                indicator.source,
            )
            for indicator in declared
        ),
    )


def shocks() -> str:
    from serai.world.shocks import SHOCKS

    return page(
        "Shocks",
        "What `serai.world.shocks` can simulate: the question each kind answers, and what it cannot say. The models: "
        "[docs/method/shocks.md](../method/shocks.md).",
        ("Kind", "Question", "Parameters", "Horizon", "Limits", "Sources"),
        (
            (
                shock.kind,
                shock.question,
                lines(f"`{name}`: {text}" for name, text in shock.parameters.items()),
                shock.horizon,
                lines(shock.limits),
                lines(shock.sources),
            )
            for shock in SHOCKS.values()
        ),
    )


def readers() -> str:
    from serai.world.readers import DEFAULT_TABLE, READERS

    return page(
        "Readers of world tables",
        f"Named as in `serai.world.readers.read('{DEFAULT_TABLE}')`; a table in the package needs no download.",
        ("Key", "Table", "Years", "In the package", "Terms", "Citation"),
        (
            (
                reader.key,
                reader.title,
                ", ".join(map(str, reader.years)),
                "yes" if reader.packaged else "no",
                reader.terms,
                reader.citation,
            )
            for reader in READERS.values()
        ),
    )


def figures() -> str:
    from serai.expo.results.figures.domain import registry
    from serai.expo.results.report.domain import properties as domain  # noqa: F401  (importing it declares the figures)

    return page(
        "Figures of the report",
        "What the report of an edition counts, and how. A changed definition is a new version.",
        ("Code", "Group", "Figure", "Unit", "Definition", "Version"),
        (
            (
                definition.code,
                definition.group,
                definition.title,
                definition.unit,
                definition.text,
                definition.version,
            )
            for definition in registry.values()
        ),
    )


def exporters() -> str:
    from serai.expo.base.exporters import registry
    from serai.expo.results.report.domain import exporters  # noqa: F401  (importing it declares the exporters)

    return page(
        "Exporters",
        "What can be had of an edition as a file.",
        ("File", "What it holds", "Type", "For the public"),
        (
            (exporter.file_name, exporter.title, exporter.media_type, "yes" if exporter.public else "no")
            for exporter in registry.values()
        ),
    )


def checks() -> str:
    from serai.expo.site.operation.domain.doctor import CHECKS

    return page(
        "Checks of `serai doctor`",
        "A check is left out where one that it needs has failed.",
        ("Id", "What it makes sure of", "Needs"),
        ((check.id, check.look.__doc__ or "", ", ".join(check.needs)) for check in CHECKS.values()),
    )


def glossary() -> str:
    languages = {"zh-hans": "Chinese", "ar": "Arabic", "es": "Spanish", "fr": "French", "ru": "Russian"}
    words = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))
    terms = page(
        "Glossary",
        "The words of the trade, decided once per language. Pages, letters and exports keep to them: a test compares "
        "the catalogues with `src/serai/expo/locale/glossary.toml`.",
        ("Term", "What it is", *languages.values()),
        ((term["en"], term["means"], *(term[language] for language in languages)) for term in words["term"]),
    )
    avoided = table(
        ("Language", "Not", "But"),
        ((name, *pair) for language, name in languages.items() for pair in words["avoid"][language].items()),
    )
    return f"{terms}\n## Words to avoid\n\n{avoided}\n"


def command() -> str:
    parts = ["# The command `serai`", "Exit codes: 0 all is well, 1 a problem was found, 2 wrong use."]
    return "\n\n".join([*parts, *described("serai", typer.main.get_command(app))]) + "\n"


def described(name: str, declared: Any) -> Iterator[str]:
    """A command with its options, and those below it."""
    if hasattr(declared, "commands"):
        for below, command in declared.commands.items():
            yield from described(f"{name} {below}", command)
        return
    options = [(f"`{'`, `'.join(option.opts)}`", option.help or "") for option in declared.params]
    yield f"## {name}"
    yield declared.help or ""
    yield (declared.epilog or "").replace("Example: ", "    ")
    yield table(("Argument or option", "What it is"), options)


PAGES: dict[str, Callable[[], str]] = {
    "checks": checks,
    "command": command,
    "exporters": exporters,
    "figures": figures,
    "glossary": glossary,
    "indicators": indicators,
    "readers": readers,
    "shocks": shocks,
}


def page(title: str, about: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return f"# {title}\n\n{about}\n\n{table(head, rows)}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; a bar in a cell would end it, so it is written as its entity."""
    all_rows = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "&#124;").replace("\n", " ") for cell in row) + " |"
        for row in all_rows
    )


def lines(texts: Iterable[str]) -> str:
    return "<br>".join(texts)


if __name__ == "__main__":
    main()

"""What a user meets, as one text: compare two checkouts, and nothing has moved unless it was meant to.

    python -m scripts.face > before.txt      # in one checkout
    python -m scripts.face > after.txt       # in the other; then: diff before.txt after.txt

Printed are the description of the interface, every address of the site, the help of every command, the columns and
filters of every exported table, the built-in words of every letter, and the schema of the database as its models
declare it. Nothing of a database is read.
"""

import json
import os
import tempfile
from collections.abc import Iterator

import click
import django
from django.urls import URLPattern, URLResolver, get_resolver


def commands(command: click.Command, name: str = "serai") -> Iterator[str]:
    """The help of a command and of all commands below it."""
    context = click.Context(command, info_name=name)
    yield f"## {name}\n{command.get_help(context)}"
    if isinstance(command, click.Group):
        for part in sorted(command.commands):
            yield from commands(command.commands[part], f"{name} {part}")


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every address with its name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{prefix}{pattern.pattern}")
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.pattern} {pattern.name}"


def tables() -> Iterator[str]:
    from serai.expo.base.export_tables import tables  # models can be imported only once Django is open

    for key, table in sorted(tables().items()):
        yield f"{key} personal={table.personal} {table.title}"
        yield from (f"  column {column}" for column in table.columns)
        yield from (f"  filter {choice.name} {[value for value, _label in choice.choices]}" for choice in table.filters)


def letters() -> Iterator[str]:
    from serai.expo.fairs.mailing.domain.kinds import letters

    for key, kind in sorted(letters().items()):
        yield f"{key} {kind.title} {sorted(kind.places)} {kind.needed} {kind.at_the_end}"
        yield from (f"  {text}" for text in kind.words())


def schema() -> Iterator[str]:
    for model in sorted(django.apps.apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
        yield model._meta.label
        for field in model._meta.local_concrete_fields:
            _name, _path, positional, named = field.deconstruct()
            yield f"  {field.name} {field.get_internal_type()} {positional} {sorted(named)}"
        yield from (f"  {constraint.name}" for constraint in model._meta.constraints)
        yield from (f"  {index.name}" for index in model._meta.indexes)


def interface() -> str:
    from serai.expo.site.api.pages.interface import interface

    return json.dumps(interface.get_openapi_schema(), indent=1, sort_keys=True, default=str, ensure_ascii=False)


def main() -> None:
    """Print all of it."""
    import typer

    from serai.cli import app

    parts = {
        "Commands": commands(typer.main.get_command(app)),
        "Addresses": sorted(addresses(get_resolver())),
        "Tables": tables(),
        "Letters": letters(),
        "Schema": schema(),
        "Interface": [interface()],
    }
    for title, lines in parts.items():
        print(f"# {title}")
        print("\n".join(lines))


if __name__ == "__main__":
    os.environ.update(COLUMNS="100", DJANGO_SETTINGS_MODULE="serai.expo.settings", SERAI_HOME=tempfile.mkdtemp())
    django.setup()
    main()

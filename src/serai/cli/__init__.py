"""The command ``serai``. Each command reads its options, calls the domain, and prints the result.

Exit codes: 0 all is well, 1 a problem was found, 2 wrong use. Imports inside a command are meant: Django and SciPy take
a second to load, and ``serai --help`` must not wait for them, nor need them to be installed.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import serai
from serai.cli.console import FOUND_A_PROBLEM, WRONG_USE, err, first_line
from serai.match import command as match_command
from serai.world import command as world_command
from serai.world.command import chain as chain_command

MISNAMED = {
    "EditionUnknownError",
    "HostUnknownError",
    "CountryUnknownError",
    "LastOwnerError",
    "RefusedError",
}  # errors of the user, not of what is there

EXTRAS = {"mcp": "assistants", "mcp_types": "assistants", "anyio": "assistants"}
"""The extra that brings a package, for those that the fair itself does not need."""

app = typer.Typer(
    name="serai",
    help="The open platform for supply chain cooperation: a fair on top of a model of the world's supply network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(world_command.app, name="world")
app.add_typer(chain_command.app, name="chain")
app.add_typer(match_command.timetable, name="timetable")
app.add_typer(match_command.halls, name="halls")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command. Errors that Serai defines are printed as a sentence; only a defect shows a traceback."""
    try:
        app(arguments, prog_name="serai")
    except Exception as error:
        if (refusal := _refusal(error)) is None:
            raise
        sentence, code = refusal
        err.print(sentence)
        sys.exit(code)


def _refusal(error: Exception) -> tuple[str, int] | None:
    """The sentence and exit code of an error; None for a defect of Serai."""
    kind = type(error)
    if isinstance(error, ModuleNotFoundError) and (package := (error.name or "serai").partition(".")[0]) != "serai":
        extra = EXTRAS.get(package, "expo")
        return f"This command needs {package}, which is not installed: pip install 'serai[{extra}]'", WRONG_USE
    if kind.__module__.startswith("serai."):  # an error that Serai has defined is a sentence
        code = WRONG_USE if kind.__name__ in MISNAMED else FOUND_A_PROBLEM
        return str(error) or (kind.__doc__ or kind.__name__), code
    if kind.__module__ == "django.core.exceptions" and hasattr(error, "messages"):
        return " ".join(error.messages), WRONG_USE
    if any(base.__name__ == "OperationalError" for base in kind.__mro__):  # of whichever database
        return f"The database cannot be used ({first_line(error)}); 'serai doctor' tells more.", FOUND_A_PROBLEM
    return None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(serai.__version__)
        raise typer.Exit


@app.callback()
def serai_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


# The commands declare themselves when imported, in the order of the help; they need the app above.
from serai.cli import instance  # noqa: E402, F401, I001
from serai.cli import organisers  # noqa: E402, F401
from serai.cli import firms  # noqa: E402, F401
from serai.cli import match  # noqa: E402, F401
from serai.cli import place  # noqa: E402, F401
from serai.cli import timetable  # noqa: E402, F401
from serai.cli import report  # noqa: E402, F401
from serai.cli import doctor  # noqa: E402, F401
from serai.cli import audit  # noqa: E402, F401
from serai.cli import mcp  # noqa: E402, F401

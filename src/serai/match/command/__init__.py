"""Commands of the matcher that need no fair: a published meeting event, a published layout.

Each command reads its arguments, calls the library and prints the result. Exit codes are as in ``serai.cli``. Imports
stand inside the commands on purpose: NumPy and Numba take a second to load, and ``serai --help`` must not wait for
them.
"""

import typer

timetable = typer.Typer()
"""``serai timetable`` without a subcommand is declared by ``serai.cli``, because it needs the fair."""

halls = typer.Typer(no_args_is_help=True)

# The commands declare themselves when imported; they need the apps above.
from serai.match.command import event, layout  # noqa: E402, F401

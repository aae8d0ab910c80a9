"""Commands of the matcher that need no fair: a published meeting event, a published layout.

Faces: each reads what was asked, calls the library and says what came of it. Exit codes as in ``serai.cli``. Imports
inside a command are meant: NumPy and Numba take a second to load, and ``serai --help`` must not wait for them.
"""

import typer

timetable = typer.Typer()
"""What ``serai timetable`` does by itself is declared by ``serai.cli``, since it needs the fair."""

halls = typer.Typer(no_args_is_help=True)

# The commands declare themselves when imported; they need the apps above.
from serai.match.command import event, layout  # noqa: E402, F401

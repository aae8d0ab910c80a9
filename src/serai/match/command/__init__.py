"""Commands of the matcher that need no fair: a published meeting event solved.

Faces: each reads what was asked, calls the library and says what came of it. Exit codes as in ``serai.cli``. Imports
inside a command are meant: NumPy and Numba take a second to load, and ``serai --help`` must not wait for them.
"""

import typer

timetable = typer.Typer()
"""What ``serai timetable`` does by itself is declared by ``serai.cli``, since it needs the fair."""

# The commands declare themselves when imported; they need the app above.
from serai.match.command import event  # noqa: E402, F401

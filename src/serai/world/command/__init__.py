"""The command ``serai world``: tables, their properties, who depends on whom, and the published numbers recomputed.

Faces, one module a command or two: each reads what was asked, calls the library and says what came of it. Exit codes as
in ``serai.cli``. Imports inside a command are meant: SciPy and Polars take a second to load, and ``serai --help`` must
not wait for them.
"""

import typer

FOUND_A_PROBLEM = 1

app = typer.Typer(
    help="The world's tables: what is there, the nine properties of every country, and who depends on whom.",
    no_args_is_help=True,
)

# The commands declare themselves when imported, in the order of the help; they need the app above.
from serai.world.command import tables  # noqa: E402, F401, I001
from serai.world.command import get  # noqa: E402, F401
from serai.world.command import measure  # noqa: E402, F401
from serai.world.command import rank  # noqa: E402, F401
from serai.world.command import themes  # noqa: E402, F401
from serai.world.command import who  # noqa: E402, F401
from serai.world.command import chart  # noqa: E402, F401
from serai.world.command import shock  # noqa: E402, F401
from serai.world.command import ensemble  # noqa: E402, F401
from serai.world.command import link  # noqa: E402, F401
from serai.world.command import portfolio  # noqa: E402, F401
from serai.world.command import validate  # noqa: E402, F401

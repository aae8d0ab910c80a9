"""Makes the demonstration edition with a thing for every page, in one process, for the browser tests to be copied.

    SERAI_HOME=... SERAI_DEMO_PASSWORD=... python tests/browser/make_fair.py

What `serai demo`, `serai reindex` and furnish.py do one after the other, and each writes what it said into a file of
that folder. In one process, as most texts are read for two or three of them: once it has been read the vector of a text
is kept to the end, where a site of many years keeps those of the last texts only.
"""

import os
import runpy
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from serai.cli import app
from serai.match import vectors

SAID, VISITS = "what-demo-said.json", "visits.json"
ALL_TEXTS = 200_000
"""More than the fair has, 67,000; each takes two kilobytes."""


def main() -> None:
    home = Path(os.environ["SERAI_HOME"])
    reader = vectors.encoder()
    assert isinstance(reader, vectors.Remembering)
    reader._passages._size = ALL_TEXTS
    # Indexed here once: else the worker of each fair that is served would do it, beside the tests. The codes by
    # which visitors are on their way in are good for three minutes, so they are asked for last.
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        (SAID, lambda: app(["demo", "--json"], standalone_mode=False)),
        ("reindexed", lambda: app(["reindex"], standalone_mode=False)),
        (VISITS, lambda: runpy.run_path(str(Path(__file__).with_name("furnish.py")), run_name="__main__")),
    )
    for file, step in steps:
        with (home / file).open("w", encoding="utf-8") as said, redirect_stdout(said):
            step()


if __name__ == "__main__":
    main()

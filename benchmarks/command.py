"""How long a user waits for the command before it does anything."""

import subprocess
import sys
from collections.abc import Iterator

from benchmarks import Finding, Work, compared, trial

NOTHING = "Python that starts and does nothing"


def process(*arguments: str) -> Work:
    return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True)


@trial("command-help", tiny={"rounds": 1})
def show_the_help(rounds: int = 21) -> Iterator[Finding]:
    """How long does `serai --help` take?"""
    yield from compared(process("-m", "serai", "--help"), process("-c", "pass"), against=NOTHING, rounds=rounds)


@trial("django-start", tiny={"rounds": 1})
def load_the_fair(rounds: int = 6) -> Iterator[Finding]:
    """How long does it take to load the fair, as each of its processes must?"""
    code = (
        "from serai.expo.site.operation.domain.instance import open_instance; open_instance(); import serai.expo.urls"
    )
    yield from compared(process("-c", code), process("-c", "pass"), against=NOTHING, rounds=rounds)

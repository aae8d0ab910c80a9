"""How long a user waits for the command before it does anything."""

import subprocess
import sys

from benchmarks import Work, benchmark


def process(*arguments: str) -> Work:
    return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True)


@benchmark("command-help", against="Python that starts and does nothing")
def show_the_help() -> tuple[Work, Work]:
    """How long does `serai --help` take?"""
    return process("-m", "serai", "--help"), process("-c", "pass")


@benchmark("django-start", against="Python that starts and does nothing")
def load_the_fair() -> tuple[Work, Work]:
    """How long does it take to load the fair, as each of its processes must?"""
    code = "from serai.expo.instance import open_instance; open_instance(); import serai.expo.urls"
    return process("-c", code), process("-c", "pass")

"""Writes that others wait for: a row looked for and then made once, and long writes in parts."""

import gc
import time
from collections.abc import Callable, Sequence
from functools import wraps

from django.db import IntegrityError, connection, transaction


def made_once[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a function in a transaction; if somebody else made its row meanwhile, run it again: now it finds that row.

    The function looks for its row itself, and its first run leaves nothing behind. A row that still can't be written
    raises IntegrityError.
    """

    @wraps(function)
    def called(*given: Given.args, **named: Given.kwargs) -> Made:
        try:
            with transaction.atomic():
                return function(*given, **named)
        except IntegrityError:
            with transaction.atomic():
                return function(*given, **named)

    return called


SECONDS = 0.15
PAUSE = 0.12
"""Seconds. SQLite lets whoever waits try again every 0.1 s, so a pause of more gives everybody a turn."""

FEWEST, FIRST, MOST = 10, 100, 400
"""Rows of a part."""


def write_in_parts[Row](rows: Sequence[Row], write: Callable[[Sequence[Row]], object]) -> None:
    """Call ``write`` with one part of the rows after the other, each in a transaction of its own.

    What fails leaves the parts before it written: whoever calls takes them back, or goes on later.
    """
    begin, size = 0, FIRST
    gc.freeze()  # looking through all rows of a plan for garbage takes longer than writing a part of them
    try:
        while begin < len(rows):
            with transaction.atomic():
                began = time.monotonic()
                write(rows[begin : begin + size])
            begin += size
            fitting = round(size * SECONDS / max(time.monotonic() - began, 0.001))
            size = min(max(fitting, FEWEST), 2 * size, MOST)
            give_way()
    finally:
        gc.unfreeze()


def give_way() -> None:
    """Let others write, where there is one writer at a time and this one is between two transactions."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)

"""Collisions of two writers that make the same thing at the same moment, as a hand that taps twice does."""

from collections.abc import Callable
from functools import wraps

from django.db import IntegrityError, transaction


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

"""Numbers as pages send them, where what a form says in digits may be anything, and as they show them."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.formats import number_format

MOST_DIGITS = 12
"""More than any number of a row has; Python itself reads no more than 4,300."""


def number_of(text: str | None) -> int | None:
    """The number that a field of a form names; None where it is not written in at most ``MOST_DIGITS`` digits."""
    return int(text) if text and len(text) <= MOST_DIGITS and text.isascii() and text.isdigit() else None


def numbers_of(texts: Iterable[str]) -> list[int]:
    """The numbers that a field of a form names which may be sent several times, without what is none."""
    return [number for text in texts if (number := number_of(text)) is not None]


def plain_number(number: Decimal | None) -> str:
    """A number as readers write it, without needless zeros at its end."""
    if number is None:
        return ""
    return number_format(number.normalize() if number % 1 else number.to_integral_value(), use_l10n=True)

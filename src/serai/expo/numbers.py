"""Numbers as pages send them: what a form says in digits may be anything."""

MOST_DIGITS = 12
"""More than any number of a row has; Python itself reads no more than 4,300."""


def number_of(text: str | None) -> int | None:
    """The number that a field of a form names; None where it is not written in at most ``MOST_DIGITS`` digits."""
    return int(text) if text and len(text) <= MOST_DIGITS and text.isascii() and text.isdigit() else None

"""Numbers as pages send them, where what a form says in digits may be anything, and as they show them."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale

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


def rounded(value: float, places: int) -> str:
    """A number rounded to so many places, as readers write it. Django's own function cuts off what is behind them."""
    return number_format(round(value, places), places)


def in_percent(number: str) -> str:
    """A number with the sign of per cent, apart from it where the reader's language sets it apart."""
    return f"{number}%" if (get_language() or "").startswith("zh") else f"{number} %"


in_percent_lazily = lazy(in_percent, str)

_SIGN = "\N{CURRENCY SIGN}"
_RIGHT_TO_LEFT, _LEFT_TO_RIGHT = "\N{RIGHT-TO-LEFT MARK}", "\N{LEFT-TO-RIGHT MARK}"
_NO_BREAK = "\N{NO-BREAK SPACE}"


def money(amount: Decimal | float | None, currency: str) -> str:
    """An amount as readers write it, with the sign of its currency where their language puts it (CLDR).

    Exact: a whole amount without decimals, any other with those of its currency or as many more as it has. The sign
    tells currencies apart ("US$" beside "¥" for a reader of Chinese); programs are given the code instead. Babel's own
    ``format_currency`` would group the digits otherwise than Django groups all other numbers of the pages.
    """
    if amount is None:
        return ""
    exact = Decimal(str(amount))
    if not currency:
        return plain_number(exact)
    exponent = exact.normalize().as_tuple().exponent
    needed = max(0, -exponent) if isinstance(exponent, int) else 0
    places = max(needed, get_currency_precision(currency)) if needed else 0
    before, after = _around(get_language() or "en", currency)
    # A loss has its sign before that of the currency, after any mark of direction.
    number = number_format(abs(exact), places, use_l10n=True, force_grouping=True)
    return f"{'-' if exact < 0 else ''}{before}{number}{after}"


@cache
def _around(language: str, currency: str) -> tuple[str, str]:
    """What stands before and after an amount in this currency."""
    locale = Locale.parse(to_locale(language))
    pattern = locale.currency_formats["standard"]
    before, after = pattern.prefix[0], pattern.suffix[0]
    sign = get_currency_symbol(currency, locale)
    if _RIGHT_TO_LEFT in before and sign[0].isalpha() and not sign.isalpha():
        sign += _LEFT_TO_RIGHT  # or the mark after its letters would jump before them: "$US"
    if before.endswith(_SIGN) and sign[-1:].isalpha():
        before += _NO_BREAK  # "XAF 500", as the CLDR asks where letters would touch digits
    return before.replace(_SIGN, sign), after.replace(_SIGN, sign)

"""Amounts of money and quantities in a cell, as people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.numbers import is_currency

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain.cells import UnreadableError, meanings, meanings_of, number_of
from serai.expo.offers.market.domain.specification import UNITS

_NUMBER = re.compile(r"\d[\d.,'’\s]*\d|\d")
_TIMES: tuple[tuple[str, int], ...] = (
    (r"(?:bn|mrd|milliard\w*|billion\w*|млрд)\b|مليار", 10**9),
    (r"[亿億]", 10**8),
    (r"(?:m|mn|mio|mln|million\w*|millones|millón|млн)\b|مليون|百万", 10**6),
    (r"(?:k|tsd|tausend|thousand|mil|mille|тыс)\b|ألف|千(?![克瓦米])", 10**3),
    (r"[万萬]", 10**4),
)
_SYMBOLS: Mapping[str, str] = {
    "€": "EUR", "us$": "USD", "$": "USD", "£": "GBP", "人民币": "CNY", "rmb": "CNY", "元": "CNY", "¥": "CNY",
    "￥": "CNY", "₹": "INR", "₽": "RUB", "руб": "RUB", "chf": "CHF",
    "fr.": "CHF", "دولار": "USD", "درهم": "AED", "ريال": "SAR", "euro": "EUR", "dollar": "USD", "yuan": "CNY",
}  # fmt: skip
_UP_TO = re.compile(r"^\s*(?:<|≤|up to|max\.?|bis|jusqu'à|hasta|до|不超过|حتى)", re.IGNORECASE)
_FROM = re.compile(r"^\s*(?:>|≥|from|ab|min\.?|over|à partir de|desde|от|以上|من)", re.IGNORECASE)
LARGEST = 10**12


@dataclass(frozen=True)
class Amount:
    """An amount of money: from, to, and the currency where the cell says it. One number is both from and to."""

    low: Decimal | None
    high: Decimal | None
    currency: str = ""


def amount(cell: str) -> Amount:
    """'100.000-200.000 EUR', 'up to 2 Mio €', '30万元'. Raises UnreadableError."""
    text = cell.replace("\u00a0", " ")
    numbers = [number for part in _NUMBER.findall(text) if (number := number_of(part)) is not None]
    if not numbers or len(numbers) > 2:
        raise UnreadableError("not_an_amount")
    values = [Decimal(str(number)) * times_in(text) for number in numbers]
    if any(value >= LARGEST for value in values):
        raise UnreadableError("out_of_range", least=0, most=LARGEST)
    low: Decimal | None = values[0]
    high: Decimal | None = values[-1]
    if len(values) == 1 and _UP_TO.match(text):
        low = None
    elif len(values) == 1 and _FROM.match(text):
        high = None
    elif low is not None and high is not None and high < low:
        raise UnreadableError("not_an_amount")
    return Amount(low, high, currency_in(text))


def times_in(text: str) -> int:
    """By what the numbers of a text are to be multiplied: thousand, Mio., 万."""
    return next((times for words, times in _TIMES if re.search(rf"(?<![^\W\d_])(?:{words})", text, re.IGNORECASE)), 1)


def currency_in(text: str) -> str:
    """The currency that a text names by its code or a sign; empty where it names none."""
    codes = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) == 3 and is_currency(word.upper())]
    signs = [code for symbol, code in _SYMBOLS.items() if symbol in text.casefold()]
    return next(iter([*filter(str.isupper, codes), *signs, *map(str.upper, codes)]), "")


def currency(cell: str) -> str:
    """The ISO 4217 code of a currency, also by its sign. Raises UnreadableError."""
    text = cell.strip()
    if re.fullmatch(r"[A-Za-z]{3}", text) and text.casefold() != "rmb":
        return text.upper()
    if code := currency_in(text):
        return code
    raise UnreadableError("not_a_currency")


@dataclass(frozen=True)
class Quantity:
    """A number, and the code of its unit where the cell says one."""

    number: Decimal
    unit: str = ""


def quantity(cell: str) -> Quantity:
    """'500', '1.200 t', '20,000 pcs'. Raises UnreadableError; a number whose unit is not known is kept without it."""
    match = re.fullmatch(r"\s*(?:ca\.?|about|~|环?约)?\s*(\d[\d.,'’\s]*?)\s*(?:x\s*)?([^\d\s.,'’].*)?", cell)
    number = number_of(match[1]) if match else None
    if match is None or number is None:
        raise UnreadableError("not_a_number")
    value = Decimal(str(number))
    if not match[2]:
        return Quantity(value)
    words = re.split(r"\s*(?:/|pro|per|a|par|por|в)\s", f"{match[2]} ")[0]
    code = units().get(fold(words))
    if code is None:
        raise UnreadableError("unknown_unit", Quantity(value))
    return Quantity(value, code)


def unit(cell: str) -> str:
    """The code of a unit (UN/CEFACT Recommendation 20) from its word or its code. Raises UnreadableError."""
    if code := units().get(fold(cell)):
        return code
    raise UnreadableError("unknown_unit")


@cache
def units() -> Mapping[str, str]:
    """Codes of units by their folded words."""
    return {**meanings("units"), **meanings_of((code, label) for code, label in UNITS if code)}

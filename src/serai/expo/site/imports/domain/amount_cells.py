"""Amounts of money and quantities in a cell, as people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain.cells import UnreadableError, meanings_of, number_of
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.site.imports.domain.fields import aliases_of

_NUMBER = re.compile(r"\d[\d.,'’\s]*\d|\d")
_TIMES: tuple[tuple[str, int], ...] = (
    (r"(?:bn|mrd|milliard\w*|billion\w*|млрд)\b|亿元?", 10**9),
    (r"(?:m|mn|mio|million\w*|millones|millón|млн)\b|مليون|百万", 10**6),
    (r"(?:k|tsd|tausend|thousand|mil|mille|тыс)\b|ألف", 10**3),
    (r"万", 10**4),
)
_SYMBOLS: Mapping[str, str] = {
    "€": "EUR", "us$": "USD", "$": "USD", "£": "GBP", "人民币": "CNY", "rmb": "CNY", "元": "CNY", "¥": "CNY",
    "￥": "CNY", "₹": "INR", "₽": "RUB", "руб": "RUB", "chf": "CHF",
    "fr.": "CHF", "دولار": "USD", "درهم": "AED", "ريال": "SAR",
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
    by = next((times for words, times in _TIMES if re.search(rf"(?<![^\W\d_])(?:{words})", text, re.IGNORECASE)), 1)
    values = [Decimal(str(number)) * by for number in numbers]
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
    return Amount(low, high, _currency_in(text))


def _currency_in(text: str) -> str:
    if match := re.search(r"\b[A-Z]{3}\b", text):
        return match[0]
    return next((code for symbol, code in _SYMBOLS.items() if symbol in text.casefold()), "")


def currency(cell: str) -> str:
    """The ISO 4217 code of a currency, also by its sign. Raises UnreadableError."""
    text = cell.strip()
    if re.fullmatch(r"[A-Za-z]{3}", text) and text.casefold() != "rmb":
        return text.upper()
    if code := _currency_in(text):
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
    words = {fold(word): code for code, listed in aliases_of("units").items() for word in listed}
    return words | meanings_of((code, label) for code, label in UNITS if code)

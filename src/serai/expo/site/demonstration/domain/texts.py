"""Texts from templates: one alternative of each group, the same in both languages."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from random import Random

from serai.expo.site.demonstration.domain.content import Pair, buyer_countries
from serai.world.classifications import countries

ALTERNATIVES = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
"""``{a|b|c}``; a placeholder such as ``{city}`` has no bar."""


_NOUNS = (
    *("years", "days", "minutes", "seconds", "hours", "weeks", "plants", "lines", "tools", "writes", "cameras"),
    *("tonnes", "passes", "hectares", "containers", "litres", "suites", "units", "campaigns", "boxes", "countries"),
)
_ONE_OF_MANY = re.compile(rf"(?<![\d.,/-])\b(one|1) ({'|'.join(_NOUNS)})\b")
_SMALL_WAN = re.compile(r"(?<![\d.])0\.(\d+)万")


def vary(text: Pair, random: Random, *, country: str | None = None) -> Pair:
    """The text with one alternative taken of each group.

    With ``country`` (ISO 3166 alpha-2) a group of places gives one in that country if it has any.
    """
    chosen = []
    for places in _groups(text.en):
        numbers = [number for number, place in enumerate(places) if country and place == country]
        chosen.append(random.choice(numbers or range(len(places))))
    english = _ONE_OF_MANY.sub(lambda many: f"{many[1]} {_singular(many[2])}", _taken(text.en, chosen))
    # 0.8万 is written 8000.
    chinese = _SMALL_WAN.sub(lambda wan: str(round(float(f"0.{wan[1]}") * 10_000)), _taken(text.zh, chosen))
    return Pair(english, chinese)


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun.removesuffix("ies") + "y"
    return noun.removesuffix("es" if noun in {"passes", "boxes"} else "s")


_AMOUNT = re.compile(
    r"(?<!\bof )(?<!below )(?<!above )(?<!\bto )(?<![\d.,x/-])(\d[\d,]*(?:\.\d+)?)( thousand| million)? "
    r"(tonnes|kg|m²|litres|km|pieces|units|sets|vehicles|trucks|buses|modules|turbines|bags)\b(?! CO2e)"
)
_UNITS = {"tonnes": "TNE", "kg": "KGM", "m²": "MTK", "litres": "LTR", "km": "KMT", "sets": "SET", "units": "C62"}
_TIMES = {"": 1, " thousand": 1_000, " million": 1_000_000}


def amount(text: str) -> tuple[Decimal, str] | None:
    """The first quantity that an English text names and its unit (UN/CEFACT Recommendation 20; H87 is a piece)."""
    match = _AMOUNT.search(text)
    if not match:
        return None
    number, times, unit = match.groups(default="")
    return Decimal(number.replace(",", "")) * _TIMES[times], _UNITS.get(unit, "H87")


def fits(text: Pair, country: str | None) -> bool:
    """Whether the text suits a firm of ``country``: a firm in Peru does not need a service point in Karachi."""
    return country is None or all(country in places for places in _groups(text.en) if any(places))


def fill(text: Pair, en: Mapping[str, object], zh: Mapping[str, object]) -> Pair:
    """The text with its placeholders filled, such as ``{city}``."""
    english = text.en.format(**en)
    return Pair(english[:1].upper() + english[1:], text.zh.format(**zh))


@cache
def _groups(text: str) -> tuple[tuple[str | None, ...], ...]:
    """The countries that the alternatives of each group name."""
    return tuple(tuple(map(country_of, group.split("|"))) for group in ALTERNATIVES.findall(text))


def _taken(text: str, chosen: list[int]) -> str:
    numbers = iter(chosen)
    return ALTERNATIVES.sub(lambda group: str(group[1]).split("|")[next(numbers)], text)


@cache
def country_of(place: str) -> str | None:
    """The country of a city or country of the templates, by its English name; None for anything else."""
    cities = {city.en: origin.country for origin in buyer_countries() for city in origin.cities}
    if place in cities:
        return cities[place]
    # `find` takes two or three letters for a country code; here they name a process or a unit.
    named = countries.find(place) if len(place) > 3 else None
    return named.alpha2 if named else None

"""Texts from templates: of each group of alternatives one is taken, the same in both languages."""

import re
from collections.abc import Mapping
from functools import cache
from random import Random

from serai.expo.demo.content import Pair, buyer_countries
from serai.world.classifications import countries

ALTERNATIVES = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
"""``{a|b|c}``; a placeholder such as ``{city}`` has no bar and is not one."""


def vary(text: Pair, random: Random, *, country: str | None = None) -> Pair:
    """The text with one alternative taken of each group.

    With ``country`` (ISO 3166 alpha-2) a group of places gives one in that country where it has one.
    """
    chosen = []
    for places in _groups(text.en):
        numbers = [number for number, place in enumerate(places) if country and place == country]
        chosen.append(random.choice(numbers or range(len(places))))
    return Pair(_taken(text.en, chosen), _taken(text.zh, chosen))


def fits(text: Pair, country: str | None) -> bool:
    """Whether a firm of ``country`` may say this: one of Peru does not look for a service point in Karachi."""
    return country is None or all(country in places for places in _groups(text.en) if any(places))


def fill(text: Pair, en: Mapping[str, object], zh: Mapping[str, object]) -> Pair:
    """The text with its placeholders filled, such as ``{city}``."""
    english = text.en.format(**en)
    return Pair(english[:1].upper() + english[1:], text.zh.format(**zh))


@cache
def _groups(text: str) -> tuple[tuple[str | None, ...], ...]:
    """Of each group of alternatives the countries that they name."""
    return tuple(tuple(map(country_of, group.split("|"))) for group in ALTERNATIVES.findall(text))


def _taken(text: str, chosen: list[int]) -> str:
    numbers = iter(chosen)
    return ALTERNATIVES.sub(lambda group: str(group[1]).split("|")[next(numbers)], text)


@cache
def country_of(place: str) -> str | None:
    """The country of a city or country of the templates, by its English name; None for anything else."""
    cities = {city.en: known.country for known in buyer_countries() for city in known.cities}
    if place in cities:
        return cities[place]
    # A code of two or three letters is a country to `find`, and here it is the name of a process or a unit.
    found = countries.find(place) if len(place) > 3 else None
    return found.alpha2 if found else None

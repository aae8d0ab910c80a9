"""Invented names of firms and texts, put together from the parts and templates in content/: the same in both
languages.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from random import Random

from pypinyin import lazy_pinyin

from serai.expo.base.collation import fold
from serai.expo.firms.record.models import Firm
from serai.expo.site.demonstration.domain import content
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


@dataclass(frozen=True)
class FirmName:
    """The registered name in the firm's own language, its English and Chinese forms, and the short name."""

    legal: str
    en: str
    zh: str
    short: content.Pair

    def texts(self, language: str) -> dict[str, str]:
        """The names by language; the registered one only if it differs from the English one."""
        own = {language: self.legal} if language not in {"en", "zh-hans"} and self.legal != self.en else {}
        return {"en": self.en, "zh-hans": self.zh, **own}


@dataclass(frozen=True)
class Brand:
    """The distinctive part of a name, in Latin, Chinese and the firm's own writing."""

    en: str
    zh: str
    own: str


def is_well_known(en: str, zh: str) -> bool:
    """Whether a name contains that of a well-known firm: as words in English, anywhere in Chinese."""
    words = f" {fold(en)} "
    return any(f" {avoided} " in words if avoided.isascii() else avoided in zh for avoided in content.avoided())


# Firms of the host


def host_brands(random: Random) -> Iterator[Brand]:
    """Brands of two characters, each once, in random order. None sounds like a city."""
    characters = content.read("names.toml")["zh"]
    cities = {city.name.en for city in content.host_cities()}
    brands = ["".join(two) for two in product(characters["first"], characters["second"])]
    random.shuffle(brands)
    for zh in brands:
        en = "".join(lazy_pinyin(zh)).capitalize()
        if en not in cities and not is_well_known(en, zh):
            yield Brand(en, zh, zh)


def host_name(brand: Brand, city: content.City, word: content.Pair, size: str, random: Random) -> FirmName:
    """A name in the usual order: city, brand, trade, legal form. A group bears no city."""
    short = content.Pair(brand.en, brand.zh + word.zh)
    if size == Firm.Size.LARGE and random.random() < 0.4:
        zh = f"{brand.zh}{word.zh}集团有限公司"
        return FirmName(zh, f"{brand.en} {word.en} Group Co., Ltd.", zh, short)
    ending = "股份有限公司" if size in {Firm.Size.LARGE, Firm.Size.MEDIUM} and random.random() < 0.4 else "有限公司"
    zh = f"{city.name.zh}{brand.zh}{word.zh}{ending}"
    return FirmName(zh, f"{city.name.en} {brand.en} {word.en} Co., Ltd.", zh, short)


# Firms from abroad


@cache
def foreign_brands(language: str) -> tuple[Brand, ...]:
    """Every head with every tail of a table of content/names.toml, except the brands of exhibitors."""
    parts = content.read("names.toml")[language]
    heads, tails = ([_part(row) for row in parts[name]] for name in ("heads", "tails"))
    brands = (Brand(head.en + tail.en, head.zh + tail.zh, head.own + tail.own) for head, tail in product(heads, tails))
    taken = " ".join(row["name"] for row in content.foreign_exhibitors())
    return tuple(brand for brand in brands if brand.en not in taken and not is_well_known(brand.en, brand.zh))


def _part(row: str) -> Brand:
    en, zh, *own = row.split("|")
    return Brand(en, zh, own[0] if own else en)


def foreign_name(language: str, brand: Brand, sector: str, random: Random) -> FirmName:
    """The name of a firm of a sector under a brand."""
    parts = content.read("names.toml")
    word = content.pair(parts["sectors"][sector])
    own_form, en_form, zh_ending = random.choice(parts[language]["forms"]).split("|")
    legal = own_form.format(name=brand.own, word=parts[language]["words"].get(sector, word.en))
    en = en_form.format(name=brand.en, word=word.en) if en_form else legal
    return FirmName(legal, en, f"{brand.zh}{word.zh}{zh_ending}", content.Pair(brand.en, brand.zh + word.zh))


def written_name(row: str) -> FirmName:
    """``"own|English|中文"``, or ``"English|中文"`` where the firm writes its own name in English texts too."""
    *own, en, zh = row.split("|")
    return FirmName(own[0] if own else en, en, zh, content.Pair(en, zh))

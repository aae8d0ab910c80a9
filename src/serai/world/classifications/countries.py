"""Countries and regions by their ISO 3166-1 alpha-2 code, with names in every language of CLDR.

The 249 entries are those of ISO 3166-1; "country" is its word and says nothing of a territory's standing, so pages
speak of countries and regions. Regions are those of the United Nations' M49. Sources and terms:
data/classifications/COUNTRIES.md.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

# The languages in which `find` knows every name: the interface's six, Chinese in traditional characters, and German.
LANGUAGES = ("en", "zh-hans", "zh-hant", "ar", "fr", "es", "ru", "de")


@dataclass(frozen=True, slots=True)
class Country:
    """An entry of ISO 3166-1 in its M49 region, such as Europe, and subregion, such as Southern Europe.

    Antarctica, which M49 puts in no region, has both empty.
    """

    alpha2: str
    alpha3: str
    numeric: str
    region: str
    subregion: str


@cache
def countries() -> Mapping[str, Country]:
    """All 249 countries and regions by their alpha-2 code."""
    return MappingProxyType({row["alpha2"]: Country(**row) for row in rows("countries.csv")})


def country(alpha2: str) -> Country:
    """The country with this alpha-2 code. Raises LookupError; for a name or another code ask `find`."""
    try:
        return countries()[alpha2]
    except KeyError:
        raise LookupError(f"ISO 3166-1 has no country '{alpha2}'; use two capital letters, such as KE.") from None


def name(alpha2: str, language: str) -> str:
    """The country's name in a language, a BCP 47 tag such as "zh-hans".

    CLDR's name, unless country_names.csv holds another; English where CLDR has none. Raises LookupError for an unknown
    code or language.
    """
    locale = _locale(language)
    own = _own_names().get(alpha2, {})
    return own.get(_language(locale)) or locale.territories.get(country(alpha2).alpha2) or name(alpha2, "en")


def in_sentence(alpha2: str, language: str) -> str:
    """The country's name as it stands within a sentence: with its article where country_articles.csv has one.

    "If the United States stops" is English, and so is "If China stops". Raises LookupError as `name` does.
    """
    article = _articles().get(alpha2, {}).get(_language(_locale(language)))
    return f"{article} {name(alpha2, language)}" if article else name(alpha2, language)


def find(text: str) -> Country | None:
    """The country that a text names: an ISO 3166-1 code, a name in one of `LANGUAGES`, or a row of country_aliases.csv.

    Case, accents, punctuation, the width of characters and the article "the" do not matter. A text that is not known,
    or that could mean two countries, gives None.
    """
    return _index().get(_key(text))


@cache
def alpha2(text: str) -> str:
    """The code by which pages name the country of a table, empty for a region or the rest of the world."""
    known = find(text)
    return known.alpha2 if known else ""


@cache
def alpha3(text: str) -> str:
    """The code by which tables name a country, empty for one that is not known."""
    known = find(text)
    return known.alpha3 if known else ""


def rows(file: str) -> Iterator[dict[str, str]]:
    """The rows of a csv file in data/classifications, as column -> text."""
    text = (files("serai.world") / "data" / "classifications" / file).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def _own_names() -> Mapping[str, Mapping[str, str]]:
    return {row.pop("alpha2"): row for row in rows("country_names.csv")}


@cache
def _articles() -> Mapping[str, Mapping[str, str]]:
    return {row.pop("alpha2"): row for row in rows("country_articles.csv")}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        raise LookupError(f"CLDR has no language '{language}'; use a tag such as en or zh-hans.") from None


def _language(locale: Locale) -> str:
    """The column of country_names.csv for a locale: Chinese by its script, and zh alone is simplified."""
    return f"zh-{(locale.script or 'Hans').lower()}" if locale.language == "zh" else str(locale.language)


@cache
def _index() -> Mapping[str, Country]:
    """Key -> country, over every known text; a key that two countries claim is left out."""
    index: dict[str, Country | None] = {}
    for text, entry in _known_texts():
        key = _key(text)
        index[key] = entry if index.get(key, entry) is entry else None
    return {key: entry for key, entry in index.items() if entry and key}


def _known_texts() -> Iterator[tuple[str, Country]]:
    for alpha2, entry in countries().items():
        yield from (
            (text, entry) for text in (alpha2, entry.alpha3, entry.numeric, *_own_names().get(alpha2, {}).values())
        )
        yield from ((text, entry) for language in LANGUAGES if (text := _locale(language).territories.get(alpha2)))
    yield from ((row["alias"], countries()[row["alpha2"]]) for row in rows("country_aliases.csv"))


_APOSTROPHES = re.compile("['’‘ʼ`´]")
_NO_WORD = re.compile(r"[\W_]+")
_THE = re.compile(r"\bthe\b ?")
_SAINT = re.compile(r"\bst(?= \w)")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def _key(text: str) -> str:
    """What is left of a text when only the words count: "Côte d’Ivoire" and "COTE D'IVOIRE" give one key."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    text = "".join(character for character in text if not unicodedata.combining(character)).casefold()
    text = _NO_WORD.sub(" ", text.replace("&", " and ")).strip()
    return _BETWEEN_HAN.sub("", _SAINT.sub("saint", _THE.sub("", text))).strip()

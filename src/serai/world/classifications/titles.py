"""What codes of the Harmonized System and of ISIC are called in the six languages of the interface.

English titles are those of `harmonized_system` and `isic`. The others are translations of this project in short words
of the trade, not the legal text. How they were made and how one is mended: data/classifications/SOURCES.md.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from serai.world.classifications import harmonized_system, isic
from serai.world.classifications.countries import rows
from serai.world.classifications.industries import divisions, industries, industry_classifications

type Classification = Literal["hs", "isic"]

LANGUAGES = ("zh-hans", "ar", "fr", "es", "ru")
"""The languages beside English."""

BETWEEN = {"zh-hans": "；", "ar": "؛ ", "fr": "\u00a0; "}
"""What stands between the titles of two activities, "; " in the other languages."""

NAMED_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "Basic iron and steel": ("241",),
    "Basic precious and other non-ferrous metals": ("242",),
    "Building of ships and boats": ("301",),
    "Other transport equipment, except ships and boats": ("302", "303", "304", "309"),
    "Telecommunications; computer programming and information services": ("61", "62", "63"),
    "Professional, scientific, technical, administrative and support services": ("M", "N"),
    "Education; human health and social work": ("P", "Q"),
    "Arts, entertainment, recreation; other services; activities of households as employers": ("R", "S", "T"),
    "Activities of households as employers": ("T",),
}
"""The ISIC activities of industries that the tables of the OECD call by short names of their own."""


def title(classification: Classification, code: str, language: str) -> str:
    """The title in a language, a BCP 47 tag such as "zh-hans"; in English where there is no other.

    Of an HS code of 6 digits it is the title of its heading. Raises LookupError for an unknown code.
    """
    of_code = titles(classification, code)
    return of_code.get(language) or of_code["en"]


@cache
def titles(classification: Classification, code: str) -> Mapping[str, str]:
    """The title by language, English among them. Raises LookupError for an unknown code."""
    of_code = _of_hs(code) if classification == "hs" else _of_isic(code)
    return MappingProxyType(of_code)


@cache
def industry_titles(code: str, name: str) -> Mapping[str, str]:
    """What an industry is called by language, which a world table calls by this code and this English name.

    In English by its name. Where that is the titles of ISIC activities, in the other languages by these.
    """
    same = (industries(classification).get(code, {}) for classification in industry_classifications())
    row = next((row for row in same if row.get("name") == name), None)
    parts = NAMED_OTHERWISE.get(name) or (_activities(row) if row else ())
    translated = {
        language: BETWEEN.get(language, "; ").join(title("isic", part, language) for part in parts)
        for language in LANGUAGES
        if parts
    }
    return MappingProxyType({"en": name, **translated})


def _activities(row: Mapping[str, str]) -> tuple[str, ...]:
    """The section or the divisions of ISIC whose titles are the name of an industry; none where it has another name."""
    for parts in ((row["code"],), tuple(divisions(row["isic4"]))):
        try:
            named = "; ".join(isic.activity(part).title for part in parts)
        except LookupError:
            continue
        if named == row["name"]:
            return parts
    return ()


def _of_hs(code: str) -> dict[str, str]:
    known = harmonized_system.chapter(code) if len(code) == 2 else harmonized_system.heading(code[:4])
    return {"en": known.title, **_translations("hs_titles.csv")[known.code]}


def _of_isic(code: str) -> dict[str, str]:
    """A class that is all of its group is called as the group is, and the table has only the group."""
    activity = isic.activity(code)
    translations = _translations("isic_titles.csv")
    while code not in translations:
        code = code[:-1]
    return {"en": activity.title, **translations[code]}


@cache
def _translations(file: str) -> Mapping[str, Mapping[str, str]]:
    return {row.pop("code"): row for row in rows(file)}

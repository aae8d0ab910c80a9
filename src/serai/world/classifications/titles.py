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

type Classification = Literal["hs", "isic"]

LANGUAGES = ("zh-hans", "ar", "fr", "es", "ru")
"""The languages beside English."""


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

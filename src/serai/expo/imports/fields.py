"""The fields that a workbook can fill: what each is called, how its cell is read, what an unreadable cell means.

A field is named by its key, and one that is kept per language by its key and the language, as in ``name:zh-hans``.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from serai.expo.imports import cells, firm_cells

# The languages offered for a column; a text in another one is imported by its header, as in 'Name (pt)'.
LANGUAGES = ("en", "zh-hans", "zh-hant", "ar", "fr", "es", "ru", "de", "ja", "ko", "pt", "it", "tr")


@dataclass(frozen=True)
class Field:
    """What a column can hold.

    ``parse`` reads a cell and raises ``cells.UnreadableError``. A row in which a ``decisive`` field cannot be read is
    rejected, since without it a wrong thing would be made of the row; any other field is left out with a warning.
    """

    key: str
    parse: Callable[[str], Any]
    title: Mapping[str, str]
    hint: Mapping[str, str]
    example: Mapping[str, str]
    aliases: tuple[str, ...]
    localized: bool = False
    decisive: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that mean this field."""
        return (self.key.replace("_", " "), *self.title.values(), *self.aliases)


@cache
def fields() -> Mapping[str, Field]:
    """All fields by key, in the order of the template."""
    words = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

    def declare(key: str, parse: Callable[[str], Any], *, localized: bool = False, decisive: bool = False) -> Field:
        said = words[key]
        aliases = tuple(said["aliases"])
        return Field(key, parse, said["title"], said["hint"], said["example"], aliases, localized, decisive)

    declared = (
        declare("name", cells.line(300), localized=True, decisive=True),
        declare("legal_name", cells.line(300), decisive=True),
        declare("country", cells.country, decisive=True),
        declare("city", cells.line(200), localized=True),
        declare("language", cells.language),
        declare("description", cells.text, localized=True),
        declare("website", cells.website),
        declare("founded", cells.year),
        declare("size", cells.size),
        declare("women_led", cells.yes_or_no),
        # A wrong identifier would enter a firm twice, and a wrong kind make an exhibitor of a buyer.
        declare("serai", cells.serai_identifier, decisive=True),
        declare("lei", cells.lei),
        declare("uscc", cells.uscc),
        declare("vat", cells.line(32)),
        declare("duns", cells.duns),
        declare("gln", cells.gln),
        declare("isic", cells.isic),
        declare("kind", cells.kind, decisive=True),
        declare("lead", cells.line(300)),
        declare("section", cells.line(200)),
        declare("pavilion", cells.country),
        declare("hall", cells.codes(";；\n")),
        declare("hall_name", cells.line(64)),
        declare("booth", cells.codes(";；,，、\n")),
        declare("area_m2", cells.area),
        declare("support", cells.items),
        declare("offers", cells.items, localized=True),
        declare("needs", cells.items, localized=True),
        declare("hs", cells.hs),
        declare("package", cells.line(200)),
        # What the firm is and does beyond this fair.
        declare("other_names", cells.items),
        declare("legal_form", cells.line(64)),
        declare("subdivision", cells.line(200), localized=True),
        declare("address", cells.line(300), localized=True),
        declare("ownership", firm_cells.ownership),
        declare("parent", cells.line(300)),
        declare("employees", firm_cells.employees),
        declare("turnover", firm_cells.turnover),
        declare("export_share", firm_cells.export_share),
        declare("ungm", firm_cells.ungm),
        declare("cpc", firm_cells.cpc),
        declare("markets", firm_cells.markets),
        declare("markets_sought", firm_cells.markets),
        declare("languages", firm_cells.spoken),
        declare("incoterms", firm_cells.incoterms),
        declare("minimum_order", cells.line(100)),
        declare("lead_time_days", firm_cells.lead_time),
        declare("plants", firm_cells.plants),
        declare("certifications", firm_cells.certificates),
        declare("inputs", cells.hs),
        declare("outputs", cells.hs),
        declare("positions", firm_cells.positions),
        declare("emissions_year", cells.year),
        declare("scope_1", firm_cells.quantity),
        declare("scope_2", firm_cells.quantity),
        declare("carbon_per_unit", firm_cells.quantity),
        declare("carbon_unit", cells.line(64)),
        declare("audit", cells.line(300)),
    )
    return MappingProxyType({field.key: field for field in declared})


def split(name: str) -> tuple[str, str]:
    """The key and the language of ``name:zh-hans``; the language is empty where there is none."""
    key, _colon, language = name.partition(":")
    return key, language

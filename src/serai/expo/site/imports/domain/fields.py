"""The fields of a workbook: headers, how a cell is read, and what an unreadable cell means.

A field is named by its key, and one that is kept per language by its key and the language, as in ``name:zh-hans``.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

from serai.expo.base.collation import fold
from serai.expo.base.fields import Field, Kind
from serai.expo.base.text import in_every_language
from serai.expo.firms.record.domain import cells, firm_cells
from serai.expo.firms.record.domain.fields import FIRM, ROWS, longest
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.site.imports.domain import contact_cells

# The languages offered for a column; a text in another one is imported by its header, as in 'Name (pt)'.
LANGUAGES = ("en", "zh-hans", "zh-hant", "ar", "fr", "es", "ru", "de", "ja", "ko", "pt", "it", "tr")


@dataclass(frozen=True)
class Column:
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
    in_template: bool = True
    names: bool = False
    """Whether it names what the row is about: a row with the name of the example is the template's own."""

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that mean this field."""
        return (self.key.replace("_", " "), *self.title.values(), *self.aliases)


BY_KIND: Mapping[Kind, Callable[[str], Any]] = {
    "line": lambda cell: " ".join(cell.split()),
    "texts": cells.text,
    "link": cells.website,
    "year": cells.year,
    "days": firm_cells.lead_time,
    "number": firm_cells.quantity,
    "yes_no": cells.yes_or_no,
    "country": cells.country,
    "language": cells.language,
    "languages": firm_cells.spoken,
    "countries": firm_cells.markets,
    "incoterms": firm_cells.incoterms,
    "isic": cells.isic,
    "cpc": firm_cells.cpc,
    "firm": cells.line(longest("legal_name")),  # its name or its identifier
}
"""How a field of the firm is read from a cell."""

BY_NAME: Mapping[str, Callable[[str], Any]] = {
    "size": cells.size,
    "ownership": firm_cells.ownership,
    "employees": firm_cells.employees,
    "turnover": firm_cells.turnover,
    "export_share": firm_cells.export_share,
}
"""Choices that people write in words of their own; of any other choice its word or its code is read."""

OTHERS: Mapping[str, Callable[[str], Any]] = {
    "serai": cells.serai_identifier,
    "lei": cells.lei,
    "uscc": cells.uscc,
    "vat": cells.line(ROWS[FirmIdentifier]["value"].most or 0),
    "duns": cells.duns,
    "gln": cells.gln,
    "ungm": firm_cells.ungm,
    "kind": cells.kind,
    "lead": cells.line(longest("legal_name")),
    "section": cells.line(200),
    "pavilion": cells.country,
    "hall": cells.codes(";；\n"),
    "hall_name": cells.line(64),
    "booth": cells.codes(";；,，、\n"),
    "area_m2": cells.area,
    "support": cells.items,
    "offers": cells.items,
    "needs": cells.items,
    "needs_text": cells.text,
    "hs": cells.hs,
    "package": cells.line(200),
    "other_names": cells.items,
    "plants": firm_cells.plants,
    "certifications": firm_cells.certificates,
    "inputs": cells.hs,
    "outputs": cells.hs,
    "positions": firm_cells.positions,
    **contact_cells.CELLS,
    **contact_cells.OF_VISITS,
}
"""Columns that fill no field of the firm itself: its numbers, the rows that belong to it, and how it takes part."""

DECISIVE = frozenset({"name", "legal_name", "country", "serai", "kind"})
"""A wrong identifier would enter a firm twice, and a wrong kind make an exhibitor of a buyer."""


@cache
def fields() -> Mapping[str, Column]:
    """All fields by key, in the order of the template: as the words stand in ``words.toml``, then all others."""
    words = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    of_firm = {name: field for name, field in FIRM.items() if field.is_column and field.imported}
    return MappingProxyType(
        {
            key: _of_firm(of_firm[key], words.get(key)) if key in of_firm else _declared(key, OTHERS[key], words[key])
            for key in dict.fromkeys([*words, *of_firm])
        }
    )


def _of_firm(field: Field, words: Mapping[str, Any] | None) -> Column:
    """A field of the firm. Without words of its own its column is called as the field is."""
    read = BY_NAME.get(field.name) or (_choice(field) if field.choices else BY_KIND[field.kind])

    def parse(cell: str) -> Any:
        return cells.within(read(cell), field.least, field.most)

    return _declared(field.name, parse, words or _own_words(field))


def _declared(key: str, parse: Callable[[str], Any], words: Mapping[str, Any]) -> Column:
    localized = FIRM[key].kind == "texts" if key in FIRM else key in {"offers", "needs"}
    aliases = tuple(words["aliases"])
    return Column(
        key,
        parse,
        words["title"],
        words["hint"],
        words["example"],
        aliases,
        localized,
        key in DECISIVE,
        names=key == "name",
    )


def _own_words(field: Field) -> dict[str, Any]:
    titles = in_every_language(field.words)
    hints = in_every_language(field.help or field.words)
    return {"title": titles, "hint": hints, "example": dict.fromkeys(titles, ""), "aliases": ()}


def _choice(field: Field) -> Callable[[str], str]:
    """A choice by its code or by its word in any language of the interface."""
    assert field.choices
    meanings, codes = cells.meanings_of(field.choices.choices), field.choices.values
    return lambda cell: cells.one_of(cell, meanings, codes)


def worded(
    key: str,
    parse: Callable[[str], Any],
    title: str | Promise,
    hint: str | Promise,
    example: str = "",
    *,
    aliases: Sequence[str] = (),
    localized: bool = False,
    names: bool = False,
    in_template: bool = True,
) -> Column:
    """A column with the words of the interface: its title is known in each of its languages, and by its aliases."""
    titles = in_every_language(title)
    return Column(
        key,
        parse,
        titles,
        in_every_language(hint),
        dict.fromkeys(titles, example),
        tuple(aliases),
        localized,
        names=names,
        in_template=in_template,
    )


@cache
def aliases_of(subject: str) -> Mapping[str, Sequence[str]]:
    """Headers that mean a field of a kind of list, by the field's key."""
    words = tomllib.loads(resources.files(__package__).joinpath("column_words.toml").read_text(encoding="utf-8"))
    return MappingProxyType(words[subject])


def with_aliases(subject: str, columns: Iterable[Column]) -> Mapping[str, Column]:
    """Columns by key, each with the other headers that mean it in a kind of list."""
    aliases = aliases_of(subject)
    return MappingProxyType(
        {column.key: replace(column, aliases=(*column.aliases, *aliases.get(column.key, ()))) for column in columns}
    )


def meaning(section: str, codes: Sequence[str]) -> Callable[[str], str]:
    """Reads which of some codes a cell means, by the words that a section of ``column_words.toml`` has for them."""
    return lambda cell: cells.one_of(cell, _meanings(section), codes)


@cache
def _meanings(section: str) -> Mapping[str, str]:
    return {fold(word): code for code, words in aliases_of(section).items() for word in (code, *words)}


def split(name: str) -> tuple[str, str]:
    """The key and the language of ``name:zh-hans``; the language is empty where there is none."""
    key, _colon, language = name.partition(":")
    return key, language

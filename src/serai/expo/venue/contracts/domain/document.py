"""What a contract says, line by line, in a language; its document sets two languages side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from serai.expo.base.numbers import money, plain_number
from serai.expo.base.text import Said as InLanguage
from serai.expo.base.text import in_language
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.venue.contracts.models import BoothContract
from serai.expo.venue.halls.models import BoothKind, equipment_names
from serai.world.classifications import countries

type Lines = list[tuple[str, str | None]]
"""Labels with their values; a heading has none."""


@dataclass(frozen=True)
class Said:
    """A label and its value in one language."""

    language: str
    label: str
    value: str = ""

    @property
    def direction(self) -> str:
        """In which direction the label is written."""
        return InLanguage(self.label, self.language).direction


@dataclass(frozen=True)
class Part:
    """A part of the contract: its heading and its lines, each in every language of the document."""

    heading: Sequence[Said]
    rows: Sequence[Sequence[Said]]


def parts(contract: BoothContract, languages: Sequence[str]) -> list[Part]:
    """All that the contract says, in these languages side by side."""
    columns = [_in(contract, language) for language in languages]
    sections: list[tuple[list[Said], list[list[Said]]]] = []
    for line in zip(*columns, strict=True):
        cells = [Said(code, label, value or "") for code, (label, value) in zip(languages, line, strict=True)]
        if line[0][1] is None:
            sections.append((cells, []))
        else:
            sections[-1][1].append(cells)
    return [Part(heading, rows) for heading, rows in sections]


def _in(contract: BoothContract, language: str) -> Lines:
    with override(language):
        return list(_lines(contract.content, language))


def _lines(content: dict[str, Any], language: str) -> Iterator[tuple[str, str | None]]:
    # Which lines there are does not depend on the language, so that both columns say the same side by side.
    fair, organiser, exhibitor, booth = (content[name] for name in ("fair", "organiser", "exhibitor", "booth"))
    yield _("The fair"), None
    yield pgettext("of a thing", "Name"), _text(fair["name"], language)
    yield _("Place"), ", ".join(filter(None, (_text(fair["venue"], language), _text(fair["city"], language))))
    yield _("Dates"), f"{_day(fair['starts_on'])} – {_day(fair['ends_on'])}"
    yield _("The organiser"), None
    yield pgettext("of a thing", "Name"), _text(organiser["name"], language)
    yield _("Country or region"), countries.name(organiser["country"], language)
    yield _("Party"), organiser["party"]
    yield _("The exhibitor"), None
    yield _("Legal name"), exhibitor["legal_name"]
    if exhibitor["name"]:
        yield pgettext("of a thing", "Name"), _text(exhibitor["name"], language)
    yield _("Country or region"), countries.name(exhibitor["country"], language)
    if exhibitor["address"]:
        yield _("Address"), _text(exhibitor["address"], language)
    schemes = dict(FirmIdentifier.Scheme.choices)
    for scheme, value in exhibitor["identifiers"]:
        yield str(schemes.get(scheme, scheme)), value
    yield "Serai ID", exhibitor["identifier"]
    yield _("The booth"), None
    yield from _of_booth(booth, language)
    if content["package"]:
        yield _("The package"), None
        yield from _of_package(content["package"], language)


def _of_booth(booth: dict[str, Any], language: str) -> Iterator[tuple[str, str | None]]:
    yield _("Booth"), booth["label"]
    title = _text(booth["hall"]["title"], language)
    yield _("Hall"), f"{booth['hall']['code']} {title}".strip()
    if booth["width_m"] and booth["depth_m"]:
        yield _("Size"), f"{_number(booth['width_m'])} m × {_number(booth['depth_m'])} m"
    if booth["area_m2"]:
        yield _("Area"), f"{_number(booth['area_m2'])} m²"
    if booth["kind"]:
        yield _("Kind of booth"), str(BoothKind(booth["kind"]).label)
    yield _("Power in kilowatts"), _number(booth["power_kw"])
    if equipment := booth.get("equipment"):  # a contract from before booths had any says nothing of it
        yield _("Equipment"), "; ".join(equipment_names(equipment))
    if booth.get("height_m") is not None:
        yield _("Building height up to, m"), _number(booth["height_m"])
    if booth.get("load_kg_m2") is not None:
        yield _("The floor bears, kg/m²"), _number(booth["load_kg_m2"])
    if booth["pavilion"]:
        yield _("Country pavilion"), countries.name(booth["pavilion"], language)
    if booth["with"]:
        yield _("Co-exhibitors"), "; ".join(booth["with"])
    if booth["price"] is not None:
        yield _("Price"), _money(booth)


def _of_package(package: dict[str, Any], language: str) -> Iterator[tuple[str, str | None]]:
    yield pgettext("of a thing", "Name"), _text(package["title"], language)
    if package["text"]:
        yield _("What it contains, equipment included"), _text(package["text"], language)
    if package["price"] is not None:
        yield _("Price"), _money(package)


def _text(texts: dict[str, str], language: str) -> str:
    return in_language(texts, language).text


def _day(iso_date: str) -> str:
    return date_format(date.fromisoformat(iso_date))


def _money(of: dict[str, Any]) -> str:
    """The price with its sign, and the code of its currency, which leaves no doubt in a contract."""
    amount = money(Decimal(str(of["price"])), of["currency"])
    return amount if of["currency"] in {"", *amount.split()} else f"{amount} ({of['currency']})"


def _number(value: str | float) -> str:
    return plain_number(Decimal(str(value)))

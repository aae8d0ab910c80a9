"""Reading the cells of what a firm is and does: bands, markets, terms of delivery, plants, certificates, emissions.

Where a cell holds several things they stand between semicolons or line ends, and the parts of one thing between bars,
as in 'China | Wuxi | coating | 120 GWh/a | 2015'. What can be read of a cell is kept, and the rest is named.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from serai.expo.base.collation import fold
from serai.expo.base.fields import Field
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.fields import INCOTERMS, ROWS
from serai.expo.firms.record.models import Certification, Firm, Plant
from serai.world.classifications import countries as known_countries
from serai.world.classifications import cpc as cpc_codes

_PART_END = re.compile(r"[;；؛\n]+")
_LIST_END = re.compile(r"[;；؛,，،、/\n]+")
_BAR = re.compile(r"[|｜]")
_BELOW = re.compile(r"^(?:<|up to|less than|under|below|低于|少于|不足|moins de|menos de|менее|أقل من)\s*")
_ABOVE = re.compile(r"^(?:>|≥|>=|over|more than|above|超过|plus de|más de|более|أكثر من)\s*=?\s*|(?:\+|以上)$")
_MONEY = re.compile(
    r"us\$|usd|us dollars?|dollars?|美元|доллар\w*|dólares|دولار|\$|m$|mn$|million\w*|millones|млн\.?|مليون|百万"
)
_UNITS_OF_TIME = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class SaidPlant:
    """A plant as a cell says it; the texts are in the language of the row."""

    country: str
    place: str = ""
    process: str = ""
    capacity: Decimal | None = None
    unit: str = ""
    since: int | None = None


@dataclass(frozen=True)
class SaidCertificate:
    """A certificate as a cell says it."""

    scheme: str
    number: str = ""
    body: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


# Bands


def employees(cell: str) -> str:
    """The band of a number of employees; of a range its middle counts."""
    return _band(cell, Firm.Employees.values, "not_employees", cells.number_of)


def turnover(cell: str) -> str:
    """The band of a turnover in millions of US dollars."""
    return _band(_MONEY.sub("", cell.lower()).strip(), Firm.Turnover.values, "not_a_turnover")


def export_share(cell: str) -> str:
    """The band of a share in per cent; a number below one without a sign is a share as a spreadsheet keeps it.

    A bare 1 may be one per cent or the whole, so that it is not taken.
    """
    number = cell.replace("%", "").replace("％", "").strip()
    share = decimal_of(number)
    if share is not None and (share > 100 or (number == cell.strip() and share == 1)):
        raise cells.UnreadableError("not_a_share")
    if number == cell.strip() and share is not None and 0 < share < 1:
        number = f"{share * 100:.4f}"
    return _band(number, Firm.ExportShare.values, "not_a_share")


def _band(cell: str, bands: Sequence[str], reason: str, read: Callable[[str], float | None] | None = None) -> str:
    """The band that the cell names or into which its number falls; the middle of a range counts."""
    text = re.sub(r"\s*[–—~至-]\s*", "-", cell.strip().lower())
    if text in bands:
        return text
    below, above = _BELOW.search(text), _ABOVE.search(text)
    numbers = [(read or decimal_of)(part.strip()) for part in _ABOVE.sub("", _BELOW.sub("", text)).split("-")]
    if not 1 <= len(numbers) <= 2:
        raise cells.UnreadableError(reason)
    if (first := numbers[0]) is None or (last := numbers[-1]) is None:
        raise cells.UnreadableError(reason)
    value = (first + last) / 2 - (0.5 if below else 0) + (0.5 if above else 0)
    lows = [float(band.partition("-")[0]) for band in bands]
    at = max((index for index, low in enumerate(lows) if low <= value), default=None)
    if at is None:
        raise cells.UnreadableError(reason)
    return bands[at]


def ownership(cell: str) -> str:
    try:
        return cells.meanings("ownership")[fold(cell)]
    except KeyError:
        raise cells.UnreadableError("unknown_ownership") from None


# Lists


def markets(cell: str) -> tuple[str, ...]:
    """Countries and regions, as codes; a comma within the name of one is understood."""
    return _each(
        cell, lambda name: country.alpha2 if (country := known_countries.find(name)) else None, "unknown_countries"
    )


def spoken(cell: str) -> tuple[str, ...]:
    """Languages, as codes."""
    return _each(cell, cells.spoken_code, "unknown_languages")


def incoterms(cell: str) -> tuple[str, ...]:
    """Terms of delivery, Incoterms 2020."""

    text = _LIST_END.sub(";", cell.upper())
    if all(word in INCOTERMS for word in text.split()):
        text = ";".join(text.split())
    return _each(
        text, lambda part: next((word for word in part.split() if word in INCOTERMS), None), "unknown_incoterms"
    )


def cpc(cell: str) -> tuple[str, ...]:
    """CPC codes; a zero that Excel lost is put back."""

    def read(code: str) -> str | None:
        return next((padded for padded in (code, f"0{code}") if cpc_codes.exists(padded)), None)

    return cells.codes_of(cell, read, "unknown_cpc")


def _each(cell: str, read: Callable[[str], str | None], reason: str) -> tuple[str, ...]:
    codes: dict[str, str | None] = {}
    for part in _trimmed(_PART_END.split(cell)):
        if code_of_part := read(part):
            codes[part] = code_of_part
        else:
            codes |= {text: read(text) for text in _trimmed(_LIST_END.split(part))}
    kept = tuple(dict.fromkeys(code for code in codes.values() if code))
    if unknown := [text for text, code in codes.items() if not code]:
        raise cells.UnreadableError(reason, kept, unknown=", ".join(unknown)[:200])
    return kept


# Numbers


def lead_time(cell: str) -> int:
    """A time in days, from days, weeks or months in words of one of the six languages; of a range the longer."""
    match = re.fullmatch(r"(?:\d+\s*[-–—~至]\s*)?(\d{1,4})\s*(\D*)", cell.strip())
    unit = cells.meanings("time").get(fold(match[2]), "") if match and match[2].strip() else "day"
    if not (match and unit):
        raise cells.UnreadableError("not_a_lead_time")
    return int(match[1]) * _UNITS_OF_TIME[unit]


def quantity(cell: str) -> float:
    """A number that is not negative, with its marks of thousands."""
    number = decimal_of(cell)
    if number is None:
        raise cells.UnreadableError("not_a_number")
    return number


def decimal_of(text: str) -> float | None:
    """As ``number_of``; a single point is a decimal mark, as a spreadsheet writes what it keeps as a number."""
    return float(text) if re.fullmatch(r"\d{1,15}\.\d+", text) else cells.number_of(text)


def ungm(cell: str) -> str:
    """A vendor's number of the United Nations Global Marketplace."""
    number = re.sub(r"[\s-]", "", cell)
    if not re.fullmatch(r"\d{4,10}", number):
        raise cells.UnreadableError("not_ungm")
    return number


# Plants and certificates


def plants(cell: str) -> tuple[SaidPlant, ...]:
    """Plants: country, place, process, capacity with its unit, and the year of the start, between bars."""
    return _things(cell, _plant, ROWS[Plant], "unreadable_plants")


def certificates(cell: str) -> tuple[SaidCertificate, ...]:
    """Certificates: scheme, number, body, and the days from and until which it is valid, between bars."""
    return _things(cell, _certificate, ROWS[Certification], "unreadable_certificates")


def positions(cell: str) -> tuple[tuple[str, str], ...]:
    """Links of chains, each with the role of the firm in brackets where it is said: 'Battery cells (trader)'."""
    roles: dict[str, str | None] = {}
    for part in _trimmed(_PART_END.split(cell)):
        match = re.fullmatch(r"(.+?)\s*[(（]([^()（）]+)[)）]", part)
        role = cells.meanings("chain_role").get(fold(match[2])) if match else None
        roles[match[1] if match and role else part] = role
    if any(len(node) > cells.LONGEST_ITEM for node in roles):
        raise cells.UnreadableError("item_too_long", most=cells.LONGEST_ITEM)
    return tuple((node, role or "maker") for node, role in roles.items())


type _Parts[Thing] = Callable[[list[str]], Thing | None]
"""Reads the five parts of a thing. Raises UnreadableError, or returns None, where that cannot be."""


def _things[Thing](cell: str, read: _Parts[Thing], fields: Mapping[str, Field], reason: str) -> tuple[Thing, ...]:
    things = {" ".join(part.split()): _thing(part, read, fields) for part in _PART_END.split(cell) if part.strip()}
    kept = tuple(dict.fromkeys(thing for thing in things.values() if thing is not None))
    if unknown := [part for part, thing in things.items() if thing is None]:
        raise cells.UnreadableError(reason, kept, unknown="; ".join(unknown)[:200])
    return kept


def _thing[Thing](part: str, read: _Parts[Thing], fields: Mapping[str, Field]) -> Thing | None:
    """What a part of a cell says, None where it cannot be read or goes beyond the limits of a field."""
    parts = [" ".join(field.split()) for field in _BAR.split(part)]
    try:
        thing = read([*parts, *[""] * (5 - len(parts))]) if parts[0] and len(parts) <= 5 else None
        for name, value in vars(thing).items() if thing else ():
            if isinstance(value, str | int):
                cells.within(value, fields[name].least, fields[name].most)
    except cells.UnreadableError:
        return None
    return thing


def _plant(parts: list[str]) -> SaidPlant | None:
    country, (_name, place, process, made, since) = known_countries.find(parts[0]), parts
    match = re.fullmatch(r"([\d][\d\s.,']*)(.*)", made)
    number = decimal_of(match[1].strip()) if match else None
    if country is None or (made and number is None):
        return None
    capacity = Decimal(str(number)).quantize(Decimal("0.01")) if number is not None else None
    unit = match[2].strip() if match else ""
    return SaidPlant(country.alpha2, place, process, capacity, unit, cells.year(since) if since else None)


def _certificate(parts: list[str]) -> SaidCertificate | None:
    scheme, number, body, first, last = parts
    days = [day_of(cell_of_day) if cell_of_day else None for cell_of_day in (first, last)]
    if any(cell_of_day and day is None for cell_of_day, day in zip((first, last), days, strict=True)):
        return None
    begins, ends = days if last else (None, days[0])  # one day alone is the last
    return None if begins and ends and ends < begins else SaidCertificate(scheme, number, body, begins, ends)


def day_of(text: str) -> date | None:
    """A day as 2027-06-30, 2027/6/30, 30.06.2027 or 2027年6月30日; a month stands in words nowhere."""
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if len(numbers) == 3 and numbers[2] > 31:
        numbers.reverse()
    try:
        return date(numbers[0], numbers[1], numbers[2]) if len(numbers) in {3, 6} else None  # six with a time
    except ValueError:
        return None


def _trimmed(parts: Iterable[str]) -> list[str]:
    return [words for part in parts if (words := " ".join(part.split()).strip("•·- "))]

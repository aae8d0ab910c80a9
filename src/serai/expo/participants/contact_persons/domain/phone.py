"""Reading a telephone number as people and spreadsheets write it."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_TRUNK_ZERO = re.compile(r"\(0\)")
_END = re.compile(
    r"[;；؛\n|]+|\s+(?:or|oder|ou|o|или)\s+|,(?=\s*[+0(])|/(?=\s*(?:\+|00))|\s/\s(?=\(?\d)", re.IGNORECASE
)
LONGEST = 60
FEWEST_DIGITS = 5


@dataclass(frozen=True)
class SaidPhone:
    """A number; ``fault`` is a code of ``base.workbooks.domain.reasons`` where it could not be read for certain."""

    number: str
    fault: str = ""
    is_mobile: bool = False


def parts(cell: str) -> list[str]:
    """The numbers of a cell, as they are written."""
    if _SCIENTIFIC.fullmatch(cell.strip()):
        return [cell.strip()]
    return [number for part in _END.split(cell) if (number := " ".join(part.split()).strip(" ,:"))]


def read(written: str, country: str) -> SaidPhone:
    """A number in international form where that is certain, else as it is written with the reason.

    A spreadsheet that takes a number for a number drops the zero or the plus before it. ``country`` is where its owner
    is at home: the number is completed if it has one valid reading there. One that was rounded is lost.
    """
    text = _TRUNK_ZERO.sub("", written).strip()
    if match := _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        first, rest, exponent = match[1], match[2] or "", int(match[3])
        if len(rest) < exponent and len(rest) < 9:
            return SaidPhone("", "phone_rounded")
        text = (first + rest).ljust(exponent + 1, "0")[: exponent + 1]
    readings = _readings(text, country)
    if len(readings) == 1:
        number = readings[0]
        kind = phonenumbers.number_type(number)
        is_mobile = kind == phonenumbers.PhoneNumberType.MOBILE
        return SaidPhone(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL), "", is_mobile)
    if len(re.findall(r"\d", text)) < FEWEST_DIGITS:
        return SaidPhone("", "no_phone")
    return SaidPhone(written[:LONGEST], "phone_not_in_use" if _has_prefix(text) else "phone_unsure")


def _readings(text: str, country: str) -> list[phonenumbers.PhoneNumber]:
    """The valid readings of a number; one that begins with the calling code of the country is taken for whole."""
    digits = re.sub(r"\D", "", text)
    if _has_prefix(text):
        return _valid("+" + digits.removeprefix("00") if not text.startswith("+") else text, "")
    at_home = _valid(text, country)
    if not digits or not country or text.startswith(("0", "(0")):
        return at_home
    whole = _valid(f"+{digits}", "")
    if whole and country in phonenumbers.region_codes_for_country_code(whole[0].country_code or 0):
        return whole
    return at_home + [number for number in whole if number not in at_home]


def _has_prefix(text: str) -> bool:
    """Whether a number begins with the prefix of a country, so that it has one reading or none."""
    return text.startswith(("+", "00"))


def _valid(text: str, country: str) -> list[phonenumbers.PhoneNumber]:
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return []
    return [number] if phonenumbers.is_valid_number(number) else []

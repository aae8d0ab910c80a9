"""Reading a cell: one function for each kind of content. A cell that cannot be read raises UnreadableError with a code.

The sentence for each code is in ``reasons``.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from stdnum import ean
from stdnum import lei as lei_number
from stdnum.cn import uscc as uscc_number

from serai.expo.base.collation import fold
from serai.expo.base.text import WRITTEN, in_every_language
from serai.expo.firms.record.domain.fields import LATEST_YEAR
from serai.expo.firms.record.models import Firm, is_identifier
from serai.world.classifications import countries, harmonized_system
from serai.world.classifications import isic as isic_codes

LONGEST_ITEM = 300
LONGEST_CODE = 64

_ERROR_OF_EXCEL = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
_ITEM_END = re.compile(r"[;；؛\n]+")
_CODE_END = re.compile(r"[;；؛,，،、/\s]+")
_SIZE_LIMITS = (
    (10, Firm.Size.MICRO.value),
    (50, Firm.Size.SMALL.value),
    (250, Firm.Size.MEDIUM.value),
    (float("inf"), Firm.Size.LARGE.value),
)
"""The employees below which a firm is of a size (SME definition of the European Commission, 2003/361/EC)."""

_LANGUAGES_IN_THEMSELVES = tuple("zh" if code == "zh-hans" else code for code in WRITTEN)
_is_url = URLValidator(schemes=["http", "https"])


class UnreadableError(Exception):
    """A cell that cannot be read, or only in part: why (a code of ``reasons``), and what could be kept of it."""

    def __init__(self, reason: str, kept: Any = None, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kept = kept
        self.details = details


def is_error(cell: str) -> bool:
    """Whether the cell holds what Excel shows when a formula fails, as in #N/A."""
    return bool(_ERROR_OF_EXCEL.fullmatch(cell))


def within(value: Any, least: float | None, most: float | None) -> Any:
    """What was read of a cell, if a number is not below ``least`` or above ``most`` and a text or list not longer.

    Raises UnreadableError; the first entries of a list that is too long are kept.
    """
    if isinstance(value, str | list | tuple):
        if most is not None and len(value) > most:
            is_text = isinstance(value, str)
            raise UnreadableError(
                "too_long" if is_text else "too_many", None if is_text else value[: int(most)], most=most
            )
    elif (least is not None and value < least) or (most is not None and value > most):
        raise UnreadableError("out_of_range", least=least, most=most)
    return value


def text(cell: str) -> str:
    return cell


def line(longest: int) -> Callable[[str], str]:
    """A text in one line of at most ``longest`` characters."""

    def parse(cell: str) -> str:
        joined = " ".join(cell.split())
        if len(joined) > longest:
            raise UnreadableError("too_long", most=longest)
        return joined

    return parse


def country(cell: str) -> str:
    matched = countries.find(cell)
    if matched is None:
        raise UnreadableError("unknown_country")
    return matched.alpha2


def items(cell: str) -> tuple[str, ...]:
    """Texts between semicolons or line ends, each once; in a text of one such part also those between 、."""
    parts = _ITEM_END.split(cell)
    if len(parts) == 1:
        parts = cell.split("、")
    entries = _each_once(" ".join(part.split()).strip("•·-– ") for part in parts)
    kept = tuple(item for item in entries if len(item) <= LONGEST_ITEM)
    if len(kept) < len(entries):
        raise UnreadableError("item_too_long", kept, most=LONGEST_ITEM)
    return kept


def codes(ends: str) -> Callable[[str], tuple[str, ...]]:
    """Codes of halls or booths between any of the characters ``ends``; one may come more than once."""
    end = re.compile(f"[{re.escape(ends)}]+")

    def parse(cell: str) -> tuple[str, ...]:
        code_list = tuple(code for part in end.split(cell) if (code := " ".join(part.split())))
        if any(len(code) > LONGEST_CODE for code in code_list):
            raise UnreadableError("too_long", most=LONGEST_CODE)
        return code_list

    return parse


def website(cell: str) -> str:
    """The first address in the cell, with its scheme and its host in lower case."""
    first = re.split(r"[\s;；,，]+", cell)[0]
    scheme, separator, rest = first.partition("://")
    host, slash, path = (rest if separator else first).partition("/")
    address = f"{scheme.lower() if separator else 'https'}://{host.lower()}{slash}{path}"
    try:
        _is_url(address)
    except ValidationError:
        raise UnreadableError("not_a_website") from None
    return address


def year(cell: str) -> int:
    """The only year of four digits in the cell, or the number that stands there alone, such as 718."""
    alone = re.fullmatch(r"\s*(\d{3,4})\s*", cell)
    years = {alone[1]} if alone else set(re.findall(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)", cell))
    if len(years) != 1:
        raise UnreadableError("not_a_year", this_year=LATEST_YEAR)
    return int(years.pop())


def area(cell: str) -> int:
    """A number of square metres, whole; '1,200 m²' and '36,5' are read as people mean them."""
    match = re.fullmatch(r"\s*(\d[\d\s.,']*)\s*(?:m2|m²|㎡|sqm|sq\.? ?m\.?|平方米|平米|м2|м²|م²|م2)?\s*", cell.lower())
    number = number_of(match[1]) if match else None
    metres = int(number + 0.5) if number is not None else 0
    if not 0 < metres <= 1_000_000:
        raise UnreadableError("not_an_area")
    return metres


def number_of(text: str) -> float | None:
    """A number with any marks of thousands, '1,200' or '1.200,5', as people mean it; None for what is none."""
    number = re.sub(r"[\s']", "", text)
    number = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(?:\.\d+)?", number):
        return None
    return float(number)


def size(cell: str) -> str:
    """A size class, from its word or from a number of employees; of a range the middle counts."""
    if word := meanings("size").get(fold(cell)):
        return word
    numbers = [int(number) for number in re.findall(r"\d+", re.sub(r"(?<=\d)[,.'\s](?=\d{3}(?!\d))", "", cell))]
    if not numbers or len(numbers) > 2:
        raise UnreadableError("not_a_size")
    employees = sum(numbers) / len(numbers)
    return next(size for limit, size in _SIZE_LIMITS if employees < limit)


def yes_or_no(cell: str) -> bool:
    try:
        return meanings("yes_or_no")[fold(cell)] == "yes"
    except KeyError:
        raise UnreadableError("not_yes_or_no") from None


def language(cell: str) -> str:
    """The code of a language from its code or from its name in one of the six languages or in itself."""
    code = spoken_code(cell)
    if code is None:
        raise UnreadableError("unknown_language")
    return code


def spoken_code(cell: str) -> str | None:
    """The code of a language in a cell that holds nothing else; None for what names none."""
    code = cell.strip().lower()
    return language_code(cell) or (code if code in _codes_of_two_letters() else None)


def language_code(words: str) -> str | None:
    """As ``language``, None for what names none."""
    return _languages().get(fold(words))


def serai_identifier(cell: str) -> str:
    identifier = re.sub(r"\s", "", cell).upper()
    if not is_identifier(identifier):
        raise UnreadableError("wrong_identifier")
    return identifier


def lei(cell: str) -> str:
    return _checked(cell, lei_number)


def uscc(cell: str) -> str:
    return _checked(cell, uscc_number)


def gln(cell: str) -> str:
    number = _checked(cell, ean)
    if len(number) != 13:
        raise UnreadableError("wrong_check_digit")
    return number


def duns(cell: str) -> str:
    number = re.sub(r"[\s-]", "", cell)
    if not re.fullmatch(r"\d{9}", number):
        raise UnreadableError("wrong_check_digit")
    return number


def kind(cell: str) -> str:
    try:
        return meanings("kind")[fold(cell)]
    except KeyError:
        raise UnreadableError("unknown_kind") from None


def hs(cell: str) -> tuple[str, ...]:
    """HS codes of 2, 4 or 6 digits; national digits beyond the sixth are cut, a zero that Excel lost is put back."""

    def read(code: str) -> str | None:
        digits = code.replace(".", "")
        if not digits.isdecimal() or not digits.isascii():
            return None
        digits = digits.zfill(len(digits) + len(digits) % 2)[:6]
        exists = harmonized_system.exists(digits[:4]) if len(digits) >= 4 else _is_chapter(digits)
        return digits if exists else None

    return codes_of(cell, read, "unknown_hs")


def isic(cell: str) -> tuple[str, ...]:
    """ISIC codes; a zero that Excel lost is put back."""

    def read(code: str) -> str | None:
        code = code.upper()
        return next((padded for padded in (code, f"0{code}") if isic_codes.exists(padded)), None)

    return codes_of(cell, read, "unknown_isic")


def codes_of(cell: str, read: Callable[[str], str | None], reason: str) -> tuple[str, ...]:
    """The codes of a cell as ``read`` knows them; those that it does not know are named."""
    parts = [part for part in _CODE_END.split(cell) if part and part.casefold() not in {"hs", "isic", "cpc"}]
    code_of_part = {part: read(part) for part in parts}
    kept = _each_once(code for code in code_of_part.values() if code)
    if unknown := [part for part, code in code_of_part.items() if not code]:
        raise UnreadableError(reason, kept, codes=", ".join(unknown)[:200])
    return kept


def _is_chapter(code: str) -> bool:
    try:
        harmonized_system.chapter(code)
    except LookupError:
        return False
    return True


def _checked(cell: str, number: Any) -> str:
    compact = str(number.compact(cell)).upper()
    if not number.is_valid(compact):
        raise UnreadableError("wrong_check_digit")
    return compact


def _each_once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))


@cache
def _languages() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for teller in ("en", "zh-hans", "ar", "fr", "es", "ru"):
        for code, name in Locale.parse(teller, sep="-").languages.items():
            names.setdefault(fold(name), _django_code(code))
    for code in _LANGUAGES_IN_THEMSELVES:
        own = Locale.parse(code)
        names[fold(own.get_language_name(code) or code)] = names[fold(code)] = _django_code(code)
    return names | dict(meanings("language"))


@cache
def _codes_of_two_letters() -> frozenset[str]:
    """The ISO 639-1 codes of all languages that have a name in the CLDR. In a header they are words too often."""
    return frozenset(code for code in map(str, Locale.parse("en").languages) if len(code) == 2)


def _django_code(code: str) -> str:
    return "zh-hans" if code == "zh" else code.replace("_", "-").lower()


@cache
def meanings(section: str) -> Mapping[str, str]:
    """What the words of a section of cell_words.toml mean, by their folded writing."""
    sections = tomllib.loads(resources.files(__package__).joinpath("cell_words.toml").read_text(encoding="utf-8"))
    return {fold(word): meaning for meaning, words in sections[section].items() for word in words}


def meanings_of(choices: Iterable[tuple[str, str | Promise]]) -> dict[str, str]:
    """The codes of choices by their folded codes and words, these in each language of the interface."""
    return {fold(word): code for code, label in choices for word in (code, *in_every_language(label).values())}


def one_of(cell: str, meanings: Mapping[str, str], codes: Iterable[str]) -> str:
    """The code that the whole cell means. Raises UnreadableError, which tells the ``codes`` that there are."""
    try:
        return meanings[fold(cell)]
    except KeyError:
        raise UnreadableError("unknown_choice", known=", ".join(codes)) from None

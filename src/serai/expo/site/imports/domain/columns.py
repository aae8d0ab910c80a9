"""Which column of a file fills which field, guessed from the header and corrected by a person, and as what the
firms of a list take part.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from serai.expo.base.collation import fold
from serai.expo.base.workbooks.domain.grid import FileRefusedError, letters
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.cells import language_code, meanings
from serai.expo.site.imports.domain.contact_cells import CELLS
from serai.expo.site.imports.domain.fields import LANGUAGES, aliases_of, split
from serai.expo.site.imports.domain.subject import OWN, Mapped, Subject

SURE = 0.85
"""From this confidence on a guess is used."""

_SHORTEST_FUZZY, _LONGEST_FUZZY = 4, 80
"""Characters: other titles are known exactly or not at all."""

_REMEMBERED = 10_000
"""Titles and cells looked at in search of the header."""

_TRAILING_CODES = frozenset({"en", "eng", "zh", "cn", "chn", "ar", "ara", "fr", "fra", "es", "spa", "ru", "rus"})
"""Codes of languages that may follow a header without brackets; 'no', 'id', 'it' are too often words."""

_NAMES = frozenset(map(fold, ("name", "nom", "nombre", "nome", "имя", "الاسم")))
"""Headers that mean the name of a firm or of a person."""

_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HAN_LANGUAGE = re.compile(r"阿拉伯文|西班牙文|葡萄牙文|[中英阿法西俄德日韩繁][文语體]|简体中文|繁体中文")
_SCRIPTS = (
    (re.compile(r"[\u3400-\u9fff]"), "zh-hans"),
    (re.compile(r"[\u0600-\u06ff]"), "ar"),
    (re.compile(r"[\u0400-\u04ff]"), "ru"),
    (re.compile(r"[A-Za-z]"), "en"),
)


@dataclass(frozen=True)
class Guess:
    """The field that a column may hold (empty if none) with the confidence from 0 to 1."""

    field: str
    confidence: float


def guess(subject: Subject, header: Sequence[str]) -> tuple[Guess, ...]:
    """For each column the field that its header means. No field is given to two columns."""
    beside = _columns_of_persons(subject, header) | _column_of_details(subject, header)
    options = sorted(
        (
            (confidence, -column, name)
            for column, title in enumerate(header)
            for name, confidence in ([(beside[column], 1.0)] if column in beside else _options(subject, title))
        ),
        reverse=True,
    )
    guesses: dict[int, Guess] = {}
    taken: set[str] = set()
    for confidence, negative, name in options:
        if -negative not in guesses and name not in taken:
            guesses[-negative] = Guess(name, confidence)
            taken.add(name)
    return tuple(guesses.get(column, Guess("", 0.0)) for column in range(len(header)))


def _columns_of_persons(subject: Subject, header: Sequence[str]) -> dict[int, str]:
    """Columns whose header means the name of a firm by itself, and of a person beside a column that names the firm and
    another of the person."""
    means = _likeliest(subject, header)
    unsure = {column for column, title in enumerate(header) if fold(title) in _NAMES}
    sure = {field for column, (field, confidence) in enumerate(means) if confidence >= SURE and column not in unsure}
    names_firm = any(split(field)[0] in {"name", "serai"} for field in sure)
    if not (unsure and names_firm and any(field in CELLS for field in sure)):
        return {}
    field = "contact_family_name" if "contact_given_name" in sure else "contact_name"
    return {min(unsure): field} if field not in sure else {}


def _column_of_details(subject: Subject, header: Sequence[str]) -> dict[int, str]:
    """The column "Details" and the like of a list of firms, where another one names what they need."""
    if "needs_text" not in subject.columns():
        return {}
    means = _likeliest(subject, header)
    sure = {split(field)[0] for field, confidence in means if confidence >= SURE}
    if "needs" not in sure or "needs_text" in sure:
        return {}
    words = set(map(fold, aliases_of("needs")["text"]))
    details = [column for column, title in enumerate(header) if fold(title) in words and means[column][1] < SURE]
    return dict.fromkeys(details[:1], "needs_text")


def _likeliest(subject: Subject, header: Sequence[str]) -> list[tuple[str, float]]:
    """For each column the field that its header alone means most likely, with the confidence."""
    return [next(iter(_options(subject, title)), ("", 0.0)) for title in header]


def guessed(subject: Subject, header: Sequence[str]) -> dict[int, str]:
    """The sure guesses as a mapping."""
    return {column: option.field for column, option in enumerate(guess(subject, header)) if option.confidence >= SURE}


def with_own(subject: Subject, mapped: Mapped, header: Sequence[str]) -> dict[int, str]:
    """The mapping with every column that fills no field kept as the organiser's own, where the subject keeps any."""
    if not subject.keeps_own:
        return dict(mapped)
    return {column: mapped.get(column, OWN) for column in range(len(header))}


def corrected(subject: Subject, header: Sequence[str], corrections: Mapping[str, str]) -> dict[int, str]:
    """The guessed mapping with a person's corrections of columns, each named by its header or its letters.

    An empty field or '-' leaves a column out. Raises FileRefusedError for an unknown column or field.
    """
    mapped = with_own(subject, guessed(subject, header), header)
    columns = {letters(column): column for column in range(len(header))}
    columns |= {fold(title): column for column, title in reversed(list(enumerate(header))) if title}
    for title, name in corrections.items():
        column = columns.get(title.strip(), columns.get(fold(title)))
        if column is None:
            raise FileRefusedError(
                _("The file has no column '%(column)s'. It has: %(columns)s."),
                column=title,
                columns=", ".join(title for title in header if title),
            )
        mapped.pop(column, None)
        if name and name != "-":
            check_field(subject, name)
            for other in [other for other, field in mapped.items() if field == name != OWN]:
                del mapped[other]
                mapped |= {other: OWN} if subject.keeps_own else {}
            mapped[column] = name
    return mapped


def check_field(subject: Subject, name: str) -> None:
    """Raise FileRefusedError unless a field has this name."""
    if name == OWN and subject.keeps_own:
        return
    key, language = split(name)
    field = subject.columns().get(key)
    if field is None or (language and (not field.localized or language_code(language) != language)):
        raise FileRefusedError(
            _("There is no field '%(field)s'. There are: %(fields)s."),
            field=name,
            fields=", ".join(field_names(subject)),
        )


def field_names(subject: Subject) -> list[str]:
    """The names of all fields, those kept per language without one and with each of the usual languages."""
    return [
        name
        for field in subject.columns().values()
        for name in (field.key, *(f"{field.key}:{language}" for language in LANGUAGES if field.localized))
    ]


@lru_cache(_REMEMBERED)
def _options(subject: Subject, header: str) -> tuple[tuple[str, float], ...]:
    """The fields that a header may mean, the best first, with the confidence."""
    options: dict[str, float] = {}
    if _is_name(subject, header):
        return ((header, 1.0),)
    for reading, language in _readings(header):
        key, confidence = _key(subject, reading)
        if not key or (language and not subject.columns()[key].localized):
            continue
        if language:
            options[f"{key}:{language}"] = max(confidence, options.get(f"{key}:{language}", 0.0))
        else:
            options[key] = max(confidence, options.get(key, 0.0))
            if subject.columns()[key].localized and (own := _language_of_script(reading)):
                # If two columns mean the field, the second is in the language of its header.
                options.setdefault(f"{key}:{own}", confidence - 0.01)
    return tuple(sorted(options.items(), key=lambda option: -option[1]))


def _is_name(subject: Subject, header: str) -> bool:
    """Whether the title is the name of a field itself, as in files of programs: 'starts_at', 'title:de'."""
    key, language = split(header)
    field = subject.columns().get(key)
    return field is not None and (not language or (field.localized and language_code(language) == language))


def _readings(header: str) -> list[tuple[str, str]]:
    """The folded forms of a header that may be known, each with the language that it names or ''."""
    bare = _BRACKETS.sub(" ", header)
    named = next((code for reading in _BRACKETS.findall(header) if (code := _language(reading))), "")
    han = "".join(_HAN.findall(bare))
    parts = [header, bare, *re.split(r"[/\n|]", bare), han, _HAN.sub(" ", bare)]
    readings = [(fold(part), named) for part in parts]
    if named:  # without the language in brackets
        readings = readings[1:]
    else:
        readings += [reading for part in parts if (reading := _without_language(part))]
    return list(dict.fromkeys((reading, language) for reading, language in readings if reading))


def _without_language(part: str) -> tuple[str, str] | None:
    """A header without the word for a language before or after it, and that language."""
    if match := _HAN_LANGUAGE.search(part):
        language = _language(match.group())
        return (fold(part.replace(match.group(), "")), language) if language else None
    words = fold(part).split()
    for words_of_language in (2, 1):
        if len(words) > words_of_language:
            last, first = " ".join(words[-words_of_language:]), " ".join(words[:words_of_language])
            if (len(last) > 3 or last in _TRAILING_CODES) and (language := _language(last)):
                return " ".join(words[:-words_of_language]), language
            if (len(first) > 3 or first in _TRAILING_CODES) and (language := _language(first)):
                return " ".join(words[words_of_language:]), language
    return None


def _language(text: str) -> str:
    return language_code(text) or ""


def _language_of_script(text: str) -> str:
    return next((language for script, language in _SCRIPTS if script.search(text)), "")


@cache
def _known_headers(subject: Subject) -> Mapping[str, str]:
    columns = reversed(tuple(subject.columns().values()))
    return {fold(header): field.key for field in columns for header in field.headers}


def _key(subject: Subject, reading: str) -> tuple[str, float]:
    by_header = _known_headers(subject)
    if reading in by_header:
        return by_header[reading], 1.0
    if not _SHORTEST_FUZZY <= len(reading) <= _LONGEST_FUZZY:
        return "", 0.0
    choices = [header for header in by_header if len(header) >= _SHORTEST_FUZZY]
    best = process.extractOne(reading, choices, scorer=fuzz.ratio, score_cutoff=100 * SURE)
    return (by_header[best[0]], best[1] / 100 - 0.01) if best else ("", 0.0)


_FIELDS_OF_NAMES = ("name", "legal_name")
_NUMBER = re.compile(r"\d+")
"""The year or the number of a list, which may stand at a word: buyers2, 2027buyers."""

_TOLD = (Participation.Kind.BUYER, Participation.Kind.DELEGATION)
"""Nobody calls a list by these words who means something else; "media" or "services" may be the theme of the fair."""


def kind_of_list(header: Sequence[str], mapped: Mapped, sheet: str, file_name: str) -> str:
    """Buyer or delegation; empty where a column tells it, or the first name that tells a kind tells another one."""
    fields = {column: split(name)[0] for column, name in mapped.items()}
    if "kind" in fields.values():
        return ""
    titles = [
        header[column] for column, name in sorted(fields.items()) if name in _FIELDS_OF_NAMES and column < len(header)
    ]
    told = (_kind_in(title) for title in (*titles, sheet, PurePath(file_name).stem))
    kind = next(filter(None, told), "")
    return kind if kind in _TOLD else ""


def _kind_in(title: str) -> str:
    """The kind that is named in a title; empty where none is, or several are."""
    folded = fold(title)
    words = f" {_NUMBER.sub(' ', folded)} "  # Chinese parts no words
    found = {
        kind for word, kind in meanings("kind").items() if f" {word} " in words or (_HAN.match(word) and word in folded)
    }
    return found.pop() if len(found) == 1 else ""

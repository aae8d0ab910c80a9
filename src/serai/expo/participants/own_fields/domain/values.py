"""Values of the organiser's own fields: read from a cell, guessed what they are, put into words, and found."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format, localize

from serai.expo.base.collation import fold
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.base.workbooks.domain.moments import days
from serai.expo.firms.record.domain.cells import number_of
from serai.expo.participants.own_fields.models import OwnField
from serai.match.search import terms

MOST_CHOICES = 20
LONGEST_CHOICE = 60
FEWEST_CELLS = 4
"""Of fewer cells no choice is guessed."""

_COMPARED = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
_RANGE = re.compile(r"(\S+)\s*(?:-|–|\.\.|…|to)\s*(\S+)")
_WAYS = {"<": "lt", ">": "gt", "<=": "lte", ">=": "gte", "≤": "lte", "≥": "gte"}


def guess_kind(cells: Collection[str]) -> OwnField.Kind:
    """What the cells of a column hold: numbers, days, one of a few choices, else texts. Empty cells are left out."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return OwnField.Kind.TEXT
    if all(read_number(cell) is not None for cell in filled):
        return OwnField.Kind.NUMBER
    if all(len(days(cell)) == 1 for cell in filled):
        return OwnField.Kind.DATE
    distinct = set(filled)
    few = len(distinct) <= MOST_CHOICES and 2 * len(distinct) <= len(filled) and len(filled) >= FEWEST_CELLS
    return OwnField.Kind.CHOICE if few and max(map(len, distinct)) <= LONGEST_CHOICE else OwnField.Kind.TEXT


def read_number(text: str) -> int | float | None:
    """A number as people write it; None for what is none, and for what begins with a zero, as numbers of accounts."""
    digits = text.strip().removeprefix("+").removeprefix("-")
    if re.match(r"0\d", digits):
        return None
    number = number_of(digits)
    if number is None:
        return None
    signed = -number if text.strip().startswith("-") else number
    return int(signed) if signed.is_integer() else signed


def read_value(kind: str, text: str) -> Any:
    """What is kept of a cell. A text stays where it is no number or no day: then it is kept as it is written."""
    if kind == OwnField.Kind.NUMBER and (number := read_number(text)) is not None:
        return number
    if kind == OwnField.Kind.DATE and len(readings := days(text)) == 1:
        return readings[0].isoformat()
    return text


def fits(kind: str, value: Any) -> bool:
    """Whether what is kept is of the kind of the field."""
    if kind == OwnField.Kind.NUMBER:
        return not isinstance(value, str)
    return kind != OwnField.Kind.DATE or is_day(value)


def is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def words_of(kind: str, value: Any) -> str:
    """A value as people read it, in the reader's language."""
    if kind == OwnField.Kind.DATE and is_day(value):
        return str(date_format(date.fromisoformat(value)))
    return value if isinstance(value, str) else str(localize(value))


def tokens_of(values: Mapping[str, Any]) -> str:
    """What the search looks in."""
    tokens = dict.fromkeys(term for value in values.values() for term in terms(str(value)))
    return f" {' '.join(tokens)} " if tokens else ""


def matching(field: OwnField, asked: str) -> Q:
    """The records whose field is as asked: a text that it has, or of numbers and days also '>= 5' and '5-10'."""
    at = f"own_record__values__{field.key}"
    if field.kind in (OwnField.Kind.NUMBER, OwnField.Kind.DATE):
        if (compared := _COMPARED.fullmatch(asked)) and (value := _exact(field, compared[2])) is not None:
            return Q(**{f"{at}__{_WAYS[compared[1]]}": value})
        if (value := _exact(field, asked)) is not None:
            return Q(**{at: value})
        if span := _RANGE.fullmatch(asked):
            first, last = _exact(field, span[1]), _exact(field, span[2])
            if first is not None and last is not None:
                return Q(**{f"{at}__gte": first, f"{at}__lte": last})
    if field.kind == OwnField.Kind.CHOICE:
        return Q(**{f"{at}__iexact": asked})
    return Q(**{f"{at}__icontains": asked})


def _exact(field: OwnField, text: str) -> Any:
    value = read_value(field.kind, text.strip())
    return value if fits(field.kind, value) else None


def column_keys(titles: Sequence[str]) -> list[str]:
    """The key of each column of a list, by which its field is found again: its folded title, counted where it comes
    again, or the letters of a column without a title."""
    seen: dict[str, int] = {}
    keys = []
    for column, title in enumerate(titles):
        key = (fold(title) or f"column {letters(column).lower()}")[:290]
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key} {seen[key]}")
    return keys

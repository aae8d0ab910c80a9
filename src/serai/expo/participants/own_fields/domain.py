"""The organiser's own fields of a fair: who reads them, what a participant has in them, and changes by hand; and
their values: read from a cell, guessed what they are, put into words, and found.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collation import fold
from serai.expo.base.text import in_language
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.base.workbooks.domain.moments import days
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.cells import number_of
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.people.account.models import User
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


LONGEST = 32_767
"""Characters of a value, as of a cell of a workbook."""

READ_BY_FIRM = (OwnField.Audience.FIRM, OwnField.Audience.PUBLIC)
READ_BY_ALL = (OwnField.Audience.PUBLIC,)


class OwnValueRefusedError(ValueError):
    """Why a value cannot be kept, in the reader's language, and the field at fault."""

    def __init__(self, field: OwnField, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Shown:
    """A field with what a participant has in it; ``value`` is None and ``words`` empty where that is nothing."""

    field: OwnField
    value: Any
    words: str

    @property
    def title(self) -> str:
        return title_of(self.field)


def title_of(field: OwnField) -> str:
    """The title in the reader's language."""
    return in_language(field.title).text or field.column


def fields_of(edition: Edition) -> QuerySet[OwnField]:
    """All own fields of the fair, in the order in which lists brought them."""
    return OwnField.objects.filter(edition=edition).order_by("pk")


def all_of(participation: Participation) -> list[Shown]:
    """Every own field of the fair with what the participant has in it."""
    values = _values(participation)
    return [_shown(field, values.get(field.key)) for field in fields_of(participation.edition)]


def readable(participation: Participation, audiences: Iterable[str]) -> list[Shown]:
    """What the participant has in the fields of these audiences."""
    fields = list(fields_of(participation.edition).filter(audience__in=audiences))
    values = _values(participation) if fields else {}
    return [_shown(field, values[field.key]) for field in fields if field.key in values]


def listed_of(edition: Edition, participations: Iterable[Participation]) -> tuple[list[OwnField], dict[int, list[str]]]:
    """The fields that are columns of the list of participants, and per participation its words in them. Two queries."""
    fields = list(fields_of(edition).filter(listed=True))
    numbers = [participation.pk for participation in participations]
    records = OwnRecord.objects.filter(participation__in=numbers) if fields else ()
    values = {row.participation_id: row.values for row in records}
    return fields, {
        number: [_shown(field, values.get(number, {}).get(field.key)).words for field in fields] for number in numbers
    }


def _shown(field: OwnField, value: Any) -> Shown:
    return Shown(field, value, "" if value is None else words_of(field.kind, value))


def _values(participation: Participation) -> Mapping[str, Any]:
    row = OwnRecord.objects.filter(participation=participation).first()
    return row.values if row else {}


def condition(key: str, asked: str) -> Q:
    """The participations that have what is asked in the own field with this key; without words, anything at all."""
    field = OwnField.objects.filter(key=key).first()
    if field is None:
        return Q()
    return matching(field, asked) if asked else Q(own_record__values__has_key=key)


@transaction.atomic
def keep_values(participation: Participation, given: Mapping[str, str], *, by: User) -> int:
    """Keep texts by the key of their field; an empty one takes the value away. Returns how many changed.

    Raises OwnValueRefusedError, and then nothing has changed.
    """
    edition = participation.edition
    fields = {field.key: field for field in fields_of(edition)}
    row = OwnRecord.objects.select_for_update().filter(participation=participation).first()
    before = state(row) if row else None
    row = row or OwnRecord(edition=edition, participation=participation)
    values = dict(row.values)
    for key, text in given.items():
        field = fields[key]
        value = read_value(field.kind, text.strip()) if text.strip() else None
        if value is not None and not fits(field.kind, value):
            raise OwnValueRefusedError(
                field, _("'%(title)s' holds %(kind)s.") % {"title": title_of(field), "kind": field.get_kind_display()}
            )
        if isinstance(value, str) and len(value) > LONGEST:
            raise OwnValueRefusedError(field, _("The text is longer than %d characters.") % LONGEST)
        values[key] = value
    values = {key: value for key, value in values.items() if value is not None}
    changed = len({key for key in values.keys() | row.values.keys() if values.get(key) != row.values.get(key)})
    if changed:
        row.values, row.tokens = values, tokens_of(values)
        row.save()
        action = f"own_record.{'changed' if before else 'added'}"
        record(action, row, before=before, after=state(row), user=by, edition=edition)
    return changed


@transaction.atomic
def keep_field(field: OwnField, *, by: User) -> None:
    """Save a changed definition; values that are of the new kind are read as such."""
    before = state(OwnField.objects.get(pk=field.pk))
    field.save()
    record("own_field.changed", field, before=before, after=state(field), user=by, edition=field.edition)
    if before["kind"] != field.kind:
        rows = list(OwnRecord.objects.filter(edition=field.edition, values__has_key=field.key))
        for row in rows:
            row.values[field.key] = read_value(field.kind, str(row.values[field.key]))
            row.tokens = tokens_of(row.values)
        OwnRecord.objects.bulk_update(rows, ["values", "tokens"], batch_size=500)


@transaction.atomic
def remove_field(field: OwnField, *, by: User) -> int:
    """Delete a definition with all that participants have in it. Returns how many had something."""
    edition = field.edition
    rows = list(OwnRecord.objects.filter(edition=edition, values__has_key=field.key))
    values = {str(row.participation_id): row.values.pop(field.key) for row in rows}
    for row in rows:
        row.tokens = tokens_of(row.values)
    OwnRecord.objects.bulk_update(rows, ["values", "tokens"], batch_size=500)
    record("own_field.removed", field, before=state(field) | {"values": values}, user=by, edition=edition)
    field.delete()
    return len(rows)

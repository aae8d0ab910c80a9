"""The organiser's own fields of a fair: who reads them, what a participant has in them, and changes by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.domain.values import fits, matching, read_value, tokens_of, words_of
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.people.account.models import User

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

"""Columns that no field takes, kept as fields of the organiser's own: nothing of a list is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.domain.values import column_keys, fits, guess_kind, read_value, tokens_of
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.rows import language_of
from serai.expo.site.imports.domain.subject import OWN, Sent

MOST_LISTED = 5
"""So many own fields are columns of the list of participants by themselves."""


@dataclass(frozen=True)
class OwnColumns:
    """The own columns of a list: the field of each, stored or new, and the records of stored participations."""

    fields: Mapping[int, OwnField]
    """By column."""
    cells: Mapping[int, Sequence[str]]
    """By row number."""
    records: dict[int, OwnRecord] = field(default_factory=dict)
    """By ``id`` of the participation: new ones have no primary key yet."""


def own_columns(sent: Sent, participations: Sequence[Participation]) -> OwnColumns:
    """The own columns of a list that have a cell, in two queries."""
    wanted = [column for column, name in sent.mapped.items() if name == OWN]
    cells = dict(sent.rows)
    of_column = {column: [_cell(row, column) for row in cells.values()] for column in wanted}
    filled = [column for column in wanted if any(of_column[column])]
    if not filled:
        return OwnColumns({}, cells)
    stored = {row.column: row for row in OwnField.objects.filter(edition=sent.edition)}
    keys = column_keys(sent.header)
    last = max((int(row.key.removeprefix("f")) for row in stored.values()), default=0)
    listed = sum(row.listed for row in stored.values())
    fields: dict[int, OwnField] = {}
    for column in filled:
        own = stored.get(keys[column])
        if own is None:
            last, listed = last + 1, listed + 1
            kind = guess_kind([cell for cell in of_column[column] if cell])
            own = _new(sent, column, keys[column], f"f{last}", kind, listed=listed <= MOST_LISTED)
        fields[column] = own
    numbers = {row.pk: id(row) for row in participations if row.pk}
    records = {
        numbers[record.participation_id]: record
        for record in OwnRecord.objects.filter(edition=sent.edition)
        if record.participation_id in numbers
    }
    return OwnColumns(fields, cells, records)


def _new(sent: Sent, column: int, name: str, key: str, kind: OwnField.Kind, *, listed: bool) -> OwnField:
    title = sent.header[column][:300] or f"Column {letters(column)}"
    edition: Edition = sent.edition
    return OwnField(
        edition=edition, key=key, column=name, title={language_of(title, "", ""): title}, kind=kind, listed=listed
    )


def own_record(number: int, participation: Participation, own: OwnColumns, draft: Draft) -> Drafting[None]:
    """What a row says in the own columns. A blank cell changes nothing."""
    is_first = draft.first_of(number, participation)
    values: dict[str, Any] = {}
    for column, own_field in own.fields.items():
        if not (cell := _cell(own.cells[number], column)):
            continue
        if own_field._state.adding and own_field not in draft.own_fields:
            yield Make(own_field)
        value = read_value(own_field.kind, cell)
        if not fits(own_field.kind, value):
            yield Remark(f"{OWN}:{column}", f"own_no_{own_field.kind}")
        if is_first(f"{OWN}:{column}", value):
            values[own_field.key] = value
    if not values:
        return
    record = own.records.get(id(participation))
    if record is None:
        record = OwnRecord(edition=participation.edition, participation=participation)
        record.values, record.tokens = values, tokens_of(values)
        own.records[id(participation)] = record
        yield Make(record)
        return
    together = {**record.values, **values}
    if together != record.values:
        yield Change(record, {"values": together, "tokens": tokens_of(together)})


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""

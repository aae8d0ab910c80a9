"""Taking persons out of the rows of imports as they were sent: what became of each row stays."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from serai.expo.base.audit.domain.erasure import ERASED
from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.site.imports.domain.contact_cells import CELLS
from serai.expo.site.imports.models import Import, ImportRow


def forget_contacts(_edition: Edition | None, contacts: list[ContactPerson]) -> None:
    """Mask the cells and the steps of reversal in which these people stand."""
    asked = Q(participation__in={contact.participation_id for contact in contacts})
    if len(contacts) == 1 and (mail := contacts[0].email):
        asked |= Q(raw__icontains=mail)
    numbers = {contact.pk for contact in contacts}
    words = {word.lower() for contact in contacts for word in (contact.email, contact.name, contact.phone) if word}
    rows = ImportRow.objects.filter(asked).select_related("batch")
    _save([row for row in rows if _mask(row, words, numbers)])


def forget_mail(mail: str) -> None:
    """Mask the cells of rows in which a mail address stands, of people who became no contact."""
    rows = ImportRow.objects.filter(Q(raw__icontains=mail) | Q(reason_details__icontains=mail)).select_related("batch")
    _save([row for row in rows if _mask(row, {mail.lower()}, ())])


def forget_persons(edition: Edition) -> int:
    """Empty the columns of contact persons in all rows of an edition. Returns how many rows had any."""
    emptied = []
    for import_ in Import.objects.filter(edition=edition):
        columns = {int(column) for column, name in import_.mapping.items() if name in CELLS}
        if not columns:
            continue
        for row in import_.rows.all():
            raw = ["" if column in columns else cell for column, cell in enumerate(row.raw)]
            undo = [_without_states(step) if step.get("changed") == "contactperson" else step for step in row.undo]
            notes = [note for note in row.reason_details.get("notes", ()) if note["cell"] in raw]
            details = row.reason_details | ({"notes": notes} if "notes" in row.reason_details else {})
            if (raw, undo, details) != (row.raw, row.undo, row.reason_details):
                row.raw, row.undo, row.reason_details = raw, undo, details
                emptied.append(row)
    _save(emptied)
    return len(emptied)


def _mask(row: ImportRow, words: Collection[str], numbers: Collection[int]) -> bool:
    """Mask a row that names the persons: all its cells of persons, and each other cell that names one."""
    before = (row.raw, row.undo, row.reason_details)
    named = any(word in str(cell).lower() for cell in row.raw for word in words)
    columns = {int(column) for column, name in row.batch.mapping.items() if name in CELLS} if named else set()
    row.raw = [
        ERASED if cell and (column in columns or _holds(cell, words)) else cell for column, cell in enumerate(row.raw)
    ]
    row.undo = [
        _without_states(step) if step.get("changed") == "contactperson" and step["pk"] in numbers else step
        for step in row.undo
    ]
    row.reason_details = _masked(row.reason_details, words)
    return before != (row.raw, row.undo, row.reason_details)


def _holds(value: object, words: Collection[str]) -> bool:
    return isinstance(value, str) and any(word in value.lower() for word in words)


def _masked(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _masked(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, words) for inner in value]
    return ERASED if _holds(value, words) else value


def _without_states(step: dict[str, Any]) -> dict[str, Any]:
    return step | {"before": {}, "after": {}}


def _save(rows: Iterable[ImportRow]) -> None:
    fields = ["raw", "undo", "reason_details"]
    write_in_parts(list(rows), lambda part: ImportRow.objects.bulk_update(part, fields))

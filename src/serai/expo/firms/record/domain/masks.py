"""What of an entry of the trail an organiser may not read, since its firm keeps it for itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.domain.visibility import as_organiser, hidden_from, may_read
from serai.expo.firms.record.models import Firm

HIDDEN = "***"
_OF_FIRM = {model.__name__.lower(): section for model, section in SECTIONS.items()}


type States = tuple[dict[str, Any] | None, dict[str, Any] | None]


def readable(entries: Iterable[AuditEntry], edition: Edition) -> dict[int, States]:
    """Both states of each entry as an organiser of the edition may read them, by primary key: what is hidden is masked.

    Of what belonged to a firm that is not known any more everything is. The number of queries is fixed.
    """
    entries_read = list(entries)
    owners = _owners(entries_read)
    firms = Firm.objects.in_bulk({pk for pk in owners.values() if pk is not None})
    states: dict[int, States] = {}
    for entry in entries_read:
        hidden: frozenset[str] | None = frozenset()
        if entry.pk in owners:
            firm = firms.get(owners[entry.pk] or 0)
            hidden = _hidden(entry.object_type, firm, as_organiser(edition, firm)) if firm else None
        states[entry.pk] = _masked(entry.before, hidden), _masked(entry.after, hidden)
    return states


def _hidden(kind: str, firm: Firm, reader: str) -> frozenset[str] | None:
    """The fields that the reader does not read, None for all of them."""
    if kind == "firm":
        return hidden_from(firm, reader)
    return frozenset() if may_read(firm, _OF_FIRM[kind], reader) else None


def _owners(entries: Iterable[AuditEntry]) -> dict[int, int | None]:
    """The firm that each entry is about, by the entry's primary key, of those that are about a firm."""
    owners: dict[int, int | None] = {}
    asked: dict[str, dict[int, str]] = {}
    for entry in entries:
        if entry.object_type == "firm":
            owners[entry.pk] = int(entry.object_id)
        elif entry.object_type in _OF_FIRM:
            owners[entry.pk] = {**(entry.before or {}), **(entry.after or {})}.get("firm")
            if owners[entry.pk] is None:
                asked.setdefault(entry.object_type, {})[entry.pk] = entry.object_id
    for kind, of_entry in asked.items():
        rows = apps.get_model("expo", kind)._base_manager.filter(pk__in=set(of_entry.values()))
        firm_of = {str(pk): firm for pk, firm in rows.values_list("pk", "firm")}
        owners |= {entry: firm_of.get(number) for entry, number in of_entry.items()}
    return owners


def _masked(values: Mapping[str, Any] | None, hidden: frozenset[str] | None) -> dict[str, Any] | None:
    """The values with those that are hidden masked; all of them where it is not known what is."""
    if values is None:
        return None
    return {name: HIDDEN if hidden is None or name in hidden else value for name, value in values.items()}

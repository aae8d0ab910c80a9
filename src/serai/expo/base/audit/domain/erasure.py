"""Forgetting what entries of the trail hold of a person: that something was changed, by whom and when stays."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from serai.expo.base.audit.models import AuditEntry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition


ERASED = "***"
AT_A_TIME = 500


def mask(entries: QuerySet[AuditEntry]) -> int:
    """Mask every value of both states of these entries. Returns how many entries had any."""
    found = []
    for entry in entries.exclude(before__isnull=True, after__isnull=True).order_by("pk"):
        before, after = _masked(entry.before), _masked(entry.after)
        if (before, after) != (entry.before, entry.after):
            entry.before, entry.after = before, after
            found.append(entry)
    AuditEntry.objects.bulk_update(found, ["before", "after"], batch_size=AT_A_TIME)
    return len(found)


def mask_rows_of(edition: "Edition", *models: type[Model]) -> int:
    """Mask the entries of an edition on rows of these models."""
    names = [model._meta.model_name or "" for model in models]
    return mask(AuditEntry.objects.filter(edition=edition, object_type__in=names))


def mask_rows(model: type[Model], numbers: Iterable[Any]) -> int:
    """Mask the entries on some rows of a model."""
    ids = [str(number) for number in numbers]
    return mask(AuditEntry.objects.filter(object_type=model._meta.model_name or "", object_id__in=ids))


def told_of_rows(model: type[Model], holding: Q) -> dict[str, dict[str, Any]]:
    """Number of a row -> values of it, for each row of a model on which an entry has such values, gone or not."""
    told: dict[str, dict[str, Any]] = {}
    for entry in AuditEntry.objects.filter(holding, object_type=model._meta.model_name or "").order_by("pk"):
        told.setdefault(entry.object_id, {}).update({**(entry.before or {}), **(entry.after or {})})
    return told


def mask_mentions(text: str) -> int:
    """Mask in every entry the values in which a text (a mail address) stands, and leave the others."""
    entries = list(AuditEntry.objects.filter(Q(before__icontains=text) | Q(after__icontains=text)))
    for entry in entries:
        entry.before, entry.after = (_without(text, values) for values in (entry.before, entry.after))
    AuditEntry.objects.bulk_update(entries, ["before", "after"], batch_size=AT_A_TIME)
    return len(entries)


def _masked(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return values if values is None else dict.fromkeys(values, ERASED)


def _without(text: str, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: ERASED if text.lower() in str(value).lower() else value for name, value in values.items()}

"""Masking the values of entries of the audit trail. Who changed which row and when stays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.proofs import mask_states
from serai.expo.base.audit.domain.seals import in_ranges
from serai.expo.base.audit.models import AuditEntry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition


ERASED = "***"
AT_A_TIME = 500


def mask(entries: QuerySet[AuditEntry]) -> int:
    """Mask every value of both states of these entries. Returns how many entries had values."""
    masked = []
    for entry in entries.exclude(before__isnull=True, after__isnull=True).order_by("pk"):
        before, after = _masked(entry.before), _masked(entry.after)
        if (before, after) != (entry.before, entry.after):
            mask_states(entry, before, after)
            masked.append(entry)
    _keep(masked)
    return len(masked)


def mask_rows_of(edition: "Edition", *models: type[Model]) -> int:
    """Mask the entries of an edition on rows of these models."""
    names = [model._meta.model_name or "" for model in models]
    return mask(AuditEntry.objects.filter(edition=edition, object_type__in=names))


def mask_rows(model: type[Model], numbers: Iterable[Any]) -> int:
    """Mask the entries on some rows of a model."""
    ids = [str(number) for number in numbers]
    return mask(AuditEntry.objects.filter(object_type=model._meta.model_name or "", object_id__in=ids))


def told_of_rows(model: type[Model], holding: Q) -> dict[str, dict[str, Any]]:
    """Number of a row -> its values in the trail, for each row of a model with such an entry, deleted rows too."""
    rows: dict[str, dict[str, Any]] = {}
    for entry in AuditEntry.objects.filter(holding, object_type=model._meta.model_name or "").order_by("pk"):
        rows.setdefault(entry.object_id, {}).update({**(entry.before or {}), **(entry.after or {})})
    return rows


def mask_mentions(text: str) -> int:
    """Mask in every entry the values that contain a text, such as a mail address."""
    entries = list(AuditEntry.objects.filter(Q(before__icontains=text) | Q(after__icontains=text)))
    for entry in entries:
        mask_states(entry, _without(text, entry.before), _without(text, entry.after))
    _keep(entries)
    return len(entries)


def _keep(masked: Sequence[AuditEntry]) -> None:
    """Keep masked values, and write in the trail which entries they are of."""
    AuditEntry.objects.bulk_update(masked, ["before", "after", "proof"], batch_size=AT_A_TIME)
    if masked:
        record("trail.masked", masked[0], after={"entries": in_ranges(sorted(entry.pk for entry in masked))})


def _masked(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return values if values is None else dict.fromkeys(values, ERASED)


def _without(text: str, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: ERASED if text.lower() in str(value).lower() else value for name, value in values.items()}

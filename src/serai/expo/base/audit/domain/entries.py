"""Entries of the audit trail: who changed what, with both states."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.dispatch import Signal
from django.forms.models import model_to_dict
from django.utils.encoding import force_str

from serai.expo.base.audit.domain.proofs import prove
from serai.expo.base.audit.domain.requests import acting, request_id
from serai.expo.base.audit.models import AuditEntry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition
    from serai.expo.people.account.models import User


SECRET_FIELDS = {"password", "session_key", "token_hash", "key_hash", "secret"}
SECRET_OF_MODEL = {
    "authenticator": {"data"},
    "usersession": {"data"},
    "socialaccount": {"extra_data"},
}
OWN_OF_MODEL = {
    # Notes of a firm for itself, and messages to one other firm: the organiser, who reads the trail, must not see them.
    # Of contact persons the trail tells which fields changed: who they are stands in one place only.
    "contactperson": {"salutation", "name", "position", "email", "phone", "mobile", "address", "postcode"},
    # From where a firm buys: who changed it and when is told, and nothing of it.
    "declaredinput": {"node", "need", "stock_weeks", "volume", "unit", "sources"},
    "presentsource": {"input", "country", "firm", "share"},
    "lead": {"person", "position", "contact", "need", "asked", "notes", "next_step", "rating"},
    "meetingnote": {"note", "next_step", "rating"},
    "meetingexchange": {"message"},
    "meetingrequest": {"message"},
    "quotation": {
        *("price", "currency", "per", "unit", "incoterm", "place", "quantity", "lead_time_days", "valid_until", "file"),
    },
    "interest": {"cooperation", "unclear", "about", "answer"},
}
_encoder = DjangoJSONEncoder()

recorded = Signal()
"""Sent with ``entry`` for each entry that ``record`` has written."""


def state(instance: Model, *, whole: bool = False) -> dict[str, Any]:
    """The fields of ``instance`` for the audit trail: JSON values, with secrets masked.

    ``whole`` keeps the notes and messages of a firm, for their author.
    """
    # Many-to-many relations are rows of their own, with entries of their own.
    values = model_to_dict(instance, fields=[field.name for field in instance._meta.concrete_fields])
    name = instance._meta.model_name or ""
    secret = SECRET_FIELDS | SECRET_OF_MODEL.get(name, set()) | (set() if whole else OWN_OF_MODEL.get(name, set()))
    return {name: "***" if name in secret else plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """A value that JSON can hold; for a row its primary key, for a file its name."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, File):
        return value.name  # a file is iterable, and its content does not belong in the trail
    if isinstance(value, Iterable):
        return [force_str(item) for item in value]
    return _encoder.default(value) if not isinstance(value, Model) else value.pk


def entry(
    action: str,
    instance: Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    user: "User | None" = None,
    edition: "Edition | None" = None,
) -> AuditEntry:
    """An unsaved entry, so that many can be saved at once. Of two states it keeps only the fields that differ."""
    if before is not None and after is not None:
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        before = {name: before.get(name) for name in sorted(changed)}
        after = {name: after.get(name) for name in sorted(changed)}
    own = OWN_OF_MODEL.get(instance._meta.model_name or "", set())
    before, after = _without(own, before), _without(own, after)
    return AuditEntry(
        action=action,
        object_type=instance._meta.model_name or "",
        object_id=str(instance.pk),
        before=before,
        after=after,
        user=user,
        edition=edition,
        request_id=request_id(),
        **acting(),
    )


def _without(own: Collection[str], values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: "***" if name in own else value for name, value in values.items()}


def record(action: str, instance: Model, **states: Any) -> AuditEntry:
    """Write one entry: ``record("firm.renamed", firm, before=..., after=..., user=..., edition=...)``."""
    written = entry(action, instance, **states)
    written.proof = prove(written)
    written.save()
    recorded.send(sender=AuditEntry, entry=written)
    return written


def record_all(entries: Sequence[AuditEntry], *, batch_size: int = 500) -> None:
    """Write many entries at once, made by ``entry``."""
    for unwritten in entries:
        unwritten.proof = prove(unwritten)
    AuditEntry.objects.bulk_create(entries, batch_size=batch_size)


def record_change(action: str, row: Model, *, user: Any, **values: Any) -> None:
    """Set fields of a row of an edition, save them, and write the entry.

    record_change("session.confirmed", session, user=user, state=Session.State.CONFIRMED)
    """
    before = state(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    record(action, row, before=before, after=state(row), user=user, edition=getattr(row, "edition", None))


def save_and_record(row: Model, before: Mapping[str, Any] | None, *, added: str, changed: str, user: Any) -> None:
    """Save a new row of an edition, or a changed one whose state was ``before``, and write the entry.

    save_and_record(badge, before, added="badge.made", changed="badge.changed", user=user)
    """
    row.save()
    action = changed if before else added
    record(action, row, before=before, after=state(row), user=user, edition=getattr(row, "edition", None))

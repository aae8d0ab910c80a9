"""Changes of a row that are saved together with their audit entry."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from serai.expo.base.audit.domain.entries import record, state


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

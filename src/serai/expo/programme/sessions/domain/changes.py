"""Changes of the programme: forums, rooms, speakers and sessions are kept and removed, sessions held or cancelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.collation import sort_name
from serai.expo.base.text import in_language
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.releases import latest_release, notify_concerned
from serai.expo.programme.sessions.domain.sign_ups import TAKEN, fill_seats
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session, SignUp, Speaker

type Part = Forum | Room | Session | Speaker


class KeptError(ValueError):
    """Why a part of the programme cannot be removed, in the reader's language."""


@transaction.atomic
def keep(part: Part, *, by: User) -> None:
    """Save a new or changed part of the programme. New seats go to the people in the line."""
    before = state(type(part).objects.get(pk=part.pk)) if part.pk else None
    if isinstance(part, Speaker):
        part.sort_name = sort_name(in_language(part.name, "en").text)
    part.save()
    action = f"{part._meta.model_name}.{'changed' if before else 'added'}"
    record(action, part, before=before, after=state(part), user=by, edition=part.edition)
    if isinstance(part, Session) and before:
        fill_seats(part, by=by)
        # After the first release, people are notified by the next release.
        if _is_moved(part, before) and latest_release(part.edition) is None:
            notify_concerned(part.edition, [part], "session-changed", by=by)


def _is_moved(session: Session, before: Mapping[str, Any]) -> bool:
    after = state(Session.objects.get(pk=session.pk))  # as written: a form gives times of another zone
    announced = session.state == Session.State.CONFIRMED == before["state"]
    return announced and any(before[name] != after[name] for name in ("starts_at", "ends_at", "room"))


@transaction.atomic
def set_speakers(session: Session, chosen: Sequence[tuple[Speaker, str]], *, by: User) -> None:
    """Set the speakers of a session with their roles, in this order."""
    before = _appearing(session)
    Appearance.objects.filter(session=session).delete()
    Appearance.objects.bulk_create(
        Appearance(edition=session.edition, session=session, speaker=speaker, role=role, order=order)
        for order, (speaker, role) in enumerate(chosen)
    )
    after = _appearing(session)
    if before != after:
        states = {"before": {"speakers": before}, "after": {"speakers": after}}
        record("session.speakers", session, user=by, edition=session.edition, **states)


def confirm(session: Session, *, by: User) -> None:
    """Confirm a session that was proposed or cancelled."""
    _become(session, Session.State.CONFIRMED, "", by=by)


def cancel(session: Session, reason: str, *, by: User) -> None:
    """Cancel a session; everyone concerned reads the reason."""
    _become(session, Session.State.CANCELLED, reason, by=by)


@transaction.atomic
def remove(part: Part, *, by: User) -> None:
    """Delete a part of the programme.

    Raises KeptError for a session that was released or has sign-ups, which can be cancelled instead, and for a forum or
    a room with sessions.
    """
    if isinstance(part, Session):
        told = any(str(part.pk) in release.sessions for release in Release.objects.filter(edition=part.edition))
        if told or SignUp.objects.filter(session=part, state__in=TAKEN).exists():
            raise KeptError(_("People know of this session. Cancel it, with the reason, instead of removing it."))
    if isinstance(part, Forum | Room) and part.sessions.exists():
        raise KeptError(_("Sessions are held in it. Move or remove them first."))
    record(f"{part._meta.model_name}.removed", part, before=state(part), user=by, edition=part.edition)
    part.delete()


@transaction.atomic
def _become(session: Session, to: Session.State, reason: str, *, by: User) -> None:
    before = session.state
    record_change(f"session.{to}", session, user=by, state=to, reason=reason)
    if to == Session.State.CANCELLED != before:
        notify_concerned(session.edition, [session], "session-cancelled", by=by, reason=reason)
    elif to == Session.State.CONFIRMED and before == Session.State.CANCELLED:  # held after all
        notify_concerned(session.edition, [session], "session-changed", by=by)


def _appearing(session: Session) -> list[list[int | str]]:
    return [list(row) for row in Appearance.objects.filter(session=session).values_list("speaker", "role")]

"""Seats at sessions: a seat while one is free, else a place in the line, whose first gets the next free seat."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import moment
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Session, SignUp

TAKEN = (SignUp.State.CONFIRMED, SignUp.State.WAITING)


class SignUpRefusedError(ValueError):
    """Why nobody can sign up, in the reader's language."""


@made_once
def sign_up(user: User, session: Session, now: datetime | None = None) -> SignUp:
    """Give the user a seat, or the last place in the line if all are taken. Signing up twice changes nothing.

    Raises SignUpRefusedError when the session has begun.
    """
    at = now or timezone.now()
    if session.starts_at <= at:
        raise SignUpRefusedError(_("This session has begun; nobody can sign up any more."))
    _lock(session)
    existing = SignUp.objects.filter(session=session, user=user).first()
    if existing is not None and existing.state in TAKEN:
        return existing
    free = session.capacity is None or seats_taken(session) < session.capacity
    before = state(existing) if existing else None
    made = existing or SignUp(edition=session.edition, session=session, user=user)
    made.state = SignUp.State.CONFIRMED if free else SignUp.State.WAITING
    made.signed_up_at = at
    made.save()
    record("sign_up.made", made, before=before, after=state(made), user=user, edition=session.edition)
    return made


@transaction.atomic
def withdraw(user: User, session: Session, *, by: User | None = None) -> None:
    """Give up the seat or the place in the line; the first in the line gets a seat that becomes free.

    ``by`` is the person who withdraws the user, if it is another.
    """
    _lock(session)
    existing = seat_of(user, session)
    if existing is None:
        return
    _move(existing, SignUp.State.WITHDRAWN, by=by or user)
    fill_seats(session, by=by or user)


@transaction.atomic
def fill_seats(session: Session, *, by: User | None = None, now: datetime | None = None) -> int:
    """Give the free seats to the first in the line and notify them. Returns how many got one."""
    waiting = SignUp.objects.filter(session=session, state=SignUp.State.WAITING).select_related("user")
    waiting = waiting.order_by("signed_up_at", "pk")
    at = now or timezone.now()
    free = None if session.capacity is None else max(session.capacity - seats_taken(session), 0)
    moved = list(waiting[:free])
    for seat in moved:
        _move(seat, SignUp.State.CONFIRMED, by=by)
    if session.state == Session.State.CONFIRMED and session.starts_at > at:
        _notify(session, [seat.user for seat in moved if seat.user.is_active])
    return len(moved)


def _notify(session: Session, readers: Sequence[User]) -> None:
    def values(_reader: User) -> dict[str, object]:
        title = in_language(session.title).text or in_language(session.forum.title).text
        return {"session": title, "begins": moment(session.edition, session.starts_at)}

    send_letters(session.edition, readers, "seat-free", values)


def seat_of(user: User | AnonymousUser, session: Session) -> SignUp | None:
    """The user's seat, or place in the line."""
    return SignUp.objects.filter(session=session, user_id=user.pk, state__in=TAKEN).first() if user.pk else None


def seats_taken(session: Session) -> int:
    """Number of people with a seat."""
    return SignUp.objects.filter(session=session, state=SignUp.State.CONFIRMED).count()


def place_in_line(sign_up: SignUp | None) -> int | None:
    """Place in the line, from 1. None for somebody who does not wait."""
    if sign_up is None or sign_up.state != SignUp.State.WAITING:
        return None
    before = SignUp.objects.filter(
        session_id=sign_up.session_id, state=SignUp.State.WAITING, signed_up_at__lt=sign_up.signed_up_at
    )
    return before.count() + 1


def _move(sign_up: SignUp, to: SignUp.State, *, by: User | None) -> None:
    record_change(f"sign_up.{to}", sign_up, user=by, state=to)


def _lock(session: Session) -> None:
    """Lock the session, so that two people do not get the last seat."""
    Session.objects.select_for_update().filter(pk=session.pk).first()

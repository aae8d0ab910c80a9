"""Terms of retention at a fair: the usual or a chosen one, deletion when it is over, and records of visits, which
are deleted after a while.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled
from django_tasks_db.models import DBTaskResult

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.retention import LONGEST, Kept, kinds
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import Delivery
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import User
from serai.expo.people.staff.models import StaffRequest
from serai.expo.site.retention.models import RetentionChoice


class RetentionError(ValueError):
    """A term is refused; the message is a sentence for the reader."""


@dataclass(frozen=True)
class Term:
    """The term of a kind of data at a fair, with the choice if it is not the usual one."""

    kept: Kept
    days: int
    ends_on: date
    choice: RetentionChoice | None


def terms(edition: Edition) -> list[Term]:
    """Every kind with its term, in the order of their declaration."""
    chosen = {choice.kind: choice for choice in RetentionChoice.objects.filter(edition=edition)}
    return [_term(edition, kept, chosen.get(key)) for key, kept in kinds().items()]


def _term(edition: Edition, kept: Kept, choice: RetentionChoice | None) -> Term:
    days = choice.days if choice else kept.days
    return Term(kept, days, edition.ends_on + timedelta(days=days), choice)


@transaction.atomic
def choose(edition: Edition, kind: str, days: int, reason: str, *, user: User) -> None:
    """Keep a kind for another number of days. Raises RetentionError without a reason, for an unknown kind, and for more
    than LONGEST days."""
    if kind not in kinds():
        raise RetentionError(_("There is no such kind of data."))
    if not 0 <= days <= LONGEST:
        raise RetentionError(_("Give a number of days from 0 to %d.") % LONGEST)
    if not reason.strip():
        raise RetentionError(_("Say why: whoever is concerned reads it."))
    choice = RetentionChoice.objects.filter(edition=edition, kind=kind).first()
    before = state(choice) if choice else None
    given = {"days": days, "reason": reason.strip(), "chosen_by": user, "chosen_at": timezone.now()}
    kept, _made = RetentionChoice.objects.update_or_create(edition=edition, kind=kind, defaults=given)
    record("retention.chosen", kept, before=before, after=state(kept), user=user, edition=edition)


@transaction.atomic
def take_back(edition: Edition, kind: str, *, user: User) -> None:
    """Return to the usual term of a kind."""
    for choice in RetentionChoice.objects.filter(edition=edition, kind=kind):
        record("retention.taken_back", choice, before=state(choice), user=user, edition=edition)
        choice.delete()


def forget_all(now: datetime | None = None) -> dict[str, int]:
    """Forget expired data of every edition. Returns how many rows of each kind."""
    gone: dict[str, int] = {}
    for edition in Edition.objects.order_by("pk"):
        for key, count in forget(edition, now):
            gone[key] = gone.get(key, 0) + count
    return gone


def forget(edition: Edition, now: datetime | None = None) -> Iterator[tuple[str, int]]:
    """Forget expired data of an edition; the trail records only kinds and counts."""
    today = today_at(edition, now)
    with scope(edition=edition):
        over = [term for term in terms(edition) if today > term.ends_on]
    for term in over:
        with transaction.atomic(), scope(edition=edition):
            if count := term.kept.forget(edition):
                after = {"kind": term.kept.key, "rows": count, "days": term.days}
                record("retention.forgotten", edition, after=after, edition=edition)
                yield term.kept.key, count


KEPT = {"sessions": 30, "deliveries": 30, "letters about accounts": 30, "tasks": 14, "staff requests": 365}
"""Days for which each is kept: where somebody signed in from, what was sent, what was done in the background."""


def forget_visits(now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than it is kept, and sessions that have run out. Returns how many of each."""
    at = now or timezone.now()
    limit = {name: at - timedelta(days=days) for name, days in KEPT.items()}
    finished = DBTaskResult.objects.filter(finished_at__lt=limit["tasks"])
    with scopes_disabled():
        told = Delivery.objects.exclude(state=Delivery.State.WAITING).filter(created_at__lt=limit["deliveries"])
        letters = Mail.objects.filter(edition=None, made_at__lt=limit["letters about accounts"])
        gone = {
            "sessions": Session.objects.filter(expire_date__lt=at).delete()[0],
            "deliveries": told.delete()[0],
            "letters about accounts": letters.delete()[0],
            "tasks": finished.delete()[0],
            "staff requests": StaffRequest.objects.filter(at__lt=limit["staff requests"]).delete()[0],
        }
    open_now = Session.objects.values("session_key")
    ended = UserSession.objects.exclude(session_key__in=open_now)
    old = UserSession.objects.filter(last_seen_at__lt=limit["sessions"])
    gone["places"] = ended.delete()[0] + old.delete()[0]
    return gone

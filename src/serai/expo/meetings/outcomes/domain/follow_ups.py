"""Follow-ups: three, six and twelve months later, the parties of an outcome say how it goes on."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.domain.phases import is_open, require_open
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.meetings.outcomes.domain.ledger import AGREED, OutcomeRefusedError, State, change, hold, move
from serai.expo.meetings.outcomes.models import FollowUp, Outcome
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import User


@transaction.atomic
def answer(
    follow_up: FollowUp, by: Acting, answered: FollowUp.Answer, words: str = "", *, now: datetime | None = None
) -> None:
    """Answer a follow-up while the phase of follow-ups is open; a second answer replaces the first.

    "Fulfilled" needs an accepted document; "lapsed" takes the outcome out of the counts. Raises OutcomeRefusedError.
    """
    at = now or timezone.now()
    require_open(by.edition, Phase.Kind.FOLLOW_UP, at, refusal=OutcomeRefusedError)
    outcome, _own = hold(follow_up.outcome, by)
    if outcome.state not in AGREED:
        raise OutcomeRefusedError(_("This outcome is not followed any more."))
    if answered == FollowUp.Answer.FULFILLED and outcome.state != State.EVIDENCED:
        raise OutcomeRefusedError(
            _("What is fulfilled is proved by a document. Add one; when the organiser has accepted it, say it again.")
        )
    values = {"answer": answered, "words": words.strip(), "answered_at": at, "answered_by": by.participation}
    change("follow_up.answered", follow_up, by, **values)
    ends = {FollowUp.Answer.FULFILLED: State.FULFILLED, FollowUp.Answer.LAPSED: State.LAPSED}
    if answered in ends:
        move(outcome, ends[answered], by.user, ended_at=at)


@transaction.atomic
def remind_due(edition: Edition, *, on: date | None = None, now: datetime | None = None) -> list[FollowUp]:
    """Follow-ups that are due and were not reminded of; each is returned once, for the caller to notify the parties.

    Returns none while the phase of follow-ups is closed, since nobody could answer.
    """
    at = now or timezone.now()
    if not is_open(edition, Phase.Kind.FOLLOW_UP, at):
        return []
    due = FollowUp.objects.filter(edition=edition, answer="", outcome__state__in=AGREED, reminded_at__isnull=True)
    rows = list(due.filter(due_on__lte=on or timezone.localdate()).select_related("outcome"))
    for follow_up in rows:
        follow_up.reminded_at = at
        follow_up.save(update_fields=["reminded_at"])
        record("follow_up.reminded", follow_up, after={"reminded_at": at.isoformat()}, edition=edition)
    return rows


def due_follow_ups(outcomes: Iterable[Outcome]) -> QuerySet[FollowUp]:
    """Follow-ups of agreed outcomes that are due today and not answered."""
    due = FollowUp.objects.filter(due_on__lte=timezone.localdate(), answer="", outcome__state__in=AGREED)
    return due.filter(outcome__in=[outcome.pk for outcome in outcomes]).select_related("outcome")


def remind(on: date | None = None) -> int:
    """Remind the parties of due follow-ups at all fairs. Returns the number of reminders."""
    reminders = 0
    for edition in Edition.objects.all():
        with scope(edition=edition):
            for follow_up in remind_due(edition, on=on):
                _notify(follow_up)
                reminders += 1
    return reminders


def _notify(follow_up: FollowUp) -> None:
    parties = follow_up.outcome.parties.values("participation__firm")
    people = User.objects.filter(roles__firm__in=parties, is_active=True).distinct().order_by("pk")
    send_letters(follow_up.edition, people, "follow-up", lambda _person: {"kind": follow_up.outcome.get_kind_display()})

"""Reminders: the parties of an outcome are asked after three, six and twelve months what has become of it."""

from datetime import date

from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.meetings.outcomes.domain.ledger import remind_due
from serai.expo.meetings.outcomes.models import FollowUp
from serai.expo.people.account.models import User


def remind(on: date | None = None) -> int:
    """Remind the parties of every follow-up whose day has come. Returns how many."""
    told = 0
    for edition in Edition.objects.all():
        with scope(edition=edition):
            for follow_up in remind_due(edition, on=on):
                _tell(follow_up)
                told += 1
    return told


def _tell(follow_up: FollowUp) -> None:
    parties = follow_up.outcome.parties.values("participation__firm")
    people = User.objects.filter(roles__firm__in=parties, is_active=True).distinct().order_by("pk")
    send_letters(follow_up.edition, people, "follow-up", lambda _person: {"kind": follow_up.outcome.get_kind_display()})

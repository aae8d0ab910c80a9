"""How mail stands: whether letters go out, for health, ``serai doctor`` and the organiser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django_scopes import scopes_disabled

from serai.expo.fairs.mailing.models import Mail

LATE = timedelta(minutes=1)
"""A letter that waits for so long without one attempt has no worker."""


@dataclass(frozen=True)
class MailState:
    """The letters of all fairs, and those about accounts."""

    waiting: int
    """Letters that are to go out: they were not tried yet, or are tried again."""
    oldest: datetime | None
    """Since when the oldest of them waits."""
    untried: datetime | None
    """Since when the oldest of them waits that nobody has tried to send."""
    failed: int
    """Letters that are not tried again by themselves."""
    sent_at: datetime | None
    """When the last one was sent."""
    unanswered_at: datetime | None
    """When a mail server last failed to answer."""
    unanswered: str
    """What happened then; it names no reader."""

    @property
    def is_down(self) -> bool:
        """Whether the last attempt met no mail server."""
        return self.unanswered_at is not None and (self.sent_at is None or self.unanswered_at > self.sent_at)

    @property
    def is_late(self) -> bool:
        """Whether letters wait for a worker."""
        return self.untried is not None and timezone.now() - self.untried > LATE


def mail_state() -> MailState:
    """How mail stands now, in three queries."""
    state, now = Mail.State, timezone.now()
    waiting = Q(state__in=(state.QUEUED, state.SENDING))
    new = waiting & Q(attempts=0) & (Q(due_at=None) | Q(due_at__lte=now))
    with scopes_disabled():
        counted = Mail.objects.aggregate(
            waiting=Count("pk", waiting),
            oldest=Min("made_at", filter=waiting),
            untried=Min("made_at", filter=new),
            failed=Count("pk", Q(state=state.FAILED)),
            sent_at=Max("sent_at"),
        )
        # A server that answers begins with a code of three digits.
        unanswered = Mail.objects.exclude(state=state.SENT).exclude(reason="").exclude(reason__regex=r"^\d{3}\b")
        last = unanswered.filter(tried_at__isnull=False).order_by("-tried_at").values("tried_at", "reason").first()
    return MailState(**counted, unanswered_at=last and last["tried_at"], unanswered=last["reason"] if last else "")

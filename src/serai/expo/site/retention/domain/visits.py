"""Records of visits and of work in the background, which are deleted after a while."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_scopes import scopes_disabled
from django_tasks_db.models import DBTaskResult

from serai.expo.fairs.interface.models import Delivery
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.staff.models import StaffRequest

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

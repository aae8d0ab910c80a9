"""The audit trail of an edition: entries by object, person, action and time."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[AuditEntry]:
    """The trail of an edition, for its organisers only.

    A firm reads its own history (participants.participation.domain.history).
    """
    rows = AuditEntry.objects.filter(edition=edition)
    return rows if user.has_perm("expo.read_records", edition) else rows.none()


def entries(user: User, edition: Edition, wanted: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The visible entries, the latest first, filtered by ``action``, ``object_type``, ``object_id``, ``user`` (part of
    a name or mail address), ``request``, and the days ``since`` and ``until`` on the clock of the fair."""
    rows = visible_to(user, edition).select_related("user")
    for name in ("action", "object_type", "object_id"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("request"):
        rows = rows.filter(request_id=wanted["request"])
    if wanted.get("user"):
        rows = rows.filter(Q(user__email__icontains=wanted["user"]) | Q(user__name__icontains=wanted["user"]))
    zone = ZoneInfo(edition.time_zone)
    if since := wanted.get("since"):
        rows = rows.filter(at__gte=_midnight(since, zone))
    if until := wanted.get("until"):
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1), zone))
    return rows


def kinds(user: User, edition: Edition) -> tuple[list[str], list[str]]:
    """The actions and the types of objects that the user sees in the trail of an edition, each in order."""
    rows = visible_to(user, edition).order_by()
    return (
        sorted(rows.values_list("action", flat=True).distinct()),
        sorted(rows.values_list("object_type", flat=True).distinct()),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)

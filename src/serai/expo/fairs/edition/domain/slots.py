"""Editions that a user may see, their days, and their slots of meetings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User


@dataclass(frozen=True)
class Slot:
    """A time in which meetings can be held."""

    day: int  # 0 is the first day of the edition
    starts_at: datetime
    ends_at: datetime


def visible_to(user: User | AnonymousUser) -> QuerySet[Edition]:
    """Every edition that is published or closed, and the drafts of the user's own organisations."""
    public = ~Q(state=Edition.State.DRAFT)
    if not user.is_authenticated or user.without_organising:
        return Edition.objects.filter(public)
    if user.is_superuser and user.staff_session is not None:
        return Edition.objects.all()
    mine = user.roles.filter(organisation__isnull=False).values("organisation")
    return Edition.objects.filter(public | Q(organisation__in=mine))


def days(edition: Edition) -> int:
    """How many days the edition lasts."""
    return (edition.ends_on - edition.starts_on).days + 1


def slots(edition: Edition, minutes: int | None = None) -> tuple[Slot, ...]:
    """The slots of meetings, day by day in the edition's time zone, of `minutes` or the edition's own length."""
    return tuple(_slots(edition, timedelta(minutes=minutes or edition.meeting_minutes)))


def _slots(edition: Edition, length: timedelta) -> Iterator[Slot]:
    zone = ZoneInfo(edition.time_zone)
    for day in range(days(edition)):
        date = edition.starts_on + timedelta(days=day)
        start = datetime.combine(date, edition.meetings_from, zone)
        end = datetime.combine(date, edition.meetings_until, zone)
        while start + length <= end:
            yield Slot(day, start, start + length)
            start += length


def texts(*mappings: Mapping[str, str]) -> Iterable[str]:
    """All texts of some mappings from language to text, each once."""
    return dict.fromkeys(text for mapping in mappings for text in mapping.values())

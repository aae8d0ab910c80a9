"""Which day it is for a fair: before it, one of its days, or after it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition


class Period(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True)
class FairDay:
    """The date at the place of a fair, against its first and its last day."""

    period: Period
    days_to_go: int
    """Until the first day; 0 on it, negative after it."""
    number: int
    """1 on the first day; only meaningful during the fair."""
    of: int
    """How many days the fair has."""


def fair_day(edition: Edition, now: datetime | None = None) -> FairDay:
    """Which day it is for the fair, in its time zone; by default now."""
    today = today_at(edition, now)
    if today < edition.starts_on:
        period = Period.BEFORE
    elif today <= edition.ends_on:
        period = Period.DURING
    else:
        period = Period.AFTER
    to_go = (edition.starts_on - today).days
    return FairDay(period, to_go, 1 - to_go, (edition.ends_on - edition.starts_on).days + 1)


def later_editions(edition: Edition) -> QuerySet[Edition]:
    """Published fairs of the same organiser that begin after this one has ended, the next one first."""
    later = Edition.objects.filter(organisation=edition.organisation_id, state=Edition.State.PUBLISHED)
    return later.filter(starts_on__gt=edition.ends_on).order_by("starts_on", "pk")

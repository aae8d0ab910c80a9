"""Segments: filters over participations, the people behind them, and how many a letter would reach."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.people.account.domain.consents import consenting
from serai.expo.people.account.models import Role, User

SEATED = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)


@dataclass(frozen=True)
class Condition:
    """Something that those in a segment may lack or be late with."""

    key: str
    title: str | Promise
    narrow: Callable[[QuerySet[Participation], Edition], QuerySet[Participation]]


def _without_profile(found: QuerySet[Participation], _edition: Edition) -> QuerySet[Participation]:
    return found.filter(Q(firm__description={}) | Q(firm__description__isnull=True))


def _without_offers(found: QuerySet[Participation], _edition: Edition) -> QuerySet[Participation]:
    return found.filter(~Exists(Offer.objects.filter(participation=OuterRef("pk"))))


def _without_needs(found: QuerySet[Participation], _edition: Edition) -> QuerySet[Participation]:
    return found.filter(~Exists(Need.objects.filter(participation=OuterRef("pk"))))


def _without_meetings(found: QuerySet[Participation], edition: Edition) -> QuerySet[Participation]:
    theirs = Q(host=OuterRef("pk")) | Q(guest=OuterRef("pk"))
    return found.filter(~Exists(Meeting.objects.filter(theirs, edition=edition, state__in=SEATED)))


def _without_wishes(found: QuerySet[Participation], _edition: Edition) -> QuerySet[Participation]:
    return found.filter(~Exists(Wish.objects.filter(wisher=OuterRef("pk"))))


def _without_booth(found: QuerySet[Participation], _edition: Edition) -> QuerySet[Participation]:
    return found.filter(stands__isnull=True)


def _with_late_tasks(found: QuerySet[Participation], edition: Edition) -> QuerySet[Participation]:
    """Who has not ticked a task that is due; what a page of the desk shows as done by itself is no tick."""
    today = today_at(edition)
    late = Q(pk__in=())
    for task in DeskTask.objects.filter(edition=edition, due_on__lt=today, page=DeskTask.Page.NONE):
        done = DeskTaskDone.objects.filter(task=task, participation=OuterRef("pk"))
        meant = Q(kind__in=task.kinds) if task.kinds else Q(pk__isnull=False)
        late |= meant & Q(~Exists(done))
    return found.filter(late)


CONDITIONS: Mapping[str, Condition] = {
    one.key: one
    for one in (
        Condition("no_profile", _("without a description"), _without_profile),
        Condition("no_offers", _("without an offer"), _without_offers),
        Condition("no_needs", _("without a need"), _without_needs),
        Condition("no_wishes", _("without a wish to meet"), _without_wishes),
        Condition("no_meetings", _("without a meeting"), _without_meetings),
        Condition("no_booth", _("without a booth"), _without_booth),
        Condition("late_tasks", _("with a task overdue"), _with_late_tasks),
    )
}
"""What a segment may ask for besides kind, state, section, country, group and language."""


@dataclass(frozen=True)
class Reach:
    """Whom a segment holds: participations, people who act for them, and those whom a letter may go to."""

    participations: int
    people: int
    reached: int


def participations(edition: Edition, filters: Mapping[str, Any]) -> QuerySet[Participation]:
    """The participations that the filters leave. What a filter doesn't know leaves all. Call inside of the scope."""
    found = Participation.objects.filter(edition=edition)
    for name, lookup in (("kind", "kind__in"), ("state", "state__in"), ("country", "firm__country__in")):
        if wanted := _listed(filters.get(name)):
            found = found.filter(**{lookup: wanted})
    if wanted := _listed(filters.get("section")):
        found = found.filter(section__slug__in=wanted)
    if group := filters.get("group"):
        found = found.filter(firm__country__in=members(str(group), edition.starts_on))
    for key in _listed(filters.get("conditions")):
        if key in CONDITIONS:
            found = CONDITIONS[key].narrow(found, edition)
    return found


def people(edition: Edition, filters: Mapping[str, Any]) -> QuerySet[User]:
    """Who acts for a firm of the segment, each once. Call inside of the scope."""
    return _acting_for(participations(edition, filters), filters)


def _acting_for(held: QuerySet[Participation], filters: Mapping[str, Any]) -> QuerySet[User]:
    firms = held.order_by().values("firm")
    found = User.objects.filter(pk__in=Role.objects.filter(firm__in=firms).values("user"), is_active=True)
    if wanted := _listed(filters.get("language")):
        found = found.filter(language__in=wanted)
    return found.order_by("pk")


def willing(found: QuerySet[User], purpose: str) -> QuerySet[User]:
    """Those of them to whom a letter for this purpose may go: everyone for a service, else who agreed to it."""
    if purpose == MailTemplate.Purpose.SERVICE:
        return found
    return found.filter(pk__in=consenting(purpose).values("pk"))


def reach(edition: Edition, filters: Mapping[str, Any], purpose: str = MailTemplate.Purpose.ORGANISER) -> Reach:
    """How many a segment holds and a letter would reach. Call inside of the scope."""
    return reaches(edition, [filters], purpose)[0]


def reaches(
    edition: Edition, segments: Sequence[Mapping[str, Any]], purpose: str = MailTemplate.Purpose.ORGANISER
) -> list[Reach]:
    """The same of several, by two queries for all of them and what their conditions ask. Call inside of the scope."""
    held = [participations(edition, filters) for filters in segments]
    acting = [_acting_for(found, filters) for found, filters in zip(held, segments, strict=True)]
    firms = _counts(Participation.objects.filter(edition=edition), held)
    users = _counts(User.objects.all(), [*acting, *(willing(found, purpose) for found in acting)])
    return [Reach(*numbers) for numbers in zip(firms, users, users[len(acting) :], strict=False)]


def _counts[Row: Model](rows: QuerySet[Row], parts: Sequence[QuerySet[Row]]) -> list[int]:
    """How many of the rows are in each part, by one query."""
    names = {f"part_{number}": part for number, part in enumerate(parts)}
    if not names:
        return []
    counts = {name: Count("pk", filter=Q(pk__in=part.order_by().values("pk"))) for name, part in names.items()}
    found = rows.order_by().aggregate(**counts)
    return [found[name] for name in names]


@transaction.atomic
def save_segment(segment: Segment, *, user: User | None = None) -> Segment:
    """Keep a new or changed segment."""
    with scope(edition=segment.edition):
        known = Segment.objects.filter(pk=segment.pk).first() if segment.pk else None
        before = state(known) if known else None
        segment.save()
    record("segment.set", segment, before=before, after=state(segment), user=user, edition=segment.edition)
    return segment


@transaction.atomic
def remove_segment(segment: Segment, *, user: User | None = None) -> None:
    """Take a segment away. Mailings that went to it stay."""
    record("segment.removed", segment, before=state(segment), user=user, edition=segment.edition)
    segment.delete()


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [str(one) for one in value] if isinstance(value, Iterable) and not isinstance(value, str) else [str(value)]

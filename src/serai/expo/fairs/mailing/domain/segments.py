"""Segments: to whom a mailing goes, and who may read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.models import Mailing, MailTemplate, Segment
from serai.expo.people.account.domain.consents import consenting
from serai.expo.people.account.models import Organisation, Role, User
from serai.registry import Registry

type Narrow = Callable[[Edition], Q]


@dataclass(frozen=True)
class Condition:
    """Something that the participations of a segment lack or are late with."""

    key: str
    title: str | Promise
    order: int
    narrow: Narrow


_conditions: Registry[Condition] = Registry("condition of a segment")


def condition(key: str, title: str | Promise, *, order: int) -> Callable[[Narrow], Narrow]:
    """Declare the function below as the one that narrows participations for a condition of segments."""

    def declare(narrow: Narrow) -> Narrow:
        _conditions.add(key, Condition(key, title, order, narrow))
        return narrow

    return declare


def segment_conditions() -> Mapping[str, Condition]:
    """The conditions that a segment may ask for besides kind, state, section, country, group and language."""
    load_hooks()
    ordered = sorted(_conditions.values(), key=lambda condition: condition.order)
    return {condition.key: condition for condition in ordered}


@condition("no_profile", _("without a description"), order=10)
def _without_profile(_edition: Edition) -> Q:
    return Q(firm__description={}) | Q(firm__description__isnull=True)


@dataclass(frozen=True)
class Reach:
    """How many participations a segment holds, how many people act for them, and how many of those may get a letter."""

    participations: int
    people: int
    reached: int


def participations(edition: Edition, filters: Mapping[str, Any]) -> QuerySet[Participation]:
    """The participations of an edition that pass the filters. Unknown filters are ignored."""
    rows = Participation.objects.filter(edition=edition)
    for name, lookup in (("kind", "kind__in"), ("state", "state__in"), ("country", "firm__country__in")):
        if wanted := _listed(filters.get(name)):
            rows = rows.filter(**{lookup: wanted})
    if wanted := _listed(filters.get("section")):
        rows = rows.filter(section__slug__in=wanted)
    if group := filters.get("group"):
        rows = rows.filter(firm__country__in=members(str(group), edition.starts_on))
    if wanted := _listed(filters.get("conditions")):
        declared = segment_conditions()
        for key in declared.keys() & wanted:
            rows = rows.filter(declared[key].narrow(edition))
    return rows


def people(edition: Edition, filters: Mapping[str, Any]) -> QuerySet[User]:
    """The people who act for a firm of the segment, each once."""
    return _acting_for(participations(edition, filters), filters)


def _acting_for(held: QuerySet[Participation], filters: Mapping[str, Any]) -> QuerySet[User]:
    firms = held.order_by().values("firm")
    users = User.objects.filter(pk__in=Role.objects.filter(firm__in=firms).values("user"), is_active=True)
    if wanted := _listed(filters.get("language")):
        users = users.filter(language__in=wanted)
    return users.order_by("pk")


def willing(users: QuerySet[User], purpose: str, organisation: Organisation) -> QuerySet[User]:
    """The users to whom a letter of an organiser may go: all for a service, else those who agreed to it."""
    if purpose == MailTemplate.Purpose.SERVICE:
        return users
    return users.filter(pk__in=consenting(purpose, organisation).values("pk"))


def reach(edition: Edition, filters: Mapping[str, Any], purpose: str = MailTemplate.Purpose.ORGANISER) -> Reach:
    """How many a segment holds and a letter reaches."""
    return reaches(edition, [filters], purpose)[0]


def reaches(
    edition: Edition, segments: Sequence[Mapping[str, Any]], purpose: str = MailTemplate.Purpose.ORGANISER
) -> list[Reach]:
    """``reach`` of several segments, in two queries and those of their conditions."""
    held = [participations(edition, filters) for filters in segments]
    acting = [_acting_for(rows, filters) for rows, filters in zip(held, segments, strict=True)]
    firms = _counts(Participation.objects.filter(edition=edition), held)
    users = _counts(User.objects.all(), [*acting, *(willing(users, purpose, edition.organisation) for users in acting)])
    return [Reach(*numbers) for numbers in zip(firms, users, users[len(acting) :], strict=False)]


def _counts[Row: Model](rows: QuerySet[Row], parts: Sequence[QuerySet[Row]]) -> list[int]:
    """How many rows are in each part, in one query."""
    names = {f"part_{number}": part for number, part in enumerate(parts)}
    if not names:
        return []
    counts = {name: Count("pk", filter=Q(pk__in=part.order_by().values("pk"))) for name, part in names.items()}
    totals = rows.order_by().aggregate(**counts)
    return [totals[name] for name in names]


@made_once
def save_segment(segment: Segment, *, user: User | None = None) -> Segment:
    """Save a new or changed segment."""
    with scope(edition=segment.edition):
        existing = Segment.objects.filter(pk=segment.pk).first() if segment.pk else None
        before = state(existing) if existing else None
        segment.save()
    record("segment.set", segment, before=before, after=state(segment), user=user, edition=segment.edition)
    return segment


@transaction.atomic
def remove_segment(segment: Segment, *, user: User | None = None) -> None:
    """Delete a segment. Mailings that went to it stay."""
    record("segment.removed", segment, before=state(segment), user=user, edition=segment.edition)
    segment.delete()


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return list(map(str, values))


def segments_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Segment]:
    return _organised(Segment.objects.filter(edition=edition), user, edition)


def templates_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[MailTemplate]:
    """The templates of mailings, without an organiser's own words for single letters (``wording.py``)."""
    rows = MailTemplate.objects.filter(edition=edition).exclude(key__in=list(letters()))
    return _organised(rows, user, edition)


def mailings_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Mailing]:
    return _organised(Mailing.objects.filter(edition=edition), user, edition)


def _organised[Row: Model](rows: QuerySet[Row], user: User | AnonymousUser, edition: Edition) -> QuerySet[Row]:
    return rows if user.has_perm("expo.read_letters", edition) else rows.none()

"""Beginning and ending to act as a person of a firm."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters, site_address
from serai.expo.firms.record.models import Firm
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.people.account.models import Role, User

MINUTES = 30
A_PAGE = 50


class ActingRefusedError(ValueError):
    """Why somebody may not act so: a sentence for the reader."""


def persons(edition: Edition) -> QuerySet[User]:
    """The people as whom the organisers of an edition may act: those of its firms, without organisers and staff."""
    return User.objects.filter(pk__in=_seats(edition).values("user"))


def _seats(edition: Edition) -> QuerySet[Role]:
    taking_part = Participation.objects.filter(edition=edition).exclude(state=Participation.State.CANCELLED)
    return seats_of(taking_part).filter(user__is_active=True)


def seats_of(participations: QuerySet[Participation]) -> QuerySet[Role]:
    """The roles in the firms of participations, without those of organisers and staff."""
    organisers = list(Role.objects.filter(organisation__isnull=False).values_list("user", flat=True))
    roles = Role.objects.filter(firm__in=participations.values("firm"), user__is_staff=False, user__is_superuser=False)
    return roles.exclude(user__in=organisers)


def found_persons(edition: Edition, words: str = "") -> tuple[list[User], bool]:
    """The first page of people with ``words`` in name, mail address or firm, and whether there are more.

    Without words it returns everybody if they fit on a page, else nobody.
    """
    seats = _seats(edition)
    for word in words.split()[:5]:
        firms = Firm.objects.filter(legal_name__icontains=word).values("pk")
        seats = seats.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word) | Q(firm__in=firms))
    # A large fair has 60,000 people: they are ordered only after it is certain that they fit on a page.
    keys = list(dict.fromkeys(seats.values_list("user", flat=True)[: 4 * A_PAGE + 1]))
    people = User.objects.filter(pk__in=keys[:A_PAGE]).prefetch_related("roles__firm").order_by("name", "email")
    more = len(keys) > A_PAGE
    return ([] if more and not words.split() else list(people)), more


@transaction.atomic
def act_as(person: User, organiser: User, edition: Edition, reason: str) -> Impersonation:
    """Begin an impersonation, which ends by itself after MINUTES, and tell the person. Raises ActingRefusedError."""
    if not reason.strip():
        raise ActingRefusedError(_("Write why: it is kept, and the person may read it."))
    if not persons(edition).filter(pk=person.pk).exists():
        raise ActingRefusedError(
            _("You can act for people of the firms of this fair only, never for an organiser or staff.")
        )
    acting = Impersonation.objects.create(
        edition=edition,
        organiser=organiser,
        person=person,
        reason=reason.strip()[:300],
        ends_at=timezone.now() + timedelta(minutes=MINUTES),
    )
    record("impersonation.begun", acting, after=state(acting), user=organiser, edition=edition)
    zone = ZoneInfo(edition.time_zone)
    values = {
        "organiser": organiser,
        "begins": f"{acting.started_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "ends": f"{acting.ends_at.astimezone(zone):%H:%M}",
        "reason": acting.reason,
        "address": site_address() + reverse("account"),
    }
    send_letters(edition, [person], "acted-for", lambda _person: values)
    return acting


@transaction.atomic
def stop_acting(acting: Impersonation) -> None:
    """End an impersonation that is still open."""
    with scopes_disabled():
        if not acting.is_open:
            return
        acting.ended_at = timezone.now()
        acting.save(update_fields=["ended_at"])
        record("impersonation.ended", acting, user=acting.organiser, edition=acting.edition)


def open_impersonation(number: int, organiser: User) -> Impersonation | None:
    """The open impersonation, or None if it has ended, or the organiser or the person no longer qualifies."""
    with scopes_disabled():
        acting = (
            Impersonation.objects.select_related("edition__organisation", "person")
            .filter(pk=number, organiser_id=organiser.pk, ended_at__isnull=True, ends_at__gt=timezone.now())
            .first()
        )
        if acting is None or acting.person is None or not organiser.has_perm("expo.change_people", acting.edition):
            return None
        return acting if persons(acting.edition).filter(pk=acting.person.pk).exists() else None

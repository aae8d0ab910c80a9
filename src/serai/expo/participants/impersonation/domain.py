"""Acting as a person of a firm: beginning and ending it, the pages that an organiser reaches meanwhile, and closing
the account of a person.

Leads, contacts, sources, messages, quotations, outcomes, contracts, the team, the account and the interface are the
person's own affair. A page that is new is closed until it is named here, unless its whole room is open.

An account belongs to the whole platform. An owner of the organiser closes it only if the person takes part in no fair
of another organisation; staff in an open session closes it in any case.
"""

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
from serai.expo.people.account.domain.sessions import end_all
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


class BlockingRefusedError(ValueError):
    """Why an account is not closed or opened: a sentence for the reader."""


def people(edition: Edition) -> QuerySet[User]:
    """People of the firms of an edition, with closed accounts too, but without organisers and staff."""
    return User.objects.filter(pk__in=seats_of(Participation.objects.filter(edition=edition)).values("user"))


def blocked(edition: Edition) -> QuerySet[User]:
    """People of an edition whose accounts are closed, by name."""
    return people(edition).filter(is_active=False).order_by("name", "email")


def may_block(by: User, person: User, edition: Edition) -> bool:
    """Whether ``by`` may close the account of ``person``."""
    if not people(edition).filter(pk=person.pk).exists():
        return False
    if by.staff_session is not None:
        return True
    owners = Role.objects.filter(user=by, organisation=edition.organisation_id, kind=Role.Kind.OWNER)
    if not owners.exists():
        return False
    firms = list(Role.objects.filter(user=person, firm__isnull=False).values_list("firm", flat=True))
    with scopes_disabled():
        elsewhere = Participation.objects.filter(firm__in=firms).exclude(edition__organisation=edition.organisation_id)
        return not elsewhere.exists()


@transaction.atomic
def block(person: User, *, by: User, edition: Edition, reason: str) -> None:
    """Close the account. All its sessions end, its keys stop working, and the sign-in page says that it is closed.

    Raises BlockingRefusedError without the right, without a reason, and for a closed account.
    """
    if not reason.strip():
        raise BlockingRefusedError(_("Write why: it is kept in the trail."))
    held = _held(person, by, edition)
    if not held.is_active:
        raise BlockingRefusedError(_("This account is closed already."))
    _set(held, active=False, by=by, edition=edition, reason=reason)
    end_all(held, by=by)


@transaction.atomic
def unblock(person: User, *, by: User, edition: Edition) -> None:
    """Let the person sign in again. Raises BlockingRefusedError."""
    held = _held(person, by, edition)
    if held.is_active:
        raise BlockingRefusedError(_("This account is open."))
    _set(held, active=True, by=by, edition=edition)


def _held(person: User, by: User, edition: Edition) -> User:
    if not may_block(by, person, edition):
        raise BlockingRefusedError(
            _(
                "An account is closed by an owner of the organiser while its person takes part at no fair of another, "
                "else by the staff of the platform."
            )
        )
    return User.objects.select_for_update().get(pk=person.pk)


def _set(held: User, *, active: bool, by: User, edition: Edition, reason: str = "") -> None:
    before = state(held)
    held.is_active = active
    held.save(update_fields=["is_active"])
    after = state(held) | ({"reason": reason.strip()[:300]} if reason else {})
    record(f"account.{'opened' if active else 'closed'}", held, before=before, after=after, user=by, edition=edition)


OPEN_ROOMS = frozenset(
    {
        "base.files",
        "offers.chains",
        "offers.market",
        "programme.sessions",
        "results.report",
        "site.directory",
        "site.offline",
        "site.retention",
        "site.search",
        "site.web",
        "venue.halls",
    }
)
"""Rooms whose pages show what everybody reads, or what a firm fills in for the fair."""

OPEN_PAGES = frozenset(
    {
        "root",
        "sign-out",
        "account_logout",
        "stop-acting",
        "agenda",
        "my-wishes",
        "wish",
        "market",
        "market-need",
        "market-offer",
        "firm-media",
        "registration-answers",
        "desk-list",
        "desk",
        "desk-availability",
        "desk-booth",
        "desk-profile",
        "desk-record",
        "desk-record-group",
        "desk-record-row",
        "desk-task",
        "desk-task-file",
        "buyer-desk",
        "state-need",
        "need-edit",
    }
)
"""Names of addresses in rooms that are closed otherwise."""


def is_open(module: str, name: str) -> bool:
    """Whether the page ``name``, whose view stands in this module, is open to who acts for a person."""
    _serai, _expo, wing, room, *_rest = (*module.split("."), "", "", "", "")
    return name in OPEN_PAGES or f"{wing}.{room}" in OPEN_ROOMS

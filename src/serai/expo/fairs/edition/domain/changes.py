"""Making and changing an edition: its fields, and whether it is a draft, published or closed."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import Hook
from serai.expo.fairs.edition.domain.phases import Span, set_phases, standings
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.fairs.edition.rules.roles import changing
from serai.expo.people.account.models import Organisation, User

NEXT: Mapping[str, frozenset[str]] = {
    Edition.State.DRAFT: frozenset({Edition.State.PUBLISHED}),
    Edition.State.PUBLISHED: frozenset({Edition.State.DRAFT, Edition.State.CLOSED}),
    Edition.State.CLOSED: frozenset({Edition.State.PUBLISHED}),
}
"""State of an edition -> the states that may follow. A closed edition can be opened again."""

WEEKS_BEFORE: Mapping[str, tuple[int | None, int | None]] = {
    Phase.Kind.APPLY: (40, 12),
    Phase.Kind.PROPOSALS: (36, 16),
    Phase.Kind.PROFILE: (30, 1),
    Phase.Kind.NEEDS: (20, 2),
    Phase.Kind.WISHES: (10, 3),
    Phase.Kind.REQUESTS: (10, 1),
    Phase.Kind.TIMETABLE: (2, None),
}
"""When phases usually open and close, in weeks before the opening day; None: without a date."""
OUTCOME_WEEKS = 52
FOLLOW_UP_WEEKS = OUTCOME_WEEKS + 58
"""How long after the fair outcomes are stated and followed up. The follow-up of the last outcome takes a year."""


edition_opened = Hook[[Edition, User | None], None]("an edition is opened")
"""Called with a new edition and the user who opens it."""
edition_changed = Hook[[Edition, Mapping[str, Any], User | None], None]("an edition is changed")
"""Called with a changed edition, its state before, and the user who changes it."""


class EditionStateError(Exception):
    """The edition cannot change to this state: a sentence for the reader."""


class AddressTakenError(ValueError):
    """The address is taken: a sentence that asks for another."""


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations for which a user may hold fairs."""
    return Organisation.objects.filter(roles__user=user, roles__kind__in=changing("setup")).order_by("slug")


def check_address(slug: str) -> None:
    """Raise AddressTakenError if a page of the site or another edition has this address."""
    try:
        taken = resolve(f"/en/{slug}/").url_name != "edition"
    except Resolver404:
        taken = False
    if taken or Edition.objects.filter(slug=slug).exists():
        raise AddressTakenError(_("The address '%s' is taken. Choose another.") % slug)


@transaction.atomic
def create_edition(edition: Edition, *, user: User | None = None) -> Edition:
    """Save a new edition as a draft. Raises AddressTakenError."""
    check_address(edition.slug)
    edition.state = Edition.State.DRAFT
    edition.save()
    record("edition.opened", edition, after=state(edition), user=user, edition=edition)
    edition_opened.call(edition, user)
    return edition


@transaction.atomic
def change_edition(edition: Edition, *, user: User | None = None) -> Edition:
    """Save the changed fields of an edition."""
    before = state(Edition.objects.select_for_update().get(pk=edition.pk))
    edition.save()
    record("edition.changed", edition, before=before, after=state(edition), user=user, edition=edition)
    edition_changed.call(edition, before, user)
    return edition


@transaction.atomic
def change_state(edition: Edition, to: str, *, user: User | None = None) -> Edition:
    """Publish, close, open again or take back to a draft. Raises EditionStateError."""
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    if to not in NEXT[locked.state]:
        raise EditionStateError(
            _("The fair is '%(state)s' and can't become this from there.") % {"state": locked.get_state_display()}
        )
    before = state(locked)
    locked.state = to
    locked.save(update_fields=["state"])
    record(f"edition.{to}", locked, before=before, after=state(locked), user=user, edition=locked)
    edition.state = to
    return locked


def usual_phases(edition: Edition) -> dict[str, Span]:
    """The usual dates of phases, counted from the opening day in the time zone of the fair."""
    zone = ZoneInfo(edition.time_zone)
    opening = datetime.combine(edition.starts_on, time(), zone)
    after = datetime.combine(edition.ends_on, time(), zone) + timedelta(days=1)

    def before(weeks: int | None) -> datetime | None:
        return None if weeks is None else opening - timedelta(weeks=weeks)

    spans: dict[str, Span] = {kind: (before(first), before(last)) for kind, (first, last) in WEEKS_BEFORE.items()}
    spans[Phase.Kind.FAIR] = (opening, after)
    spans[Phase.Kind.OUTCOMES] = (opening, after + timedelta(weeks=OUTCOME_WEEKS))
    spans[Phase.Kind.FOLLOW_UP] = (after, after + timedelta(weeks=FOLLOW_UP_WEEKS))
    return spans


def propose_phases(edition: Edition, *, user: User | None = None) -> int:
    """Set the usual dates of every phase without dates. Returns how many were set."""
    existing = standings(edition)
    spans = {kind: span for kind, span in usual_phases(edition).items() if not existing[kind].is_set}
    return set_phases(edition, spans, user=user)

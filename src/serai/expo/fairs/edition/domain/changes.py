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
from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.domain.phases import Span, set_phases, standings
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.people.account.models import Organisation, User

NEXT: Mapping[str, frozenset[str]] = {
    Edition.State.DRAFT: frozenset({Edition.State.PUBLISHED}),
    Edition.State.PUBLISHED: frozenset({Edition.State.DRAFT, Edition.State.CLOSED}),
    Edition.State.CLOSED: frozenset({Edition.State.PUBLISHED}),
}
"""What an edition may become. Nothing is final: what was closed can be opened again."""

WEEKS_BEFORE: Mapping[str, tuple[int | None, int | None]] = {
    Phase.Kind.APPLY: (40, 12),
    Phase.Kind.PROPOSALS: (36, 16),
    Phase.Kind.PROFILE: (30, 1),
    Phase.Kind.NEEDS: (20, 2),
    Phase.Kind.WISHES: (10, 3),
    Phase.Kind.REQUESTS: (10, 1),
    Phase.Kind.TIMETABLE: (2, None),
}
"""When phases usually open and close, in weeks before the opening day; None: not before, or not at all."""
OUTCOME_WEEKS = 52
FOLLOW_UP_WEEKS = OUTCOME_WEEKS + 58
"""How long after the fair outcomes are stated, and followed up: the last one is asked after for twelve months."""


edition_opened = Hook[[Edition, User | None], None]("an edition is opened")
"""Called with a new edition and the user who opens it."""
edition_changed = Hook[[Edition, Mapping[str, Any], User | None], None]("an edition is changed")
"""Called with a changed edition, its state before, and the user who changes it."""


class EditionStateError(Exception):
    """The edition can't become this from what it is: a sentence."""


class AddressTakenError(ValueError):
    """The address is another's: a sentence that asks for another."""


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations in whose name a user may hold fairs."""
    return Organisation.objects.filter(roles__user=user).order_by("slug")


def check_address(slug: str) -> None:
    """Raise AddressTakenError where a page of the site or another edition stands at this address."""
    try:
        found = resolve(f"/en/{slug}/")
    except Resolver404:
        taken = False
    else:
        taken = found.url_name != "edition"
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
    """Keep the changed fields of an edition."""
    before = state(Edition.objects.select_for_update().get(pk=edition.pk))
    edition.save()
    record("edition.changed", edition, before=before, after=state(edition), user=user, edition=edition)
    edition_changed.call(edition, before, user)
    return edition


@transaction.atomic
def change_state(edition: Edition, to: str, *, user: User | None = None) -> Edition:
    """Publish, close, open again or take back to a draft. Raises EditionStateError."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if to not in NEXT[held.state]:
        raise EditionStateError(
            _("The fair is '%(state)s' and can't become this from there.") % {"state": held.get_state_display()}
        )
    before = state(held)
    held.state = to
    held.save(update_fields=["state"])
    record(f"edition.{to}", held, before=before, after=state(held), user=user, edition=held)
    edition.state = to
    return held


def usual_phases(edition: Edition) -> dict[str, Span]:
    """Phases as fairs usually have them, reckoned from the opening day in the fair's own place."""
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
    """Set the usual dates of every phase that has none yet. Returns how many were set."""
    known = standings(edition)
    return set_phases(
        edition, {kind: span for kind, span in usual_phases(edition).items() if not known[kind].is_set}, user=user
    )

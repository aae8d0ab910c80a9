"""The ladder of verification, after the levels of the United Nations Global Marketplace.

0: what the firm says of itself. 1: it exists, under the law and the owners that it names. 2: others vouch for it.
3: its accounts and its practice were looked at. Each rung needs its evidence and that of those below, and expires.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.audit.domain import record, state
from serai.expo.editions.models import Edition, Participation
from serai.expo.files.models import StoredFile
from serai.expo.firms.models import Evidence, Firm, Verification
from serai.expo.people.models import User

Kind, Level = Evidence.Kind, Verification.Level

NEEDED: Mapping[int, tuple[Evidence.Kind, ...]] = {
    Level.BASIC: (Kind.REGISTRATION, Kind.LICENCE, Kind.OWNERS),
    Level.CHECKED: (Kind.REFERENCES, Kind.LETTERS),
    Level.AUDITED: (Kind.YEARS, Kind.ACCOUNTS),
}
"""What each level needs beyond the levels below it."""

VALID = timedelta(days=2 * 365)
LONGEST = timedelta(days=5 * 365)


class VerificationError(ValueError):
    """Why this cannot be done, in the reader's language."""


@dataclass(frozen=True)
class Given:
    """A piece of evidence as it is handed in."""

    kind: str
    text: str = ""
    file: StoredFile | None = None


def levels_of(firms: Iterable[Firm], on: date) -> dict[int, Verification]:
    """The highest level that is granted and not expired on a day, by firm; those of level 0 are left out."""
    found = Verification.objects.filter(firm__in=list(firms), state=Verification.State.GRANTED, valid_until__gte=on)
    return {one.firm_id: one for one in found.select_related("organisation").order_by("level", "valid_until")}


def level_of(firm: Firm, on: date) -> Verification | None:
    """The highest level of one firm, None for level 0."""
    return levels_of([firm], on).get(firm.pk)


@transaction.atomic
def ask(firm: Firm, level: int, given: Sequence[Given], *, user: User) -> Verification:
    """Ask for a level with evidence. Raises VerificationError where evidence is missing or another request waits."""
    if firm.verifications.filter(state=Verification.State.ASKED).exists():
        raise VerificationError(_("A request waits for the organiser already."))
    there = {one.kind for one in given if one.text.strip() or one.file}
    there |= set(
        Evidence.objects.filter(
            verification__firm=firm,
            verification__state=Verification.State.GRANTED,
            verification__valid_until__gte=timezone.localdate(),
        ).values_list("kind", flat=True)
    )
    if missing := [kind for rung in range(1, level + 1) for kind in NEEDED[rung] if kind not in there]:
        named = "; ".join(str(kind.label) for kind in missing)
        raise VerificationError(_("This level needs more evidence: %s.") % named)
    asked = Verification.objects.create(firm=firm, level=level, asked_by=user)
    Evidence.objects.bulk_create(
        [
            Evidence(verification=asked, kind=one.kind, text=one.text.strip(), file=one.file)
            for one in given
            if one.text.strip() or one.file
        ]
    )
    record("verification.asked", asked, after=state(asked), user=user)
    return asked


@transaction.atomic
def decide(
    asked: Verification, edition: Edition, *, grant: bool, user: User, note: str = "", until: date | None = None
) -> Verification:
    """Grant a level until a day, or refuse it with a reason. Raises VerificationError."""
    locked = Verification.objects.select_for_update().get(pk=asked.pk)
    if locked.state != Verification.State.ASKED:
        raise VerificationError(_("This has been decided already. Look at it anew."))
    if not grant and not note.strip():
        raise VerificationError(_("Say why it is refused, so that the firm knows what to do."))
    today = timezone.localdate()
    until = until or today + VALID
    if grant and not today < until <= today + LONGEST:
        raise VerificationError(_("A verification lasts for five years at most, and ends after today."))
    before = state(locked)
    locked.state = Verification.State.GRANTED if grant else Verification.State.REFUSED
    locked.organisation, locked.decided_by, locked.decided_at = edition.organisation, user, timezone.now()
    locked.note, locked.valid_until = note.strip(), until if grant else None
    locked.save()
    record("verification.decided", locked, before=before, after=state(locked), user=user, edition=edition)
    return locked


@transaction.atomic
def withdraw(granted: Verification, edition: Edition, *, user: User, note: str) -> None:
    """Take a level back, with a reason. Raises VerificationError."""
    locked = Verification.objects.select_for_update().get(pk=granted.pk)
    if locked.state != Verification.State.GRANTED or not note.strip():
        raise VerificationError(_("Only a granted level is withdrawn, and with a reason."))
    before = state(locked)
    locked.state, locked.note = Verification.State.WITHDRAWN, note.strip()
    locked.save(update_fields=["state", "note"])
    record("verification.withdrawn", locked, before=before, after=state(locked), user=user, edition=edition)


def waiting(edition: Edition) -> QuerySet[Verification]:
    """What firms of the edition ask for. Call inside of its scope."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    asked = Verification.objects.filter(firm__in=here, state=Verification.State.ASKED)
    return asked.select_related("firm", "asked_by").prefetch_related("evidence__file").order_by("asked_at", "pk")

"""The ladder of verification, after the levels of the United Nations Global Marketplace.

0: what the firm says of itself. 1: it exists, under the law and the owners that it names. 2: others vouch for it.
3: it has been in business for three years, and its audited accounts were looked at. A level says no more than its
evidence: an audit of practice may be handed in, and no level claims one. Each rung needs its evidence and that of those
below, expires, and can be withdrawn with a reason by who granted it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.models import Evidence, Verification
from serai.expo.people.account.models import User

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
    granted = Verification.objects.filter(firm__in=list(firms), state=Verification.State.GRANTED, valid_until__gte=on)
    return {
        verification.firm_id: verification
        for verification in granted.select_related("organisation").order_by("level", "valid_until")
    }


def level_of(firm: Firm, on: date) -> Verification | None:
    """The highest level of one firm, None for level 0."""
    return levels_of([firm], on).get(firm.pk)


@transaction.atomic
def ask(firm: Firm, level: int, given: Sequence[Given], *, user: User) -> Verification:
    """Ask for a level with evidence. Raises VerificationError where evidence is missing or another request waits."""
    if firm.verifications.filter(state=Verification.State.ASKED).exists():
        raise VerificationError(_("A request waits for the organiser already."))
    there = {piece.kind for piece in given if piece.text.strip() or piece.file}
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
            Evidence(verification=asked, kind=piece.kind, text=piece.text.strip(), file=piece.file)
            for piece in given
            if piece.text.strip() or piece.file
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
def withdraw(granted: Verification, edition: Edition, *, user: User, reason: str) -> Verification:
    """Take a level back, with a reason that the firm reads. Raises VerificationError."""
    locked = Verification.objects.select_for_update().get(pk=granted.pk)
    if locked.state != Verification.State.GRANTED:
        raise VerificationError(_("Only a level that is granted is withdrawn. Look at it anew."))
    if locked.organisation_id != edition.organisation_id:
        raise VerificationError(_("Only who granted a level withdraws it."))
    if not reason.strip():
        raise VerificationError(_("Say why it is withdrawn, so that the firm knows."))
    before = state(locked)
    locked.state, locked.withdrawn_reason = Verification.State.WITHDRAWN, reason.strip()
    locked.withdrawn_by, locked.withdrawn_at = user, timezone.now()
    locked.save(update_fields=["state", "withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    record("verification.withdrawn", locked, before=before, after=state(locked), user=user, edition=edition)
    return locked


def granted_here(edition: Edition) -> QuerySet[Verification]:
    """Verifications granted by the edition's organiser to its firms, by the day on which they end."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    verifications = Verification.objects.filter(
        firm__in=here, state=Verification.State.GRANTED, organisation=edition.organisation_id
    )
    return verifications.select_related("firm", "decided_by").prefetch_related("evidence").order_by("valid_until", "pk")


@dataclass(frozen=True)
class Past:
    """A request as it went, and how it stands on a day."""

    row: Verification
    is_expired: bool

    @property
    def state(self) -> str:
        return _("Expired") if self.is_expired else self.row.get_state_display()


def history_of(firm: Firm, on: date) -> list[Past]:
    """All requests of a firm for verification with their outcome, latest first."""
    rows = firm.verifications.select_related("organisation")
    return [
        Past(row, row.state == Verification.State.GRANTED and row.valid_until is not None and row.valid_until < on)
        for row in rows
    ]


def waiting(edition: Edition) -> QuerySet[Verification]:
    """Requests for verification from firms of the edition."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    asked = Verification.objects.filter(firm__in=here, state=Verification.State.ASKED)
    return asked.select_related("firm", "asked_by").prefetch_related("evidence__file").order_by("asked_at", "pk")

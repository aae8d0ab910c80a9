"""Verification: proof of what a firm says, claims of a record by its people, and reminders before a proof runs out."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.models import StoredFile
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.identity.domain.known_firms import host_of
from serai.expo.firms.record.domain.names import new_firm, shown_name
from serai.expo.firms.record.domain.profile import mark
from serai.expo.firms.record.domain.visibility import active_owners, tell_who_joined
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.models import Claim, ClaimCode, Evidence, Verification
from serai.expo.people.account.models import Role, User

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


CODE_VALID = timedelta(days=60)
PUBLIC_MAIL = frozenset(
    {"126.com", "163.com", "aol.com", "foxmail.com", "gmail.com", "gmx.de", "hotmail.com", "icloud.com", "live.com"}
    | {"mail.com", "mail.ru", "outlook.com", "proton.me", "qq.com", "sina.com", "yahoo.com", "yandex.ru", "yeah.net"}
)
"""Domains at which anyone has an address."""


class ClaimError(ValueError):
    """Why a claim cannot be made or decided, in the reader's language."""


def has_its_domain(user: User, firm: Firm) -> bool:
    """Whether the user's mail address is of the domain of the firm's web site."""
    domain, host = user.email.rpartition("@")[2].casefold(), host_of(firm.website)
    return (
        bool(host) and domain not in PUBLIC_MAIL and "." in domain and (host == domain or host.endswith(f".{domain}"))
    )


@made_once
def claim(firm: Firm, user: User, *, code: str = "", note: str = "", edition: Edition | None = None) -> Claim:
    """Claim a firm. A right code decides at once, and so does a confirmed address of its domain; else it waits.

    Raises ClaimError where the user speaks for the firm already, waits already, or the code is wrong.
    """
    if Role.objects.filter(user=user, firm=firm).exists():
        raise ClaimError(_("You speak for this firm already."))
    if firm.claims.filter(user=user, state=Claim.State.WAITING).exists():
        raise ClaimError(_("Your claim waits for the organiser already."))
    if code.strip():
        used = _use(firm, user, code)
        return _granted(Claim(firm=firm, user=user, way=Claim.Way.CODE, note=note), by=used.made_by, edition=edition)
    of_domain = has_its_domain(user, firm)
    made = Claim(firm=firm, user=user, way=Claim.Way.DOMAIN if of_domain else Claim.Way.REVIEW, note=note.strip())
    if of_domain and EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        return _granted(made, by=None, edition=edition)
    if not of_domain and not made.note:
        raise ClaimError(_("Say how you belong to the firm, so that the organiser can check it."))
    made.save()
    record("claim.made", made, after=state(made), user=user)
    return made


@made_once
def decide_claim(waiting: Claim, edition: Edition, *, grant: bool, user: User) -> Claim:
    """Grant or refuse a claim that waits. Raises ClaimError."""
    locked = Claim.objects.select_for_update().select_related("firm", "user").get(pk=waiting.pk)
    if locked.state != Claim.State.WAITING:
        raise ClaimError(_("This has been decided already. Look at it anew."))
    if grant:
        return _granted(locked, by=user, edition=edition)
    before = state(locked)
    locked.state, locked.decided_by, locked.decided_at = Claim.State.REFUSED, user, timezone.now()
    locked.save()
    record("claim.refused", locked, before=before, after=state(locked), user=user, edition=edition)
    return locked


@transaction.atomic
def new_code(firm: Firm, edition: Edition, *, user: User) -> str:
    """A code with which the firm is claimed once. It is shown now and kept as a hash only."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = "-".join("".join(secrets.choice(alphabet) for _letter in range(4)) for _group in range(3))
    made = ClaimCode.objects.create(
        firm=firm, digest=_digest(code), made_by=user, expires_at=timezone.now() + CODE_VALID
    )
    record("claim_code.made", made, after={"firm": firm.pk}, user=user, edition=edition)
    return code


@made_once
def register(
    *, legal_name: str, country: str, name: dict[str, str], user: User, edition: Edition, on: date, **fields: Any
) -> Firm:
    """Enter a new firm that the user owns. The caller has checked that the firm is not known."""
    firm = new_firm(legal_name=legal_name, country=country, name=name, on=on, **fields)
    while Firm.objects.filter(identifier=firm.identifier).exists():
        firm = new_firm(legal_name=legal_name, country=country, name=name, on=on, **fields)
    fields_given = ["legal_name", "name", "country", *(key for key, value in fields.items() if value)]
    firm.provenance = mark(firm, fields_given, "registration", user=user)
    firm.save()
    Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    record("firm.registered", firm, after=state(firm), user=user, edition=edition)
    return firm


def waiting_claims(edition: Edition) -> QuerySet[Claim]:
    """The claims that wait, of firms of the edition."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    claims = Claim.objects.filter(firm__in=here, state=Claim.State.WAITING)
    return claims.select_related("firm", "user").order_by("made_at", "pk")


def _use(firm: Firm, user: User, code: str) -> ClaimCode:
    code_row = ClaimCode.objects.select_for_update().filter(
        firm=firm, digest=_digest(code), used_at=None, expires_at__gt=timezone.now()
    )
    if (used := code_row.first()) is None:
        raise ClaimError(_("This code is not right, has been used or has expired. Ask the organiser for another."))
    used.used_at, used.used_by = timezone.now(), user
    used.save(update_fields=["used_at", "used_by"])
    return used


def _granted(claimed: Claim, *, by: User | None, edition: Edition | None = None) -> Claim:
    """Give the role of a granted claim: owner to the first person of a firm, member to others. Its owners are told."""
    before = state(claimed) if claimed.pk else None
    claimed.state, claimed.decided_by, claimed.decided_at = Claim.State.GRANTED, by, timezone.now()
    claimed.save()
    owned = Role.objects.filter(firm=claimed.firm, kind=Role.Kind.OWNER).exists()
    role = Role.objects.create(
        user=claimed.user, firm=claimed.firm, kind=Role.Kind.MEMBER if owned else Role.Kind.OWNER
    )
    record("claim.granted", claimed, before=before, after=state(claimed), user=by or claimed.user, edition=edition)
    record("role.granted", role, after=state(role), user=by or claimed.user, edition=edition)
    tell_who_joined(claimed.firm, [claimed.user], edition)
    return claimed


def _digest(code: str) -> str:
    letters = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


REMIND = timedelta(days=30)
"""So long before: gathering evidence takes longer than renewing an offer."""


def remind_of_verifications(today: date | None = None) -> int:
    """Write to the owners of each firm whose level soon ends and that has no other as high for longer. Returns how many
    verifications that were."""
    on = today or timezone.localdate()
    granted = Verification.objects.filter(state=Verification.State.GRANTED)
    longer = granted.filter(
        firm=OuterRef("firm"), level__gte=OuterRef("level"), valid_until__gt=OuterRef("valid_until")
    )
    ending = granted.filter(
        ~Exists(longer), valid_until__gte=on, valid_until__lt=on + REMIND, reminded_on__isnull=True
    ).order_by("pk")
    reminded = 0
    for verification in ending.select_related("firm"):
        edition = _edition_of(verification)
        if edition is not None:
            _remind(verification, edition, on)
            reminded += 1
    return reminded


def _edition_of(verification: Verification) -> Edition | None:
    """The edition whose outbox sends the reminder: the firm's latest, preferably of the organisation that granted."""
    with scopes_disabled():
        taking_part = (
            Participation.objects.filter(firm=verification.firm_id)
            .exclude(state=Participation.State.CANCELLED)
            .select_related("edition")
            .order_by("-edition__starts_on", "-pk")
        )
        participation = (
            taking_part.filter(edition__organisation=verification.organisation_id).first() or taking_part.first()
        )
    return participation.edition if participation else None


@transaction.atomic
def _remind(verification: Verification, edition: Edition, on: date) -> None:
    before = state(verification)
    verification.reminded_on = on
    verification.save(update_fields=["reminded_on"])
    record("verification.reminded", verification, before=before, after=state(verification), edition=edition)
    until = verification.valid_until
    assert until is not None
    send_letters(
        edition,
        active_owners(verification.firm_id),
        "verification-ends",
        lambda _owner: {
            "firm": shown_name(verification.firm),
            "level": verification.get_level_display(),
            "until": date_format(until),
        },
    )

"""Who speaks for a firm: by a mail address of its domain, a code from the organiser, or the organiser's review."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.known_firms import host_of
from serai.expo.firms.record.domain.firms import new_firm
from serai.expo.firms.record.domain.owners import tell_who_joined
from serai.expo.firms.record.domain.provenance import mark
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.models import Claim, ClaimCode
from serai.expo.people.account.models import Role, User

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
def decide(waiting: Claim, edition: Edition, *, grant: bool, user: User) -> Claim:
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


def waiting(edition: Edition) -> QuerySet[Claim]:
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

"""Signatures: given by an invitation link or on paper, confirmed by an organiser, and told when they are withdrawn.

Who was to sign and did not is forgotten; who signed in public stays as it signed, without its mail address.
"""

import secrets
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.audit.domain.erasure import mask_mentions, mask_rows
from serai.expo.base.files.domain import FileRefusedError, keep
from serai.expo.base.files.models import StoredFile
from serai.expo.base.text import in_language
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letter, site_address
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.domain.initiatives import SIGNED_STATES, InitiativeRefusedError
from serai.expo.programme.initiatives.models import Signature

State = Signature.State
GOOD_FOR = timedelta(days=90)
OPEN = (State.NAMED, State.INVITED, State.DECLINED)
"""States in which an institution has not signed."""
ACTIVE = (State.SIGNED, State.CONFIRMED)
"""States of a signature that stands."""


@transaction.atomic
def save_signatory(signature: Signature, *, by: User) -> None:
    """Save who is to sign, or a change of it.

    Who has signed keeps name, office, institution and country in each language; a translation may be added. Raises
    InitiativeRefusedError.
    """
    held = Signature.objects.select_for_update().get(pk=signature.pk) if signature.pk else None
    if held is not None and held.state in SIGNED_STATES:
        kept = all(
            getattr(signature, name).get(language, "") == words
            for name in ("name", "office", "institution")
            for language, words in getattr(held, name).items()
        )
        if not kept or held.country != signature.country:
            raise InitiativeRefusedError(_("It was signed with these words, which therefore stay. Add a translation."))
    if not any(signature.institution.values()):
        raise InitiativeRefusedError(_("Name the institution."))
    before = state(held) if held else None
    save_and_record(signature, before, added="signature.added", changed="signature.changed", user=by)


@transaction.atomic
def invite(signature: Signature, *, by: User) -> Signature:
    """Send the link by which the person signs; an earlier link opens nothing any more.

    Raises InitiativeRefusedError without a mail address or a text, and after it was signed.
    """
    held = _held(signature)
    if held.state not in OPEN:
        raise InitiativeRefusedError(_("This institution has signed."))
    if not held.mail:
        raise InitiativeRefusedError(_("Give the mail address of who signs."))
    if not any(held.initiative.text.values()):
        raise InitiativeRefusedError(_("Write the text before you ask for signatures."))
    token = renew_link(held)
    record_change("signature.invited", held, user=by, state=State.INVITED, invited_at=timezone.now(), reason="")
    send_to_signatory(held, "signature-invitation", token)
    return held


def renew_link(signature: Signature) -> str:
    """Give the signature a new link and return its token; the row is unsaved."""
    token = secrets.token_urlsafe(24)
    before = state(signature)
    signature.token_hash, signature.expires_at = hash_of(token), timezone.now() + GOOD_FOR
    signature.save(update_fields=["token_hash", "expires_at"])
    record("signature.link_made", signature, before=before, after=state(signature), edition=signature.edition)
    return token


def send_to_signatory(signature: Signature, letter: str, token: str, **more: str) -> None:
    """Write to who signs, in its own language, with the link."""
    with translation.override(signature.language):
        address = reverse("initiative-sign", args=[signature.edition.slug, token])
        values = {
            "title": in_language(signature.initiative.title).text,
            "institution": in_language(signature.institution).text,
            "person": in_language(signature.name).text,
            "days": GOOD_FOR.days,
            "address": site_address() + address,
        }
        send_letter(signature.edition, signature.mail, letter, values | more, private=True)


def signature_of(edition: Edition, token: str) -> Signature | None:
    """The signature whose link has this token, while the link is good."""
    good = Signature.objects.filter(edition=edition, expires_at__gt=timezone.now())
    related = good.select_related("initiative__session", "initiative__edition", "edition")
    return related.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def sign(signature: Signature, *, on: date | None = None) -> None:
    """Sign by the link. The public sees it once an organiser has confirmed it. Raises InitiativeRefusedError."""
    held = _held(signature)
    if held.state not in (State.INVITED, State.DECLINED):
        raise InitiativeRefusedError(_("This institution has signed."))
    values = {"state": State.SIGNED, "signed_on": on or timezone.localdate(), "reason": ""}
    record_change("signature.signed", held, user=None, **values)


@transaction.atomic
def decline(signature: Signature, reason: str = "") -> None:
    """Say by the link that the institution does not sign. Raises InitiativeRefusedError."""
    held = _held(signature)
    if held.state not in (State.INVITED, State.SIGNED):
        raise InitiativeRefusedError(_("This cannot be declined any more. A confirmed signature can be withdrawn."))
    values = {"state": State.DECLINED, "signed_on": None, "reason": reason.strip()[:500]}
    record_change("signature.declined", held, user=None, **values)


@transaction.atomic
def sign_on_paper(signature: Signature, on: date, scan: "UploadedFile[bytes]", *, by: User) -> None:
    """Keep that it was signed on paper, with the scan. Raises InitiativeRefusedError."""
    held = _held(signature)
    if held.state not in OPEN:
        raise InitiativeRefusedError(_("This institution has signed."))
    if on > timezone.localdate():
        raise InitiativeRefusedError(_("The day of the signature is to come. Give the day on which it was signed."))
    paper = keep_proof(scan, held.edition, by)
    values = {"state": State.SIGNED, "signed_on": on, "paper": paper, "reason": ""}
    record_change("signature.signed_on_paper", held, user=by, **values)


@transaction.atomic
def confirm(signature: Signature, proof: str, *, by: User) -> None:
    """Confirm that the institution has signed; from then on the public may see it. Raises InitiativeRefusedError."""
    held = _held(signature)
    if held.state != State.SIGNED:
        raise InitiativeRefusedError(_("Only what was signed can be confirmed."))
    if not proof.strip():
        raise InitiativeRefusedError(_("Say how you know that the institution signed."))
    values = {"state": State.CONFIRMED, "proof": proof.strip()[:500], "confirmed_at": timezone.now()}
    record_change("signature.confirmed", held, user=by, confirmed_by=by, **values)


@transaction.atomic
def withdraw(signature: Signature, reason: str = "", *, by: User | None = None, on: date | None = None) -> None:
    """Withdraw a confirmed signature, by the link or by an organiser. It stays told as withdrawn on this day.

    Raises InitiativeRefusedError.
    """
    held = _held(signature)
    if held.state != State.CONFIRMED:
        raise InitiativeRefusedError(_("Only a confirmed signature can be withdrawn."))
    values = {"state": State.WITHDRAWN, "withdrawn_on": on or timezone.localdate(), "reason": reason.strip()[:500]}
    record_change("signature.withdrawn", held, user=by, **values)


@transaction.atomic
def remove(signature: Signature, *, by: User) -> None:
    """Delete who has never signed and is committed to nothing. Raises InitiativeRefusedError for others."""
    held = _held(signature)
    if held.state not in OPEN or held.commitments.exists() or held.notes.exists():
        raise InitiativeRefusedError(_("Who has signed, or is committed to something, stays in the list."))
    record("signature.removed", held, before=state(held), user=by, edition=held.edition)
    held.delete()


def keep_proof(upload: "UploadedFile[bytes]", edition: Edition, by: User | None) -> StoredFile:
    """Keep a file that proves something, for organisers alone. Raises InitiativeRefusedError if it is refused."""
    try:
        return keep(upload, organisation=edition.organisation, user=by)
    except FileRefusedError as refusal:
        raise InitiativeRefusedError(str(refusal)) from None


def _held(signature: Signature) -> Signature:
    related = Signature.objects.select_related("initiative", "edition__organisation")
    return related.select_for_update(of=("self",)).get(pk=signature.pk)


def to_confirm(edition: Edition) -> QuerySet[Signature]:
    """The signatures that wait for an organiser."""
    return Signature.objects.filter(edition=edition, state=State.SIGNED)


def forget_signatories(edition: Edition) -> int:
    """Forget the names of who did not sign, and all mail addresses. Returns how many rows were changed."""
    rows = Signature.objects.filter(edition=edition)
    changed = [row for row in rows if row.mail or (row.state in OPEN and row.name)]
    for row in changed:
        _forget(row)
    return len(changed)


def forget_person(user: User) -> None:
    """Take a person who did not sign out of the signatures; the mail address goes with the account's."""
    for row in Signature.objects.filter(mail__iexact=user.email, state__in=OPEN):
        _forget(row)


def _forget(row: Signature) -> None:
    if row.mail:
        mask_mentions(row.mail)
    if row.state in OPEN:
        mask_rows(Signature, [row.pk])
        row.name, row.office = {}, {}
    row.mail, row.token_hash, row.expires_at = "", None, None
    row.save(update_fields=["name", "office", "mail", "token_hash", "expires_at"])

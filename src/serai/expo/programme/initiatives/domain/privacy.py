"""Who was to sign and did not is forgotten; who signed in public stays as it signed, without its mail address."""

from serai.expo.base.audit.domain.erasure import mask_mentions, mask_rows
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.domain.signatures import OPEN
from serai.expo.programme.initiatives.models import Signature


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

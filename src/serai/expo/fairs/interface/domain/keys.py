"""Making, finding and revoking the keys of programs."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import ApiKey
from serai.expo.people.account.models import User

MARK = "serai"
MOST = 20
SEEN_EVERY = timedelta(minutes=5)


class KeyRefusedError(ValueError):
    """Why a key is not made: a sentence for the reader."""


@transaction.atomic
def make_key(
    user: User,
    name: str,
    scopes: Iterable[str],
    *,
    only_in: Edition | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key of ``user`` and its text, which is shown once and not stored. Raises KeyRefusedError."""
    wanted = [scope for scope in ApiKey.Scope.values if scope in set(scopes)]
    if not name.strip() or not wanted:
        raise KeyRefusedError(_("A key needs a name and at least one scope."))
    if ApiKey.objects.filter(user=user, revoked_at=None).count() >= MOST:
        raise KeyRefusedError(_("You have %d keys already. Revoke one first.") % MOST)
    if only_in is not None and not user.has_perm("expo.organise_edition", only_in):
        raise KeyRefusedError(_("A key can be limited to a fair that you organise only."))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name.strip()[:100],
        prefix=prefix,
        key_hash=hash_of(secret),
        scopes=wanted,
        only_in=only_in,
        expires_at=expires_at,
    )
    record("api_key.made", key, after=state(key), user=user, edition=only_in)
    return key, f"{MARK}_{prefix}_{secret}"


def key_of(text: str) -> ApiKey | None:
    """The key with this text, or None if there is none or it was revoked or has expired."""
    mark, _first, rest = text.partition("_")
    prefix, _second, secret = rest.partition("_")
    if mark != MARK or not secret or not prefix.isascii():
        return None
    key = ApiKey.objects.select_related("user").filter(prefix=prefix[:16]).first()
    if key is None or not hmac.compare_digest(key.key_hash, hash_of(secret)):
        return None
    if not key.is_good or not key.user.is_active:
        return None
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > SEEN_EVERY:  # not a write for every read
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


@transaction.atomic
def revoke(key: ApiKey, by: User) -> None:
    """End the key. Its row stays."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record("api_key.revoked", key, user=by, edition=key.only_in)

"""The code on a badge: short enough to type, signed, and void when the badge is made anew.

``5K-7QW2M9XD`` is the number of the badge in base 32 and 40 bits of an HMAC over it, its serial and its edition. A scan
gives the whole address with the code; a typed code may be in small letters, without the hyphen, and with O for 0.
"""

import hmac
from hashlib import sha256

from django.conf import settings

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.badges.models import Badge

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
SIGNED = 8
_MISREAD = str.maketrans("OILU", "011V")


def token_of(badge: Badge) -> str:
    """The present code of a badge."""
    return f"{_written(badge.pk)}-{_signature(badge)}"


def badge_of(edition: Edition, scanned: str) -> Badge | None:
    """The badge of a scanned address or a typed code, or None."""
    code = scanned.strip().rstrip("/").rsplit("/", 1)[-1].upper().translate(_MISREAD)
    code = "".join(character for character in code if character in ALPHABET)
    number, signature = code[:-SIGNED], code[-SIGNED:]
    if not 0 < len(number) <= 8:
        return None
    badge = (
        Badge.objects.filter(edition=edition, pk=_read(number)).select_related("participation__firm", "edition").first()
    )
    if badge is None or not hmac.compare_digest(_signature(badge), signature):
        return None
    return badge


def _signature(badge: Badge) -> str:
    message = f"badge {badge.edition_id} {badge.pk} {badge.serial}"
    digest = hmac.digest(settings.SECRET_KEY.encode(), message.encode(), sha256)
    return _written(int.from_bytes(digest[:5]), SIGNED)


def _written(number: int, length: int = 1) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits.rjust(length, ALPHABET[0])


def _read(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + ALPHABET.index(digit)
    return number

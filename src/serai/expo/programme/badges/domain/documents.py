"""Badges and certificates as PDF, and the code on a badge: short enough to type, signed, and void when the badge is
made anew.

``5K-7QW2M9XD`` is the number of the badge in base 32 and 40 bits of an HMAC over it, its serial and its edition. A
scan gives the whole address with the code; a typed code may be in small letters, without the hyphen, and with O for
0.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.programme.badges.models import Badge
from serai.world.classifications import countries

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


def badges_pdf(badges: Sequence[Badge], address_of: Callable[[str], str]) -> bytes:
    """Badges of A6, four on a sheet of A4; ``address_of`` makes the address in the printed code from a token."""
    return typeset(
        "serai.expo.programme.badges",
        "badge.typ",
        {"badges": [_badge(badge, address_of(token_of(badge))) for badge in badges]},
    )


def certificate_pdf(participation: Participation, language: str) -> bytes:
    """A certificate of participation, in one language."""
    edition, firm = participation.edition, participation.firm
    with override(language):
        values = {
            "language": language,
            "title": _("Certificate of participation"),
            "firm": _text(firm.name, language) | {"text": shown_name(firm, language)},
            "country": countries.name(firm.country, language),
            "line": _("took part as: %s") % participation.get_kind_display(),
            "fair": _text(edition.name, language),
            "when": f"{date_format(edition.starts_on)} – {date_format(edition.ends_on)}",
            "where": in_language(edition.city, language).text,
            "organiser": _text(edition.organisation.name, language),
            "identifier": firm.identifier,
        }
    return typeset("serai.expo.programme.badges", "certificate.typ", values)


def _badge(badge: Badge, address: str) -> dict[str, Any]:
    firm = badge.participation.firm if badge.participation else None
    return {
        "fair": _texts(badge.edition),
        "name": {"text": badge.name, "language": badge.language},
        "latin": badge.name_latin,
        "position": badge.position,
        "firm": _firm_lines(firm, badge.language) if firm else _affiliation(badge),
        "country": country_of(badge, "en"),
        "kind": badge.kind,
        "kind_title": _kind(badge),
        "token": token_of(badge),
        "qr": _qr(address),
    }


def _texts(edition: Edition) -> list[dict[str, str]]:
    """The first two names of the fair, with their languages."""
    return [{"text": text, "language": language} for language, text in list(edition.name.items())[:2]]


def _firm_lines(firm: Firm, language: str) -> list[dict[str, str]]:
    """The firm's name in the person's language, and in English if that differs."""
    names = [in_language(firm.name, language), in_language(firm.name, "en")]
    lines = dict.fromkeys((name.text or firm.legal_name, name.language) for name in names)
    return [{"text": text, "language": spoken} for text, spoken in lines]


def _affiliation(badge: Badge) -> list[dict[str, str]]:
    return [{"text": badge.affiliation, "language": badge.language}] if badge.affiliation else []


def country_of(badge: Badge, language: str) -> str:
    """The name of the person's country or region, empty if unknown."""
    code = badge.participation.firm.country if badge.participation else badge.country
    return countries.name(code, language) if code else ""


def _kind(badge: Badge) -> str:
    """The kind in the person's language and in English, since colours alone say too little."""
    with override("en"):
        english = str(badge.get_kind_display())
    with override(badge.language):
        own = str(badge.get_kind_display())
    return english if own == english else f"{own} · {english}"


def _text(texts: dict[str, str], language: str) -> dict[str, str]:
    text = in_language(texts, language)
    return {"text": text.text, "language": text.language}


def _qr(address: str) -> str:
    return str(segno.make(address, error="m").svg_inline(scale=4, border=2))

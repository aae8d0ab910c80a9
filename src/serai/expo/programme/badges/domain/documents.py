"""Badges and certificates as PDF."""

from collections.abc import Callable, Sequence
from typing import Any

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.programme.badges.domain.tokens import token_of
from serai.expo.programme.badges.models import Badge
from serai.world.classifications import countries


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

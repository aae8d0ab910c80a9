"""What pages say to machines in the words of schema.org, as JSON-LD."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from serai.expo.editions.models import Edition, Participation
from serai.expo.files.models import Audience
from serai.expo.firms.models import FirmIdentifier
from serai.expo.firms.visibility import may_read, shown
from serai.expo.market.models import Need, Offer
from serai.expo.text import in_language

type Said = dict[str, Any]

CONTEXT = {"@context": "https://schema.org"}
# The property of schema.org for a number of a register; others are said by name.
NUMBERS = {"LEI": "leiCode", "GLN": "globalLocationNumber", "DUNS": "duns", "VAT": "vatID"}


def event(edition: Edition, request: HttpRequest) -> Said:
    """An edition as an ExhibitionEvent."""
    return _without_nothing(
        CONTEXT
        | {
            "@type": "ExhibitionEvent",
            "name": _said(edition.name),
            "description": _said(edition.theme),
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": "https://schema.org/EventScheduled",
            "url": _address(request, "edition", edition.slug),
            "inLanguage": get_language(),
            "location": {
                "@type": "Place",
                "name": _said(edition.venue) or _said(edition.city),
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": _said(edition.city),
                    "addressCountry": edition.country,
                },
            },
            "organizer": {"@type": "Organization", "name": _said(edition.organisation.name)},
        }
    )


def exhibitor(
    participation: Participation, offers: Iterable[Offer], needs: Iterable[Need], request: HttpRequest
) -> list[Said]:
    """A firm as an Organization, what it offers as Offers of Products, and what it needs as Demands."""
    address = _address(request, "firm", participation.edition.slug, participation.firm.identifier)
    return [
        _organisation(participation, address),
        *(_offer(one, address) for one in offers),
        *(_demand(one, address) for one in needs),
    ]


def _organisation(participation: Participation, address: str) -> Said:
    firm = participation.firm
    checked = {
        one.scheme: one.value
        for one in firm.identifiers.all()
        if may_read(firm, "identifiers", Audience.PUBLIC)
        and one.check_digit != FirmIdentifier.CheckDigit.WRONG
        and one.status != FirmIdentifier.Status.LAPSED
    }
    others = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": value}
        for scheme, value in checked.items()
        if scheme not in NUMBERS
    ]
    return _without_nothing(
        CONTEXT
        | {
            "@type": "Organization",
            "@id": f"{address}#firm",
            "url": address,
            "name": _said(firm.name),
            "legalName": firm.legal_name,
            "alternateName": sorted({text for text in firm.name.values() if text != _said(firm.name)}),
            "description": _said(firm.description),
            "sameAs": shown(firm, "website"),
            "foundingDate": str(shown(firm, "founded")),
            "isicV4": [str(code) for code in shown(firm, "isic")],
            "identifier": [{"@type": "PropertyValue", "propertyID": "Serai", "value": firm.identifier}, *others],
            "address": {
                "@type": "PostalAddress",
                "addressLocality": _said(firm.city),
                "addressCountry": firm.country,
            },
        }
        | {NUMBERS[scheme]: value for scheme, value in checked.items() if scheme in NUMBERS}
    )


def _offer(offer: Offer, address: str) -> Said:
    return _without_nothing(
        CONTEXT
        | {
            "@type": "Offer",
            "@id": f"{address}#offer-{offer.pk}",
            "offeredBy": {"@id": f"{address}#firm"},
            "itemOffered": _product(offer.title, offer.text, offer.hs),
            "validThrough": offer.valid_until.isoformat() if offer.valid_until else "",
        }
    )


def _demand(need: Need, address: str) -> Said:
    return _without_nothing(
        CONTEXT
        | {
            "@type": "Demand",
            "@id": f"{address}#need-{need.pk}",
            "itemOffered": _product(need.title, need.text, need.hs),
            "validThrough": need.valid_until.isoformat() if need.valid_until else "",
            "eligibleQuantity": {
                "@type": "QuantitativeValue",
                "value": float(need.quantity),
                "unitCode": need.unit,
            }
            if need.quantity
            else None,
        }
    )


def _product(title: Mapping[str, str], text: Mapping[str, str], hs: Iterable[object]) -> Said:
    codes = [{"@type": "PropertyValue", "propertyID": "HS 2022", "value": str(code)} for code in hs]
    return {"@type": "Product", "name": _said(title), "description": _said(text), "additionalProperty": codes}


def _said(texts: Mapping[str, str]) -> str:
    return in_language(texts).text


def _address(request: HttpRequest, name: str, *arguments: str) -> str:
    return urljoin(f"{request.scheme}://{request.get_host()}", reverse(name, args=arguments))


def _without_nothing(said: Said) -> Said:
    """Without what is empty, at every depth: schema.org has no word for a blank."""
    kept = {name: _without_nothing(value) if isinstance(value, dict) else value for name, value in said.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}

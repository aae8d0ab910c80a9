"""A fair and an exhibitor in the words of schema.org, as JSON-LD."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import get_language

from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import may_read, shown
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages.structured import (
    CONTEXT,
    JsonLd,
    demand_data,
    offer_data,
    page_address,
    plain_text,
    without_blanks,
)

NUMBERS = {"LEI": "leiCode", "GLN": "globalLocationNumber", "DUNS": "duns", "VAT": "vatID"}
"""The property of schema.org for a number of a register; other numbers are given with the name of their register."""


def event(edition: Edition, request: HttpRequest) -> JsonLd:
    """An edition as an ExhibitionEvent."""
    return without_blanks(
        CONTEXT
        | {
            "@type": "ExhibitionEvent",
            "name": plain_text(edition.name),
            "description": plain_text(edition.theme),
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": "https://schema.org/EventScheduled",
            "url": page_address(request, "edition", edition.slug),
            "inLanguage": get_language(),
            "location": {
                "@type": "Place",
                "name": plain_text(edition.venue) or plain_text(edition.city),
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": plain_text(edition.city),
                    "addressCountry": edition.country,
                },
            },
            "organizer": {"@type": "Organization", "name": plain_text(edition.organisation.name)},
        }
    )


def exhibitor(
    participation: Participation, offers: Iterable[Offer], needs: Iterable[Need], request: HttpRequest
) -> list[JsonLd]:
    """A firm as an Organization, what it offers as Offers of Products, and what it needs as Demands."""
    address = page_address(request, "firm", participation.edition.slug, participation.firm.identifier)
    return [
        _organisation(participation, address),
        *(offer_data(offer, address) for offer in offers),
        *(demand_data(need, address) for need in needs),
    ]


def _organisation(participation: Participation, address: str) -> JsonLd:
    firm = participation.firm
    checked = {
        number.scheme: number.value
        for number in firm.identifiers.all()
        if may_read(firm, "identifiers", Audience.PUBLIC)
        and number.check_digit != FirmIdentifier.CheckDigit.WRONG
        and number.status != FirmIdentifier.Status.LAPSED
    }
    others = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": value}
        for scheme, value in checked.items()
        if scheme not in NUMBERS
    ]
    return without_blanks(
        CONTEXT
        | {
            "@type": "Organization",
            "@id": f"{address}#firm",
            "url": address,
            "name": plain_text(firm.name),
            "legalName": firm.legal_name,
            "alternateName": sorted({text for text in firm.name.values() if text != plain_text(firm.name)}),
            "description": plain_text(firm.description),
            "sameAs": shown(firm, "website"),
            "foundingDate": str(shown(firm, "founded")),
            "isicV4": [str(code) for code in shown(firm, "isic")],
            "identifier": [{"@type": "PropertyValue", "propertyID": "Serai", "value": firm.identifier}, *others],
            "address": {
                "@type": "PostalAddress",
                "addressLocality": plain_text(firm.city),
                "addressCountry": firm.country,
            },
        }
        | {NUMBERS[scheme]: value for scheme, value in checked.items() if scheme in NUMBERS}
    )

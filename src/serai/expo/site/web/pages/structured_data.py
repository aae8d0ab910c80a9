"""A fair and its exhibitors as JSON-LD in the words of schema.org."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import get_language

from serai.expo.base.files.models import Audience
from serai.expo.base.structured_data import (
    CONTEXT,
    JSONObject,
    absolute_address,
    postal_address,
    text_of,
    without_empty,
)
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import may_read, shown
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages.structured_data import need_data, offer_data

# The property of schema.org for a number of a register; others are said by name.
NUMBERS = {"LEI": "leiCode", "GLN": "globalLocationNumber", "DUNS": "duns", "VAT": "vatID"}


def event(edition: Edition, request: HttpRequest) -> JSONObject:
    """An edition as an ExhibitionEvent."""
    return without_empty(
        CONTEXT
        | {
            "@type": "ExhibitionEvent",
            "name": text_of(edition.name),
            "description": text_of(edition.theme),
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": "https://schema.org/EventScheduled",
            "url": absolute_address(request, "edition", edition.slug),
            "inLanguage": get_language(),
            "location": {
                "@type": "Place",
                "name": text_of(edition.venue) or text_of(edition.city),
                "address": postal_address(edition.city, edition.country),
            },
            "organizer": {"@type": "Organization", "name": text_of(edition.organisation.name)},
        }
    )


def exhibitor(
    participation: Participation, offers: Iterable[Offer], needs: Iterable[Need], request: HttpRequest
) -> list[JSONObject]:
    """A firm as an Organization, what it offers as Offers of Products, and what it needs as Demands."""
    address = absolute_address(request, "firm", participation.edition.slug, participation.firm.identifier)
    return [
        _organisation(participation, address),
        *(offer_data(offer, address) for offer in offers),
        *(need_data(need, address) for need in needs),
    ]


def _organisation(participation: Participation, address: str) -> JSONObject:
    firm = participation.firm
    checked = {
        identifier.scheme: identifier.value
        for identifier in firm.identifiers.all()
        if may_read(firm, "identifiers", Audience.PUBLIC)
        and identifier.check_digit != FirmIdentifier.CheckDigit.WRONG
        and identifier.status != FirmIdentifier.Status.LAPSED
    }
    others = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": value}
        for scheme, value in checked.items()
        if scheme not in NUMBERS
    ]
    return without_empty(
        CONTEXT
        | {
            "@type": "Organization",
            "@id": f"{address}#firm",
            "url": address,
            "name": text_of(firm.name),
            "legalName": firm.legal_name,
            "alternateName": sorted({text for text in firm.name.values() if text != text_of(firm.name)}),
            "description": text_of(firm.description),
            "sameAs": shown(firm, "website"),
            "foundingDate": str(shown(firm, "founded")),
            "isicV4": [str(code) for code in shown(firm, "isic")],
            "identifier": [{"@type": "PropertyValue", "propertyID": "Serai", "value": firm.identifier}, *others],
            "address": postal_address(firm.city, firm.country),
        }
        | {NUMBERS[scheme]: value for scheme, value in checked.items() if scheme in NUMBERS}
    )

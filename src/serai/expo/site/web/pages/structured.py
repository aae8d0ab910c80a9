"""What pages say to machines in the words of schema.org, as JSON-LD."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from serai.expo.base.files.models import Audience
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import may_read, shown
from serai.expo.firms.record.models import Certification, FirmIdentifier
from serai.expo.offers.market.models import MarketItem, Need, Offer

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


def market_item(item: Offer | Need, request: HttpRequest, *, named: bool) -> Said:
    """An Offer or a Demand by itself; who stays unnamed is not told, nor the numbers of its certificates."""
    page = _address(request, f"market-{'need' if isinstance(item, Need) else 'offer'}", item.edition.slug, str(item.pk))
    firm = _address(request, "firm", item.edition.slug, item.participation.firm.identifier) if named else page
    said = _demand(item, firm) if isinstance(item, Need) else _offer(item, firm)
    said |= {"@id": f"{page}#item", "url": page}
    if not named:
        said.pop("offeredBy", None)
        said["itemOffered"].pop("gtin", None)  # its first digits are its maker's
        for one in said["itemOffered"].get("hasCertification", ()):
            one.pop("certificationIdentification", None)
    return said


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
            "itemOffered": _product(offer)
            | {"hasCertification": [_certification(one) for one in offer.certifications.all()]},
            "eligibleQuantity": _quantity("minValue", offer.minimum_order, offer.unit),
            "deliveryLeadTime": _quantity("maxValue", offer.lead_time_days, "DAY"),
        }
        | _terms(offer)
    )


def _demand(need: Need, address: str) -> Said:
    return _without_nothing(
        CONTEXT
        | {
            "@type": "Demand",
            "@id": f"{address}#need-{need.pk}",
            "itemOffered": _product(need),
            "eligibleQuantity": _quantity("value", need.quantity, need.unit),
        }
        | _terms(need)
    )


def _terms(item: MarketItem) -> Said:
    """What offers and demands say alike."""
    price = {"minPrice": item.price_low, "maxPrice": item.price_high, "priceCurrency": item.currency}
    return {
        "priceSpecification": {"@type": "PriceSpecification"}
        | {name: float(value) if isinstance(value, Decimal) else value for name, value in price.items()}
        if item.price_low is not None or item.price_high is not None
        else None,
        "availableAtOrFrom": {"@type": "Place", "name": item.delivery_place} if item.delivery_place else None,
        "availabilityStarts": item.delivery_from.isoformat() if item.delivery_from else "",
        "availabilityEnds": item.delivery_until.isoformat() if item.delivery_until else "",
        "validThrough": item.valid_until.isoformat() if item.valid_until else "",
    }


def _quantity(name: str, value: Decimal | int | None, unit: str) -> Said | None:
    return {"@type": "QuantitativeValue", name: float(value), "unitCode": unit} if value else None


def _certification(row: Certification) -> Said:
    return _without_nothing(
        {
            "@type": "Certification",
            "name": row.scheme,
            "certificationIdentification": row.number,
            "issuedBy": {"@type": "Organization", "name": row.body} if row.body else None,
            "expires": row.valid_until.isoformat() if row.valid_until else "",
        }
    )


def _product(item: MarketItem) -> Said:
    schemes = (("HS 2022", item.hs), ("CPC 2.1", item.cpc), ("ISIC Rev.4", item.isic))
    codes = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": str(c)} for scheme, found in schemes for c in found
    ]
    stated = [
        {"@type": "PropertyValue", "name": name, "value": f"{operator} {value}".removeprefix("= "), "unitText": unit}
        for name, operator, value, unit in item.attributes
    ]
    return {
        "@type": "Product",
        "name": _said(item.title),
        "description": _said(item.text) or _said(item.summary),
        "additionalProperty": [*codes, *stated],
        "gtin": getattr(item, "gtin", ""),
    }


def _said(texts: Mapping[str, str]) -> str:
    return in_language(texts).text


def _address(request: HttpRequest, name: str, *arguments: str) -> str:
    return urljoin(f"{request.scheme}://{request.get_host()}", reverse(name, args=arguments))


def _without_nothing(said: Said) -> Said:
    """Without what is empty, at every depth: schema.org has no word for a blank."""
    kept = {name: _without_nothing(value) if isinstance(value, dict) else value for name, value in said.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}

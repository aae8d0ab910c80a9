"""Offers and needs in the words of schema.org, as JSON-LD."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import reverse

from serai.expo.base.text import in_language
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.models import MarketItem, Need, Offer

type JsonLd = dict[str, Any]

CONTEXT = {"@context": "https://schema.org"}


def market_item_data(item: Offer | Need, request: HttpRequest, *, named: bool) -> JsonLd:
    """An Offer or a Demand on its own page. Unless ``named``, without the firm and without numbers that lead to it."""
    page = page_address(
        request, f"market-{'need' if isinstance(item, Need) else 'offer'}", item.edition.slug, str(item.pk)
    )
    firm = page_address(request, "firm", item.edition.slug, item.participation.firm.identifier) if named else page
    data = demand_data(item, firm) if isinstance(item, Need) else offer_data(item, firm)
    data |= {"@id": f"{page}#item", "url": page}
    if not named:
        data.pop("offeredBy", None)
        data["itemOffered"].pop("gtin", None)  # its first digits are its maker's
        for certification in data["itemOffered"].get("hasCertification", ()):
            certification.pop("certificationIdentification", None)
    return data


def offer_data(offer: Offer, address: str) -> JsonLd:
    """An Offer of the firm whose page is at ``address``."""
    return without_blanks(
        CONTEXT
        | {
            "@type": "Offer",
            "@id": f"{address}#offer-{offer.pk}",
            "offeredBy": {"@id": f"{address}#firm"},
            "itemOffered": _product(offer)
            | {"hasCertification": [_certification(row) for row in offer.certifications.all()]},
            "eligibleQuantity": _quantity("minValue", offer.minimum_order, offer.unit),
            "deliveryLeadTime": _quantity("maxValue", offer.lead_time_days, "DAY"),
        }
        | _terms(offer)
    )


def demand_data(need: Need, address: str) -> JsonLd:
    """A Demand of the firm whose page is at ``address``."""
    return without_blanks(
        CONTEXT
        | {
            "@type": "Demand",
            "@id": f"{address}#need-{need.pk}",
            "itemOffered": _product(need),
            "eligibleQuantity": _quantity("value", need.quantity, need.unit),
        }
        | _terms(need)
    )


def _terms(item: MarketItem) -> JsonLd:
    """Price, place and time of delivery, and validity: the same properties in offers and demands."""
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


def _quantity(name: str, value: Decimal | int | None, unit: str) -> JsonLd | None:
    return {"@type": "QuantitativeValue", name: float(value), "unitCode": unit} if value else None


def _certification(row: Certification) -> JsonLd:
    return without_blanks(
        {
            "@type": "Certification",
            "name": row.scheme,
            "certificationIdentification": row.number,
            "issuedBy": {"@type": "Organization", "name": row.body} if row.body else None,
            "expires": row.valid_until.isoformat() if row.valid_until else "",
        }
    )


def _product(item: MarketItem) -> JsonLd:
    schemes = (("HS 2022", item.hs), ("CPC 2.1", item.cpc), ("ISIC Rev.4", item.isic))
    codes = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": str(code)}
        for scheme, listed in schemes
        for code in listed
    ]
    stated = [
        {"@type": "PropertyValue", "name": name, "value": f"{operator} {value}".removeprefix("= "), "unitText": unit}
        for name, operator, value, unit in item.attributes
    ]
    return {
        "@type": "Product",
        "name": plain_text(item.title),
        "description": plain_text(item.text) or plain_text(item.summary),
        "additionalProperty": [*codes, *stated],
        "gtin": getattr(item, "gtin", ""),
    }


def plain_text(texts: Mapping[str, str]) -> str:
    """The text in the language of the page."""
    return in_language(texts).text


def page_address(request: HttpRequest, name: str, *arguments: str) -> str:
    """The full address of a page by its name."""
    return urljoin(f"{request.scheme}://{request.get_host()}", reverse(name, args=arguments))


def without_blanks(data: JsonLd) -> JsonLd:
    """The data without empty values, at every depth: schema.org has no word for a blank."""
    kept = {name: without_blanks(value) if isinstance(value, dict) else value for name, value in data.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}

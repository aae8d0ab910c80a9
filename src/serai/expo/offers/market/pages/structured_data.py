"""Offers and needs as JSON-LD in the words of schema.org."""

from decimal import Decimal

from django.http import HttpRequest

from serai.expo.base.structured_data import CONTEXT, JSONObject, absolute_address, text_of, without_empty
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.models import MarketItem, Need, Offer


def market_item(item: Offer | Need, request: HttpRequest, *, named: bool) -> JSONObject:
    """An Offer or a Demand by itself, without its firm and the numbers of its certificates unless ``named``."""
    page = absolute_address(
        request, f"market-{'need' if isinstance(item, Need) else 'offer'}", item.edition.slug, str(item.pk)
    )
    firm = absolute_address(request, "firm", item.edition.slug, item.participation.firm.identifier) if named else page
    data = need_data(item, firm) if isinstance(item, Need) else offer_data(item, firm)
    data |= {"@id": f"{page}#item", "url": page}
    if not named:
        data.pop("offeredBy", None)
        data["itemOffered"].pop("gtin", None)  # its first digits are its maker's
        for certification in data["itemOffered"].get("hasCertification", ()):
            certification.pop("certificationIdentification", None)
    return data


def offer_data(offer: Offer, address: str) -> JSONObject:
    """An offer, with the address of its firm's page."""
    return without_empty(
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


def need_data(need: Need, address: str) -> JSONObject:
    """A need, with the address of its firm's page."""
    return without_empty(
        CONTEXT
        | {
            "@type": "Demand",
            "@id": f"{address}#need-{need.pk}",
            "itemOffered": _product(need),
            "eligibleQuantity": _quantity("value", need.quantity, need.unit),
        }
        | _terms(need)
    )


def _terms(item: MarketItem) -> JSONObject:
    """What offers and needs have in common."""
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


def _quantity(name: str, value: Decimal | int | None, unit: str) -> JSONObject | None:
    return {"@type": "QuantitativeValue", name: float(value), "unitCode": unit} if value else None


def _certification(row: Certification) -> JSONObject:
    return without_empty(
        {
            "@type": "Certification",
            "name": row.scheme,
            "certificationIdentification": row.number,
            "issuedBy": {"@type": "Organization", "name": row.body} if row.body else None,
            "expires": row.valid_until.isoformat() if row.valid_until else "",
        }
    )


def _product(item: MarketItem) -> JSONObject:
    schemes = (("HS 2022", item.hs), ("CPC 2.1", item.cpc), ("ISIC Rev.4", item.isic))
    codes = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": str(code)}
        for scheme, listed in schemes
        for code in listed
    ]
    attributes = [
        {"@type": "PropertyValue", "name": name, "value": f"{operator} {value}".removeprefix("= "), "unitText": unit}
        for name, operator, value, unit in item.attributes
    ]
    return {
        "@type": "Product",
        "name": text_of(item.title),
        "description": text_of(item.text) or text_of(item.summary),
        "additionalProperty": [*codes, *attributes],
        "gtin": getattr(item, "gtin", ""),
    }

"""What an offer or a need asks of the other side, and which of it is a must; all else is a wish."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.match.placing import Side
from serai.match.requirements import ASKED_BY, USUAL_MUSTS, Requirement

NAMES: Mapping[Requirement, str | Promise] = {
    Requirement.CERTIFICATES: _("Certificates"),
    Requirement.QUANTITY: _("Quantity"),
    Requirement.LANGUAGES: _("Languages of the talks"),
    Requirement.COUNTRIES: _("Countries or regions wanted"),
    Requirement.PRICE: _("Price"),
    Requirement.DELIVERY: pgettext_lazy("a requirement", "Time of delivery"),
    Requirement.MINIMUM_ORDER: _("Minimum order"),
    Requirement.SIZE: _("Size of the partner"),
    Requirement.DEVELOPMENT: _("Stage of development"),
    Requirement.INCOTERMS: _("Incoterms"),
    Requirement.AGREEMENTS: _("Kinds of agreement"),
}

SAID_IN: Mapping[Requirement, tuple[str, ...]] = {
    Requirement.CERTIFICATES: ("certificates",),
    Requirement.QUANTITY: ("quantity",),
    Requirement.LANGUAGES: ("languages",),
    Requirement.COUNTRIES: ("countries_wanted",),
    Requirement.PRICE: ("price_low", "price_high"),
    Requirement.DELIVERY: ("delivery_until",),
    Requirement.MINIMUM_ORDER: ("minimum_order",),
    Requirement.SIZE: ("partner_sizes",),
    Requirement.DEVELOPMENT: ("development",),
    Requirement.INCOTERMS: ("incoterms",),
    Requirement.AGREEMENTS: ("agreements",),
}
"""In which fields of an offer or a need each is stated."""


def usual_musts() -> list[Requirement]:
    """What a need demands where it does not say which of it is a must."""
    return [requirement for requirement in Requirement if requirement in USUAL_MUSTS]


def side_of(item: Any) -> Side:
    """The side of an offer or a need, or of its model."""
    return Side(item._meta.model_name)


def choices(item: Any) -> list[tuple[str, Any]]:
    """What an item may ask, as the choices of a form."""
    return [(requirement.value, NAMES[requirement]) for requirement in ASKED_BY[side_of(item)]]


def asked(item: Any, *, must: bool) -> list[str]:
    """What an item states that is a must, or else a wish, by name in the reader's language."""
    return [
        str(NAMES[requirement])
        for requirement in ASKED_BY[side_of(item)]
        if (requirement.value in item.musts) is must
        and any(getattr(item, name, None) not in (None, "", []) for name in SAID_IN[requirement])
    ]

"""What must hold of an offer or a need, whoever writes it: known codes, from before to, money with a currency."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from serai.expo.firms.models import Firm
from serai.expo.market import asking
from serai.expo.market.models import Agreement, Incoterm, MarketItem, PartnerKind
from serai.world.classifications import countries, cpc, harmonized_system, isic

PAIRS = (("price_low", "price_high"), ("delivery_from", "delivery_until"), ("budget_low", "budget_high"))


class ItemFaultError(ValueError):
    """What is wrong with an offer or a need: ``faults`` maps fields to sentences."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


def check_item(item: MarketItem) -> None:
    """Raise ItemFaultError unless the item can be kept as it is."""
    faults = dict(_faults(item))
    try:
        item.full_clean(exclude=["number", "review"])
    except ValidationError as found:
        faults = {name: " ".join(sentences) for name, sentences in found.message_dict.items()} | faults
    if faults:
        raise ItemFaultError(faults)


def _faults(item: MarketItem) -> Iterator[tuple[str, str]]:
    if not any(item.title.values()):
        yield "title", _("Give it a title.")
    for name, known in _KNOWN.items():
        if unknown := [code for code in getattr(item, name) if not known(code)]:
            yield name, _("Not known: %s. Choose from the list.") % ", ".join(map(str, unknown))
    may = dict(asking.choices(item))
    if unknown := [name for name in item.musts if name not in may]:
        yield "musts", _("Not known: %s. Choose from the list.") % ", ".join(map(str, unknown))
    for low, high in PAIRS:
        first, last = getattr(item, low, None), getattr(item, high, None)
        if first is not None and last is not None and last < first:
            yield high, _("This is less than where it begins.")
    money = [getattr(item, name, None) for pair in (PAIRS[0], PAIRS[2]) for name in pair]
    if any(amount is not None for amount in money) and not item.currency:
        yield "currency", _("Say in which currency.")


def _is_hs(code: str) -> bool:
    return code.isdecimal() and len(code) in {2, 4, 6} and (len(code) == 2 or harmonized_system.exists(code[:4]))


def _is_country(code: str) -> bool:
    found = countries.find(code)
    return found is not None and found.alpha2 == code


def _of(choices: Any) -> Callable[[str], bool]:
    return set(choices.values).__contains__


_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "hs": _is_hs,
    "cpc": cpc.exists,
    "isic": lambda code: isic.exists(code.lstrip("ABCDEFGHIJKLMNOPQRSTU") or code),
    "incoterms": _of(Incoterm),
    "agreements": _of(Agreement),
    "partner_kinds": _of(PartnerKind),
    "partner_sizes": _of(Firm.Size),
    "countries_wanted": _is_country,
    "countries_excluded": _is_country,
}

"""What must hold of an offer or a need, whoever writes it: known codes, from before to, money with a currency."""

from collections.abc import Callable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from serai.expo.firms.record.domain.profile import KNOWN_CODES
from serai.expo.offers.market.domain.item_fields import FIELDS
from serai.expo.offers.market.models import MarketItem
from serai.expo.offers.market.models import requirements as asking
from serai.world.classifications import isic

PAIRS = (("price_low", "price_high"), ("delivery_from", "delivery_until"), ("budget_low", "budget_high"))


class ItemFaultError(ValueError):
    """What is wrong with an offer or a need: ``faults`` maps fields to sentences."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


def check_item(item: MarketItem) -> None:
    """Raise ItemFaultError unless the item can be kept as it is."""
    if faults := faults_of(item):
        raise ItemFaultError(faults)


def faults_of(item: MarketItem) -> dict[str, str]:
    """What is wrong with the item as it is, by field."""
    faults = dict(_faults(item))
    try:
        item.full_clean(exclude=["number", "review"])
    except ValidationError as found:
        faults = {name: " ".join(sentences) for name, sentences in found.message_dict.items()} | faults
    return faults


def _faults(item: MarketItem) -> Iterator[tuple[str, str]]:
    if not any(item.title.values()):
        yield "title", _("Give it a title.")
    for name, field in FIELDS[type(item)].items():
        is_known = KNOWN.get(field.kind)
        if field.kind == "several" and field.choices:
            is_known = field.choices.values.__contains__
        if is_known and (unknown := [code for code in getattr(item, name) if not is_known(code)]):
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


KNOWN: Mapping[str, Callable[[str], bool]] = {
    **KNOWN_CODES,
    "isic": lambda code: isic.exists(code.lstrip("ABCDEFGHIJKLMNOPQRSTU") or code),
}
"""Whether there is a code, by the kind of field that lists such codes; a class may have the letter of its section."""

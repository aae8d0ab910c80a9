"""The fields of an offer and of a need: words, readers, place in the form and limits of each, and what must hold of
them.

Everyone reads them where the offer or need is shown. What is for fewer says so: ``ORGANISER`` hides a field from
other participants, and the number of an article from who does not know the firm (``NAMES_THE_FIRM``).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.fields import Field, table
from serai.expo.base.files.models import Audience
from serai.expo.firms.record.domain.fields import ROWS
from serai.expo.firms.record.domain.profile import KNOWN_CODES
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.offers.market.models import (
    Agreement,
    Development,
    Family,
    Incoterm,
    MarketItem,
    Need,
    Offer,
    PartnerKind,
    Period,
    Rights,
)
from serai.expo.offers.market.models import requirements as asking
from serai.world.classifications import isic

EVERYONE, ORGANISER = Audience.PUBLIC, Audience.ORGANISER

NAMES_THE_FIRM = frozenset({"gtin"})
"""Fields that would name a firm that stays unnamed on the market."""

_MOST = 10**12  # a price has four decimals, and a digit less before them

_what = partial(Field, audience=EVERYONE, page="what")
_terms = partial(Field, audience=EVERYONE, page="terms")
_amount = partial(_terms, kind="decimal", least=0, most=_MOST)
_stage = partial(Field, audience=EVERYONE, page="stage")
_partner = partial(Field, audience=EVERYONE, page="partner")
_MUSTS = "What of that which it asks is a must; all else is a wish"

# fmt: off
_WHAT = (
    _what("family", "choice", _("Family"), required=True, choices=Family),
    _what("title", "texts", _("Title"), required=True, most=300),
    _what("summary", "texts", _("Summary"), most=500, long=True, given="In a sentence or two, for lists"),
    _what("text", "texts", _("Description"), most=4_000, long=True),
    _what("hs", "hs", _("HS codes"), most=20, help=_("Of 2, 4 or 6 digits, with commas between."),
          description="HS 2022 codes", given="HS 2022 codes of 2, 4 or 6 digits"),
    _what("cpc", "cpc", _("Products and services (CPC)"), most=20, help=_("Codes of CPC 2.1, 1 to 5 digits."),
          description="CPC 2.1 codes", given="CPC 2.1 codes"),
    _what("isic", "isic", _("Classes of activity (ISIC)"), most=20, help=_("For services."),
          description="ISIC Rev.4 classes"),
    _what("node", "node", _("Node of a chain"), help=_("Where it belongs. Empty: its words and codes decide.")),
    _what("attributes", "attributes", _("Specification"), most=60, each=200,
          help=_("A line each, such as: thickness <= 12 µm"), description="Name, sign, value and unit of each"),
    Field("certificates", "schemes", _("Certificates"), EVERYONE, page="certificates", most=30,
          each=ROWS[Certification]["scheme"].most,
          description="Schemes: of a need those required, of an offer those stated", given="Schemes, as in ISO 9001"),
)
_RECOMMENDATION = "UN/CEFACT Recommendation 20"
_UNIT = _terms("unit", "unit", _("Unit"), description=_RECOMMENDATION, given=_RECOMMENDATION)
_REST = (
    _terms("currency", "currency", _("Currency (ISO 4217)"), help=_("ISO 4217.")),
    _terms("incoterms", "several", _("Incoterms"), most=len(Incoterm), choices=Incoterm),
    _terms("delivery_place", "line", _("Place of delivery")),
    _terms("delivery_from", "day", _("Delivery from")),
    _terms("delivery_until", "day", _("Delivery until")),
    _stage("development", "choice", _("Stage of development"), choices=Development),
    _stage("rights", "choice", _("Intellectual property"), choices=Rights),
    _partner("agreements", "several", _("Kinds of agreement"), most=20, choices=Agreement),
    _partner("partner_kinds", "several", _("Partner sought"), most=20, choices=PartnerKind),
    _partner("partner_sizes", "several", _("Size of the partner"), most=len(Firm.Size), choices=Firm.Size),
    _partner("partner_role", "texts", _("What the partner is to do"), most=1_000, long=True),
    _partner("countries_wanted", "countries", _("Countries or regions wanted"), most=250, help=_("Empty: all.")),
    _partner("countries_excluded", "countries", _("Countries or regions excluded"), audience=ORGANISER, most=250),
    _partner("languages", "languages", _("Languages of the talks"), most=30),
    Field("musts", "musts", _("Must be met"), EVERYONE, page="musts", most=11,
          help=_("Of what you state. What is not ticked is a wish: it counts, and shuts nobody out."),
          description=_MUSTS, given=f"{_MUSTS}, which counts and shuts nobody out"),
    Field("anonymous", "flag", _("On the market without my name until I accept"), EVERYONE, page="publication"),
    Field("valid_until", "day", _("Valid until"), EVERYONE, page="publication"),
)

OFFER = table(
    Offer,
    *_WHAT,
    _terms("gtin", "gtin", _("Article number (GTIN)"), given="Article number (GS1 GTIN)",
           description="Article number; empty where the offer goes without the name of its firm"),
    _amount("minimum_order", words=_("Minimum order")),
    _UNIT,
    _terms("lead_time_days", "days", _("Lead time in days"), least=0, most=3_650),
    _amount("capacity", words=_("Capacity")),
    _terms("capacity_period", "choice", _("Capacity in"), choices=Period),
    _amount("price_low", words=_("Price from"), most=_MOST - 1),
    _amount("price_high", words=_("Price to"), most=_MOST - 1),
    _stage("launch", "flag", _("Shown here for the first time"), help=_("Shown here for the first time."),
           description="Shown here for the first time", given="Shown here for the first time"),
    _stage("launch_at", "moment", _("Launch on")),
    *_REST,
    chosen=False,
)
NEED = table(
    Need,
    *_WHAT,
    _amount("quantity", words=_("Quantity")),
    _UNIT,
    _terms("frequency", "choice", _("How often"), choices=Period),
    _amount("budget_low", words=_("Budget from")),
    _amount("budget_high", words=_("Budget to")),
    _amount("price_low", words=_("Target price from"), most=_MOST - 1),
    _amount("price_high", words=_("Target price to"), most=_MOST - 1),
    *_REST,
    chosen=False,
)
# fmt: on

FIELDS: Mapping[type[MarketItem], Mapping[str, Field]] = {Offer: OFFER, Need: NEED}
"""The fields of each kind, in the order of its form."""


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
        yield "title", gettext("Give it a title.")
    for name, field in FIELDS[type(item)].items():
        is_known = KNOWN.get(field.kind)
        if field.kind == "several" and field.choices:
            is_known = field.choices.values.__contains__
        if is_known and (unknown := [code for code in getattr(item, name) if not is_known(code)]):
            yield name, gettext("Not known: %s. Choose from the list.") % ", ".join(map(str, unknown))
    may = dict(asking.choices(item))
    if unknown := [name for name in item.musts if name not in may]:
        yield "musts", gettext("Not known: %s. Choose from the list.") % ", ".join(map(str, unknown))
    for low, high in PAIRS:
        first, last = getattr(item, low, None), getattr(item, high, None)
        if first is not None and last is not None and last < first:
            yield high, gettext("This is less than where it begins.")
    money = [getattr(item, name, None) for pair in (PAIRS[0], PAIRS[2]) for name in pair]
    if any(amount is not None for amount in money) and not item.currency:
        yield "currency", gettext("Say in which currency.")


KNOWN: Mapping[str, Callable[[str], bool]] = {
    **KNOWN_CODES,
    "isic": lambda code: isic.exists(code.lstrip("ABCDEFGHIJKLMNOPQRSTU") or code),
}
"""Whether there is a code, by the kind of field that lists such codes; a class may have the letter of its section."""

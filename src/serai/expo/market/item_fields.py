"""The fields of an offer and of a need: words, readers, place in the form and limits of each.

Everyone reads them where the offer or need is shown. What is for fewer says so: ``ORGANISER`` hides a field from other
participants, and the number of an article from who does not know the firm (``NAMES_THE_FIRM``).
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from serai.expo.fields import Field, table
from serai.expo.files.models import Audience
from serai.expo.firms.fields import ROWS
from serai.expo.firms.models import Certification, Firm
from serai.expo.market.models import (
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

EVERYONE, ORGANISER = Audience.PUBLIC, Audience.ORGANISER

NAMES_THE_FIRM = frozenset({"gtin"})
"""Fields that would name a firm that stays unnamed on the market."""

LONGEST_SCHEME = ROWS[Certification]["scheme"].most or 0
LONGEST_PART = 200
"""Characters of a name, a sign, a value or a unit of an attribute."""

_MOST = 10**12  # a price has four decimals, and a digit less before them

# fmt: off
_WHAT = (
    Field("family", "choice", _("Family"), EVERYONE, page="what", required=True, choices=Family),
    Field("title", "texts", _("Title"), EVERYONE, page="what", required=True, most=300),
    Field("summary", "texts", _("Summary"), EVERYONE, page="what", most=500, long=True,
          given="In a sentence or two, for lists"),
    Field("text", "texts", _("Description"), EVERYONE, page="what", most=4_000, long=True),
    Field("hs", "hs", _("HS codes"), EVERYONE, page="what", most=20,
          help=_("Of 2, 4 or 6 digits, with commas between."), description="HS 2022 codes",
          given="HS 2022 codes of 2, 4 or 6 digits"),
    Field("cpc", "cpc", _("Products and services (CPC)"), EVERYONE, page="what", most=20,
          help=_("Codes of CPC 2.1, 1 to 5 digits."), description="CPC 2.1 codes", given="CPC 2.1 codes"),
    Field("isic", "isic", _("Classes of activity (ISIC)"), EVERYONE, page="what", most=20, help=_("For services."),
          description="ISIC Rev.4 classes"),
    Field("node", "node", _("Link of a chain"), EVERYONE, page="what",
          help=_("Where it belongs. Empty: its words and codes decide.")),
    Field("attributes", "attributes", _("Specification"), EVERYONE, page="what", most=60,
          help=_("A line each, such as: thickness <= 12 µm"), description="Name, sign, value and unit of each"),
    Field("certificates", "schemes", _("Certificates"), EVERYONE, page="certificates", most=30,
          description="Schemes: of a need those required, of an offer those stated",
          given="Schemes, as in ISO 9001"),
)


def _money(low: Field, high: Field) -> tuple[Field, ...]:
    return (
        low, high,
        Field("currency", "currency", _("Currency (ISO 4217)"), EVERYONE, page="terms", help=_("ISO 4217.")),
        Field("incoterms", "several", _("Incoterms"), EVERYONE, page="terms", most=len(Incoterm), choices=Incoterm),
        Field("delivery_place", "line", _("Place of delivery"), EVERYONE, page="terms"),
        Field("delivery_from", "day", _("Delivery from"), EVERYONE, page="terms"),
        Field("delivery_until", "day", _("Delivery until"), EVERYONE, page="terms"),
    )


_UNIT = Field("unit", "unit", _("Unit"), EVERYONE, page="terms", description="UN/CEFACT Recommendation 20",
              given="UN/CEFACT Recommendation 20")
_MUSTS = "What of that which it asks is a must; all else is a wish"
_REST = (
    Field("development", "choice", _("Stage of development"), EVERYONE, page="stage", choices=Development),
    Field("rights", "choice", _("Intellectual property"), EVERYONE, page="stage", choices=Rights),
    Field("agreements", "several", _("Kinds of agreement"), EVERYONE, page="partner", most=20, choices=Agreement),
    Field("partner_kinds", "several", _("Partner sought"), EVERYONE, page="partner", most=20, choices=PartnerKind),
    Field("partner_sizes", "several", _("Size of the partner"), EVERYONE, page="partner", most=len(Firm.Size),
          choices=Firm.Size),
    Field("partner_role", "texts", _("What the partner is to do"), EVERYONE, page="partner", most=1_000, long=True),
    Field("countries_wanted", "countries", _("Countries or regions wanted"), EVERYONE, page="partner", most=250,
          help=_("Empty: all.")),
    Field("countries_excluded", "countries", _("Countries or regions excluded"), ORGANISER, page="partner", most=250),
    Field("languages", "languages", _("Languages of the talks"), EVERYONE, page="partner", most=30),
    Field("musts", "musts", _("Must be met"), EVERYONE, page="musts", most=11,
          help=_("Of what you state. What is not ticked is a wish: it counts, and shuts nobody out."),
          description=_MUSTS, given=f"{_MUSTS}, which counts and shuts nobody out"),
    Field("anonymous", "flag", _("On the market without my name until I accept"), EVERYONE, page="publication"),
    Field("valid_until", "day", _("Valid until"), EVERYONE, page="publication"),
)

OFFER = table(
    Offer,
    *_WHAT,
    Field("gtin", "gtin", _("Article number (GTIN)"), EVERYONE, page="terms",
          description="Article number; empty where the offer goes without the name of its firm",
          given="Article number (GS1 GTIN)"),
    Field("minimum_order", "decimal", _("Minimum order"), EVERYONE, page="terms", least=0, most=_MOST),
    _UNIT,
    Field("lead_time_days", "days", _("Lead time in days"), EVERYONE, page="terms", least=0, most=3_650),
    Field("capacity", "decimal", _("Capacity"), EVERYONE, page="terms", least=0, most=_MOST),
    Field("capacity_period", "choice", _("Capacity in"), EVERYONE, page="terms", choices=Period),
    *_money(
        Field("price_low", "decimal", _("Price from"), EVERYONE, page="terms", least=0, most=_MOST - 1),
        Field("price_high", "decimal", _("Price to"), EVERYONE, page="terms", least=0, most=_MOST - 1),
    ),
    Field("launch", "flag", _("Shown here for the first time"), EVERYONE, page="stage",
          help=_("Shown here for the first time."),
          description="Shown here for the first time", given="Shown here for the first time"),
    Field("launch_at", "moment", _("Launch on"), EVERYONE, page="stage"),
    *_REST,
    chosen=False,
)
NEED = table(
    Need,
    *_WHAT,
    Field("quantity", "decimal", _("Quantity"), EVERYONE, page="terms", least=0, most=_MOST),
    _UNIT,
    Field("frequency", "choice", _("How often"), EVERYONE, page="terms", choices=Period),
    Field("budget_low", "decimal", _("Budget from"), EVERYONE, page="terms", least=0, most=_MOST),
    Field("budget_high", "decimal", _("Budget to"), EVERYONE, page="terms", least=0, most=_MOST),
    *_money(
        Field("price_low", "decimal", _("Target price from"), EVERYONE, page="terms", least=0, most=_MOST - 1),
        Field("price_high", "decimal", _("Target price to"), EVERYONE, page="terms", least=0, most=_MOST - 1),
    ),
    *_REST,
    chosen=False,
)
# fmt: on

FIELDS: Mapping[type[MarketItem], Mapping[str, Field]] = {Offer: OFFER, Need: NEED}
"""The fields of each kind, in the order of its form."""

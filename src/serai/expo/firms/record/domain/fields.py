"""The fields of a firm and of the rows that belong to it: words, readers, pages and limits of each.

A new field of the firm is a column of the model and an entry here (CONTRIBUTING.md, "A field of a firm").
"""

from collections.abc import Mapping
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.fields import Field, table
from serai.expo.base.files.models import Audience
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant

INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
"""Incoterms 2020 of the International Chamber of Commerce."""

EVERYONE, PARTICIPANTS, ORGANISER = Audience.PUBLIC, Audience.PARTICIPANTS, Audience.ORGANISER

MADE = frozenset({"id", "identifier", "merged_into", "name_key", "sort_name", "visibility", "provenance", "created_at"})
"""Columns of the firm that Serai fills itself. Everyone may read them."""

LATEST_YEAR = 2100
_MOST = 10**12
_CODES = _("Codes, with commas between.")
_COUNTRIES = _("Names or ISO codes, with semicolons between.")

_company = partial(Field, page="company", heading="firm")
_trade = partial(Field, page="trade", heading="trade")
_emissions = partial(Field, under="emissions", page="sustainability", heading="sustainability")

# fmt: off
FIRM = table(
    Firm,
    Field("name", "texts", pgettext_lazy("of a thing", "Name"), EVERYONE, chosen=False, page="profile",
          label=_("Name of the firm"), required=True, most=300, searched=True),
    Field("description", "texts", _("Description"), EVERYONE, chosen=False, page="profile", most=4_000, long=True,
          searched=True),
    Field("city", "texts", _("City"), EVERYONE, chosen=False, page="profile", most=200, searched=True),
    Field("website", "link", _("Web site"), EVERYONE, page="profile"),
    Field("legal_name", "line", _("Legal name"), EVERYONE, chosen=False, heading="firm", searched=True),
    Field("language", "language", _("Language of the firm"), EVERYONE, chosen=False, required=True),
    Field("country", "country", _("Country or region"), EVERYONE, chosen=False, description="ISO 3166 alpha-2"),
    Field("logo", "file", _("Logo"), EVERYONE, chosen=False, imported=False),
    Field("aliases", "rows", _("Also known as"), EVERYONE, heading="firm"),
    Field("legal_form", "line", _("Legal form"), EVERYONE, page="address", heading="firm",
          help=_("Such as GmbH, Ltd or 有限公司.")),
    Field("address", "texts", _("Address"), PARTICIPANTS, page="address", heading="firm", most=300),
    Field("subdivision", "texts", _("Province or state"), EVERYONE, page="address", most=200),
    Field("point", "together", _("Place on the map"), PARTICIPANTS),
    Field("latitude", "number", _("Latitude"), under="point", page="address", least=-90, most=90, imported=False,
          help=_("In degrees, south negative.")),
    Field("longitude", "number", _("Longitude"), under="point", page="address", least=-180, most=180, imported=False,
          help=_("In degrees, west negative.")),
    Field("point_approximate", "flag", _("The place is approximate"), under="point", page="address", imported=False),
    _company("founded", "year", _("Founded"), EVERYONE, least=600, most=LATEST_YEAR),
    _company("size", "choice", _("Size"), EVERYONE, choices=Firm.Size, description="micro, small, medium or large"),
    _company("ownership", "choice", _("Ownership"), EVERYONE, choices=Firm.Ownership),
    _company("parent", "firm", _("Part of"), EVERYONE, description="Identifier of the firm to which it belongs",
             help=_("The identifier of a firm of this fair, as in the address of its page.")),
    _company("women_led", "yes_no", _("Led by women"), EVERYONE),
    _company("employees", "choice", _("Employees"), PARTICIPANTS, choices=Firm.Employees,
             description="A band, as in 50-249"),
    _company("turnover", "choice", _("Turnover, million US$ a year"), ORGANISER, choices=Firm.Turnover,
             description="Millions of US dollars a year, a band"),
    _company("export_share", "choice", _("Share of exports"), EVERYONE, heading="trade", choices=Firm.ExportShare,
             description="Per cent of turnover, a band"),
    _company("isic", "isic", _("Industries (ISIC)"), EVERYONE, most=50, description="ISIC Rev.4 classes",
             help=_("Such as 2720 for batteries; several with commas between.")),
    _company("cpc", "cpc", _("Products (CPC)"), EVERYONE, most=50, help=_CODES, description="CPC 2.1 codes"),
    _trade("markets", "countries", _("Markets now"), EVERYONE, most=250, help=_COUNTRIES),
    _trade("markets_sought", "countries", _("Markets sought"), EVERYONE, most=250, help=_COUNTRIES),
    _trade("languages", "languages", _("Languages spoken"), EVERYONE, most=50,
           help=_("Names or codes, with commas between.")),
    _trade("incoterms", "incoterms", _("Terms of delivery"), EVERYONE, most=len(INCOTERMS)),
    _trade("minimum_order", "line", _("Minimum order"), PARTICIPANTS, help=_("With its unit, such as 500 kg.")),
    _trade("lead_time_days", "days", _("Lead time"), PARTICIPANTS, label=_("Lead time, in days"), least=0, most=3_650),
    Field("emissions", "together", _("Emissions"), PARTICIPANTS),
    _emissions("emissions_year", "year", _("Year of the emissions"), heading="", least=1990, most=LATEST_YEAR),
    _emissions("scope_1", "number", _("Own emissions (scope 1), t CO₂e a year"), least=0, most=_MOST,
               description="Tonnes of CO2 equivalent a year"),
    _emissions("scope_2", "number", _("Emissions of bought energy (scope 2), t CO₂e a year"), least=0, most=_MOST),
    _emissions("carbon_per_unit", "number", _("Carbon per unit, kg CO₂e"), least=0, most=_MOST,
               description="Kilograms of CO2 equivalent"),
    _emissions("carbon_unit", "line", _("Unit of the carbon footprint"), heading="",
               help=_("Of what, such as kWh or t of aluminium foil.")),
    Field("audit", "line", _("Audit"), EVERYONE, page="sustainability", heading="sustainability",
          help=_("By whom, after which standard, and when.")),
    Field("identifiers", "rows", _("Numbers in registers"), EVERYONE),
    Field("flows", "rows", _("Inputs and outputs"), EVERYONE),
    Field("plants", "rows", _("Plants"), EVERYONE),
    Field("certifications", "rows", _("Certificates"), EVERYONE),
    Field("certificate_files", "together", _("Files of certificates"), PARTICIPANTS),
    Field("positions", "rows", _("Positions on the chains"), EVERYONE, chosen=False),
    Field("media", "rows", _("Pictures and films"), EVERYONE, chosen=False),
    made=MADE,
)
"""The fields of the firm, in the order in which a page shows them."""

type Row = Plant | Flow | Certification | FirmIdentifier | FirmAlias

ROWS: Mapping[type[Row], Mapping[str, Field]] = {
    Plant: table(
        Plant,
        Field("country", "country", _("Country or region"), required=True),
        Field("place", "texts", _("Place"), most=300),
        Field("process", "texts", _("Process"), most=300),
        Field("capacity", "decimal", _("Capacity"), least=0, most=_MOST),
        Field("unit", "line", _("Unit of the capacity"), help=_("With its period: GWh/a.")),
        Field("since", "year", _("Since the year"), least=600, most=LATEST_YEAR),
        under="plants",
    ),
    Flow: table(
        Flow,
        Field("direction", "choice", _("Input or output"), required=True, choices=Flow.Direction,
              description="input or output"),
        Field("scheme", "choice", _("Nomenclature"), required=True, choices=Flow.Scheme),
        Field("code", "code", _("Code"), help=_("Such as 850760, or 46420 of CPC."), required=True),
        Field("text", "texts", _("In words"), most=300),
        Field("share", "choice", _("Share of what you buy or sell"), choices=Flow.Share,
              description="Per cent of what it buys or sells, a band"),
        Field("since", "year", _("Since the year"), least=600, most=LATEST_YEAR),
        Field("countries", "countries", _("Comes from, or goes to"), help=_COUNTRIES, most=250),
        under="flows",
    ),
    Certification: table(
        Certification,
        Field("scheme", "line", _("Scheme"), help=_("Such as ISO 9001:2015."), required=True),
        Field("number", "line", _("Number")),
        Field("body", "line", _("Certifying body")),
        Field("scope", "texts", _("Scope"), most=300),
        Field("valid_from", "day", _("Valid from")),
        Field("valid_until", "day", _("Valid until")),
        Field("file", "file", _("File"), help=_("PDF or picture, 8 MB at most. A new file replaces the one before."),
              description="Name of its file; null where there is none, or none that you may open"),
        under="certifications",
    ),
    FirmIdentifier: table(
        FirmIdentifier,
        Field("scheme", "choice", _("Kind of number"), required=True, choices=FirmIdentifier.Scheme),
        Field("value", "line", _("Number"), required=True),
        Field("source", "line", _("Source"), help=_("Where it can be looked up.")),
        under="identifiers",
    ),
    FirmAlias: table(
        FirmAlias,
        Field("name", "line", pgettext_lazy("of a thing", "Name"), required=True),
        Field("kind", "choice", _("Kind of name"), required=True, choices=FirmAlias.Kind),
        Field("language", "language", _("Language of the name")),
        under="aliases",
    ),
}
"""The fields of the rows that belong to a firm. All fields of a row have the readers of its list."""
# fmt: on

SECTIONS: Mapping[type, str] = {model: next(iter(fields.values())).under for model, fields in ROWS.items()}
"""The rows that belong to a firm, under the name by which they are shown or hidden and marked."""


def longest(name: str) -> int:
    """The most characters of a text of the firm, for forms that ask for it before there is a record."""
    most = FIRM[name].most
    assert most is not None
    return most

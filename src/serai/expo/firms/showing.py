"""A firm as one reader sees it: what that reader may read, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.files.models import Audience
from serai.expo.firms.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant, Verification
from serai.expo.firms.provenance import Said, said_of
from serai.expo.firms.sizing import NAMES, Sized
from serai.expo.firms.verifying import level_of
from serai.expo.firms.visibility import RANK, audience_of, hidden_from, may_read
from serai.expo.text import in_language, language_name
from serai.world.classifications import countries, cpc, isic

LABELS: Mapping[str, str | Promise] = {
    "legal_name": _("Legal name"),
    "name": _("Name"),
    "aliases": _("Also known as"),
    "legal_form": _("Legal form"),
    "description": _("Description"),
    "website": _("Web site"),
    "logo": _("Logo"),
    "country": _("Country or region"),
    "subdivision": _("Province or state"),
    "city": _("City"),
    "address": _("Address"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "point": _("Place on the map"),
    "point_approximate": _("The place is approximate"),
    "founded": _("Founded"),
    "size": _("Size"),
    "women_led": _("Led by women"),
    "ownership": _("Ownership"),
    "parent": _("Part of"),
    "employees": _("Employees"),
    "turnover": _("Turnover, million US$ a year"),
    "export_share": _("Share of exports"),
    "isic": _("Industries (ISIC)"),
    "cpc": _("Products (CPC)"),
    "language": _("Language of the firm"),
    "languages": _("Languages spoken"),
    "markets": _("Markets now"),
    "markets_sought": _("Markets sought"),
    "incoterms": _("Terms of delivery"),
    "minimum_order": _("Minimum order"),
    "lead_time_days": _("Lead time"),
    "emissions": _("Emissions"),
    "emissions_year": _("Year of the emissions"),
    "scope_1": _("Own emissions (scope 1), t CO₂e a year"),
    "scope_2": _("Emissions of bought energy (scope 2), t CO₂e a year"),
    "carbon_per_unit": _("Carbon per unit, kg CO₂e"),
    "carbon_unit": _("Unit of the carbon footprint"),
    "audit": _("Audit"),
    "identifiers": _("Numbers in registers"),
    "flows": _("Inputs and outputs"),
    "plants": _("Plants"),
    "certifications": _("Certificates"),
    "certificate_files": _("Files of certificates"),
    "positions": _("Positions on the chains"),
    "media": _("Pictures and films"),
}
"""What each field is called."""

_GROUPS: Sequence[tuple[str | Promise, tuple[str, ...]]] = (
    (
        _("The firm"),
        (
            "legal_name", "aliases", "legal_form", "address", "founded", "size", "ownership", "parent", "women_led",
            "employees", "turnover", "isic", "cpc",
        ),
    ),
    (
        _("Trade"),
        ("export_share", "markets", "markets_sought", "languages", "incoterms", "minimum_order", "lead_time_days"),
    ),
    (_("Sustainability"), ("scope_1", "scope_2", "carbon_per_unit", "audit")),
)  # fmt: skip


_OWN_WORDS = frozenset(
    {"legal_name", "aliases", "legal_form", "address", "parent", "minimum_order", "audit", "carbon_per_unit"}
)
_IN_ENGLISH = frozenset({"isic", "cpc", "incoterms"})


@dataclass(frozen=True)
class Fact:
    """A field in words; ``only`` names its readers where these are not everyone."""

    name: str
    label: str
    text: str
    only: str = ""
    language: str = ""


@dataclass(frozen=True)
class Certificate:
    """A certificate and how it stands on the day."""

    row: Certification
    is_expired: bool
    file: str


@dataclass(frozen=True)
class Profile:
    """All that a reader sees of a firm beyond its name."""

    groups: tuple[tuple[str, tuple[Fact, ...]], ...]
    identifiers: tuple[FirmIdentifier, ...]
    inputs: tuple[Flow, ...]
    outputs: tuple[Flow, ...]
    plants: tuple[Plant, ...]
    certificates: tuple[Certificate, ...]
    verification: Verification | None
    sources: tuple[tuple[str, Said], ...]
    website: str
    logo: str


def profile(firm: Firm, reader: Audience, on: date, sized: Sized | None = None) -> Profile:
    """The firm as a reader (``visibility.reads_as``) sees it on a day, in a fixed number of queries.

    ``sized`` is its size class at the fair where it is seen (``sizing.size_of``).
    """
    hidden = hidden_from(firm, reader)
    inside = RANK[reader] >= RANK[Audience.ORGANISER]

    def rows(name: str) -> list[Any]:
        return [] if name in hidden else list(getattr(firm, name).all())

    aliases = rows("aliases")
    flows = rows("flows")
    files = may_read(firm, "certificate_files", reader)
    facts = {fact.name: fact for fact in _facts(firm, aliases, hidden, sized, inside=inside)}
    groups = tuple(
        (str(title), found)
        for title, names in _GROUPS
        if (found := tuple(facts[name] for name in names if name in facts))
    )
    said = sorted(said_of(firm).items(), key=lambda each: each[1].at, reverse=True) if inside else []
    certifications = [] if "certifications" in hidden else list(firm.certifications.select_related("file"))
    return Profile(
        groups,
        tuple(rows("identifiers")),
        tuple(flow for flow in flows if flow.direction == Flow.Direction.INPUT),
        tuple(flow for flow in flows if flow.direction == Flow.Direction.OUTPUT),
        tuple(rows("plants")),
        tuple(
            Certificate(
                one,
                one.valid_until is not None and one.valid_until < on,
                one.file.token if one.file and files and RANK[reader] >= RANK[one.file.audience] else "",
            )
            for one in certifications
        ),
        level_of(firm, on),
        tuple((str(LABELS.get(name, name)), one) for name, one in said if name not in hidden),
        "" if "website" in hidden else firm.website,
        firm.logo.token if firm.logo else "",
    )


def _facts(
    firm: Firm, aliases: Iterable[FirmAlias], hidden: frozenset[str], sized: Sized | None, *, inside: bool
) -> Iterable[Fact]:
    words = _words(firm, aliases)
    if sized and sized.is_computed:
        words["size"] = gettext("%(size)s, computed by the rule of this fair") % {"size": NAMES[sized.size]}
    for name, text in words.items():
        if not text or name in hidden:
            continue
        said = audience_of(firm, name)
        only = str(Audience(said).label) if inside and said != Audience.PUBLIC else ""
        language = "en" if name in _IN_ENGLISH else firm.language if name in _OWN_WORDS else ""
        yield Fact(name, str(LABELS[name]), text, only, language)


def _words(firm: Firm, aliases: Iterable[FirmAlias]) -> dict[str, str]:
    address = [str(in_language(text)) for text in (firm.address, firm.city, firm.subdivision)]
    per = f" / {firm.carbon_unit}" if firm.carbon_unit else ""
    year = f" ({firm.emissions_year})" if firm.emissions_year else ""
    days = firm.lead_time_days
    return {
        "legal_name": firm.legal_name,
        "aliases": " · ".join(alias.name for alias in aliases),
        "legal_form": firm.legal_form,
        "address": ", ".join(dict.fromkeys(part for part in address if part)) if firm.address else "",
        "founded": str(firm.founded or ""),
        "size": firm.get_size_display(),
        "ownership": firm.get_ownership_display(),
        "parent": str(in_language(firm.parent.name)) or firm.parent.legal_name if firm.parent else "",
        "women_led": str(_("yes")) if firm.women_led else "",
        "employees": firm.get_employees_display(),
        "turnover": firm.get_turnover_display(),
        "isic": "; ".join(f"{code} {_title(isic.activity, code)}".strip() for code in firm.isic),
        "cpc": "; ".join(f"{code} {_title(cpc.product, code)}".strip() for code in firm.cpc),
        "export_share": firm.get_export_share_display(),
        "markets": _countries(firm.markets),
        "markets_sought": _countries(firm.markets_sought),
        "languages": " · ".join(language_name(code) for code in firm.languages),
        "incoterms": " · ".join(firm.incoterms),
        "minimum_order": firm.minimum_order,
        "lead_time_days": ngettext("%d day", "%d days", days) % days if days is not None else "",
        "scope_1": _number(firm.scope_1) + year if firm.scope_1 is not None else "",
        "scope_2": _number(firm.scope_2) + year if firm.scope_2 is not None else "",
        "carbon_per_unit": _number(firm.carbon_per_unit) + per if firm.carbon_per_unit is not None else "",
        "audit": firm.audit,
    }


def _number(value: float) -> str:
    return number_format(value, 2 if value < 10 else 0, force_grouping=True)


def _countries(codes: Iterable[str]) -> str:
    language = get_language() or "en"
    return " · ".join(countries.name(code, language) for code in codes)


def _title(look: Any, code: str) -> str:
    try:
        return str(look(code).title)
    except (LookupError, AttributeError):
        return ""

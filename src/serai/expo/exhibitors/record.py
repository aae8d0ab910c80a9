"""The record of a firm as its desk shows it: groups of fields and lists of rows, each one page. The table is here; what
is written goes through ``firms.profile``, which checks, audits and marks it.

keep_fields(firm, {"incoterms": ["FOB"]}, {"minimum_order": "public"}, user=user, edition=edition)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.editions.models import Edition
from serai.expo.exhibitors.profile import refresh_everywhere
from serai.expo.files.domain import FileRefusedError, discard, keep, place
from serai.expo.files.models import StoredFile
from serai.expo.firms.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.firms.numbers import compact
from serai.expo.firms.profile import INCOTERMS, SECTIONS, ProfileError, Row, change, put, remove, show_to
from serai.expo.firms.showing import LABELS
from serai.expo.firms.visibility import USUAL, audience_of, key_of, speaks_for
from serai.expo.people.models import User

MOST_ROWS = 100
"""So many rows a list of a firm holds; more make no page."""

_EARLIEST, _LATEST = 600, 2100
_MOST = 1e12


@dataclass(frozen=True)
class Field:
    """A field: its kind is one of ``record_form.KINDS``, and ``options`` are what that kind asks for."""

    name: str
    kind: str
    label: str | Promise = ""
    help: str | Promise = ""
    required: bool = False
    options: Mapping[str, Any] | None = None

    @property
    def title(self) -> str | Promise:
        return self.label or LABELS[self.name]

    def option(self, name: str, default: Any = None) -> Any:
        return (self.options or {}).get(name, default)


@dataclass(frozen=True)
class Group:
    """A page of the record: fields of the firm itself, or, with a ``model``, rows that belong to it.

    ``once`` are the fields that no two rows share, ``told`` what a row tells beyond its fields, ``faults`` the field
    beside which a fault of ``firms.profile`` stands that names none of the page.
    """

    slug: str
    title: str | Promise
    text: str | Promise
    fields: tuple[Field, ...]
    model: type[Row] | None = None
    once: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    faults: Mapping[str, str] | None = None

    @property
    def section(self) -> str:
        """The name under which the rows are shown or hidden and marked."""
        return SECTIONS[self.model] if self.model else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Of what on this page the firm chooses the readers."""
        if self.model is not None:
            return (self.section, "certificate_files") if self.model is Certification else (self.section,)
        return tuple(dict.fromkeys(key_of(field.name) for field in self.fields if key_of(field.name) in USUAL))


_YEAR = {"least": _EARLIEST, "most": _LATEST}
_POSITIVE = {"least": 0, "most": _MOST}
_CODES = _("Codes, with commas between.")
_COUNTRIES = _("Names or ISO codes, with semicolons between.")

_ALL = (
    Group(
        "profile",
        _("Profile"),
        _("What visitors read first, in each language that you can write."),
        (
            Field("name", "texts", _("Name of the firm"), required=True, options={"most": 300}),
            Field("description", "texts", options={"most": 4_000, "long": True}),
            Field("city", "texts", options={"most": 120}),
            Field("website", "link"),
        ),
    ),
    Group(
        "address",
        _("Name and address"),
        _("The legal name and the country are the organiser's to correct."),
        (
            Field("legal_form", "line", help=_("Such as GmbH, Ltd or 有限公司."), options={"most": 64}),
            Field("address", "texts", options={"most": 300}),
            Field("subdivision", "texts", options={"most": 120}),
            Field("latitude", "number", help=_("In degrees, south negative."), options={"least": -90, "most": 90}),
            Field("longitude", "number", help=_("In degrees, west negative."), options={"least": -180, "most": 180}),
            Field("point_approximate", "flag"),
        ),
    ),
    Group(
        "company",
        _("Company"),
        _("How old and how large the firm is, whose it is, and what it does."),
        (
            Field("founded", "whole", options=_YEAR),
            Field("size", "choice", options={"choices": Firm.Size}),
            Field("ownership", "choice", options={"choices": Firm.Ownership}),
            Field("women_led", "yes_no"),
            Field("parent", "firm", help=_("The identifier of a firm of this fair, as in the address of its page.")),
            Field("employees", "choice", options={"choices": Firm.Employees}),
            Field("turnover", "choice", options={"choices": Firm.Turnover}),
            Field("export_share", "choice", options={"choices": Firm.ExportShare}),
            Field("isic", "isic", help=_("Such as 2720 for batteries; several with commas between.")),
            Field("cpc", "cpc", help=_CODES),
        ),
    ),
    Group(
        "trade",
        _("Trade"),
        _("Buyers leave out who does not say where and on which terms it delivers."),
        (
            Field("languages", "languages", help=_("Names or codes, with commas between.")),
            Field("markets", "countries", help=_COUNTRIES),
            Field("markets_sought", "countries", help=_COUNTRIES),
            Field("incoterms", "several", options={"choices": tuple((term, term) for term in INCOTERMS)}),
            Field("minimum_order", "line", help=_("With its unit, such as 500 kg."), options={"most": 100}),
            Field("lead_time_days", "whole", _("Lead time, in days"), options={"least": 0, "most": 3_650}),
        ),
    ),
    Group(
        "sustainability",
        _("Sustainability"),
        _("Buyers report the carbon of what they buy, and ask for these numbers."),
        (
            Field("emissions_year", "whole", options={"least": 1990, "most": _LATEST}),
            Field("scope_1", "number", options=_POSITIVE),
            Field("scope_2", "number", options=_POSITIVE),
            Field("carbon_per_unit", "number", options=_POSITIVE),
            Field("carbon_unit", "line", help=_("Of what, such as kWh or t of aluminium foil."), options={"most": 64}),
            Field("audit", "line", help=_("By whom, after which standard, and when."), options={"most": 300}),
        ),
    ),
    Group(
        "identifiers",
        LABELS["identifiers"],
        _("Numbers under which registers know the firm. A wrong check digit is told at once."),
        (
            Field("scheme", "choice", _("Kind of number"), required=True, options={"choices": FirmIdentifier.Scheme}),
            Field("value", "line", _("Number"), required=True, options={"most": 64}),
            Field("source", "line", _("Source"), help=_("Where it can be looked up."), options={"most": 300}),
        ),
        FirmIdentifier,
        once=("scheme", "value"),
        told=("check_digit", "status"),
    ),
    Group(
        "names",
        _("Other names"),
        _("The search finds the firm by each of them."),
        (
            Field("name", "line", _("Name"), required=True, options={"most": 300}),
            Field("kind", "choice", _("Kind of name"), required=True, options={"choices": FirmAlias.Kind}),
            Field("language", "language", _("Language of the name")),
        ),
        FirmAlias,
        once=("name",),
    ),
    Group(
        "plants",
        LABELS["plants"],
        _("Where the firm makes what, and how much of it a year."),
        (
            Field("country", "country", _("Country or region"), required=True),
            Field("place", "texts", _("Place"), options={"most": 120}),
            Field("process", "texts", _("Process"), options={"most": 300}),
            Field("capacity", "decimal", _("Capacity"), options={"least": 0}),
            Field("unit", "line", _("Unit of the capacity"), help=_("With its period: GWh/a."), options={"most": 64}),
            Field("since", "whole", _("Since the year"), options=_YEAR),
        ),
        Plant,
        faults={"markets": "country"},
    ),
    Group(
        "flows",
        LABELS["flows"],
        _("From the codes Serai places the firm on the chains and finds its partners."),
        (
            Field("direction", "choice", _("Input or output"), required=True, options={"choices": Flow.Direction}),
            Field("scheme", "choice", _("Nomenclature"), required=True, options={"choices": Flow.Scheme}),
            Field("code", "code", _("Code"), help=_("Such as 850760, or 46420 of CPC."), required=True),
            Field("text", "texts", _("In words"), options={"most": 300}),
            Field("share", "choice", _("Share of what you buy or sell"), options={"choices": Flow.Share}),
            Field("since", "whole", _("Since the year"), options=_YEAR),
            Field("countries", "countries", _("Comes from, or goes to"), help=_COUNTRIES),
        ),
        Flow,
        once=("direction", "scheme", "code"),
        faults={"hs": "code", "cpc": "code"},
    ),
    Group(
        "certificates",
        LABELS["certifications"],
        _("What the organiser has seen counts as stated again when you change it."),
        (
            Field(
                "scheme", "line", _("Scheme"), help=_("Such as ISO 9001:2015."), required=True, options={"most": 100}
            ),
            Field("number", "line", _("Number"), options={"most": 100}),
            Field("body", "line", _("Certifying body"), options={"most": 200}),
            Field("scope", "texts", _("Scope"), options={"most": 300}),
            Field("valid_from", "day", _("Valid from")),
            Field("valid_until", "day", _("Valid until")),
            Field(
                "file", "file", _("File"), help=_("PDF or picture, 8 MB at most. A new file replaces the one before.")
            ),
        ),
        Certification,
    ),
)
GROUPS: Mapping[str, Group] = {group.slug: group for group in _ALL}
"""The pages of the record, by the word in their address."""


@transaction.atomic
def keep_fields(
    firm: Firm, values: Mapping[str, Any], audiences: Mapping[str, str], *, user: User, edition: Edition | None = None
) -> bool:
    """Write fields of the firm and who reads them. Returns whether anything changed.

    Raises ProfileError, and then nothing changes.
    """
    changed = change(firm, values, user=user, source=source_of(user, firm), edition=edition)
    shown = choose_readers(firm, audiences, user=user, edition=edition)
    if changed:
        refresh_everywhere(firm)
    return bool(changed) or shown


@transaction.atomic
def choose_readers(firm: Firm, audiences: Mapping[str, str], *, user: User, edition: Edition | None = None) -> bool:
    """Write who reads fields or lists of the firm; a certificate's file follows. Returns whether anything changed."""
    new = {name: audience for name, audience in audiences.items() if audience != audience_of(firm, name)}
    for name, audience in new.items():
        show_to(firm, name, audience, user=user, edition=edition)
    if "certificate_files" in new:
        StoredFile.objects.filter(certifications__firm=firm).update(audience=new["certificate_files"])
    return bool(new)


@transaction.atomic
def keep_row(
    group: Group,
    row: Row,
    values: Mapping[str, Any],
    *,
    user: User,
    edition: Edition,
    upload: "UploadedFile[bytes] | None" = None,
) -> None:
    """Write a row of the firm, new or changed. Raises ProfileError, and then nothing changes."""
    firm = Firm.objects.select_for_update().get(pk=row.firm_id)
    others = type(row)._base_manager.filter(firm=firm).exclude(pk=row.pk)
    if not row.pk and others.count() >= MOST_ROWS:
        raise ProfileError("", gettext("At most %d of these are kept; remove one first.") % MOST_ROWS)
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, FirmIdentifier):
        row.value = compact(row.value)
    if group.once and others.filter(**{name: getattr(row, name) for name in group.once}).exists():
        raise ProfileError(group.once[-1], gettext("This stands in the list already. Change it there."))
    if isinstance(row, Certification) and row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        raise ProfileError(
            "valid_until", gettext("The certificate ends before it begins. Correct one of the two days.")
        )
    if isinstance(row, Plant) and not row.pk:
        row.number = (others.aggregate(last=Max("number"))["last"] or 0) + 1
    before = row.file if isinstance(row, Certification) else None
    kept = _keep_file(row, upload, firm, user)
    try:
        put(row, user=user, source=source_of(user, firm), edition=edition)
    except ProfileError:
        if kept is not None:
            place(kept).unlink(missing_ok=True)  # its row goes with the transaction
        raise
    if kept is not None and before is not None:
        discard(before, user=user)
    refresh_everywhere(firm)


@transaction.atomic
def remove_row(row: Row, *, user: User, edition: Edition) -> None:
    """Delete a row of the firm, and the file of a certificate for good."""
    firm, file = row.firm, row.file if isinstance(row, Certification) else None
    remove(row, user=user, source=source_of(user, firm), edition=edition)
    if file is not None:
        discard(file, user=user)
    refresh_everywhere(firm)


def source_of(user: User, firm: Firm) -> str:
    """Who says what this user writes: the firm itself, or an organiser who writes for it."""
    return "firm" if speaks_for(user, firm) else "organiser"


def lacks(firm: Firm) -> frozenset[str]:
    """The pages of the record on which nothing is said yet, in one query."""
    rows = {group.slug: group.model for group in _ALL if group.model is not None}
    held = (
        Firm.objects.filter(pk=firm.pk)
        .order_by()
        .values_list(*(Exists(model._base_manager.filter(firm=OuterRef("pk"))) for model in rows.values()))
        .get()
    )
    without = {
        group.slug for group in _ALL if group.model is None and not any(_says(firm, field) for field in group.fields)
    }
    return frozenset(without | {slug for slug, there in zip(rows, held, strict=True) if not there})


def _says(firm: Firm, field: Field) -> bool:
    return field.kind not in {"flag", "firm"} and getattr(firm, field.name) not in (None, "", [], {})


def _keep_file(row: Row, upload: "UploadedFile[bytes] | None", firm: Firm, user: User) -> StoredFile | None:
    if upload is None or not isinstance(row, Certification):
        return None
    try:
        row.file = keep(upload, firm=firm, user=user, audience=audience_of(firm, "certificate_files"))
    except FileRefusedError as error:
        raise ProfileError("file", str(error)) from error
    return row.file

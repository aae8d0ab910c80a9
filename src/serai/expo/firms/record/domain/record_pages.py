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

from serai.expo.base.fields import Field
from serai.expo.base.files.domain import FileRefusedError, discard, keep, place
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import FIRM, ROWS, SECTIONS, Row
from serai.expo.firms.record.domain.profile import ProfileError, change, compact, firm_changed, put, remove, show_to
from serai.expo.firms.record.domain.visibility import USUAL, audience_of, key_of, speaks_for
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.people.account.models import User

MOST_ROWS = 100
"""So many rows a list of a firm holds; more make no page."""


@dataclass(frozen=True)
class Group:
    """A page of the record: fields of the firm itself, or, with a ``model``, rows that belong to it.

    ``once`` are the fields that no two rows share, ``told`` what a row tells beyond its fields.
    """

    slug: str
    title: str | Promise
    text: str | Promise
    model: type[Row] | None = None
    once: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those of the rows, else those of the firm that the table (``firms.fields``) puts on this page."""
        if self.model is not None:
            return tuple(ROWS[self.model].values())
        return tuple(field for field in FIRM.values() if field.page == self.slug)

    @property
    def section(self) -> str:
        """The name under which the rows are shown or hidden and marked."""
        return SECTIONS[self.model] if self.model else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Names on this page for which the firm chooses the audience."""
        if self.model is not None:
            return (self.section, "certificate_files") if self.model is Certification else (self.section,)
        return tuple(dict.fromkeys(key_of(field.name) for field in self.fields if key_of(field.name) in USUAL))


_ALL = (
    Group("profile", _("Profile"), _("What visitors read first, in each language that you can write.")),
    Group("address", _("Name and address"), _("The legal name and the country are the organiser's to correct.")),
    Group("company", _("Company"), _("How old and how large the firm is, whose it is, and what it does.")),
    Group("trade", _("Trade"), _("Buyers leave out who does not say where and on which terms it delivers.")),
    Group(
        "sustainability",
        _("Sustainability"),
        _("Buyers report the carbon of what they buy, and ask for these numbers."),
    ),
    Group(
        "identifiers",
        FIRM["identifiers"].words,
        _("Numbers under which registers know the firm. A wrong check digit is told at once."),
        FirmIdentifier,
        once=("scheme", "value"),
        told=("check_digit", "status"),
    ),
    Group("names", _("Other names"), _("The search finds the firm by each of them."), FirmAlias, once=("name",)),
    Group("plants", FIRM["plants"].words, _("Where the firm makes what, and how much of it a year."), Plant),
    Group(
        "flows",
        FIRM["flows"].words,
        _("From the codes Serai places the firm on the chains and finds its partners."),
        Flow,
        once=("direction", "scheme", "code"),
    ),
    Group(
        "certificates",
        FIRM["certifications"].words,
        _("What the organiser has seen counts as stated again when you change it."),
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
        firm_changed.call(firm)
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
    firm_changed.call(firm)


@transaction.atomic
def remove_row(row: Row, *, user: User, edition: Edition) -> None:
    """Delete a row of the firm, and the file of a certificate for good."""
    firm, file = row.firm, row.file if isinstance(row, Certification) else None
    remove(row, user=user, source=source_of(user, firm), edition=edition)
    if file is not None:
        discard(file, user=user)
    firm_changed.call(firm)


def source_of(user: User, firm: Firm) -> str:
    """The source of what this user writes: ``firm`` for its own people, else ``organiser``."""
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

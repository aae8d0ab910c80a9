"""The record of a firm as its desk keeps it: its fields, its lists of rows, and who reads which.

The operations and the bodies of the lists are made of the table that the pages are made of (``firms.fields``), and
write through the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, create_model

from serai.expo.base.files.domain import KINDS as KINDS_OF_FILES
from serai.expo.base.files.models import Audience
from serai.expo.base.files.pages import handed_out_to
from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.interface.domain.answers import Code, decimal, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import Sent
from serai.expo.fairs.interface.domain.kinds import TYPES, nullable
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.api import (
    AliasShown,
    CertificationShown,
    FirmChange,
    FlowShown,
    IdentifierShown,
    PlantShown,
    certification,
    field_problem,
    given_fields,
    reads_files,
)
from serai.expo.firms.record.domain import record_pages as record
from serai.expo.firms.record.domain.fields import Row
from serai.expo.firms.record.domain.profile import ProfileError
from serai.expo.firms.record.domain.visibility import USUAL, audience_of, hidden_from, may_read, reads_as
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.participation.api import ParticipationInFull, in_full, participation_of
from serai.expo.participants.participation.domain.exhibitors import visible_to

room = Room(_("Record of the firm"))


# The fields of the firm itself


class RecordChange(FirmChange):
    """The fields to change; those left out stay."""

    parent: Code | None = Field(None, max_length=16, description="Identifier of a firm of this fair; empty for none")


@room.patch("/firms/{identifier}/record", _("Change the record"), ParticipationInFull)
def change_record(request: Call, edition: Edition, identifier: str, given: RecordChange) -> Any:
    """What the desk changes of a firm, also by the organiser, who helps. Who reads a field the firm alone chooses."""
    participation = _desk(request, edition, identifier)
    firm, reader = participation.firm, reads_as(request.user, participation.firm)
    require_unchanged(request, in_full(request, edition, identifier))
    values, audiences = given_fields(given)
    if hidden_from(firm, reader) & values.keys() or (audiences and reader != Audience.FIRM):
        raise ProblemError(403, _("This is not yours to see."))
    if "parent" in values:
        values["parent"] = _parent(request, edition, firm, values["parent"])
    try:
        record.keep_fields(firm, values, audiences, user=request.user, edition=edition)
    except ProfileError as fault:
        raise field_problem(fault) from None
    return in_full(request, edition, identifier)


def _parent(request: Call, edition: Edition, firm: Firm, identifier: str) -> Firm | None:
    if not identifier:
        return None
    identifier_now = leading(identifier)
    if firm.parent is not None and firm.parent.identifier == identifier_now:
        return firm.parent
    participation = (
        visible_to(request.user, edition).filter(firm__identifier=identifier_now).select_related("firm").first()
    )
    if participation is None:
        why = _("No firm of this fair has the identifier %(code)s.") % {"code": identifier}
        raise field_problem(ProfileError("parent", str(why)))
    return participation.firm


class ReadersShown(Schema):
    readers: dict[str, Audience] = Field(description="Field or list of the firm -> who reads it")


@room.get("/firms/{identifier}/readers", _("Who sees it"), ReadersShown, scope=READ)
def firm_readers(request: Call, edition: Edition, identifier: str) -> Any:
    """Of each field and list of which the firm chooses who reads it; ``shown_to`` of a change chooses."""
    firm = desk_of(request, edition, identifier, "expo.see_desk").firm
    return ReadersShown(readers={name: Audience(audience_of(firm, name)) for name in USUAL})


# Its lists of rows


def _bodies(group: record.Group, name: str) -> tuple[type[Schema], type[Schema]]:
    """The schema of a new row, and of a change of one, in which all may be left out."""
    new: dict[str, Any] = {}
    change: dict[str, Any] = {}
    for field in group.fields:
        given = TYPES[field.kind].given(field)
        typed = given | None if nullable(field) else given
        new[field.name] = (typed, ...) if field.required else (typed, Field(default_factory=field.default))
        change[field.name] = (typed | None, None)
    title = name.title()
    return (
        create_model(f"{title}New", __base__=Schema, __doc__="A new row.", **new),
        create_model(f"{title}Change", __base__=Schema, __doc__="Those left out stay.", **change),
    )


@dataclass(frozen=True)
class Rows:
    """A list of the record as it is called and shown here: ``name`` is a row of it in the names of the operations."""

    group: record.Group
    name: str
    answer: type[Schema]

    @property
    def model(self) -> type[Row]:
        assert self.group.model is not None
        return self.group.model

    def of(self, firm: Firm) -> Any:
        rows: Any = self.model._base_manager.filter(firm=firm)
        return rows.select_related("file") if self.model is Certification else rows

    def shower(self, request: Call, firm: Firm) -> Callable[[Any], Any]:
        """How a row of the firm is shown to the caller."""
        if self.model is Certification:
            return partial(certification, files=reads_files(firm, reads_as(request.user, firm)))
        return lambda row: shown(self.answer, row, row=row.pk)

    def own(self, request: Call, edition: Edition, identifier: str, number: int) -> Row:
        """A row, to change. Raises Http404, and problems 403, 409 and 412."""
        firm = _desk(request, edition, identifier, self.group).firm
        row: Row = row_of(self.of(firm), number, _("The firm has no such entry."))
        row.firm = firm
        require_unchanged(request, self.shower(request, firm)(row))
        return row

    def keep(self, request: Call, edition: Edition, row: Row, given: Schema) -> Any:
        """Write the row as it is given, and show it. Raises a problem 422 that names the field at fault."""
        values, file = _values(self.group, given, is_new=row.pk is None)
        try:
            record.keep_row(self.group, row, values, user=request.user, edition=edition, upload=file)
        except ProfileError as fault:
            raise field_problem(fault) from None
        return self.shower(request, row.firm)(self.of(row.firm).get(pk=row.pk))


def declare(rows: Rows) -> None:
    """The operations of one list: what is in it, a new row, a row changed, a row removed."""
    title, name, answer = rows.group.title, rows.name, rows.answer
    new, changed = _bodies(rows.group, name)
    path = f"/firms/{{identifier}}/{rows.group.slug}"
    path_of_row = f"{path}/{{number}}"

    @room.list(path, format_lazy("{}", title), answer, name=f"firm_{rows.group.slug}")
    def list_rows(request: Call, edition: Edition, identifier: str) -> Any:
        """What the firm has said, where it shows it to you."""
        firm = participation_of(request, edition, identifier).firm
        _must_read(request, firm, rows.group)
        return Listed(rows.of(firm), rows.shower(request, firm))

    @room.post(path, format_lazy("{}: {}", title, _("Add")), answer, status=201, name=f"add_{name}")
    def add(request: Call, edition: Edition, identifier: str, given: Annotated[new, Sent(...)]) -> Any:  # type: ignore[valid-type]
        firm = _desk(request, edition, identifier, rows.group).firm
        return rows.keep(request, edition, rows.model(firm=firm), given)

    @room.patch(path_of_row, format_lazy("{}: {}", title, _("Change")), answer, name=f"change_{name}")
    def change(
        request: Call,
        edition: Edition,
        identifier: str,
        number: int,
        given: Annotated[changed, Sent(...)],  # type: ignore[valid-type]
    ) -> Any:
        """What the organiser has seen counts as stated again when the firm changes it."""
        return rows.keep(request, edition, rows.own(request, edition, identifier, number), given)

    @room.delete(path_of_row, format_lazy("{}: {}", title, _("Remove")), name=f"remove_{name}")
    def remove(request: Call, edition: Edition, identifier: str, number: int) -> Any:
        record.remove_row(rows.own(request, edition, identifier, number), user=request.user, edition=edition)


def _values(group: record.Group, given: Schema, *, is_new: bool) -> tuple[dict[str, Any], Any]:
    """What is written into the row, by field, and the file that came with it."""
    values = given.model_dump(exclude_unset=not is_new)
    values.pop("file", None)
    file = getattr(given, "file", None)
    for field in group.fields:
        if field.name not in values:
            continue
        value = values[field.name]
        if value is None and not nullable(field):
            values.pop(field.name)  # null empties what can be empty, and else says nothing
        elif field.kind == "decimal":
            values[field.name] = decimal(value)
    return values, file.upload if file else None


def _desk(request: Call, edition: Edition, identifier: str, group: record.Group | None = None) -> Participation:
    """The desk, to write at. Raises a problem 403 for who may not, and 409 out of season."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    if group is not None:
        _must_read(request, participation.firm, group)
    require_open(edition, Phase.Kind.PROFILE)
    return participation


def _must_read(request: Call, firm: Firm, group: record.Group) -> None:
    """Refuse a list that the firm does not show to the caller."""
    if not may_read(firm, group.section, reads_as(request.user, firm)):
        raise PermissionDenied


LISTS = (
    Rows(record.GROUPS["identifiers"], "identifier", IdentifierShown),
    Rows(record.GROUPS["names"], "name", AliasShown),
    Rows(record.GROUPS["plants"], "plant", PlantShown),
    Rows(record.GROUPS["flows"], "flow", FlowShown),
    Rows(record.GROUPS["certificates"], "certificate", CertificationShown),
)

for _rows in LISTS:
    declare(_rows)


@room.get(
    "/firms/{identifier}/certificates/{number}/file", _("The file of a certificate"), None, media=tuple(KINDS_OF_FILES)
)
def certificate_file(request: Call, edition: Edition, identifier: str, number: int) -> FileResponse:
    """Where the firm shows it to you."""
    firm = participation_of(request, edition, identifier).firm
    _must_read(request, firm, record.GROUPS["certificates"])
    rows = Certification.objects.filter(firm=firm, file__isnull=False).select_related("file__firm", "file__person")
    certification = row_of(rows, number, _("There is no such file."))
    assert certification.file is not None
    return handed_out_to(request.user, certification.file)

"""Imports for organisers: a list of firms is sent, previewed, mapped, decided on, applied, and taken back."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Line, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, page_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.jobs.api import JobShown, shown_job
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain import import_report, jobs
from serai.expo.site.imports.domain.custody import ImportStateError
from serai.expo.site.imports.domain.import_report import NOTED, ShownRow, in_state, show
from serai.expo.site.imports.domain.subjects import SUBJECTS, why_not
from serai.expo.site.imports.models import Import, ImportRow

room = Room(_("Imports"), ImportStateError)


class ImportShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    file_name: str
    subject: str = Field(description=f"What the list is about: {', '.join(SUBJECTS)}")
    sheet: str
    state: str = Field(description="previewed, applied or undone; or what is being done: reading, applying, undoing")
    made_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    rows: dict[str, int] = Field(description="new, matched, possible, unchanged and rejected -> how many rows")


class ColumnShown(Schema):
    column: str = Field(description="Its letters, as in a workbook")
    title: str
    field: str = Field(description="The field that it fills; 'own' for one of the organiser's own, empty for none")
    became: str = Field(description="field, own, left out, unknown or empty")
    filled: int = Field(description="How many of its cells are filled")
    not_understood: int = Field(description="How many of its cells could not be read")


class ImportInFull(ImportShown):
    columns: list[ColumnShown]
    trouble: str = Field(description="Why no list can be read with this mapping; empty where one can")
    sheets: list[str] = Field(description="Of the workbook, as long as it is kept")


class CandidateShown(Schema):
    choice: str = Field(description="What to send to say that it is this firm")
    identifier: str
    name: str
    percent: int = Field(description="How alike they are")


class RowOfImport(Schema):
    row: int = Field(description="Its number in the file, the header being in row 1")
    state: str
    name: str
    country: str
    firm: str = Field(description="Identifier of the firm that it is, where that is known")
    reason: str
    notes: list[str] = Field(description="What of the row was not taken, and why")
    candidates: list[CandidateShown]
    choice: str = Field(description="What was chosen for a row held back")


class Upload(FileGiven):
    """A list as .xlsx or .csv, with the titles of the columns above."""

    subject: Annotated[str, one_of([*SUBJECTS], blank=True)] = Field(
        "", description="What the list is about; where it is empty, the titles of the columns tell"
    )
    sheet: Annotated[Line, Field(max_length=255)] = Field(
        "", description="Of a workbook with several; by default the first list"
    )


class Columns(Schema):
    columns: dict[str, str] = Field(
        max_length=500,
        description="Letters of a column -> the field that it fills; one that is left out fills none",
        json_schema_extra={"additionalProperties": False},
    )


class ChoiceGiven(Schema):
    row: int = Field(ge=1, le=2_000_000)
    choice: Annotated[Line, Field(max_length=40)] = Field(
        description="'new', 'out', the choice of a candidate, or empty: still open"
    )


class Choices(Schema):
    choices: list[ChoiceGiven] = Field(max_length=1000)


class RowsWanted(Cut):
    state: Annotated[str, one_of([*ImportRow.State.values, NOTED], blank=True)] = Field(
        "", description="'noted' are those of which something was not taken"
    )


def _fields(row: Import, counts: dict[str, int]) -> dict[str, Any]:
    return {"number": row.pk, "rows": counts}


def _import(edition: Edition, number: int) -> Import:
    rows = Import.objects.filter(edition=edition).select_related("edition")
    return row_of(rows, number, _("There is no such import."))


def _changed(request: Call, edition: Edition, number: int) -> Import:
    """An import that the caller may change. Raises a problem 403 where its role does not import such lists."""
    row = _import(edition, number)
    if reason := why_not(request.user, edition, domain.subject_of(row)):
        raise ProblemError(403, reason)
    return row


def in_full(row: Import) -> ImportInFull:
    mapped = domain.field_by_column(row)
    columns = [shown(ColumnShown, report) for report in import_report.reports(row)]
    return shown(
        ImportInFull,
        row,
        **_fields(row, domain.counts(row)),
        columns=columns,
        trouble=domain.subject_of(row).problem(mapped),
        sheets=domain.sheets(row) if row.state == Import.State.PREVIEWED else [],
    )


@room.get("/imports", _("Imports"), Page[ImportShown], scope=ORGANISE)
def imports(_request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    page = page_of(Import.objects.filter(edition=edition), lambda row: row, cut)
    counts = domain.counts_of(page["items"])
    return page | {"items": [shown(ImportShown, row, **_fields(row, counts[row.pk])) for row in page["items"]]}


@room.post("/imports", _("Preview an import"), JobShown, scope=DECIDE, status=202)
def preview_import(request: Call, edition: Edition, given: Annotated[Upload, Sent(...)]) -> Any:
    """Have worked out what would become of each row. Nothing is changed until it is applied."""
    if given.subject and (reason := why_not(request.user, edition, SUBJECTS[given.subject])):
        raise ProblemError(403, reason)
    return shown_job(
        jobs.start_preview(edition, given.upload, sheet=given.sheet, subject=given.subject, user=request.user)
    )


@room.get("/imports/{number}", _("An import"), ImportInFull, scope=ORGANISE)
def import_(_request: Call, edition: Edition, number: int) -> Any:
    return in_full(_import(edition, number))


@room.get("/imports/{number}/rows", _("Rows of an import"), Page[RowOfImport], scope=ORGANISE)
def import_rows(_request: Call, edition: Edition, number: int, wanted: Query[RowsWanted]) -> Any:
    """What would become, or became, of each row, and why."""
    batch = _import(edition, number)
    rows = ImportRow.objects.filter(batch=batch).select_related("firm")
    if wanted.state:
        rows = in_state(rows, wanted.state)
    page = page_of(rows, lambda row: row, wanted)
    return page | {"items": [_row(shown_row) for shown_row in show(batch, page["items"])]}


def _row(row: ShownRow) -> RowOfImport:
    candidates = [shown(CandidateShown, candidate, choice=candidate.value) for candidate in row.candidates]
    return shown(RowOfImport, row, row=row.number, firm=row.identifier, notes=list(row.notes), candidates=candidates)


@room.put("/imports/{number}/mapping", _("Say which column fills which field"), JobShown, scope=DECIDE, status=202)
def map_import(request: Call, edition: Edition, number: int, given: Columns) -> Any:
    """The rows are read anew; what was chosen for rows held back is dropped."""
    row = _changed(request, edition, number)
    require_unchanged(request, in_full(row))
    by_letters = {letters(column): column for column in range(len(row.header))}
    if unknown := [column for column in given.columns if column not in by_letters]:
        raise ProblemError(409, _("The file has no column %s.") % unknown[0][:20])
    mapped = {by_letters[column]: name for column, name in given.columns.items() if name}
    return shown_job(jobs.start_mapping(row, mapped, user=request.user))


@room.put("/imports/{number}/choices", _("Choose for rows held back"), ImportInFull, scope=DECIDE, atomic=False)
def choose_for_import(request: Call, edition: Edition, number: int, given: Choices) -> Any:
    """That a row is a known firm, a new one, or left out."""
    batch = _changed(request, edition, number)
    numbers = [given_choice.row for given_choice in given.choices]
    held = ImportRow.objects.filter(batch=batch, state=ImportRow.State.POSSIBLE, number__in=numbers)
    offered = {row.number: domain.offered(row) for row in held}
    for given_choice in given.choices:
        if given_choice.choice not in offered.get(given_choice.row, ()):
            raise ProblemError(409, _("Row %d does not offer this choice.") % given_choice.row)
    domain.choose(batch, {given_choice.row: given_choice.choice for given_choice in given.choices})
    return in_full(_import(edition, number))


@room.post("/imports/{number}/apply", _("Apply an import"), JobShown, scope=DECIDE, status=202)
def apply_import(request: Call, edition: Edition, number: int) -> Any:
    """Have done what the preview says; of an applied one the rows decided since. It can be taken back as a whole."""
    row = _changed(request, edition, number)
    require_unchanged(request, in_full(row))
    return shown_job(jobs.start_application(row, user=request.user))


@room.post("/imports/{number}/undo", _("Take an import back"), JobShown, scope=DECIDE, status=202)
def undo_import(request: Call, edition: Edition, number: int) -> Any:
    """Afterwards all that it made and changed is as before."""
    return shown_job(jobs.start_reversal(_changed(request, edition, number), user=request.user))


@room.delete("/imports/{number}", _("Discard a preview"), scope=DECIDE, atomic=False)
def discard_import(request: Call, edition: Edition, number: int) -> Any:
    """With its file. What has been applied is taken back, and not discarded."""
    domain.discard(_changed(request, edition, number))

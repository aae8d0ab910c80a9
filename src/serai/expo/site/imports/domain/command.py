"""The import as the command line calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.edition.models import Edition
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.import_report import ColumnReport, ShownRow, show
from serai.expo.site.imports.domain.import_report import reports as reports_of_columns
from serai.expo.site.imports.domain.jobs import start_placing
from serai.expo.site.imports.models import Import, ImportRow
from serai.world.progress import Progress


@dataclass(frozen=True)
class RowReport:
    """A row that needs review, with the sentences that say what was skipped and why."""

    number: int
    state: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The result of importing a file."""

    import_id: int
    file_name: str
    sheet: str
    encoding: str
    subject: str
    """What the list is about."""
    kind: str
    """As what its firms take part by its own name, in the reader's language; empty where rows or nothing tells it."""
    other_sheets: tuple[str, ...]
    """Those of the workbook that were not read. Each is imported by itself."""
    state: str
    """'applied', or 'previewed' after a dry run."""
    rows: int
    counts: Mapping[str, int]
    """Rows by state: new, matched, possible, unchanged, rejected. They sum to ``rows``."""
    columns: tuple[ColumnReport, ...]
    """What became of each column."""
    reports: tuple[RowReport, ...] = field(repr=False)
    is_placed_later: bool = False
    """Whether a job was asked for that places what came on the chains."""

    @property
    def needs_attention(self) -> int:
        """How many rows were held back or rejected."""
        return self.counts["possible"] + self.counts["rejected"]


def import_file(
    path: Path,
    edition: Edition,
    *,
    sheet: str | None = None,
    subject: str | None = None,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Import a file into an edition; with ``dry_run`` report the result and keep nothing.

    Without a ``subject`` the header tells what the list is about. ``mapping`` corrects the guess: field by header or
    letters of a column. ``progress`` is told what is done and which
    share of all is done. Raises FileRefusedError, and then nothing has changed.
    """
    told: dict[str, Any] = {"progress": progress} if progress else {}
    if not path.is_file():
        raise FileRefusedError(_("There is no file %(path)s."), path=path)
    import_ = domain.preview(edition, path, path.name, sheet=sheet, subject=subject, corrections=mapping, **told)
    applied = is_placed_later = False
    others = tuple(name for name in domain.sheets(import_) if name != import_.sheet)
    try:
        if trouble := _trouble(import_):
            raise FileRefusedError(_("%(trouble)s The columns are: %(columns)s."), **trouble)
        if not dry_run:
            domain.apply(import_, **told)
            applied = True
            is_placed_later = start_placing(import_, user=None) is not None
        return _summary(import_, others, is_placed_later=is_placed_later)
    finally:
        if not applied:
            domain.discard(import_)


def _trouble(import_: Import) -> dict[str, str]:
    sentence = domain.subject_of(import_).problem(domain.field_by_column(import_))
    columns = ", ".join(title for title in import_.header if title)
    return {"trouble": sentence, "columns": columns} if sentence else {}


def _summary(import_: Import, other_sheets: tuple[str, ...], *, is_placed_later: bool) -> Summary:
    with scope(edition=import_.edition):
        counts = domain.counts(import_)
        rows = ImportRow.objects.filter(batch=import_).select_related("firm").order_by("number")
        reports = tuple(_report(row) for row in show(import_, rows) if row.sentences)
    return Summary(
        import_id=import_.pk,
        file_name=import_.file_name,
        sheet=import_.sheet,
        encoding=import_.encoding,
        subject=import_.subject,
        kind=domain.kind_told(import_),
        other_sheets=other_sheets,
        state=str(import_.state),
        rows=sum(counts.values()),
        counts=counts,
        columns=tuple(reports_of_columns(import_)),
        reports=reports,
        is_placed_later=is_placed_later,
    )


def _report(row: ShownRow) -> RowReport:
    like = (f"{candidate.name} ({candidate.identifier})" for candidate in row.candidates)
    return RowReport(row.number, row.state, (*row.sentences, *like))

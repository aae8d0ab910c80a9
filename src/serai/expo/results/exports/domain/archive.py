"""All tables in one archive, made by a job and handed out."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

import serai
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.export_tables import Table, Wanted, rows_of, tables
from serai.expo.base.rows import snapshot
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended, write_file
from serai.expo.fairs.jobs.models import Job
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.formats import FORMATS, Format, line, pieces_of
from serai.expo.results.exports.domain.records import FIELDS_LEFT_OUT, LEFT_OUT, fields_of, may_take, members, value_of
from serai.world.progress import Progress, silent

_AT_A_TIME = 1000


def plain(row: Model) -> dict[str, Any]:
    """The exported fields of a row, as JSON values."""
    plain_values = state(row)
    fields = {field.name: value_of(row, field) for field in fields_of(type(row))}
    return {name: plain_values.get(name, value) if value is not None else None for name, value in fields.items()}


def archive(edition: Edition, progress: Progress | None = None) -> IO[bytes]:
    """A zip file on disk, open at its beginning and gone when it is closed: ``<Model>.jsonl`` and ``manifest.json``.

    All of it is as of one moment.
    """
    report = progress or silent
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller reads and closes it
    listed: list[dict[str, Any]] = []
    with (
        snapshot(),
        scope(edition=edition),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped,
    ):
        taken = list(members(edition))
        for number, (name, rows) in enumerate(taken):
            report(name, number / len(taken))
            count, digest = 0, hashlib.sha256()
            with zipped.open(f"{edition.slug}/{name}.jsonl", "w", force_zip64=True) as target:
                for row in filter(may_take, _with_firm(rows).order_by("pk").iterator(_AT_A_TIME)):
                    written = line(plain(row))
                    digest.update(written)
                    target.write(written)
                    count += 1
            listed.append({"file": f"{name}.jsonl", "rows": count, "sha256": digest.hexdigest()})
        manifest = {
            "edition": edition.slug,
            "made_at": timezone.now().isoformat(),
            "serai": serai.__version__,
            "files": listed,
            "left_out": dict(LEFT_OUT),
            "fields_left_out": {name: dict(fields) for name, fields in FIELDS_LEFT_OUT.items()},
        }
        zipped.writestr(f"{edition.slug}/manifest.json", line(manifest))
    file.seek(0)
    return file


def _with_firm(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, with their firm where the firm chooses who reads them."""
    return rows.select_related("firm") if rows.model in SECTIONS else rows


def take(
    table: Table, made_as: Format, edition: Edition, wanted: Wanted, *, user: User | None = None
) -> Iterator[bytes]:
    """The pieces of a table as a file, narrowed by the filters that it has."""
    offered = table.offered
    kept = {name: value for name, value in wanted.items() if value and value in offered.get(name, ())}
    after = {"table": table.key, "format": made_as.ending, "filters": kept}
    record("export.taken", edition, after=after, user=user, edition=edition)
    with scope(edition=edition):
        columns = (*table.columns, *(table.more(edition) if table.more else ()))
    return made_as.pieces(columns, rows_of(table, edition, kept))


def take_all(edition: Edition, *, user: User | None = None, progress: Progress | None = None) -> Iterator[bytes]:
    """The pieces of the archive of an edition."""
    record("export.taken", edition, after={"table": "*", "format": "zip"}, user=user, edition=edition)
    return pieces_of(archive(edition, progress))


def write_table(job: Job, progress: Progress) -> Ended:
    """Write a table, narrowed by the filters that it has, in one of FORMATS."""
    table, made_as = tables()[job.given["table"]], FORMATS[job.given["format"]]
    progress(str(table.title), 0.0)
    write_file(job, take(table, made_as, job.edition, job.given["filters"], user=job.asked_by))
    return _ended(job, f"{table.key}.{made_as.ending}")


def write_everything(job: Job, progress: Progress) -> Ended:
    """Write the archive of the fair."""
    write_file(job, take_all(job.edition, user=job.asked_by, progress=progress))
    return _ended(job, "everything.zip")


def _ended(job: Job, name: str) -> Ended:
    return Ended(_("The file is ready."), file_name=f"{job.edition.slug}-{timezone.localdate():%Y%m%d}-{name}")

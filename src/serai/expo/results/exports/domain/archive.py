"""All of an edition as one archive: a file of JSON lines for each model, with a list of what is in it.

The module ``records`` defines which rows and fields of an edition are exported.
"""

import hashlib
import tempfile
import zipfile
from typing import IO, Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django_scopes import scope

import serai
from serai.expo.base.audit.domain.entries import state
from serai.expo.base.snapshot import snapshot
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.results.exports.domain.formats import line
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

"""Imports as jobs: a list is read, read anew by another mapping, applied, and taken back."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended, start
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain import batches, custody
from serai.expo.site.imports.domain.custody import ImportStateError
from serai.expo.site.imports.domain.subject import Mapped
from serai.expo.site.imports.domain.subjects import SUBJECTS, importable
from serai.expo.site.imports.models import Import
from serai.world.progress import Progress

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PLACED = ("firms", "needs")
"""The kinds of lists of which something is placed on the chains."""


def start_preview(
    edition: Edition, uploaded: "UploadedFile[bytes]", *, sheet: str, subject: str = "", user: User, page: str = ""
) -> Job:
    """Keep an uploaded file and have it previewed. A refusal leads back to ``page``."""
    with tempfile.NamedTemporaryFile() as file:
        for chunk in uploaded.chunks():
            file.write(chunk)
        file.flush()
        sha256 = custody.sha256(Path(file.name))
        custody.keep(Path(file.name), sha256)
    name = uploaded.name or ""
    return _preview(edition, user, page, sha256=sha256, file_name=name, sheet=sheet.strip(), subject=subject)


def start_sheet(import_: Import, sheet: str, *, user: User) -> Job:
    """Have another sheet of the kept workbook previewed as an import of its own."""
    kept = {"sha256": import_.sha256, "file_name": import_.file_name}
    return _preview(import_.edition, user, address(import_), **kept, sheet=sheet)


def _preview(edition: Edition, user: User, page: str, **given: Any) -> Job:
    """Have a kept file previewed, as one of the kinds of lists that who asks may import."""
    among = [subject.key for subject in importable(user, edition)]
    return start(edition, "import-preview", user=user, page=page, among=among, **given)


def start_mapping(import_: Import, mapped: Mapped, *, user: User) -> Job:
    """Have the rows read anew."""
    given = {"number": import_.pk, "mapping": {str(column): name for column, name in mapped.items()}}
    return start(import_.edition, "import-mapping", user=user, page=address(import_), **given)


def start_application(import_: Import, *, user: User) -> Job:
    """Have a preview applied, or the rows of an applied import that were decided since."""
    return start(import_.edition, "import-application", user=user, page=address(import_), number=import_.pk)


def start_placing(import_: Import, *, user: User | None) -> Job | None:
    """Have the firms and needs that an applied import brought placed on the chains; None where it brought neither."""
    return start(import_.edition, "placing", user=user) if import_.subject in PLACED else None


def start_reversal(import_: Import, *, user: User) -> Job:
    """Have an applied import taken back."""
    return start(import_.edition, "import-reversal", user=user, page=address(import_), number=import_.pk)


def address(import_: Import) -> str:
    """The page of the import."""
    return reverse("import-detail", args=[import_.edition.slug, import_.pk])


def preview(job: Job, progress: Progress) -> Ended:
    """Preview a kept file. Doing it twice replaces the first preview."""
    path, name, sheet = custody.kept(job.given["sha256"]), job.given["file_name"], job.given["sheet"] or None
    subject = job.given.get("subject") or None
    if not path.exists():
        raise FileRefusedError(_("The file is not kept any more. Send it again."))
    among = [SUBJECTS[key] for key in job.given.get("among", SUBJECTS)]
    try:
        made = batches.preview(
            job.edition, path, name, sheet=sheet, subject=subject, among=among, user=job.asked_by, progress=progress
        )
    except FileRefusedError:
        custody.forget(job.given["sha256"])
        raise
    return Ended(_("The list has been read. Nothing is changed until it is applied."), address(made), made.pk)


def remap(job: Job, progress: Progress) -> Ended:
    """Read the rows by another mapping."""
    progress(_("Comparing with the firms that are known"), 0.1)
    import_ = _import(job)
    batches.remap(import_, {int(column): name for column, name in job.given["mapping"].items()})
    return Ended(_("The rows have been read anew."), made=import_.pk)


def apply(job: Job, progress: Progress) -> Ended:
    """Apply the import, unless this job has done so before its worker was killed."""
    import_ = _import(job)
    if import_.applied_at is None or import_.applied_at < job.asked_at:
        batches.apply(import_, user=job.asked_by, progress=progress)
        start_placing(import_, user=job.asked_by)
    return Ended(_("The import has been applied. It can be taken back as a whole."), made=import_.pk)


def undo(job: Job, progress: Progress) -> Ended:
    """Take the import back, unless this job has done so before its worker was killed."""
    progress(_("Taking the import back"), 0.0)
    import_ = _import(job)
    if import_.undone_at is None or import_.undone_at < job.asked_at:
        batches.undo(import_, user=job.asked_by)
    return Ended(_("The import has been taken back: all that it made and changed is as before."), made=import_.pk)


def _import(job: Job) -> Import:
    with scope(edition=job.edition):
        import_ = Import.objects.select_related("edition").filter(pk=job.given["number"]).first()
    if import_ is None:
        raise ImportStateError(_("There is no such import."))
    return import_

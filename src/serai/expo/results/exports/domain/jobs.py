"""Exports as jobs: a table, or all of the fair, as a file."""

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.export_tables import tables
from serai.expo.fairs.jobs.domain.files import write_file
from serai.expo.fairs.jobs.domain.kinds import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.results.exports.domain.downloads import take, take_all
from serai.expo.results.exports.domain.formats import FORMATS
from serai.world.progress import Progress


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

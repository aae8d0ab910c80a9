"""Jobs for organisers: what was asked for, how far it is, what came of it, its file, and cancelling."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Key, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.jobs import domain
from serai.expo.fairs.jobs.domain import answer_with, path_of
from serai.expo.fairs.jobs.models import Job

MEDIA = [
    "application/json",
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "text/csv",
]
"""Kinds of the files that jobs make."""

room = Room(_("Work in the background"), domain.CancelRefusedError)


class JobShown(Schema):
    number: Key
    kind: str
    state: str = Field(description="waiting, running, done, refused, cancelled or failed")
    step: str = Field(description="What is being done")
    share: float | None = Field(description="Of the work that is done, from 0 to 1; null where that is not known")
    sentence: str = Field(description="What came of it, or why it was refused")
    made: int | None = Field(description="Number of what was made, such as an import or a timetable")
    has_file: bool = Field(description="It made a file, which is kept for a day")
    asked_at: datetime
    ended_at: datetime | None


def shown_job(job: Job) -> JobShown:
    """A job as every operation that starts one answers with it, by the status 202."""
    return shown(
        JobShown,
        job,
        **vars(domain.standing(job)),
        has_file=bool(job.file_name) and path_of(job).exists(),
    )


def _job(request: Call, edition: Edition, number: int) -> Job:
    return row_of(domain.visible_to(request.user, edition), number, _("There is no such job."))


@room.list("/jobs", _("Work in the background"), JobShown, shown_job, scope=ORGANISE)
def jobs(request: Call, edition: Edition) -> Any:
    """The latest first."""
    return domain.visible_to(request.user, edition)


@room.get("/jobs/{number}", _("A job"), JobShown, scope=ORGANISE)
def job(request: Call, edition: Edition, number: int) -> Any:
    """Ask again every second or so until it has ended."""
    return shown_job(_job(request, edition, number))


@room.get("/jobs/{number}/file", _("The file of a job"), None, scope=DECIDE, media=MEDIA)
def job_file(request: Call, edition: Edition, number: int) -> Any:
    """For who asked for the job."""
    row = _job(request, edition, number)
    if not row.file_name or row.asked_by != request.user or not path_of(row).exists():
        raise Http404(_("The file was kept for a day and is gone. Make it anew."))
    return answer_with(row)


@room.post("/jobs/{number}/cancel", _("Cancel a job"), JobShown, scope=DECIDE, atomic=False)
def cancel_job(request: Call, edition: Edition, number: int) -> Any:
    """What is not finished is undone."""
    domain.cancel(_job(request, edition, number), user=request.user)
    return shown_job(_job(request, edition, number))

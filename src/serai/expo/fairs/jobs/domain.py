"""Jobs: long work that an organiser asks for, with its kinds, its progress, its result and its file."""

import mimetypes
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.tasks import task
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.requests import acting, acting_with, new_request
from serai.expo.base.home import home
from serai.expo.base.rooms import load_hooks
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import permission, refusal, rights_in
from serai.expo.fairs.edition.rules.roles import area_of
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.registry import Registry
from serai.world.progress import Progress


@dataclass(frozen=True)
class Ended:
    """What came of a job."""

    sentence: str
    page: str = ""
    """Address at which the work goes on."""
    made: int | None = None
    """Number of what was made, as in the interface."""
    file_name: str = ""
    """Name of the file that was written to ``files.path_of``."""


type Act = Callable[[Job, Progress], Ended]
type WhyNot = Callable[[User, Job], str]
"""Why a user may not cancel a job, in a sentence; empty where it may."""


@dataclass(frozen=True)
class Kind:
    """A kind of job: its title, what does it, and which exceptions are answers to who asked."""

    key: str
    title: str | Promise
    act: Act
    refusals: tuple[type[Exception], ...]
    atomic: bool
    why_not: WhyNot | None = None

    @property
    def area(self) -> str:
        """The area of the organiser's work to which it belongs: that of the room that does it."""
        return area_of(self.act.__module__)


_kinds: Registry[Kind] = Registry("job")


def job(
    key: str,
    *,
    title: str | Promise,
    refusals: tuple[type[Exception], ...] = (),
    atomic: bool = False,
    why_not: WhyNot | None = None,
) -> Callable[[Act], Act]:
    """Declare the function below as the one that does jobs of this kind."""

    def declare(act: Act) -> Act:
        _kinds.add(key, Kind(key, title, act, refusals, atomic, why_not))
        return act

    return declare


def kinds() -> list[Kind]:
    """All kinds."""
    load_hooks()
    return list(_kinds.values())


def kind_of(key: str) -> Kind:
    """The kind of this key. Raises KeyError if there is none."""
    load_hooks()
    return _kinds[key]


FIRST = 50
"""Priority of what a person waits for, above other tasks."""
KEPT_SECONDS = 3600


class CancelRefusedError(Exception):
    """The job has ended; there is nothing to cancel."""


@transaction.atomic
def start(edition: Edition, kind: str, *, user: User | None, page: str = "", **given: Any) -> Job:
    """Have the worker do a job with what is ``given``; the same one is not started twice while it is open.

    ``page`` is the address at which the work goes on, unless the job names another at its end.
    """
    kind_of(kind)
    with scope(edition=edition):
        same = Job.objects.filter(kind=kind, given=given, ended="", task__status__in=(queue.READY, queue.RUNNING))
        if (open_ := same.select_related("task").first()) is not None:
            return open_
        by = {name.removesuffix("_id"): number for name, number in acting().items()}
        language = get_language() or "en"
        job = Job.objects.create(
            edition=edition, kind=kind, given=given, page=page, asked_by=user, acting=by, language=language
        )
        record("job.asked", job, after={"kind": kind} | given, user=user, edition=edition)
        job.task_id = do.enqueue(job.pk).id
        job.save(update_fields=["task"])
    return reread(job)


def reread(job: Job) -> Job:
    """The job as it stands now."""
    with scopes_disabled():
        return Job.objects.select_related("task", "edition", "asked_by").get(pk=job.pk)


@task(priority=FIRST)
def do(number: int) -> None:
    """Do a job, unless it has ended."""
    with scopes_disabled():
        job = Job.objects.select_related("edition", "asked_by").filter(pk=number, ended="").first()
    if job is None:
        return
    kind = kind_of(job.kind)
    with scope(edition=job.edition), override(job.language), new_request(), acting_with(**job.acting):
        try:
            with transaction.atomic() if kind.atomic else nullcontext():
                _end(job, Job.State.DONE, kind.act(job, lambda step, share: _tell(job, step, share)))
        except kind.refusals as refusal:
            _end(job, Job.State.REFUSED, Ended(str(refusal)))


def _end(job: Job, state: str, ended: Ended) -> None:
    """Keep how a job ended, unless it was cancelled meanwhile."""
    kept = asdict(replace(ended, page=ended.page or job.page))
    Job.objects.filter(pk=job.pk, ended="").update(ended=state, ended_at=timezone.now(), **kept)


def cancel(job: Job, *, user: User | None) -> None:
    """Cancel an open job; what it has not finished is undone.

    Raises CancelRefusedError if it has ended, and PermissionDenied if the user may not (`why_not_cancel`).
    """
    if user is not None and (reason := why_not_cancel(job, user)):
        raise PermissionDenied(reason)
    if job.task is None or not job.is_open or not queue.cancel(job.task):
        raise CancelRefusedError(_("It has ended already."))
    with transaction.atomic(), scope(edition=job.edition):
        _end(job, Job.State.CANCELLED, Ended(_("It was cancelled.")))
        record("job.cancelled", job, after={"kind": job.kind}, user=user, edition=job.edition)


def why_not_cancel(job: Job, user: User) -> str:
    """Why a user may not cancel a job: its role does not change the area, or as the room says; empty where it may."""
    kind = kind_of(job.kind)
    if kind.why_not is not None:
        return kind.why_not(user, job)
    may = user.has_perm(permission(kind.area, change=True), job.edition)
    return "" if may else refusal(user, job.edition, kind.area, change=True)


@dataclass(frozen=True)
class Standing:
    """How far a job is: its present step, and which share of the work is done, if that is known."""

    step: str
    share: float | None


def _tell(job: Job, step: str, share: float) -> None:
    # Not in the database: there, others would see it after the end of the transaction only.
    cache.set(f"job-{job.pk}", [str(step), share], KEPT_SECONDS)


def standing(job: Job) -> Standing:
    """How far an open job is."""
    step, share = cache.get(f"job-{job.pk}") or ("", None)
    return Standing(step, share)


def visible_to(user: User, edition: Edition) -> QuerySet[Job]:
    """The jobs that an organiser may see: those of the areas of the work that its role reads."""
    rights = rights_in(user, edition)
    jobs = Job.objects.filter(edition=edition, kind__in=[kind.key for kind in kinds() if rights.may(kind.area)])
    return jobs.select_related("task", "asked_by", "edition")


KEPT = timedelta(days=1)
PIECE = 1 << 16  # bytes sent at once


def path_of(job: Job) -> Path:
    """Where the file of a job is. It is no address: a page asks first who may read it."""
    return home() / "jobs" / str(job.pk)


def write_file(job: Job, pieces: Iterable[bytes]) -> None:
    """Write the file of a job, anew if it was done before."""
    path = path_of(job)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(0o600)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def answer_with(job: Job) -> StreamingHttpResponse:
    """The file of a job as an answer, which no cache keeps. It is opened when it is sent."""
    path, (kind, _encoding) = path_of(job), mimetypes.guess_type(job.file_name)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=job.file_name)),
        "Content-Length": str(path.stat().st_size),
    }
    return StreamingHttpResponse(_pieces(path), content_type=kind or "application/octet-stream", headers=headers)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def forget_files(now: datetime | None = None) -> int:
    """Delete files that have been kept for their time. Returns how many."""
    limit = ((now or timezone.now()) - KEPT).timestamp()
    folder = home() / "jobs"
    old = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)

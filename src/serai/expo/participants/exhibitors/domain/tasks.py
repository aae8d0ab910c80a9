"""The desks of exhibitors: who has one, the tasks that the organiser sets there, and which exhibitor has done which."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.rows import made_once
from serai.expo.base.uploads import DOCUMENTS, UploadRefusedError, check_upload, cleaned
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.registry import Registry

type Exhibitors = Callable[[Edition], QuerySet[Participation]]


@dataclass(frozen=True)
class PageTask:
    """A task that is done on a page of the desk: when it is done, and by which exhibitors (all, if left out)."""

    is_done: Callable[[Participation], bool]
    of: Exhibitors | None


_page_tasks: Registry[PageTask] = Registry("task of a page")


def done_by_itself(page: str, is_done: Callable[[Participation], bool], *, of: Exhibitors | None = None) -> None:
    """Declare when the task of a page counts as done without being ticked, and whose task it is."""
    _page_tasks.add(page, PageTask(is_done, of))


def _page_task(task: DeskTask) -> PageTask | None:
    load_hooks()
    return _page_tasks.get(task.page)


class TaskRefusedError(ValueError):
    """Why a task cannot be kept or ticked, in the reader's language."""


@dataclass(frozen=True)
class Standing:
    """A task of one exhibitor on a day."""

    task: DeskTask
    done: DeskTaskDone | None
    by_itself: bool
    days_left: int

    @property
    def is_done(self) -> bool:
        return self.by_itself or self.done is not None

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.days_left < 0


def task_of(edition: Edition, code: str) -> DeskTask:
    """The task of this code. Raises Http404 if the fair has none."""
    task = DeskTask.objects.filter(edition=edition, code=code).first()
    if task is None:
        raise Http404(_("This fair has no such task."))
    return task


def tasks_of(participation: Participation, on: date | None = None) -> list[Standing]:
    """The tasks of an exhibitor, those to be done first by their day."""
    edition = participation.edition
    today = on or today_at(edition)
    done = {row.task_id: row for row in DeskTaskDone.objects.filter(participation=participation)}
    standings = [
        Standing(task, done.get(task.pk), _is_done_by_itself(task, participation), (task.due_on - today).days)
        for task in DeskTask.objects.filter(edition=edition)
        if applies(task, participation)
    ]
    return sorted(standings, key=lambda row: (row.is_done, row.task.due_on, row.task.pk))


def applies(task: DeskTask, participation: Participation) -> bool:
    """Whether the task is one of this kind of exhibitor and, if its page is for some exhibitors only, of this one."""
    page = _page_task(task)
    if page is not None and page.of and not page.of(participation.edition).filter(pk=participation.pk).exists():
        return False
    return not task.kinds or participation.kind in task.kinds


def _is_done_by_itself(task: DeskTask, participation: Participation) -> bool:
    page = _page_task(task)
    return page is not None and page.is_done(participation)


@made_once
def tick(
    task: DeskTask, participation: Participation, *, user: User, note: str = "", file: UploadedFile[Any] | None = None
) -> DeskTaskDone:
    """Store that the exhibitor has done the task.

    Raises TaskRefusedError where the task is another's, or a file is wanted and there is none or not a good one.
    """
    if not applies(task, participation):
        raise TaskRefusedError(_("This task is not one of yours."))
    if task.wants_file and file is None:
        raise TaskRefusedError(_("Send the file that this task asks for."))
    if file is not None:
        try:
            file = cleaned(file, check_upload(file, DOCUMENTS))
        except UploadRefusedError as refusal:
            raise TaskRefusedError(str(refusal)) from None
    done_before = DeskTaskDone.objects.filter(task=task, participation=participation).first()
    before = state(done_before) if done_before else None
    done = done_before or DeskTaskDone(edition=participation.edition, task=task, participation=participation)
    done.note, done.done_by, done.done_at = note, user, timezone.now()
    if file is not None:
        _forget(done)
        done.file = file
    done.save()
    record("desk_task.done", done, before=before, after=state(done), user=user, edition=participation.edition)
    return done


def file_of(task: DeskTask, participation: Participation) -> FieldFile | None:
    """The file that the exhibitor sent for a task, where it is not lost."""
    done = DeskTaskDone.objects.filter(task=task, participation=participation).exclude(file="").first()
    return done.file if done and done.file.storage.exists(done.file.name or "") else None


@transaction.atomic
def untick(task: DeskTask, participation: Participation, *, user: User) -> None:
    """Undo a tick, so that the task is open again; its file is deleted."""
    for done in DeskTaskDone.objects.filter(task=task, participation=participation):
        record("desk_task.undone", done, before=state(done), user=user, edition=participation.edition)
        _forget(done)
        done.delete()


@transaction.atomic
def keep_task(task: DeskTask, *, user: User) -> DeskTask:
    """Write a new or changed task of an edition. Raises TaskRefusedError on a taken code."""
    if DeskTask.objects.filter(edition=task.edition, code=task.code).exclude(pk=task.pk).exists():
        raise TaskRefusedError(_("Another task of this fair has this code."))
    before = state(DeskTask.objects.get(pk=task.pk)) if task.pk else None
    task.save()
    record("desk_task.kept", task, before=before, after=state(task), user=user, edition=task.edition)
    return task


@transaction.atomic
def remove_task(task: DeskTask, *, user: User) -> None:
    """Delete a task with what exhibitors did of it."""
    record("desk_task.removed", task, before=state(task), user=user, edition=task.edition)
    for done in DeskTaskDone.objects.filter(task=task):
        _forget(done)
    task.delete()


def _forget(done: DeskTaskDone) -> None:
    """Delete the file that was sent, once its row is surely gone or has another: what is refused keeps it."""
    if done.file.name:
        transaction.on_commit(partial(done.file.storage.delete, done.file.name))


def tasks_with_counts(edition: Edition) -> list[tuple[DeskTask, int, int]]:
    """Each task with how many exhibitors ticked it and how many have it."""
    standing = Participation.objects.filter(
        edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED
    ).values_list("kind")
    by_kind: dict[str, int] = dict(standing.order_by().annotate(n=Count("pk")))
    tasks = DeskTask.objects.filter(edition=edition).annotate(ticked=Count("done", filter=Q(done__isnull=False)))

    def having(task: DeskTask) -> int:
        page = _page_task(task)
        if page is not None and page.of:
            return page.of(edition).count()
        return sum(by_kind.get(kind, 0) for kind in task.kinds or by_kind)

    return [(task, task.ticked, having(task)) for task in tasks]


def desks(edition: Edition) -> QuerySet[Participation]:
    """The participations that have a desk: exhibitors of any kind, from their application on."""
    return (
        Participation.objects.filter(edition=edition, kind__in=EXHIBITING)
        .exclude(state=Participation.State.CANCELLED)
        .select_related("firm", "section", "package", "lead__firm", "edition__organisation")
        .order_by("firm__sort_name", "pk")
    )


def desks_of(user: User, edition: Edition) -> QuerySet[Participation]:
    """The desks of the firms in which the user has a role."""
    return desks(edition).filter(firm__roles__user_id=user.pk)


def has_desk(user: User, edition: Edition) -> bool:
    """Whether the user has a desk at this fair. Error pages ask too, outside of the edition's scope."""
    with scope(edition=edition):
        return desks_of(user, edition).exists()

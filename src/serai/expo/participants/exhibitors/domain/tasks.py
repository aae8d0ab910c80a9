"""The tasks that an organiser sets its exhibitors: who has to do what by when, and what is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.uploads import DOCUMENTS, UploadRefusedError, check_upload, cleaned
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.market.models import Need, Offer, Review
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.models import Badge
from serai.expo.site.exhibitor_desk.domain.completeness import is_complete
from serai.expo.venue.contracts.models import BoothContract

SOON_DAYS = 14

BY_PAGE: Mapping[str, Callable[[Participation], bool]] = {
    DeskTask.Page.PROFILE: lambda one: is_complete(one.firm),
    DeskTask.Page.OFFERS: lambda one: _handed_in(Offer, one),
    DeskTask.Page.NEEDS: lambda one: _handed_in(Need, one),
    DeskTask.Page.TEAM: lambda one: Role.objects.filter(firm_id=one.firm_id).count() > 1,
    DeskTask.Page.BADGES: lambda one: Badge.objects.filter(participation=one).exists(),
    DeskTask.Page.CO_EXHIBITORS: lambda one: one.co_exhibitors.exists(),
    DeskTask.Page.CONTRACT: lambda one: not _contracts(one).exclude(state=BoothContract.State.SIGNED).exists(),
}
"""When a page shows by itself that its task is done."""


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

    @property
    def is_soon(self) -> bool:
        return not self.is_done and 0 <= self.days_left <= SOON_DAYS


def _handed_in(model: Any, participation: Participation) -> bool:
    handed_in = (Review.SUBMITTED, Review.PUBLISHED)
    return bool(model.objects.filter(participation=participation, review__in=handed_in).exists())


def tasks_of(participation: Participation, on: date | None = None) -> list[Standing]:
    """The tasks of an exhibitor, those to be done first by their day. Call inside of the scope."""
    edition = participation.edition
    today = on or today_at(edition)
    done = {one.task_id: one for one in DeskTaskDone.objects.filter(participation=participation)}
    found = [
        Standing(task, done.get(task.pk), _done_by_itself(task, participation), (task.due_on - today).days)
        for task in DeskTask.objects.filter(edition=edition)
        if applies(task, participation)
    ]
    return sorted(found, key=lambda one: (one.is_done, one.task.due_on, one.task.pk))


def applies(task: DeskTask, participation: Participation) -> bool:
    """Whether the task is one of this kind of exhibitor; that of signing is one of those who have a contract."""
    if task.page == DeskTask.Page.CONTRACT and not _contracts(participation).exists():
        return False
    return not task.kinds or participation.kind in task.kinds


def _contracts(participation: Participation) -> QuerySet[BoothContract]:
    """The contracts of an exhibitor that are offered or signed."""
    return BoothContract.objects.filter(participation=participation).exclude(state=BoothContract.State.WITHDRAWN)


def _done_by_itself(task: DeskTask, participation: Participation) -> bool:
    check = BY_PAGE.get(task.page)
    return check is not None and check(participation)


@transaction.atomic
def tick(
    task: DeskTask, participation: Participation, *, user: User, note: str = "", file: UploadedFile[Any] | None = None
) -> DeskTaskDone:
    """Keep that the exhibitor has done the task. Call inside of the scope.

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
    known = DeskTaskDone.objects.filter(task=task, participation=participation).first()
    before = state(known) if known else None
    done = known or DeskTaskDone(edition=participation.edition, task=task, participation=participation)
    done.note, done.done_by, done.done_at = note, user, timezone.now()
    if file is not None:
        _forget(done)
        done.file = file
    done.save()
    record("desk_task.done", done, before=before, after=state(done), user=user, edition=participation.edition)
    return done


def file_of(task: DeskTask, participation: Participation) -> FieldFile | None:
    """The file that the exhibitor sent for a task, where it is not lost. Call inside of the scope."""
    done = DeskTaskDone.objects.filter(task=task, participation=participation).exclude(file="").first()
    return done.file if done and done.file.storage.exists(done.file.name or "") else None


@transaction.atomic
def untick(task: DeskTask, participation: Participation, *, user: User) -> None:
    """The task is to be done again; its file goes with it. Call inside of the scope."""
    for done in DeskTaskDone.objects.filter(task=task, participation=participation):
        record("desk_task.undone", done, before=state(done), user=user, edition=participation.edition)
        _forget(done)
        done.delete()


@transaction.atomic
def keep_task(task: DeskTask, *, user: User) -> DeskTask:
    """Write a new or changed task of an edition. Call inside of the scope. Raises TaskRefusedError on a taken code."""
    if DeskTask.objects.filter(edition=task.edition, code=task.code).exclude(pk=task.pk).exists():
        raise TaskRefusedError(_("Another task of this fair has this code."))
    before = state(DeskTask.objects.get(pk=task.pk)) if task.pk else None
    task.save()
    record("desk_task.kept", task, before=before, after=state(task), user=user, edition=task.edition)
    return task


@transaction.atomic
def remove_task(task: DeskTask, *, user: User) -> None:
    """Delete a task with what exhibitors did of it. Call inside of the scope."""
    record("desk_task.removed", task, before=state(task), user=user, edition=task.edition)
    for done in DeskTaskDone.objects.filter(task=task):
        _forget(done)
    task.delete()


def _forget(done: DeskTaskDone) -> None:
    """Delete the file that was sent, once its row is surely gone or has another: what is refused keeps it."""
    if done.file.name:
        transaction.on_commit(partial(done.file.storage.delete, done.file.name))


def tasks_with_counts(edition: Edition) -> list[tuple[DeskTask, int, int]]:
    """Each task with how many exhibitors ticked it and how many have it. Call inside of the scope."""
    standing = Participation.objects.filter(
        edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED
    ).values_list("kind")
    by_kind: dict[str, int] = dict(standing.order_by().annotate(n=Count("pk")))
    tasks = DeskTask.objects.filter(edition=edition).annotate(ticked=Count("done", filter=Q(done__isnull=False)))
    offered = BoothContract.objects.filter(edition=edition).exclude(state=BoothContract.State.WITHDRAWN)
    with_contract = offered.values("participation").distinct().count()

    def having(task: DeskTask) -> int:
        if task.page == DeskTask.Page.CONTRACT:
            return with_contract
        return sum(by_kind.get(kind, 0) for kind in task.kinds or by_kind)

    return [(task, task.ticked, having(task)) for task in tasks]

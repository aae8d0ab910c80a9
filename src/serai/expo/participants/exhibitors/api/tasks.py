"""The tasks that an organiser sets its exhibitors, and what each has done of them."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import GivenTexts, Slug, Texts, Words, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.exhibitors.domain import tasks
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING

ANY_FILE = "application/octet-stream"
"""Of a file of which only its name says what it is."""

room = Room(_("Tasks of exhibitors"), tasks.TaskRefusedError)

Kind = Annotated[str, one_of([kind.value for kind in EXHIBITING])]
PageOfDesk = Annotated[str, one_of([page for page in DeskTask.Page.values if page], blank=True)]


class TaskShown(Schema):
    code: str
    title: Texts
    text: Texts
    page: str = Field(description="Page of the desk on which it is done; empty where it is ticked by hand")
    kinds: list[str] = Field(description="Whose task it is; all exhibitors' where it is empty")
    due_on: date
    wants_file: bool


class TaskCounted(TaskShown):
    ticked: int = Field(description="Exhibitors who have ticked it")
    of: int = Field(description="Exhibitors who have it to do")


class TaskOfFirm(TaskShown):
    done: bool
    by_itself: bool = Field(description="The page of the desk shows that it is done")
    late: bool
    note: str
    file: str | None = Field(description="Name of the file that was sent")
    done_at: datetime | None


class TaskGiven(Schema):
    code: Slug = Field(description="Letters, digits and hyphens, as in 'insurance'")
    title: GivenTexts = Field(min_length=1)
    text: GivenTexts = Field(default_factory=dict)
    due_on: date
    page: PageOfDesk = ""
    kinds: list[Kind] = Field(default_factory=list, max_length=3)
    wants_file: bool = False


class TaskChange(Schema):
    """The fields to change; those left out stay."""

    title: GivenTexts | None = Field(None, min_length=1)
    text: GivenTexts | None = None
    due_on: date | None = None
    page: PageOfDesk | None = None
    kinds: list[Kind] | None = Field(None, max_length=3)
    wants_file: bool | None = None


class Done(Schema):
    note: Annotated[Words, Field(max_length=1000)] = ""
    file: FileGiven | None = Field(None, description="A document or picture, needed where the task wants one")


# For who sets them


@room.list("/tasks", _("Tasks"), TaskCounted, scope=ORGANISE)
def tasks_(_request: Call, edition: Edition) -> Any:
    """With how many exhibitors have done each."""
    return Listed(tasks.tasks_with_counts(edition), lambda row: shown(TaskCounted, row[0], ticked=row[1], of=row[2]))


@room.post("/tasks", _("Set a task"), TaskShown, scope=DECIDE, status=201)
def set_task(request: Call, edition: Edition, given: TaskGiven) -> Any:
    made = DeskTask(edition=edition, **given.model_dump())
    return shown(TaskShown, tasks.keep_task(made, user=request.user))


@room.patch("/tasks/{code}", _("Change a task"), TaskShown, scope=DECIDE)
def change_task(request: Call, edition: Edition, code: Slug, given: TaskChange) -> Any:
    task = tasks.task_of(edition, code)
    require_unchanged(request, shown(TaskShown, task))
    for name, value in given.model_dump(exclude_none=True).items():
        setattr(task, name, value)
    return shown(TaskShown, tasks.keep_task(task, user=request.user))


@room.delete("/tasks/{code}", _("Remove a task"), scope=DECIDE)
def remove_task(request: Call, edition: Edition, code: Slug) -> Any:
    """With what exhibitors have done of it."""
    tasks.remove_task(tasks.task_of(edition, code), user=request.user)


# For who does them


def _standing(standing: tasks.Standing) -> TaskOfFirm:
    done = standing.done
    return shown(
        TaskOfFirm,
        standing.task,
        done=standing.is_done,
        by_itself=standing.by_itself,
        late=standing.is_late,
        note=done.note if done else "",
        file=Path(done.file.name or "").name if done and done.file else None,
        done_at=done.done_at if done else None,
    )


def _of(participation: Participation, task: DeskTask) -> TaskOfFirm:
    """The task as it stands for an exhibitor. Raises Http404 where it is not one of its own."""
    for standing in tasks.tasks_of(participation):
        if standing.task.pk == task.pk:
            return _standing(standing)
    raise Http404(_("This task is not one of yours."))


@room.list("/firms/{identifier}/tasks", _("My tasks"), TaskOfFirm, _standing, scope=READ)
def firm_tasks(request: Call, edition: Edition, identifier: str) -> Any:
    """Those to be done first by their day."""
    participation = desk_of(request, edition, identifier, "expo.see_desk")
    return tasks.tasks_of(participation)


@room.put("/firms/{identifier}/tasks/{code}", _("Say that a task is done"), TaskOfFirm)
def do_task(request: Call, edition: Edition, identifier: str, code: Slug, given: Annotated[Done, Sent(...)]) -> Any:
    """With a note, and with the file where one is wanted."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    task = tasks.task_of(edition, code)
    require_unchanged(request, _of(participation, task))
    file = given.file.upload if given.file else None
    tasks.tick(task, participation, user=request.user, note=given.note, file=file)
    return _of(participation, task)


@room.delete("/firms/{identifier}/tasks/{code}", _("Say that a task is not done"))
def undo_task(request: Call, edition: Edition, identifier: str, code: Slug) -> Any:
    """What was sent for it is deleted."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    tasks.untick(tasks.task_of(edition, code), participation, user=request.user)


@room.get("/firms/{identifier}/tasks/{code}/file", _("The file of a task"), None, scope=READ, media=[ANY_FILE])
def task_file(request: Call, edition: Edition, identifier: str, code: Slug) -> FileResponse:
    """That the exhibitor sent when it said that the task is done."""
    participation = desk_of(request, edition, identifier, "expo.see_desk")
    file = tasks.file_of(tasks.task_of(edition, code), participation)
    if file is None:
        raise Http404(_("There is no file for this task."))
    name = Path(file.name or "").name
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=ANY_FILE)

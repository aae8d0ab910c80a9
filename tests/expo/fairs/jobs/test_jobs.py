"""A job waits, is done with progress and ends with a sentence; its page follows it, and it can be cancelled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.expo.base.audit.domain.requests import acting_with
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition, Section
from serai.expo.fairs.jobs import domain as jobs
from serai.expo.fairs.jobs.domain import Ended, Kind, forget_files, path_of, write_file
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.world.progress import Progress

pytestmark = pytest.mark.jobs_wait


class RefusedError(Exception):
    """An answer to who asked."""


class KilledError(BaseException):
    """What ends the process of a task."""


type Declare = Callable[..., None]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declare what a job of the kind "trial" does."""

    def declare(act: Callable[[Job, Progress], Ended], *, atomic: bool = False) -> None:
        jobs.load_hooks()
        declared = {**jobs._kinds} | {"trial": Kind("trial", "A trial", act, (RefusedError,), atomic)}
        monkeypatch.setattr(jobs, "_kinds", declared)

    return declare


def work() -> bool:
    """Do the task that is due first, as a worker does. Returns whether there was one."""
    task = queue.claim_task("tests")
    if task is not None:
        queue.run(task)
    return task is not None


def later() -> None:
    """Time goes on until every lease and every wait is over."""
    DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).update(run_after=timezone.now() - timedelta(seconds=1))


def page_of(client: Client, job: Job, **query: str) -> Any:
    return client.get(reverse("job", args=[job.edition.slug, job.pk]), query)


def test_a_job_is_followed_from_the_wish_to_its_end(
    edition: Edition, organiser: User, organiser_client: Client, declare: Declare
) -> None:
    def act(job: Job, progress: Progress) -> Ended:
        progress("Half of it", 0.5)
        page = page_of(organiser_client, job).text
        assert "Half of it" in page
        assert 'value="0.50"' in page
        return Ended(f"Made for {job.given['whom']}", f"/en/{edition.slug}/organiser/", made=7)

    declare(act)
    job = jobs.start(edition, "trial", user=organiser, whom="Amina")
    waiting = page_of(organiser_client, job)
    assert "Waiting for its turn" in waiting.text
    assert "data-awaited" in waiting.text
    assert work()
    done = jobs.reread(job)
    assert (done.state, done.sentence, done.made) == ("done", "Made for Amina", 7)
    led_on = organiser_client.get(reverse("job", args=[edition.slug, job.pk]) + "?wait=1", follow=True)
    assert led_on.request["PATH_INFO"] == f"/en/{edition.slug}/organiser/"
    assert "Made for Amina" in led_on.text
    page = page_of(organiser_client, job).text
    assert "Made for Amina" in page
    assert "data-awaited" not in page
    assert "A trial" in organiser_client.get(reverse("jobs", args=[edition.slug])).text


def test_it_speaks_the_language_of_who_asked_and_is_in_the_trail_by_that_name(
    edition: Edition, organiser: User, stranger: User, declare: Declare
) -> None:
    declare(lambda _job, _progress: Ended(get_language() or ""))
    with override("fr"), acting_with(impersonator=stranger.pk):
        job = jobs.start(edition, "trial", user=organiser)
    work()
    assert jobs.reread(job).sentence == "fr"
    entry = AuditEntry.objects.get(action="job.asked")
    assert (entry.user, entry.impersonator) == (organiser, stranger)
    assert job.acting == {"impersonator": stranger.pk, "staff_session": None}


def test_what_is_asked_twice_is_done_once(edition: Edition, organiser: User, declare: Declare) -> None:
    done = []
    declare(lambda job, _progress: Ended(str(done.append(job.pk))))
    first, second = (jobs.start(edition, "trial", user=organiser, number=1) for _turn in range(2))
    other = jobs.start(edition, "trial", user=organiser, number=2)
    assert first.pk == second.pk != other.pk
    while work():
        pass
    assert done == [first.pk, other.pk]
    assert jobs.start(edition, "trial", user=organiser, number=1).pk not in {first.pk, other.pk}


def test_a_refusal_is_told_and_not_tried_again(edition: Edition, organiser: User, declare: Declare) -> None:
    def act(_job: Job, _progress: Progress) -> Ended:
        raise RefusedError("There is nothing to seat.")

    declare(act)
    job = jobs.start(edition, "trial", user=organiser, page="/en/")
    work()
    ended = jobs.reread(job)
    assert (ended.state, ended.sentence, ended.page) == ("refused", "There is nothing to seat.", "/en/")
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.parametrize("atomic", [True, False])
def test_a_job_whose_worker_was_killed_is_done_again_and_what_is_atomic_is_done_once(
    edition: Edition, organiser: User, declare: Declare, atomic: bool
) -> None:
    turns = []

    def act(_job: Job, _progress: Progress) -> Ended:
        turns.append(1)
        Section.objects.create(edition=edition, slug=f"s{len(turns)}", title={"en": "x"})
        if len(turns) == 1:
            raise KilledError
        return Ended("Done")

    declare(act, atomic=atomic)
    job = jobs.start(edition, "trial", user=organiser)
    with pytest.raises(KilledError):
        work()
    assert jobs.reread(job).state == "running"
    later()
    work()
    assert jobs.reread(job).state == "done"
    later()
    assert not work()
    with scope(edition=edition):
        assert Section.objects.filter(slug__startswith="s").count() == (1 if atomic else 2)


def test_a_job_that_ended_before_its_worker_was_killed_is_not_done_again(
    edition: Edition, organiser: User, declare: Declare
) -> None:
    done = []
    declare(lambda job, _progress: Ended(str(done.append(job.pk))))
    job = jobs.start(edition, "trial", user=organiser)
    work()
    DBTaskResult.objects.update(status="RUNNING")  # the worker was killed before it could say so
    later()
    work()
    assert done == [job.pk]


def test_a_job_that_always_fails_is_shown_to_the_organiser(
    edition: Edition, organiser: User, organiser_client: Client, declare: Declare
) -> None:
    def act(_job: Job, _progress: Progress) -> Ended:
        raise ZeroDivisionError

    declare(act)
    job = jobs.start(edition, "trial", user=organiser)
    for _number in range(queue.MOST_TRIES):
        work()
        later()
    assert jobs.reread(job).state == "failed"
    assert "1 piece of work failed" in organiser_client.get(reverse("organiser", args=[edition.slug])).text
    assert "Failed" in page_of(organiser_client, job).text


def test_a_job_is_cancelled_while_it_waits_and_while_it_runs(
    edition: Edition, organiser: User, organiser_client: Client, declare: Declare
) -> None:
    def act(job: Job, _progress: Progress) -> Ended:
        assert "It was cancelled" in organiser_client.post(address(job), follow=True).text
        return Ended("Too late")

    def address(job: Job) -> str:
        return reverse("job", args=[edition.slug, job.pk])

    declare(act)
    waiting = jobs.start(edition, "trial", user=organiser, page=f"/en/{edition.slug}/organiser/")
    organiser_client.post(address(waiting))
    assert not work()
    running = jobs.start(edition, "trial", user=organiser)
    assert work()
    for job in (waiting, running):
        assert (jobs.reread(job).state, jobs.reread(job).sentence) == ("cancelled", "It was cancelled.")
        assert "It has ended already" in organiser_client.post(address(job), follow=True).text
    assert AuditEntry.objects.filter(action="job.cancelled", user=organiser).count() == 2


def test_a_file_is_for_who_asked_and_gone_after_a_day(
    edition: Edition, organiser: User, organiser_client: Client, new_user: Callable[..., User], declare: Declare
) -> None:
    def act(job: Job, _progress: Progress) -> Ended:
        write_file(job, [b"half"])
        write_file(job, [b"one", b"two"])  # again, after the worker was killed
        return Ended("The file is ready.", file_name="list.csv")

    declare(act)
    job = jobs.start(edition, "trial", user=organiser)
    work()
    address = reverse("job-file", args=[edition.slug, job.pk])
    file = organiser_client.get(address)
    assert (file.getvalue(), file["Cache-Control"]) == (b"onetwo", "private, no-store")
    assert path_of(job).stat().st_mode & 0o077 == 0
    colleague = Client()
    colleague.force_login(new_user("colleague", organisation=edition.organisation))
    assert colleague.get(address).status_code == 404
    written = datetime.fromtimestamp(path_of(job).stat().st_mtime, UTC)
    forget_files(written + timedelta(hours=23))
    assert path_of(job).exists()
    forget_files(written + timedelta(hours=25))
    assert organiser_client.get(address).status_code == 404
    assert "Download the file" not in page_of(organiser_client, job).text

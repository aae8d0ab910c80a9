"""Tasks are done at least once: a killed worker's task is taken up again, one that always fails is set aside."""

from datetime import timedelta

import pytest
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base.tasks.domain import queue

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
done: list[str] = []


@task
def do(what: str) -> str:
    done.append(what)
    return what


@task
def fail() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


def claimed(worker: str = "a") -> DBTaskResult:
    """The task that is due next."""
    found = queue.claim_task(worker)
    assert found is not None
    return found


def later() -> None:
    """Time goes on until every lease and every wait is over."""
    DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).update(run_after=timezone.now() - timedelta(seconds=1))


def test_a_task_is_done_once_and_what_it_returned_is_kept() -> None:
    do.enqueue("bread")
    queue.run(claimed())
    assert queue.claim_task("b") is None
    kept = DBTaskResult.objects.get()
    assert (kept.status, kept.return_value, done) == ("SUCCESSFUL", "bread", ["bread"])


def test_a_task_is_not_due_before_its_time() -> None:
    do.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("bread")
    assert queue.claim_task("a") is None


def test_a_task_is_leased_to_one_worker_and_due_again_when_the_lease_runs_out() -> None:
    do.enqueue("bread")
    first = claimed("a")
    assert queue.claim_task("b") is None
    later()
    second = claimed("b")
    assert second.pk == first.pk
    assert not queue.renew(first), "it is no longer the first worker's"
    assert queue.renew(second)
    queue.run(first)  # the first worker was only slow
    assert DBTaskResult.objects.get().status == "RUNNING"
    queue.run(second)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_was_given_back_is_due_at_once_and_the_try_does_not_count() -> None:
    do.enqueue("bread")
    queue.give_back(claimed())
    assert len(claimed().worker_ids) == 1


def test_a_task_whose_process_ended_is_due_soon_and_one_that_ended_well_is_not() -> None:
    do.enqueue("bread")
    ended = claimed()
    queue.let_go(ended)
    assert DBTaskResult.objects.get().run_after < timezone.now() + queue.LEASE
    later()
    again = claimed()
    queue.run(again)
    queue.let_go(again)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_tasks_of_a_worker_that_has_ended_are_let_go_without_waiting_for_the_lease() -> None:
    do.enqueue("bread")
    do.enqueue("salt")
    claimed("alive")
    claimed("dead")
    queue.let_go_of(lambda worker: worker == "dead")
    soon = timezone.now() + queue.LEASE / 2
    held = {task.worker_ids[-1]: task.run_after < soon for task in DBTaskResult.objects.all()}
    assert held == {"alive": False, "dead": True}


def test_a_task_that_always_fails_is_set_aside_and_tried_again_by_hand() -> None:
    fail.enqueue()
    for number in range(queue.MOST_TRIES):
        assert not queue.set_aside().exists(), number
        queue.run(claimed())
        assert queue.claim_task("a") is None, "it waits a while"
        later()
    assert "ZeroDivisionError" in queue.set_aside().get().traceback
    assert queue.try_again([queue.set_aside().get().pk]) == 1
    assert len(claimed().worker_ids) == 1


def test_a_task_that_kills_its_worker_each_time_is_set_aside() -> None:
    do.enqueue("poison")
    for _number in range(queue.MOST_TRIES):
        claimed()
        later()
    assert queue.claim_task("a") is None
    assert "Its worker ended while it ran, 3 times." in queue.set_aside().get().traceback
    assert done == []


def test_a_task_that_is_not_there_any_more_is_set_aside() -> None:
    DBTaskResult.objects.create(
        task_path="serai.expo.nothing",
        backend_name="default",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=timezone.now(),
    )
    for _number in range(queue.MOST_TRIES):
        queue.run(claimed())
        later()
    assert queue.set_aside().count() == 1


def test_a_cancelled_task_is_taken_from_its_worker_and_not_shown_as_set_aside() -> None:
    do.enqueue("bread")
    running = claimed()
    assert queue.cancel(running)
    assert not queue.renew(running)
    queue.run(running)
    assert DBTaskResult.objects.get().status == "FAILED"
    assert not queue.set_aside().exists()
    assert not queue.cancel(running)


def test_a_task_of_a_worker_from_before_there_were_leases_is_taken_up() -> None:
    do.enqueue("bread")
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["old"])
    queue.run(claimed())
    assert done == ["bread"]

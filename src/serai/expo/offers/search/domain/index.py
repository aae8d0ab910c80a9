"""Indexing after large changes, by the worker: a search itself catches up with a few participants only."""

from django.db import transaction
from django.tasks import task
from django_tasks_db.models import DBTaskResult

from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain.renewal import keep_up
from serai.expo.offers.search.models import SearchEntry


@task
def index_edition(edition_pk: int) -> int:
    """Work out the meaning of all that has changed in an edition. Returns for how many participants."""
    return keep_up(Edition.objects.get(pk=edition_pk))


@transaction.atomic
def index_later(edition: Edition) -> None:
    """Have the worker index the edition once the transaction at hand is written, by a task that waits already if any.

    That task is locked, so that no worker takes it before what is written here can be seen.
    """
    same = {"task_path": index_edition.module_path, "args_kwargs": {"args": [edition.pk], "kwargs": {}}}
    waiting = DBTaskResult.objects.filter(**same, status=queue.READY).select_for_update(skip_locked=True)
    if waiting.first() is None:
        index_edition.enqueue(edition.pk)


def index_what_waits() -> None:
    """Have the worker index every edition with texts that are to be read, as after an update that reads them anew."""
    waiting = SearchEntry._base_manager.filter(vector__isnull=True)
    for edition in Edition.objects.filter(pk__in=waiting.values("edition")):
        index_later(edition)

"""Results that are computed by tasks, stored with what they were computed from, and read by pages.

A kind of result is declared beside the function that computes it:

    @result("chain-exposure", fingerprint=fingerprint_of_chain)
    def chain_exposure(edition: Edition | None, key: str, progress: Progress) -> dict[str, Any]: ...

A page reads it by ``stored(edition, "chain-exposure", chain.slug)``. It shows the data that there are at once. Where
there are none, or where they are not current any more, the worker is asked to compute them; no page computes itself.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai import __version__
from serai.expo.base.revisions import by_revision
from serai.expo.base.rooms import load_hooks
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.models import StoredResult
from serai.registry import Registry
from serai.world.progress import Progress

type Compute = Callable[[Edition | None, str, Progress], Any]
"""Takes the edition, None for the whole world, the key, and what is to be told of the progress. Returns what JSON can
hold. It is called in the scope of the edition, and again if its worker was killed. The step that it tells is a sentence
to be translated when it is read, or empty."""
type Fingerprint = Callable[[Edition | None, str], str]

PRIORITY, PREPARED = 10, 5
"""Of what a page shows: above work that nobody waits for, below jobs that a person has started. Of what is computed
before anybody looks: after all that a page waits for."""
REST = timedelta(minutes=10)
"""How long nothing is computed after the worker has given up on it."""
TOLD_SECONDS = 3600
FAILED = gettext_noop("It could not be computed. The operator of this site finds the reason in its log.")
"""What is said of an error that nobody has foreseen."""

log = logging.getLogger(__name__)


class NotComputable(Exception):
    """Why a result can't be computed from what there is, as a sentence to be translated when it is read."""


@dataclass(frozen=True)
class Kind:
    """A kind of result: its name, what computes it, and what tells whether it is still current."""

    name: str
    compute: Compute
    fingerprint: Fingerprint
    version: int


_kinds: Registry[Kind] = Registry("stored result")


def result(name: str, *, fingerprint: Fingerprint, version: int = 1) -> Callable[[Compute], Compute]:
    """Declare the function below as the one that computes results of this kind.

    ``fingerprint`` reads rows only and computes nothing. ``version`` counts changes of the method or of the data's
    form: stored results of an earlier one are computed anew.
    """

    def declare(compute: Compute) -> Compute:
        _kinds.add(name, Kind(name, compute, fingerprint, version))
        return compute

    return declare


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises KeyError if there is none."""
    load_hooks()
    return _kinds[name]


def digest(*parts: Any) -> str:
    """A short text that changes with any of the parts, for fingerprints."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Standing:
    """How far a computation is: its present step, and the share of the work that is done, if that is known."""

    step: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Stored:
    """A result as it stands. ``data`` is None where there is none yet, or where ``problem`` says why there is none.

    ``is_current`` is false while ``data`` rests on what has changed since; a newer one is then being computed.
    """

    data: Any = None
    problem: str = ""
    is_current: bool = False
    computed_at: datetime | None = None
    seconds: float = 0.0
    standing: Standing = Standing()

    @property
    def is_awaited(self) -> bool:
        """Nothing can be shown yet: the page says that it is being computed."""
        return self.data is None and not self.problem


def stored(edition: Edition | None, kind: str, key: str = "") -> Stored:
    """The result as it stands. The worker is asked for it where it is missing or not current."""
    now = fingerprint_of(edition, kind, key)
    row = _rows(edition, kind, key).first()
    if row is None or row.fingerprint != now:
        ask(edition, kind, key)
        row = _rows(edition, kind, key).first()  # where tasks are done at once, it is there now
    if row is None:
        return Stored(standing=standing(edition, kind, key))
    is_current = row.fingerprint == now
    told = Standing() if is_current else standing(edition, kind, key)
    return Stored(row.data, row.problem, is_current, row.computed_at, row.seconds, told)


def last_data(edition: Edition, kind: str) -> Any:
    """The data that were computed last, current or not; None where there are none. Asks nobody to compute them: for
    pages that can do without."""
    return _rows(edition, kind, "").values_list("data", flat=True).first()


def current_data(edition: Edition | None, kind: str, key: str = "") -> Any:
    """The data that rest on what there is now; None where there are none. Asks nobody to compute them."""
    row = _current(edition, kind, key)
    return None if row is None else row.data


def needed(edition: Edition | None, kind: str, key: str = "") -> Any:
    """The data of a result on which another one rests. For tasks alone: what is not current is computed at once.

    Raises NotComputable.
    """
    row = compute_now(edition, kind, key)
    if row.problem:
        raise NotComputable(row.problem)
    return row.data


def fingerprint_of(edition: Edition | None, kind: str, key: str = "") -> str:
    """What a result of this kind and key would rest on now. Kept until a table changes that was read for it."""
    declared = kind_of(kind)

    def work() -> str:
        with _in(edition):
            return digest(__version__, declared.version, declared.fingerprint(edition, key))

    return by_revision("fingerprint", [edition, kind, key], work)


def is_current(edition: Edition | None, kind: str, key: str = "") -> bool:
    """Whether there is a result that rests on what there is now. Asks nobody to compute it."""
    return _current(edition, kind, key) is not None


def prepare(edition: Edition | None, kind: str, key: str = "") -> None:
    """Have the worker compute a result before anybody looks, unless it is current."""
    if not is_current(edition, kind, key):
        ask(edition, kind, key, priority=PREPARED)


@transaction.atomic
def ask(edition: Edition | None, kind: str, key: str = "", *, priority: int = PRIORITY) -> bool:
    """Have the worker compute a result, unless it waits for that or is at it. Returns whether it was asked.

    One that waits with a lower priority gets this one. What the worker has just given up on rests for a while.
    """
    number = edition.pk if edition else None
    same = DBTaskResult.objects.filter(
        task_path=compute.module_path, args_kwargs={"args": [number, kind, key], "kwargs": {}}
    ).order_by()
    if same.filter(status__in=(queue.READY, queue.RUNNING)).exists():
        same.filter(status=queue.READY, priority__lt=priority).update(priority=priority)
        return False
    if same.filter(status=queue.FAILED, finished_at__gt=timezone.now() - REST).exists():
        return False
    compute.using(priority=priority).enqueue(number, kind, key)
    return True


def compute_now(edition: Edition | None, kind: str, key: str = "") -> StoredResult:
    """The row of a result, computed here and now unless it is current. For commands and tasks: pages ask the worker."""
    row = _current(edition, kind, key)
    if row is None:
        compute.func(edition.pk if edition else None, kind, key)
        row = _rows(edition, kind, key).get()
    return row


@task(priority=PRIORITY)
def compute(edition_pk: int | None, kind: str, key: str) -> None:
    """Compute a result and store it in place of the one that there was."""
    edition = None if edition_pk is None else Edition.objects.filter(pk=edition_pk).first()
    if edition is None and edition_pk is not None:
        return
    declared = kind_of(kind)
    fingerprint = fingerprint_of(edition, kind, key)  # before it: what changes meanwhile makes the result stale
    began = time.perf_counter()
    data, problem = None, ""
    try:
        with _in(edition):
            data = declared.compute(edition, key, partial(_tell, edition, kind, key))
    except NotComputable as reason:
        problem = str(reason)
    except (OperationalError, InterfaceError):
        raise  # the database is away or locked: the queue tries again
    except Exception:
        log.exception("The result '%s' of '%s' could not be computed.", kind, key)
        problem = FAILED
    StoredResult.objects.update_or_create(
        edition=edition,
        kind=kind,
        key=key,
        defaults={
            "fingerprint": fingerprint,
            "data": data,
            "problem": problem,
            "computed_at": timezone.now(),
            "seconds": time.perf_counter() - began,
        },
    )


def standing(edition: Edition | None, kind: str, key: str = "") -> Standing:
    """How far the computation of a result is."""
    step, share = cache.get(_place(edition, kind, key)) or ("", None)
    return Standing(gettext(step) if step else "", share)


def _tell(edition: Edition | None, kind: str, key: str, step: str, share: float) -> None:
    cache.set(_place(edition, kind, key), [str(step), share], TOLD_SECONDS)


def _place(edition: Edition | None, kind: str, key: str) -> str:
    return "result-" + digest(edition.pk if edition else None, kind, key)


def _rows(edition: Edition | None, kind: str, key: str) -> QuerySet[StoredResult]:
    return StoredResult.objects.filter(edition=edition, kind=kind, key=key)


def _current(edition: Edition | None, kind: str, key: str) -> StoredResult | None:
    """The row of a result that rests on what there is now."""
    row = _rows(edition, kind, key).first()
    return row if row is not None and row.fingerprint == fingerprint_of(edition, kind, key) else None


def _in(edition: Edition | None) -> Any:
    return scope(edition=edition) if edition else nullcontext()


def name_of_industry(row: Mapping[str, Any]) -> str:
    """The English name of an industry of a result. Some of before hold titles by language instead, and stay as they
    are: a run of the lab is never changed."""
    return str(row["name"] if "name" in row else row["title"]["en"])

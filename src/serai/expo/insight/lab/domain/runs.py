"""A run from the wish to its result: asked for once, done by a task, followed, cancelled, and shared."""

import logging
import time
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.computation import compute
from serai.expo.insight.lab.domain.scenarios import ScenarioError, Written, check, fingerprint, written
from serai.expo.insight.lab.models import LabRun, LabSettings
from serai.expo.insight.supply.domain.stored import FAILED, NotComputable, Standing
from serai.expo.people.account.models import User
from serai.world.readers import TableNotHere
from serai.world.shocks.scenarios import UnreadableScenario

PRIORITY = 30
"""Above stored results, below the jobs of organisers."""
TOLD_SECONDS = 3600

AN_HOUR = 3600
MOST_AN_HOUR = 12
"""New computations of one visitor, and of one address, in an hour; organisers have no limit."""
MOST_AT_ONCE = 4
"""Runs of a fair that wait or are computed at once, those of organisers aside."""

log = logging.getLogger(__name__)


class TooManyRunsError(Exception):
    """Why no further scenario is run now, in the reader's language."""


class CancelRefusedError(Exception):
    """The run has ended; there is nothing to cancel."""


def ask(edition: Edition, scenario: Written, *, user: User | None, visitor: str = "") -> LabRun:
    """The run of a scenario, which is begun unless it is there already.

    ``visitor`` names whose computations are counted; empty for an organiser. Raises ScenarioError, TooManyRunsError.
    """
    check(scenario)
    mark = fingerprint(edition, scenario)
    existing = LabRun.objects.filter(edition=edition, fingerprint=mark).select_related("task").first()
    if existing is not None and existing.state not in (LabRun.State.CANCELLED, LabRun.State.FAILED):
        return existing
    if visitor:
        _count(edition, visitor)
    return _begin(edition, scenario, mark, user=user)


@made_once
def _begin(edition: Edition, scenario: Written, mark: str, *, user: User | None) -> LabRun:
    """Have the worker run a scenario; one that was cancelled or failed is begun anew under its address."""
    with transaction.atomic():
        asked: dict[str, Any] = {"scenario": scenario.canonical(), "asked_by": user, "asked_at": timezone.now()}
        run, made = LabRun.objects.get_or_create(edition=edition, fingerprint=mark, defaults=asked)
        if not made:
            if run.is_open or run.ended == LabRun.State.DONE:
                return run
            anew: dict[str, Any] = asked | {"ended": "", "ended_at": None, "problem": "", "result": None}
            for name, value in anew.items():
                setattr(run, name, value)
        run.task_id = do.enqueue(run.pk).id
        run.save()
    return LabRun.objects.select_related("task").get(pk=run.pk)


def _count(edition: Edition, visitor: str) -> None:
    """Count a new computation of a visitor. Raises TooManyRunsError."""
    waiting = LabRun.objects.filter(edition=edition, ended="", task__status__in=(queue.READY, queue.RUNNING)).count()
    if waiting >= MOST_AT_ONCE:
        raise TooManyRunsError(_("Several scenarios are being computed just now. Try again in a minute."))
    name = f"lab-{edition.pk}-{visitor}-{time.time() // AN_HOUR:.0f}".replace(" ", "-")
    cache.add(name, 0, AN_HOUR)
    if cache.incr(name) > MOST_AN_HOUR:
        raise TooManyRunsError(
            _("You have run %(count)d new scenarios within an hour. Try again later; results that are there stay open.")
            % {"count": MOST_AN_HOUR}
        )


@task(priority=PRIORITY)
def do(number: int) -> None:
    """Run a scenario and keep its result, unless it has ended. Done twice it comes to the same."""
    with scopes_disabled():
        run = LabRun.objects.select_related("edition").filter(pk=number, ended="").first()
    if run is None:
        return
    began = time.perf_counter()
    with scope(edition=run.edition):
        try:
            result = compute(run.edition, written(run.scenario), partial(_tell, run.pk))
            _end(run, LabRun.State.DONE, result=result, seconds=time.perf_counter() - began)
        except (NotComputable, TableNotHere, UnreadableScenario, ScenarioError, KeyError, ValueError) as refusal:
            _end(run, LabRun.State.REFUSED, problem=str(refusal.args[0]) if refusal.args else str(refusal))
        except (OperationalError, InterfaceError):
            raise  # the database is away or locked: the queue tries again
        except Exception:
            log.exception("The scenario %s of the lab could not be run.", run.code)
            _end(run, LabRun.State.FAILED, problem=FAILED)


def _end(run: LabRun, how: str, **values: Any) -> None:
    """Keep how a run ended, unless it was cancelled meanwhile."""
    LabRun.objects.filter(pk=run.pk, ended="").update(ended=how, ended_at=timezone.now(), **values)


def may_cancel(run: LabRun, user: Any) -> bool:
    """Whoever asked for it while signed in, and organisers who change the results of the fair."""
    if not user.is_authenticated:
        return False
    return run.asked_by_id == user.pk or bool(user.has_perm("expo.change_results", run.edition))


def cancel(run: LabRun) -> None:
    """Cancel an open run. Raises CancelRefusedError if it has ended."""
    if run.task is None or not run.is_open or not queue.cancel(run.task):
        raise CancelRefusedError(_("It has ended already."))
    _end(run, LabRun.State.CANCELLED)


def _tell(number: int, step: str, share: float) -> None:
    cache.set(f"lab-run-{number}", [str(step), share], TOLD_SECONDS)


def standing(run: LabRun) -> Standing:
    """How far an open run is."""
    step, share = cache.get(f"lab-run-{run.pk}") or ("", None)
    return Standing(step, share)


def run_of(edition: Edition, code: str) -> LabRun | None:
    """The run of this code, which is its secret: whoever has the address may read the result."""
    return LabRun.objects.filter(edition=edition, code=code).select_related("task", "edition").first()


def visible_to(user: Any, edition: Edition) -> QuerySet[LabRun]:
    """The runs that are listed for a user: its own, and all for an organiser who reads the results."""
    runs = LabRun.objects.filter(edition=edition).defer("result").select_related("task")
    if user.has_perm("expo.read_results", edition):
        return runs
    return runs.filter(asked_by=user) if user.is_authenticated else runs.none()


@transaction.atomic
def choose_access(edition: Edition, access: str, *, user: User) -> None:
    """Choose who may run scenarios."""
    row = LabSettings.objects.filter(edition=edition).first()
    before = state(row) if row else None
    row = row or LabSettings(edition=edition)
    row.access = access
    row.save()
    record("lab.access_chosen", row, before=before, after=state(row), user=user, edition=edition)

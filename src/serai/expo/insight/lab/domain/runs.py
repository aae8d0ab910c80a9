"""A run from the wish to its result: asked for once, computed by a task, followed, cancelled, and shared.

The library computes the result. It is kept as numbers that pages, files and the interface show.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.scenarios import (
    ON_FAIR,
    ON_TABLE,
    ScenarioError,
    Written,
    check,
    fingerprint,
    makers_at,
    table_of,
    written,
)
from serai.expo.insight.lab.models import LabRun, LabSettings
from serai.expo.insight.supply.domain.networks import document_of, network_of, network_with
from serai.expo.insight.supply.domain.stored_results import FAILED, NotComputable, Standing
from serai.expo.people.account.models import User
from serai.world.arrays import Array
from serai.world.classifications.countries import alpha2, alpha3
from serai.world.classifications.industries import industries
from serai.world.progress import Progress
from serai.world.readers import TableNotHere, read
from serai.world.shocks import Result, Scenario, run
from serai.world.shocks.scenarios import UnreadableScenario
from serai.world.supply import Grade, Provider, Stoppage, SupplyNetwork
from serai.world.table import WorldTable

MOST_STEPS = 120
"""Steps of time that are kept; a longer path is thinned evenly, its first and last step stay."""
MOST_LINES, MOST_INDUSTRIES = 5, 20
NEARLY_NOTHING = 1e-9

FAIR_LIMIT = "Firms of this fair are taken as the only makers of the nodes on which they stand, in equal parts."


def compute(edition: Edition, scenario: Written, progress: Progress) -> dict[str, Any]:
    """The result of a scenario. Raises ValueError or KeyError, with a sentence, for what the library refuses.

    ``countries``: loss by alpha-2 code and relative to what a country has. ``nodes`` of a chain, ``industries`` of a
    table. ``over_time``: the world and the countries that lose most. ``bound``: what held how many makers back.
    """
    progress("", 0.05)
    parameters = dict(scenario.canonical()["parameters"])
    if scenario.on == ON_TABLE:
        world: WorldTable | SupplyNetwork = read(table_of(scenario))
    else:
        world = _with_firms(edition, scenario.chain) if scenario.on == ON_FAIR else network_of(scenario.chain)
    progress("", 0.3)
    result = run(world, Scenario(scenario.kind, parameters))
    progress("", 0.9)
    return {**_told(result), **_detail(world, result), "limits": _limits(scenario, result)}


def _limits(scenario: Written, result: Result) -> list[str]:
    return [*([FAIR_LIMIT] if scenario.on == ON_FAIR else []), *result.limits]


def _with_firms(edition: Edition, slug: str) -> SupplyNetwork:
    """The network of a chain in which the firms of the fair are the only makers of the nodes on which they stand."""
    codes = {node.code for node in document_of(slug).nodes}
    makers = sorted((node, firm, alpha3(country)) for node, firm, country in makers_at(edition, slug) if node in codes)
    makers = [row for row in makers if row[2]]
    count = Counter(node for node, _firm, _country in makers)
    providers = tuple(
        Provider(node, firm, country, 1 / count[node], source="the fair", grade=Grade.ASSUMED)
        for node, firm, country in makers
    )
    return network_with(slug, providers)


def _told(result: Result) -> dict[str, Any]:
    """What every result says, whatever it is of."""
    world = result.table
    losses, shares = result.loss_by_country, result.share_of_gdp
    rows = [
        {"country": alpha2(label), "label": label, "loss": float(loss), "share": float(share)}
        for label, loss, share in zip(world.countries, losses, shares, strict=True)
        if abs(loss) > NEARLY_NOTHING
    ]
    return {
        "kind": result.scenario.kind,
        "parameters": result.scenario.parameters,
        "total": result.total,
        "unit": world.unit if isinstance(world, WorldTable) else "",
        "countries": sorted(rows, key=lambda row: (-abs(row["share"]), row["label"])),
        "status": result.status.name,
        "residual": result.residual,
        "horizon": result.horizon.name,
        "cautions": list(dict.fromkeys(result.cautions)),
        "sources": list(result.sources),
        "table": world.source,
        "citation": result.cite(),
    }


def _detail(world: WorldTable | SupplyNetwork, result: Result) -> dict[str, Any]:
    if isinstance(world, SupplyNetwork):
        return _of_chain(world, result)
    whole = float(world.v.sum())
    return {
        "share_of_world": result.total / whole,
        "industries": _industries(world, result.loss),
        "over_time": _over_time(result, 1.0, "day"),
        "bound": _counted(result.bound),
    }


def _industries(table: WorldTable, loss: Array) -> list[dict[str, Any]]:
    """The industries that lose most in the world, and the part of their value added."""
    lost = loss.reshape(table.n_countries, table.n_industries).sum(axis=0)
    added = table.v.reshape(table.n_countries, table.n_industries).sum(axis=0)
    names = industries(table.classification)
    return [
        {
            "label": table.industries[place],
            "name": names[label]["name"] if (label := table.industries[place]) in names else label,
            "loss": float(lost[place]),
            "share": float(lost[place] / added[place]) if added[place] else 0.0,
        }
        for place in np.argsort(-np.abs(lost), kind="stable")[:MOST_INDUSTRIES].tolist()
        if abs(lost[place]) > NEARLY_NOTHING
    ]


def _of_chain(network: SupplyNetwork, result: Result) -> dict[str, Any]:
    """Losses by node with both ends, in shares of the world's supply of each."""
    stoppage: Stoppage = result.answer
    titles = {node.code: dict(node.title) for node in network.chain.nodes}
    members = {(group.user, group.code): group.members for group in network.groups.requirements}
    records = stoppage.records()
    for loss in records:
        loss["title"] = titles[loss["node"]]
        loss["held_by_titles"] = [titles[code] for code in members.get((loss["node"], loss["held_by"]), ())]
    named = {loss["held_by"]: loss["held_by_titles"] for loss in records}
    counts = Counter(record["held_by"] for record in records)
    whole = float(network.end_supply.sum())
    low, high = (float(end.mean()) for end in stoppage.end_loss)
    return {
        "end_low": low,
        "end_high": high,
        "nodes": sorted(records, key=lambda record: (-record["loss_high"], record["node"])),
        "over_time": _over_time(result, whole, "week"),
        "bound": [[word, count, named[word]] for word, count in counts.most_common(MOST_INDUSTRIES)],
    }


def _over_time(result: Result, whole: float, step: str) -> dict[str, Any] | None:
    """The world's loss by step, relative to ``whole``, and that of the countries that lose most."""
    if result.over_time is None:
        return None
    path = result.over_time / whole
    kept = np.unique(np.linspace(0, len(path) - 1, min(len(path), MOST_STEPS)).round().astype(int))
    ranked = np.argsort(-np.abs(path.sum(axis=0)), kind="stable")[:MOST_LINES].tolist()
    labels = result.table.countries
    return {
        "step": step,
        "steps": kept.tolist(),
        "world": path.sum(axis=1)[kept].tolist(),
        "countries": [
            {"country": alpha2(labels[place]), "label": labels[place], "values": path[kept, place].tolist()}
            for place in ranked
            if np.abs(path[:, place]).max() > NEARLY_NOTHING
        ],
    }


def _counted(bound: Sequence[str] | None) -> list[list[Any]]:
    """What held how many cells back, the most frequent first."""
    counts = Counter(word for word in bound or () if word)
    return [[word, count, []] for word, count in counts.most_common(MOST_INDUSTRIES)]


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

"""Shocks: the effect on the network when part of it fails or changes, one module per kind, declared with `@shock`.

A scenario is data (a kind and its parameters); a result says what was lost, how well the equations were solved, over
which horizon the answer holds and what it cannot say.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from serai.registry import Registry
from serai.world.notebook import facts_html
from serai.world.shocks.values import Parameter, WrongParameterError, by_annotation
from serai.world.shocks.worlds import NAMES, Kind, World, by_country, cautions_of, kind_of, own_of, source_of
from serai.world.table import Array

if TYPE_CHECKING:
    from serai.world.shocks.files import Place

LARGEST = 5
"""Countries that a notebook lists, by value added lost or gained."""

type Residual = float | Callable[[], float]
"""A residual, or a function that computes it: it can cost as much as the answer, and few callers read it."""


class Horizon(StrEnum):
    """The span of time in which a model's assumptions are meant."""

    ACCOUNTING = "none: an accounting of who hangs on whom, not a forecast"
    WEEKS = "days to weeks: nothing can be replaced yet"
    YEAR = "about a year: some substitution"
    DECADE = "ten years: full re-sourcing"


class Status(StrEnum):
    """Whether the equations of the model hold."""

    SOLVED = "solved"
    NOT_CONVERGED = "not converged: the losses are those of the last step; allow more steps or a larger tolerance"


@dataclass(frozen=True)
class Scenario:
    """What is assumed to happen: the kind of a registered shock and its parameters, all plain data.

    `probability` is that of its happening, where it is one of an ensemble; `about` says in a sentence what it stands
    for; `asks` names parameters that whoever runs it has to give. `place` is where it was read, for complaints. Files
    and named ones: `serai.world.shocks.scenarios`.
    """

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    name: str = ""
    probability: float = 1.0
    about: str = ""
    asks: tuple[str, ...] = ()
    place: "Place | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Result:
    """What a scenario does. `loss` (n,) is value added lost by cell, `output_loss` (n,) output; gains are negative.

    On a firm network the n firms stand in the place of cells, and `table` is the network; on a supply network the
    makers, node by node and country by country.

    `over_time` (steps, N) is value added lost by country in each step where the model has time. `bound` (n,) says in a
    word what held each cell back. `answer` is what else the engine found, of its own type: a new table, a trajectory.
    `cautions` are sentences that have to stand beside the figures: of the parameters, and of the table.
    """

    scenario: Scenario
    table: World
    loss: Array
    output_loss: Array
    status: Status
    check: Residual
    horizon: Horizon
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    over_time: Array | None = None
    bound: tuple[str, ...] | None = None
    answer: Any = None
    cautions: tuple[str, ...] = ()

    @cached_property
    def residual(self) -> float:
        """The largest violation of the model's equations relative to the largest output."""
        return self.check() if callable(self.check) else self.check

    @property
    def loss_by_country(self) -> Array:
        """Value added lost by country, shape (N,)."""
        return by_country(self.table, self.loss)

    @property
    def share_of_gdp(self) -> Array:
        """Value added lost by country relative to its own, shape (N,); to its firms' sales on a network."""
        whole = by_country(self.table, own_of(self.table))
        return np.divide(self.loss_by_country, whole, out=np.zeros(len(whole)), where=whole != 0)

    @property
    def total(self) -> float:
        """Value added lost in the world."""
        return float(self.loss.sum())

    def _repr_html_(self) -> str:
        countries = self.table.countries
        shares, lost = self.share_of_gdp, self.loss_by_country
        largest = np.argsort(-np.abs(lost), kind="stable")[:LARGEST]
        facts = [
            ("shock", self.scenario.kind),
            ("on", repr(self.table).strip("<>")),
            ("horizon", self.horizon),
            ("equations", self.status),
            ("value added lost in the world", f"{self.total:,.6g} {self.table.unit}"),
            ("most affected", ", ".join(f"{countries[place]} {shares[place]:.2%}" for place in largest)),
            *([("caution", " ".join(self.cautions))] if self.cautions else []),
            ("limits", " ".join(self.limits)),
            ("cite", self.cite()),
        ]
        return facts_html(self.scenario.name or self.scenario.kind, facts)

    @property
    def credit(self) -> str:
        """What has to stand below a figure of this result: the sources, and the cautions one a line."""
        return "\n".join([self.cite(), *self.cautions])

    def cite(self) -> str:
        """The method's and the table's sources, one a line."""
        source = source_of(self.table)
        return "\n".join([*self.sources, *([source] if source else [])])


@dataclass(frozen=True)
class Shock:
    """The declaration of a kind of shock: which question it answers, over which horizon, and what it cannot say.

    `on` says whether it hits the cells of a table, the firms of a network or the makers of a chain. `together`, where
    it is there, answers the parameters of many scenarios at once for less than one by one.
    """

    kind: str
    question: str
    parameters: Mapping[str, Parameter]
    horizon: Horizon
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    function: "Engine"
    on: Kind = "table"
    together: "Together | None" = None

    def check(self, parameters: Mapping[str, Any]) -> None:
        """Raises WrongParameterError, a ValueError, for a parameter that this shock doesn't have, needs and is not
        given, or for a value that it may not have."""
        for name, value in parameters.items():
            self.check_one(name, value)
        for name in self.needed:
            if name not in parameters:
                raise WrongParameterError(
                    (), f"The shock '{self.kind}' needs '{name}': {self.parameters[name].asked_for}."
                )

    def check_one(self, name: str, value: Any) -> None:
        """Raises WrongParameterError for a parameter that this shock doesn't have, or a value that it may not have."""
        if name not in self.parameters:
            names = ", ".join(self.parameters)
            raise WrongParameterError((name,), f"The shock '{self.kind}' has no parameter '{name}'; it has {names}.")
        allowed = self.parameters[name].allowed
        if allowed is not None and not (value is None and self._signature[name].default is None):
            allowed.check((name,), value)

    @property
    def _signature(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.function).parameters

    @property
    def needed(self) -> tuple[str, ...]:
        """The parameters without a default."""
        parameters = self._signature
        return tuple(name for name in self.parameters if parameters[name].default is inspect.Parameter.empty)


@dataclass(frozen=True, eq=False)
class Losses:
    """What an engine answers with; the words are those of `Result`, `residual` is the largest one."""

    value_added: Array
    output: Array
    residual: Residual
    status: Status = Status.SOLVED
    over_time: Array | None = None
    bound: tuple[str, ...] | None = None
    answer: Any = None
    horizon: Horizon | None = None
    """Set if the parameters decide the horizon; otherwise that of the kind holds."""
    cautions: tuple[str, ...] = ()


type Engine = Callable[..., Losses]
type Together = Callable[[Any, Sequence[Mapping[str, Any]]], list[Losses]]

SHOCKS: Registry[Shock] = Registry("shock")
"""The kinds of shock by name."""


def shock(
    kind: str,
    *,
    question: str,
    parameters: Mapping[str, Parameter | str],
    horizon: Horizon,
    limits: tuple[str, ...],
    sources: tuple[str, ...],
    on: Kind = "table",
    together: Together | None = None,
) -> Callable[[Engine], Engine]:
    """Declare an engine beside its function, which takes the table, or the network, and the parameters by name.

    A parameter is a text, or a `Parameter` where its annotation doesn't say all that it may be.
    """

    def declare(function: Engine) -> Engine:
        signature = inspect.signature(function).parameters
        declared = {
            name: Parameter(parameter, by_annotation(signature[name].annotation))
            if isinstance(parameter, str)
            else parameter
            for name, parameter in parameters.items()
        }
        SHOCKS.add(kind, Shock(kind, question, declared, horizon, limits, sources, function, on, together))
        return function

    return declare


def run(table: World, scenario: Scenario, **parameters: Any) -> Result:
    """The answer of a scenario on a table or a firm network; `parameters` are added to those of the scenario.

    Raises KeyError for an unknown kind, country or industry, ValueError for a parameter that the kind doesn't have or
    needs and is not given, or that is not what it may be, and TypeError for a table where a network is needed, or the
    reverse. What is wrong in a scenario's file is UnreadableScenario, with the line.
    """
    declared, scenario = prepared(table, scenario, parameters)
    with _told_where(() if parameters else (scenario,)):
        losses = declared.function(table, **scenario.parameters)
    return result_of(table, scenario, declared, losses)


def run_together(table: World, scenarios: Sequence[Scenario]) -> list[Result]:
    """The answers of many scenarios, of whatever kinds, in their order. Raises what `run` raises."""
    found = dict(each_result(table, scenarios))
    return [found[place] for place in range(len(scenarios))]


def each_result(table: World, scenarios: Sequence[Scenario]) -> Iterator[tuple[int, Result]]:
    """The answers of many scenarios with their places, kind by kind: one at a time where a kind answers one by one.

    A caller that keeps no result needs the memory of one, or of all results of a kind that answers together. Raises
    what `run` raises, before anything is run where a scenario is wrong.
    """
    asked = [prepared(table, scenario, {}) for scenario in scenarios]
    for kind in dict.fromkeys(declared.kind for declared, _ in asked):
        places = [place for place, (declared, _) in enumerate(asked) if declared.kind == kind]
        declared = SHOCKS[kind]
        parameters = [asked[place][1].parameters for place in places]
        if declared.together is not None:
            with _told_where([asked[place][1] for place in places]):
                together = declared.together(table, parameters)
            for place, losses in zip(places, together, strict=True):
                yield place, result_of(table, asked[place][1], declared, losses)
            continue
        for place, given in zip(places, parameters, strict=True):
            with _told_where((asked[place][1],)):
                losses = declared.function(table, **given)
            yield place, result_of(table, asked[place][1], declared, losses)


@contextmanager
def _told_where(scenarios: Sequence[Scenario]) -> Iterator[None]:
    """Add file and line of the scenario to an error of an engine, if all scenarios come from one place."""
    try:
        yield
    except (KeyError, ValueError) as error:
        places = [scenario.place for scenario in scenarios]
        if not places or places[0] is None or any(place != places[0] for place in places):
            raise
        path = error.path if isinstance(error, WrongParameterError) else ()
        raise places[0].complaint(("parameters", *path), str(error.args[0])) from error


def prepared(table: World, scenario: Scenario, parameters: Mapping[str, Any]) -> tuple[Shock, Scenario]:
    """The shock of a scenario, and the scenario with these parameters too and with the labels of the table."""
    declared = SHOCKS[scenario.kind]
    scenario = replace(scenario, parameters={**scenario.parameters, **parameters})
    if kind_of(table) != declared.on:
        raise TypeError(f"The shock '{scenario.kind}' hits {NAMES[declared.on]}, not a {type(table).__name__}.")
    for name in scenario.asks:
        if name not in scenario.parameters:
            raise ValueError(
                f"The scenario '{scenario.name}' asks for '{name}': {declared.parameters[name].asked_for}. "
                f"{scenario.about}".strip()
            )
    try:
        declared.check(scenario.parameters)
        return declared, scenarios.resolved(table, scenario)
    except WrongParameterError as error:
        if scenario.place is None or error.path[:1] in {(name,) for name in parameters}:
            raise
        raise scenario.place.complaint(("parameters", *error.path), str(error)) from None


def result_of(table: World, scenario: Scenario, declared: Shock, losses: Losses) -> Result:
    """The result: an engine's losses with the declaration of its shock."""
    return Result(
        scenario,
        table,
        losses.value_added,
        losses.output,
        losses.status,
        losses.residual,
        losses.horizon or declared.horizon,
        declared.limits,
        declared.sources,
        losses.over_time,
        losses.bound,
        losses.answer,
        (*losses.cautions, *cautions_of(table)),
    )


# The engines declare themselves when imported; they need what stands above, hence the place of this line.
from serai.world.shocks import accounting, cascade, extraction, inventory, scenarios, shortage, stoppage  # noqa: E402, F401
from serai.world.shocks.trade import productivity, walls  # noqa: E402, F401

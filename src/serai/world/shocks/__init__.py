"""Shocks: what happens to the network when something in it is gone, one module per kind, declared with `@shock`.

A scenario is data (a kind and its parameters); a result says what was lost, how well the equations were solved, over
which horizon the answer holds and what it cannot say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from serai.registry import Registry
from serai.world.table import Array, WorldTable

type Residual = float | Callable[[], float]
"""A residual, or how to compute it: for one solve it costs as much as the answer, and most answers are never asked."""


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
    """What is assumed to happen: the kind of a registered shock and its parameters, all plain data."""

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    name: str = ""


@dataclass(frozen=True, eq=False)
class Result:
    """What a scenario does. `loss` (n,) is value added lost by cell, `output_loss` (n,) output; gains are negative.

    `over_time` (steps, N) is value added lost by country in each step where the model has time. `bound` (n,) says in a
    word what held each cell back. `answer` is what else the engine found, of its own type: a new table, a trajectory.
    """

    scenario: Scenario
    table: WorldTable
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

    @cached_property
    def residual(self) -> float:
        """The largest violation of the model's equations relative to the largest output."""
        return self.check() if callable(self.check) else self.check

    @property
    def loss_by_country(self) -> Array:
        """Value added lost by country, shape (N,)."""
        return self.table.by_country(self.loss)

    @property
    def share_of_gdp(self) -> Array:
        """Value added lost by country relative to its own, shape (N,)."""
        gdp = self.table.gdp
        return np.divide(self.loss_by_country, gdp, out=np.zeros(len(gdp)), where=gdp != 0)

    @property
    def total(self) -> float:
        """Value added lost in the world."""
        return float(self.loss.sum())

    def cite(self) -> str:
        """The method's and the table's sources, one a line."""
        return "\n".join([*self.sources, *([self.table.citation] if self.table.citation else [])])


@dataclass(frozen=True)
class Shock:
    """The declaration of a kind of shock: which question it answers, over which horizon, and what it cannot say."""

    kind: str
    question: str
    parameters: Mapping[str, str]
    horizon: Horizon
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    function: "Engine"


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


type Engine = Callable[..., Losses]

SHOCKS: Registry[Shock] = Registry("shock")
"""The kinds of shock by name."""


def shock(
    kind: str,
    *,
    question: str,
    parameters: Mapping[str, str],
    horizon: Horizon,
    limits: tuple[str, ...],
    sources: tuple[str, ...],
) -> Callable[[Engine], Engine]:
    """Declare an engine beside its function, which takes the table and the parameters by name."""

    def declare(function: Engine) -> Engine:
        SHOCKS.add(kind, Shock(kind, question, parameters, horizon, limits, sources, function))
        return function

    return declare


def run(table: WorldTable, scenario: Scenario) -> Result:
    """The answer of a scenario. Raises KeyError for an unknown kind, ValueError for a parameter it doesn't have."""
    declared = SHOCKS[scenario.kind]
    unknown = [name for name in scenario.parameters if name not in declared.parameters]
    if unknown:
        raise ValueError(
            f"The shock '{scenario.kind}' has no parameter '{unknown[0]}'; it has {', '.join(declared.parameters)}."
        )
    found = declared.function(table, **scenario.parameters)
    return Result(
        scenario,
        table,
        found.value_added,
        found.output,
        found.status,
        found.residual,
        declared.horizon,
        declared.limits,
        declared.sources,
        found.over_time,
        found.bound,
        found.answer,
    )


# The engines declare themselves when imported; they need what stands above, hence the place of this line.
from serai.world.shocks import accounting, extraction  # noqa: E402, F401

"""Events: a share of capacity lost from a day on, and how it recovers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from serai.world.table import Array

STEEPNESS = 1e-6
"""Of the s-shaped curve: what is recovered of everything, times the duration, after the first day."""

S_SHAPED = "s-shaped"

FOR_EVER = 1_000_000
"""Days of a change that doesn't end."""

type Curve = Callable[[Array, float], Array]


def at_once(elapsed: Array, days: float) -> Array:  # noqa: ARG001  a curve like the others
    """All is back on the first day of recovery."""
    return np.asarray(elapsed <= 0, dtype=np.float64)


def linear(elapsed: Array, days: float) -> Array:
    """The same part every day; all is back after `days`."""
    return np.asarray(np.maximum(0, 1 - elapsed / days))


def convex(elapsed: Array, days: float) -> Array:
    """Fast at first: the same part of what is left every day, some 98 % after `days`."""
    return np.asarray((1 - 1 / days) ** (4 * elapsed))


def slow_convex(elapsed: Array, days: float) -> Array:
    """As if rebuilt over `days`: that part of what is left every day, some 63 % after `days`."""
    return np.asarray((1 - 1 / days) ** elapsed)


def s_shaped(elapsed: Array, days: float) -> Array:
    """Slow, then fast, then slow: half after half of `days`, a logistic curve in the logarithm of time."""
    half = days / 2
    return np.asarray(1 / (1 + (elapsed / half) ** (np.log(days / STEEPNESS) / np.log(half))))


CURVES: Mapping[str, Curve] = MappingProxyType(
    {
        "at once": at_once,
        "linear": linear,
        "convex": convex,
        "slow convex": slow_convex,
        S_SHAPED: s_shaped,
    }
)
"""The share still lost, from 1 to 0, by days since recovery began. BoARIO calls the last three convexe, convexe noscale
and concave."""


@dataclass(frozen=True, eq=False)
class Event:
    """The share `lost` (n,) of each cell's capacity, in the order of the table, gone from day `begin` for `days` days.

    Then it comes back along the curve `recovery` in `recovery_days`, or, where `rebuilt_by` names products with their
    shares in the work, as it is rebuilt: what stands for the lost capacity is capital, `rebuilt` times its value is
    ordered from the makers of these products, in each day the part 1 / `recovery_days` of what is not yet rebuilt.
    `households` (N,) is what households lost by country, in the table's unit: it is rebuilt alike, and stops nobody.

    Of several events in a scenario, `destroyed` capital adds up, up to all of it, and of stoppages the largest counts,
    or the capital lost where that is more.

    Raises ValueError for shares or days that make no sense.
    """

    lost: Array
    begin: int = 0
    days: int = 1
    recovery: str = "linear"
    recovery_days: float = 60
    rebuilt_by: Mapping[int, float] = field(default_factory=dict)
    rebuilt: float = 1.0
    destroyed: bool = True
    households: Array | None = None

    def __post_init__(self) -> None:
        shares = self.rebuilt_by.values()
        wrong = {
            "The share of capacity that is lost lies between 0 and 1.": not ((self.lost >= 0) & (self.lost <= 1)).all(),
            "An event begins on day 0 or later and lasts 1 day or longer.": self.begin < 0 or self.days < 1,
            "Recovery takes at least 1 day, and more than 2 on the s-shaped curve.": self.recovery_days < 1
            or (self.recovery == S_SHAPED and self.recovery_days <= 2),
            f"There is no recovery '{self.recovery}'; there are {', '.join(CURVES)}.": self.recovery not in CURVES,
            "The shares of the industries that rebuild are positive and add up to 1.": bool(self.rebuilt_by)
            and (min(shares) < 0 or not np.isclose(sum(shares), 1)),
            "What is rebuilt is a positive part of what is lost.": self.rebuilt <= 0,
            "Households' losses are rebuilt by somebody: name industries in 'rebuilt_by'.": self.households is not None
            and not self.rebuilt_by,
            "Only capital that is destroyed is rebuilt, not what a stoppage stops.": bool(self.rebuilt_by)
            and not self.destroyed,
        }
        for sentence, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(sentence)

    def remaining(self, horizon: int) -> Array:
        """The part of the loss that is there on each day, shape (horizon,); before it is rebuilt, where it is."""
        day = np.arange(horizon)
        elapsed = day - (self.begin + self.days - 1)
        left = np.ones(horizon)
        if not self.rebuilt_by:
            back = elapsed > 0
            left[back] = CURVES[self.recovery](elapsed[back].astype(np.float64), self.recovery_days)
        return np.where(day >= self.begin, left, 0)


@dataclass(frozen=True, eq=False)
class Demand:
    """A path of final demand: from day `begin` on the part `part` (n,) of each cell's is `path` of the usual one, a day
    a number; after `days` days it is usual again, and a path that ends before stays at its last number.

    Raises ValueError for numbers that make no sense.
    """

    part: Array
    path: tuple[float, ...]
    begin: int = 0
    days: int = FOR_EVER

    def __post_init__(self) -> None:
        if not self.path or min(self.path) < 0:
            raise ValueError("A path of final demand has at least one number, none of them below 0.")
        if self.begin < 0 or self.days < 1:
            raise ValueError("Final demand changes on day 0 or later, for 1 day or longer.")

    def factor(self, day: int) -> float:
        """Final demand of a day relative to the usual one."""
        elapsed = day - self.begin
        return self.path[min(elapsed, len(self.path) - 1)] if 0 <= elapsed < self.days else 1.0


def remaining(events: Sequence[Event], horizon: int) -> Array:
    """The part of each event's loss that is there on each day, shape (horizon, B)."""
    return np.stack([event.remaining(horizon) for event in events], axis=1)

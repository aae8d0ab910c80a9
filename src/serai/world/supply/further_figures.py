"""What stands beside the headline of each property, for one buyer and one source: computed when somebody asks.

Central values, without an interval. The notation is that of `sourcing`: x the present sourcing by country, theta what
the new source takes, x' = (1 - theta) x + theta e.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from serai.world.arrays import Array
from serai.world.readers.country_series import country_series
from serai.world.supply.alternatives import alternatives
from serai.world.supply.figures import LEAST_KNOWN
from serai.world.supply.needs import Needs, sourcing_of, theta_of, with_makers
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.passages import passages, through
from serai.world.supply.propagation import missing_by_country
from serai.world.supply.records import Grade
from serai.world.trade import Exports

LEAST_ORIGIN = 0.01
"""Share from which an origin counts among those of which the weakest is looked for."""

LOGISTICS_YEAR = 2023
"""The latest wave of the Logistics Performance Index; the nearest one counts for a country that it leaves out."""


@dataclass(frozen=True)
class FurtherFigure:
    """A figure beside the headline of a property: what it is now and its change, NaN where not measured; `low` and
    `high` where it has an interval; `reason` says why where it is not measured."""

    property: str
    about: str
    unit: str
    present: float
    change: float
    low: float = np.nan
    high: float = np.nan
    grade: str = ""
    reason: str = ""

    def measured(self) -> bool:
        """Whether both the figure and its change are known."""
        return isfinite(self.present) and isfinite(self.change)

    def record(self) -> dict[str, Any]:
        """The figure as a record, None where a number is not known."""
        numbers = {"present": self.present, "change": self.change, "low": self.low, "high": self.high}
        return {
            "property": self.property,
            "about": self.about,
            "unit": self.unit,
            **{name: value if self.measured() and isfinite(value) else None for name, value in numbers.items()},
            "told": "" if self.measured() else "not measured",
            "reason": "" if self.measured() else self.reason,
            "grade": self.grade,
        }


def further_figures(
    network: SupplyNetwork, needs: Needs, need: int, country: str, *, exports: Exports | None = None
) -> list[FurtherFigure]:
    """The figures beside the headlines, for a need and a new source in a country.

    Sum of squared shares of countries, of firms and of the origins of value; root mean square of the losses by the stop
    of each country that makes anything in the chain; each strait by the share that passes it; the logistics performance
    of the weakest origin; revealed advantage in the node's headings, by `exports` or as it comes with Serai; the share
    that crosses a border. Raises KeyError for an unknown country.
    """
    place, buyer, node = network.country(country), int(needs.country[need]), int(needs.node[need])
    x, grade, _ = sourcing_of(network, needs, need)
    theta = theta_of(needs, need, x)
    moved = (1 - theta) * x
    moved[place] += theta
    both = np.stack([x, moved])

    def shown(name: str, about: str, unit: str, values: Array, grade: str = grade, reason: str = "") -> FurtherFigure:
        return FurtherFigure(
            name, about, unit, float(values[0]), float(values[1] - values[0]), grade=grade, reason=reason
        )

    origins = both @ network.origins_of_made[node]
    abroad = 1 - both[:, buyer]
    return [
        shown("secure", "concentration of countries, sum of squared shares", "0 to 1", (both**2).sum(axis=1)),
        shown(
            "secure",
            "concentration of firms, sum of squared shares",
            "0 to 1",
            _firms(float(needs.sources[need]), theta),
            grade=Grade.STATED.value,
            reason="The buyer does not say from how many firms it buys.",
        ),
        shown("secure", "concentration of the origins of value, every tier", "0 to 1", (origins**2).sum(axis=1)),
        shown("stable", "root mean square of the losses by single stops", "share", _losses(network, needs, need, both)),
        *(
            shown("smooth", f"share on its way through {strait}", "share", values, Grade.ASSUMED.value)
            for strait, values in _straits(network, buyer, both)
        ),
        shown(
            "smooth",
            "logistics performance of the weakest origin",
            "1 to 5",
            _weakest(network, x, place),
            reason="The Logistics Performance Index does not cover the origins.",
        ),
        shown(
            "efficient",
            "revealed advantage of the source beside the mean of the present ones",
            "1 is average",
            _advantage(network, node, x, country, exports),
            Grade.HEADING.value,
            reason="The exports at hand do not show this node and origin.",
        ),
        shown("open", "share that crosses a border", "share", abroad),
    ]


def _firms(sources: float, theta: float) -> Array:
    """The sum of squares of the firms' shares before and after one more firm, (2,)."""
    return np.array([1 / sources, (1 - theta) ** 2 / sources + theta**2])


def _losses(network: SupplyNetwork, needs: Needs, need: int, both: Array) -> Array:
    """Root mean square of the losses over stops of the countries that make anything, before and after, (2,)."""
    wide = with_makers(network, needs, np.flatnonzero(both[1, :-1]))
    node = needs.node[need]
    stops = (wide.shares[:, :-1] > 0).any(axis=0)
    losses = both @ missing_by_country(wide, np.array([node]))[int(node)][stops].T
    rms: Array = np.sqrt((losses**2).mean(axis=1))
    return rms


def _straits(network: SupplyNetwork, buyer: int, both: Array) -> Iterator[tuple[str, Array]]:
    """Each strait that something passes, and the share of the input that does, before and after, (2,)."""
    for strait in passages():
        share = both @ through(network.countries, strait)[:, buyer]
        if share.max() > 0:
            yield strait, share


def _weakest(network: SupplyNetwork, x: Array, place: int) -> Array:
    """Logistics performance of the weakest present origin, and of the weakest once there is the new one, (2,)."""
    series = country_series("logistics_performance")
    waves = (series.nearest(code, LOGISTICS_YEAR) for code in network.countries)
    performance = np.array([np.nan if wave is None else wave[1] for wave in waves])
    present = performance[(x >= LEAST_ORIGIN) & np.isfinite(performance)].min(initial=np.inf)
    return np.array([present, min(present, performance[place]) if np.isfinite(performance[place]) else np.nan])


def _advantage(network: SupplyNetwork, node: int, x: Array, country: str, exports: Exports | None) -> Array:
    """Revealed advantage, (2,): the mean of the present sources of which it is known, and that of the new one."""
    makers = alternatives(network, network.nodes[node], exports=exports)
    advantages: Mapping[str, float] = {
        maker.country: maker.advantage for maker in makers if maker.advantage is not None
    }
    share = {code: float(x[network.country(code)]) for code in advantages if code in network.countries}
    whole = sum(share.values())
    mean = sum(share[code] * advantages[code] for code in share) / whole if whole >= LEAST_KNOWN else np.nan
    return np.array([mean, advantages.get(country, np.nan)])

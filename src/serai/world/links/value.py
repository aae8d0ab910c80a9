"""The value of a link as a vector by aspect, with its range and sign over what is uncertain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serai.world.industries import elasticities
from serai.world.links.aspects import ASPECTS, EXPECTED_LOSS, VARIETY, Aspect, asked
from serai.world.links.candidates import Links, order_of
from serai.world.links.risk import Disruptions, country_outages, risk_of, variety_gain
from serai.world.links.structure import change_of
from serai.world.measures import PROPERTIES
from serai.world.shocks.inputs import inputs_of
from serai.world.shocks.shortage import IRREPLACEABLE
from serai.world.table import Array, NotMeasured, WorldTable

IRREPLACEABLE_DRAWS = (0.2, IRREPLACEABLE, 0.6)
ELASTICITY_FACTORS = (0.6, 1.0, 1.6)
"""Factors on the trade elasticities over which the gain from variety is reported: 3 to 8 where the middle is 5."""

CHUNK = 2_000
NOTHING = 1e-15
"""A smaller change counts as none."""


@dataclass(frozen=True, eq=False)
class LinkValue:
    """What k links change, each alone, shape (k, aspects).

    `values` is the change, `low` and `high` its range over what isn't known: probabilities of disruptions, the
    irreplaceable share of inputs, elasticities. `better` and `worse` are the shares of these draws in which the change
    is for the better and for the worse; neither counts no change. `order` (k,) is what would be bought over each link.
    `missing` says what the table cannot give, and why.
    """

    table: WorldTable
    links: Links
    aspects: tuple[Aspect, ...]
    values: Array
    low: Array
    high: Array
    better: Array
    worse: Array
    order: Array
    missing: Mapping[str, str]

    def of(self, name: str) -> Array:
        """The change of one aspect, shape (k,). Raises KeyError."""
        return self.values[:, self._place(name)]

    def weighted(self, weights: Mapping[str, float]) -> Array:
        """The changes for the better times the user's weight of a unit of each, added up, (k,). Raises KeyError."""
        places = [self._place(name) for name in weights]
        senses = np.array([self.aspects[place].sense for place in places])
        return np.asarray(self.values[:, places] @ (senses * np.array(list(weights.values()))))

    def _place(self, name: str) -> int:
        names = [aspect.name for aspect in self.aspects]
        if name not in names:
            raise KeyError(f"Nothing is known of '{name}'; there are {', '.join(names)}.")
        return names.index(name)


def value_of_links(
    table: WorldTable,
    links: Links,
    *,
    disruptions: Disruptions | None = None,
    probabilities: Sequence[Array] = (),
    irreplaceable: Sequence[float] = IRREPLACEABLE_DRAWS,
    least_developed: Sequence[str] | None = None,
) -> LinkValue:
    """The change that each link makes alone.

    `disruptions` are `country_outages` when left out; `probabilities` (W,) each are other beliefs about them. The
    middle one of `irreplaceable` gives the value, all give the range. `least_developed` are countries of the table,
    those of the United Nations' list when left out. Raises KeyError for an unknown one.
    """
    given = disruptions or country_outages(table)
    inputs = inputs_of(table)
    beliefs = [belief / belief.sum() for belief in (given.probability, *probabilities)]
    risks = [risk_of(table, given, share, inputs) for share in _middle_first(irreplaceable)]
    parts = [
        _exact(table, links[first : first + CHUNK], least_developed) for first in range(0, max(len(links), 1), CHUNK)
    ]
    missing = dict(parts[0][1])
    values_of = {aspect: np.concatenate([part[0][aspect] for part in parts])[None] for aspect in parts[0][0]}
    product = table.industry_of[links.supplier]
    relieved = [risk.local(links, product, belief) for risk in risks for belief in beliefs]
    values_of[EXPECTED_LOSS] = -np.stack(relieved) / table.v.sum()
    try:
        values_of[VARIETY] = _variety(table, links)
    except NotMeasured as reason:
        missing[VARIETY.name] = str(reason)
    aspects = tuple(sorted(values_of, key=lambda aspect: PROPERTIES.index(aspect.property)))
    summary = [_summary(values_of[aspect], aspect.sense) for aspect in aspects]
    values, low, high, better, worse = (np.stack(column, axis=1) for column in zip(*summary, strict=True))
    return LinkValue(table, links, aspects, values, low, high, better, worse, order_of(table, links), missing)


def _exact(
    table: WorldTable, links: Links, least_developed: Sequence[str] | None
) -> tuple[dict[Aspect, Array], dict[str, str]]:
    question = asked(change_of(table, links), least_developed)
    values_of: dict[Aspect, Array] = {}
    missing: dict[str, str] = {}
    for aspect, measured in ASPECTS:
        try:
            values_of[aspect] = measured(question)
        except NotMeasured as reason:
            missing[aspect.name] = str(reason)
    return values_of, missing


def _variety(table: WorldTable, links: Links) -> Array:
    """Gain of each buyer's country over the draws of elasticities, the middle one first, (draws, k)."""
    home, theta = table.country_of[links.buyer], elasticities(table)
    middle = variety_gain(table, links, theta)[np.arange(len(links)), home]
    return np.stack([middle / factor for factor in _middle_first(ELASTICITY_FACTORS)])


def _summary(draws: Array, sense: int) -> tuple[Array, Array, Array, Array, Array]:
    """Value, low, high, share for the better and for the worse of (draws, k), the first draw being the value."""
    better, worse = (draws * sense > NOTHING).mean(axis=0), (draws * sense < -NOTHING).mean(axis=0)
    return draws[0], draws.min(axis=0), draws.max(axis=0), better, worse


def _middle_first[Item](items: Sequence[Item]) -> list[Item]:
    middle = len(items) // 2
    return [items[middle], *items[:middle], *items[middle + 1 :]]

"""What a set of links did to their buyers' sourcing: before, after, and beside as many links drawn at random.

The sourcing of an input becomes x' = (1 - sum of theta) x + sum of theta e over its links, the sum of theta at most
MOST_MOVED (scaled), so that the order of the links does not matter. The random links are drawn from the suggestions:
the difference is what matching and the choice of the parties did together, and no causal effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices, ratio
from serai.world.notebook import facts_html
from serai.world.supply.concentration import SINGLE_SOURCE
from serai.world.supply.contents import Contents, included, per_unit_contents
from serai.world.supply.figures import LEAST_KNOWN
from serai.world.supply.needs import THETA_SPREAD, Needs, drawn_shares, sourcing_of, theta_of, with_makers
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.propagation import missing_by_country
from serai.world.table import WorldTable

MOST_MOVED = 0.9
MOST_UNKNOWN = 0.5
"""Share of sources that are not known by country above which the worst loss of an input is not measured: nobody stops
the unknown, so each source that is known would look like a new risk."""

DRAWS, RANDOM = 96, 1_000
FEWEST_NAMED = 5
"""Links below which none is told of by itself."""

MOST_NAMED = 10

FIGURES: Mapping[str, str] = {
    "single": "share of inputs of which one country brings 70 % or more",
    "effective": "effective number of source countries, mean",
    "worst": "worst loss of an input by the stop of a single country, mean",
    "inclusive": "share from least developed, landlocked and small island countries, mean",
    "green": "emissions embodied in a unit, mean",
}
NAMES = tuple(FIGURES)


@dataclass(frozen=True)
class Link:
    """A new source of a need, given by its place, in a country; `theta` is what it takes, the default where None."""

    need: int
    country: str
    theta: float | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Difference:
    """Figures of the inputs of B needs, by the names of FIGURES, NaN where no need is measured.

    `measured` (P,) is the number of needs of which each figure is known before and after: means are over these.
    `before`, `after` (P,); `changes` (DRAWS, P) are draws of after less before, of which `interval` (2, P) holds nine
    in ten; `by_chance` (RANDOM, P) is after less before with random links, and has no row without suggestions. `moved`
    (links,) is how much of the worst loss of its input each link takes away by itself.
    """

    links: tuple[Link, ...]
    needs: int
    measured: Array
    before: Array
    after: Array
    changes: Array
    by_chance: Array
    moved: Array

    @property
    def interval(self) -> Array:
        """Nine draws in ten of after less before, (2, P)."""
        return np.quantile(self.changes, [0.05, 0.95], axis=0)

    def __repr__(self) -> str:
        return f"<Difference of {len(self.links)} links to {self.needs} inputs>"

    @property
    def most_moved(self) -> tuple[int, ...]:
        """The links that moved most; none where there are fewer than FEWEST_NAMED, as they would be recognised."""
        if len(self.links) < FEWEST_NAMED:
            return ()
        return tuple(np.argsort(-self.moved, kind="stable")[:MOST_NAMED].tolist())

    def records(self) -> list[dict[str, Any]]:
        """One record a figure: before, after, interval of the change, the change by random links, and `covered`, the
        share of the needs on which it is measured."""
        return [self._record(place, name) for place, name in enumerate(NAMES)]

    def _record(self, place: int, name: str) -> dict[str, Any]:
        chance = self.by_chance[:, place]
        values = {
            "before": self.before[place],
            "after": self.after[place],
            "change": self.after[place] - self.before[place],
            "low": self.interval[0, place],
            "high": self.interval[1, place],
            "by_chance": chance.mean() if len(chance) else np.nan,
            "by_chance_low": np.quantile(chance, 0.05) if len(chance) else np.nan,
            "by_chance_high": np.quantile(chance, 0.95) if len(chance) else np.nan,
            "covered": self.measured[place] / max(self.needs, 1),
        }
        return {"figure": name, "about": FIGURES[name]} | {
            key: float(value) if np.isfinite(value) else None for key, value in values.items()
        }

    def _repr_html_(self) -> str:
        facts = [
            (row["about"], "not measured" if row["before"] is None else f"{row['before']:.3g} -> {row['after']:.3g}")
            for row in self.records()
        ]
        return facts_html(f"{len(self.links)} links to {self.needs} inputs", facts)


def difference(
    network: SupplyNetwork,
    needs: Needs,
    links: Sequence[Link],
    *,
    suggestions: Sequence[Link] = (),
    table: WorldTable | None = None,
    contents: Contents | None = None,
    random_draws: int = RANDOM,
    seed: int = 0,
) -> Difference:
    """What links did to the sourcing of these needs. The table gives emissions, or `contents`, which
    `per_unit_contents` gave before. Raises KeyError for an unknown country, IndexError for a need."""
    random = np.random.default_rng(seed)
    x, concentration = _sourcing(network, needs)
    chosen, suggested = (_arrays(network, needs, x, some) for some in (links, suggestions))
    setting = _setting(network, needs, x, concentration, [chosen, suggested], table, contents)
    moved, _ = _moved(setting.x, chosen)
    before, after = setting.by_need(setting.x, setting.losses), setting.by_need(moved, _losses(moved, setting.missing))
    measured = np.isfinite(before) & np.isfinite(after)
    changes = np.array([_drawn_change(setting, chosen, measured, random) for _ in range(DRAWS)])
    return Difference(
        links=tuple(links),
        needs=len(needs),
        measured=measured.sum(axis=0).astype(float),
        before=_mean_of(before, measured),
        after=_mean_of(after, measured),
        changes=changes,
        by_chance=_by_chance(setting, suggested, len(links), random_draws, before, random),
        moved=_taken_away(setting, chosen),
    )


def combined(parts: Sequence[Difference]) -> Difference:
    """One difference of several chains: means over all their needs that are measured, draw by draw. The needs of the
    links are numbered from part to part; random links are told where every part has some."""
    starts = np.cumsum([0, *(part.needs for part in parts)]).tolist()
    links = [
        replace(link, need=link.need + start) for part, start in zip(parts, starts, strict=False) for link in part.links
    ]
    with_links = [part for part in parts if part.links]
    told = bool(with_links) and all(len(part.by_chance) for part in with_links)
    rows = max((len(part.by_chance) for part in with_links), default=0) if told else 0
    by_chance = [part.by_chance if len(part.by_chance) else np.zeros((rows, len(NAMES))) for part in parts]
    return Difference(
        links=tuple(links),
        needs=starts[-1],
        measured=np.sum([part.measured for part in parts], axis=0),
        before=_mean(parts, [part.before for part in parts]),
        after=_mean(parts, [part.after for part in parts]),
        changes=_mean(parts, [part.changes for part in parts]),
        by_chance=_mean(parts, by_chance) if told else np.zeros((0, len(NAMES))),
        moved=np.concatenate([part.moved for part in parts]),
    )


def _mean(parts: Sequence[Difference], values: Sequence[Array]) -> Array:
    """The mean of figures by the number of needs on which each part measures them."""
    weights = [part.measured for part in parts]
    whole = np.sum(weights, axis=0)
    total = np.sum(
        [np.where(weight > 0, value, 0.0) * weight for value, weight in zip(values, weights, strict=True)], axis=0
    )
    return ratio(total, whole)


def _mean_of(values: Array, measured: NDArray[np.bool_]) -> Array:
    """The mean of each column over the rows where it is measured, NaN where there is none, (P,)."""
    return ratio(np.where(measured, values, 0.0).sum(axis=0), measured.sum(axis=0, dtype=float))


type Chosen = tuple[Indices, Indices, Array]
"""Needs, countries and thetas of some links, each (links,)."""


def _moved(x: Array, chosen: Chosen) -> tuple[Array, Array]:
    """The sourcing (B, K) after some links, and what each takes, at most MOST_MOVED of a need together, (links,)."""
    need, country, theta = chosen
    added = np.zeros_like(x)
    np.add.at(added, (need, country), theta)
    whole = added.sum(axis=1)
    scale = MOST_MOVED / np.maximum(whole, MOST_MOVED)
    return x * (1 - whole * scale)[:, None] + added * scale[:, None], theta * scale[need]


@dataclass(frozen=True, eq=False)
class _Setting:
    """Sourcing `x` (B, K) of the needs, its `concentration` (B,), what is `missing` (C, K) by stop and maker of the
    node of each need, the `losses` (B, C) by stop, and contents by country."""

    x: Array
    concentration: Array
    missing: Sequence[Array]
    losses: Array
    inclusive: Array
    emissions: Array

    def by_need(self, x: Array, losses: Array, rows: Indices | slice = slice(None)) -> Array:
        """The figures of each need, or of some `rows`, whose sourcing and losses are given, (rows, P)."""
        emissions = self.emissions[rows]
        measured = np.isfinite(emissions)
        weight = (x * measured).sum(axis=1)
        green = np.divide(
            (x * np.where(measured, emissions, 0)).sum(axis=1),
            weight,
            out=np.full(len(x), np.nan),
            where=weight > LEAST_KNOWN,
        )
        traced = x[:, -1] <= MOST_UNKNOWN
        return np.column_stack(
            [
                x[:, :-1].max(axis=1) >= SINGLE_SOURCE,
                1 / (x**2).sum(axis=1),
                np.where(traced, losses.max(axis=1), np.nan),
                x @ self.inclusive,
                green,
            ]
        )


def _setting(
    network: SupplyNetwork,
    needs: Needs,
    x: Array,
    concentration: Array,
    links: Sequence[Chosen],
    table: WorldTable | None,
    contents: Contents | None,
) -> _Setting:
    nodes = np.unique(needs.node)
    wide = with_makers(network, needs, np.unique(np.concatenate([country for _, country, _ in links])))
    by_node = {node: missing.astype(float) for node, missing in missing_by_country(wide, nodes).items()}
    per_unit = (per_unit_contents(network, nodes, table) if contents is None else contents)["green"]
    missing = [by_node[node] for node in needs.node.tolist()]
    return _Setting(
        x=x,
        concentration=concentration,
        missing=missing,
        losses=_losses(x, missing),
        inclusive=included(network.countries),
        emissions=np.array([per_unit[node] for node in needs.node.tolist()]),
    )


def _losses(x: Array, missing: Sequence[Array]) -> Array:
    """The loss of each need by stop, (B, C)."""
    return np.array([row @ of_node.T for row, of_node in zip(x, missing, strict=True)])


def _sourcing(network: SupplyNetwork, needs: Needs) -> tuple[Array, Array]:
    """The sourcing (B, K) of the needs, and its concentration (B,)."""
    sourcing = [sourcing_of(network, needs, need) for need in range(len(needs))]
    return np.array([x for x, _, _ in sourcing]), np.array([concentration for _, _, concentration in sourcing])


def _arrays(network: SupplyNetwork, needs: Needs, x: Array, links: Sequence[Link]) -> Chosen:
    """Links as arrays. Raises KeyError for an unknown country, IndexError for a need that is not there."""
    if any(not 0 <= link.need < len(needs) for link in links):
        raise IndexError(f"A link names a need outside of the {len(needs)} given.")
    return (
        np.array([link.need for link in links], dtype=np.intp),
        np.array([network.country(link.country) for link in links], dtype=np.intp),
        np.array(
            [theta_of(needs, link.need, x[link.need]) if link.theta is None else link.theta for link in links],
            dtype=float,
        ),
    )


def _drawn_change(setting: _Setting, chosen: Chosen, measured: NDArray[np.bool_], random: np.random.Generator) -> Array:
    """After less before in one draw of the sourcing and of theta, (P,), over the needs of which a figure is `measured`
    (B, P). Only needs with links change."""
    need, country, theta = chosen
    if not len(need):
        return np.zeros(len(NAMES))
    rows, at = np.unique(need, return_inverse=True)
    x = np.array([drawn_shares(setting.x[row], setting.concentration[row], 1, random)[0] for row in rows.tolist()])
    theta = theta * random.uniform(1 - THETA_SPREAD, 1 + THETA_SPREAD, len(theta))
    moved, _ = _moved(x, (at, country, theta))
    missing = [setting.missing[row] for row in rows.tolist()]
    after, before = (setting.by_need(some, _losses(some, missing), rows) for some in (moved, x))
    changed = np.nan_to_num(after - before) * measured[rows]
    return ratio(changed.sum(axis=0), measured.sum(axis=0, dtype=float))


def _by_chance(
    setting: _Setting, suggestions: Chosen, links: int, draws: int, before: Array, random: np.random.Generator
) -> Array:
    """After less before with as many links at random from the suggestions, (draws, P); `before` is by need, (B, P)."""
    need, country, theta = suggestions
    if not len(need) or not links:
        return np.zeros((0, len(NAMES)))
    own = np.array([setting.missing[n][:, c] for n, c in zip(need.tolist(), country.tolist(), strict=True)])
    count = np.isfinite(before).sum(axis=0)
    changes = np.empty((draws, len(NAMES)))
    for number in range(draws):
        chosen = random.permutation(len(need))[:links]
        rows, at = np.unique(need[chosen], return_inverse=True)  # all other needs stay as they are
        x, taken = _moved(setting.x[rows], (at, country[chosen], theta[chosen]))
        losses = setting.losses[rows] * (1 - np.bincount(at, taken, len(rows)))[:, None]
        np.add.at(losses, at, own[chosen] * taken[:, None])
        changed = np.nan_to_num(setting.by_need(x, losses, rows) - before[rows]).sum(axis=0)
        changes[number] = ratio(changed, count)
    return changes


def _taken_away(setting: _Setting, chosen: Chosen) -> Array:
    """How much of the worst loss of its input each link takes away by itself, (links,)."""
    taken = []
    for need, country, theta in zip(*(column.tolist() for column in chosen), strict=True):
        now = setting.losses[need]
        after = (1 - theta) * now + theta * setting.missing[need][:, country]
        taken.append(float(now.max() - after.max()))
    return np.array(taken)


def with_links(network: SupplyNetwork, needs: Needs, links: Sequence[Link]) -> Needs:
    """The needs with the sourcing that the links give them: what `source_values` and `difference` may start from."""
    x, _ = _sourcing(network, needs)
    moved, _ = _moved(x, _arrays(network, needs, x, links))
    return replace(needs, present=moved)


def link_losses(network: SupplyNetwork, needs: Needs, links: Sequence[Link]) -> tuple[Array, Array, Array]:
    """The losses of each need by stop now, (B, C); of an input from each link's country alone, (links, C); and what
    each link takes, (links,). Raises KeyError for an unknown country, IndexError for a need."""
    x, concentration = _sourcing(network, needs)
    chosen = _arrays(network, needs, x, links)
    setting = _setting(network, needs, x, concentration, [chosen], None, None)
    need, country, theta = chosen
    own = [setting.missing[n][:, c] for n, c in zip(need.tolist(), country.tolist(), strict=True)]
    return setting.losses, np.array(own).reshape(len(links), setting.losses.shape[1]), theta

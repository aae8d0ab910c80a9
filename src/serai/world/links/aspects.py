"""The aspects of a link, in the order of the nine properties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from serai.world.classifications.country_groups import members_in
from serai.world.industries import members
from serai.world.links.structure import Change, concentration, largest
from serai.world.table import Array, Indices, NotMeasured, WorldTable


@dataclass(frozen=True)
class Aspect:
    """One entry of the vector: property, what is counted, its unit, and whether more is better (+1) or less (-1)."""

    name: str
    property: str
    about: str
    unit: str
    sense: int


@dataclass(frozen=True, eq=False)
class Asked:
    """The input of an aspect: the changes, and the buyer's country of each link (k,)."""

    change: Change
    home: Indices
    least_developed: tuple[str, ...]

    @property
    def table(self) -> WorldTable:
        return self.change.table

    def at_home(self, values: Array) -> Array:
        """Of (k, N) the entry of each buyer's country."""
        return np.asarray(values[np.arange(len(values)), self.home])

    @property
    def spent(self) -> Array:
        """Final demand of each buyer's country."""
        return np.maximum(self.table.final.sum(axis=0), np.finfo(float).tiny)[self.home]


def asked(change: Change, least_developed: Sequence[str] | None) -> Asked:
    """The input of the aspects. Without `least_developed`, the United Nations' list in the table's year."""
    table = change.table
    chosen = (
        members_in(table.countries, "LDC", date(table.year, 12, 31)) if least_developed is None else least_developed
    )
    return Asked(change, table.country_of[change.links.buyer], tuple(chosen))


def _before(of: Asked) -> Array:
    return of.table.origins[:, of.home].T


def _dependence(of: Asked, measured: Callable[[Array, Indices], Array]) -> Array:
    return measured(of.change.origins(of.home), of.home) - measured(_before(of), of.home)


def _borders(of: Asked) -> Array:
    country = of.table.country_of
    abroad = (country[:, None] != country[None, :]).astype(np.float64)
    return of.at_home(of.change.linear(np.zeros(of.table.n), abroad)) / of.spent


def _tariffs(of: Asked) -> Array:
    rates = _extension(of.table, "tariff")
    return of.at_home(of.change.linear(np.zeros(of.table.n), rates)) / of.spent


def _foreign_share(of: Asked) -> Array:
    return _at(of, of.change.origins(of.home)) - _at(of, _before(of))


def _at(of: Asked, origins: Array) -> Array:
    return 1 - of.at_home(origins) / np.maximum(origins.sum(axis=1), np.finfo(float).tiny)


def _gain_of_the_least_developed(of: Asked) -> Array:
    if not of.least_developed:
        raise NotMeasured("None of the table's countries is among the least developed.")
    return np.asarray(
        of.change.gains[:, [of.table.countries.index(country) for country in of.least_developed]].sum(axis=1)
    )


def _partners(of: Asked) -> tuple[Array, Array]:
    seller = of.table.country_of[of.change.links.supplier]
    return of.at_home(of.change.gains), of.change.gains[np.arange(len(seller)), seller]


def _asymmetry(of: Asked) -> Array:
    """Change of B2 for the buyer's country: a new column and, in the others, the same origins."""
    change, home, table = of.change, of.home, of.table
    share = table.origins / np.maximum(table.origins.sum(axis=0), np.finfo(float).tiny)
    mine_before, theirs_before = share[:, home].T, share[home]
    after = (
        change.value_added[:, :, None]
        * (table.output_by_destination[change.links.buyer] * change.feedback[:, None])[:, None, :]
    )
    whole = table.origins[None] + after
    totals = np.maximum(whole.sum(axis=1), np.finfo(float).tiny)
    mine = np.take_along_axis(whole, home[:, None, None], axis=2)[:, :, 0] / of.at_home(totals)[:, None]
    theirs = np.take_along_axis(whole, home[:, None, None], axis=1)[:, 0] / totals

    def one_sided(mine: Array, theirs: Array) -> Array:
        apart = np.arange(table.n_countries) != home[:, None]
        gap, both = np.abs(mine - theirs) * apart, (mine + theirs) * apart
        return np.asarray(gap.sum(axis=1) / np.maximum(both.sum(axis=1), np.finfo(float).tiny))

    return one_sided(mine, theirs) - one_sided(mine_before, theirs_before)


def _emissions(of: Asked) -> Array:
    emitted = _extension(of.table, "emissions")
    per_unit = np.divide(emitted, of.table.x, out=np.zeros(of.table.n), where=of.table.x != 0)
    return np.asarray(of.change.linear(per_unit).sum(axis=1))


def _information(of: Asked) -> Array:
    return of.at_home(of.change.linear(of.table.vc * members(of.table, "ict"))) / of.spent


def _extension(table: WorldTable, name: str) -> Array:
    if name not in table.extensions:
        raise NotMeasured(f"The table has no extension '{name}'.")
    return table.extensions[name].values


HOME = "of the buyer's country"
ASPECTS: tuple[tuple[Aspect, Callable[[Asked], Array]], ...] = (
    (
        Aspect("concentration", "secure", f"concentration of the foreign origins {HOME} (S1)", "1", -1),
        lambda of: _dependence(of, concentration),
    ),
    (
        Aspect("largest dependence", "secure", f"largest foreign origin in final demand {HOME} (S2)", "share", -1),
        lambda of: _dependence(of, largest),
    ),
    (
        Aspect("volatility", "stable", "norm of the world's Domar weights (R1)", "1", -1),
        lambda of: of.change.volatility,
    ),
    (Aspect("borders", "smooth", f"borders crossed per unit of final demand {HOME} (M2)", "crossings", -1), _borders),
    (Aspect("tariffs", "smooth", f"tariffs along the chain in final demand {HOME}", "share", -1), _tariffs),
    (Aspect("foreign share", "open", f"foreign value added in final demand {HOME} (O2)", "share", 1), _foreign_share),
    (
        Aspect("least developed", "inclusive", "value added of the least developed countries", "money", 1),
        _gain_of_the_least_developed,
    ),
    (Aspect("gain of the buyer", "mutual", f"value added {HOME} (B3)", "money", 1), lambda of: _partners(of)[0]),
    (
        Aspect("gain of the supplier", "mutual", "value added of the supplier's country (B3)", "money", 1),
        lambda of: _partners(of)[1],
    ),
    (
        Aspect("smaller gain", "mutual", "the smaller of both sides' gains (B3)", "money", 1),
        lambda of: np.minimum(*_partners(of)),
    ),
    (Aspect("asymmetry", "mutual", f"one-sidedness of the dependences {HOME} (B2)", "1", -1), _asymmetry),
    (Aspect("emissions", "green", "emissions of the world (G4)", "unit of the extension", -1), _emissions),
    (Aspect("information", "digital", f"ICT value added in final demand {HOME} (D1)", "share", 1), _information),
)
"""The exact aspects. Expected loss and variety, which depend on assumptions, are computed in `value`."""

EXPECTED_LOSS = Aspect("expected loss", "stable", "expected loss in the disruptions", "share of world GDP", -1)
VARIETY = Aspect("variety", "efficient", f"real income {HOME} from another source at equal cost", "log", 1)

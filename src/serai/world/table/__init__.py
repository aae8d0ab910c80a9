"""The inter-country input-output table: one frozen object with labels, flows and everything derived from them.

Notation (Miller and Blair 2009; Antràs and Chor 2022): N countries, S industries, n = N*S cells, country-major.
`Z` (n, n) holds intermediate flows from the row's cell to the column's; `F` (n, N*U) final demand by destination and
use, destination-major. Gross output `x` and value added `v` follow from them, so that the accounts balance by
construction: x = Z1 + F1, v = x - Z'1 (net taxes on products included; a table that reports them apart has the
extension "net_taxes").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, DTypeLike, NDArray

from serai.world.arrays import Array, Indices, frozen, inverse
from serai.world.table import export
from serai.world.table.aggregation import added_together
from serai.world.table.checks import Check, sign_checks
from serai.world.table.extension import Extension
from serai.world.table.labels import positions

if TYPE_CHECKING:
    import pandas
    import polars
    import xarray

__all__ = ["Array", "Check", "Extension", "Indices", "NotMeasured", "WorldTable"]

DETERMINING = frozenset({"countries", "industries", "uses", "Z", "F"})
"""The fields that determine all derived values, except those that a focus changes."""
DERIVED = ("_factors", "x", "v", "vc", "gdp", "A", "B", "L", "G", "cell_origins", "bilateral", "labels")
"""The values derived from these fields alone."""


class NotMeasured(Exception):
    """The table cannot give this answer; the message says what is missing."""


@dataclass(frozen=True, eq=False, repr=False)
class WorldTable:
    """An inter-country input-output table of one year.

    `classification` names the industry classification (a column of data/tables/industries.csv), `inventories` the use
    that holds changes in inventories where the table keeps it apart. `cautions` says what a reader of a figure must
    know of the table's "final_demand" or "value_added" where these are not what their names promise. `log` says in
    sentences what was done to the published numbers, `previous` is the table before the last of those steps.

    Raises ValueError, with the row and column at fault, where shapes, labels or numbers cannot be a table.
    """

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    uses: tuple[str, ...]
    Z: Array
    F: Array
    year: int
    unit: str
    name: str = ""
    source: str = ""
    citation: str = ""
    terms: str = ""
    classification: str = ""
    inventories: str | None = None
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    cautions: Mapping[str, str] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    previous: Self | None = None
    focus: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        for kind, labels in (("country", self.countries), ("industry", self.industries), ("use", self.uses)):
            repeated = sorted({label for label in labels if labels.count(label) > 1})
            if repeated:
                raise ValueError(f"The {kind} labels repeat {', '.join(repeated)}; every label may stand once.")
        n, columns = self.n, self.n_countries * len(self.uses)
        for matrix, shape in (("Z", (n, n)), ("F", (n, columns))):
            values = np.asarray(getattr(self, matrix))
            values = values.view() if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
            if values.shape != shape:
                raise ValueError(
                    f"{matrix} has shape {values.shape}, but {self.n_countries} countries x {len(self.industries)} "
                    f"industries with {len(self.uses)} final uses need {shape}."
                )
            self._refuse_missing(matrix, values)
            object.__setattr__(self, matrix, frozen(values))
        if self.inventories is not None and self.inventories not in self.uses:
            raise ValueError(f"The use '{self.inventories}' for inventories is none of {', '.join(self.uses)}.")

    def _refuse_missing(self, matrix: str, values: Array) -> None:
        if np.isfinite(values.sum()):  # one pass without a temporary; the search below runs only when it fails
            return
        row, column = (int(index) for index in np.argwhere(~np.isfinite(values))[0])
        names = self.labels if matrix == "Z" else self.final_labels
        raise ValueError(
            f"{matrix} has {values[row, column]} in row {row} ({' '.join(self.labels[row])}), "
            f"column {column} ({' '.join(names[column])}); a number is needed there."
        )

    def _repr_html_(self) -> str:
        return export.to_html(self)

    def __repr__(self) -> str:
        return (
            f"<WorldTable {self.name or self.source} {self.year}: {self.n_countries} countries x "
            f"{len(self.industries)} industries, {self.unit}>"
        )

    # Labels

    @property
    def n_countries(self) -> int:
        """N, the number of countries."""
        return len(self.countries)

    @property
    def n_industries(self) -> int:
        """S, the number of industries."""
        return len(self.industries)

    @property
    def n(self) -> int:
        """n = N*S, the number of cells."""
        return len(self.countries) * len(self.industries)

    @cached_property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """(country, industry) of each cell, in order."""
        return tuple((country, industry) for country in self.countries for industry in self.industries)

    @cached_property
    def final_labels(self) -> tuple[tuple[str, str], ...]:
        """(destination, use) of each column of `F`, in order."""
        return tuple((country, use) for country in self.countries for use in self.uses)

    @cached_property
    def country_of(self) -> Indices:
        """Index of the country of each cell, shape (n,)."""
        return np.repeat(np.arange(self.n_countries), self.n_industries)

    @cached_property
    def industry_of(self) -> Indices:
        """Index of the industry of each cell, shape (n,)."""
        return np.tile(np.arange(self.n_industries), self.n_countries)

    def cells(self, countries: Iterable[str] | None = None, industries: Iterable[str] | None = None) -> Indices:
        """Indices of the cells of these countries and these industries; None stands for all. Raises KeyError."""
        chosen_countries = positions("country", self.countries, countries)
        chosen_industries = positions("industry", self.industries, industries)
        return (chosen_countries[:, None] * self.n_industries + chosen_industries[None, :]).ravel()

    def cell(self, country: str, industry: str) -> int:
        """Index of one cell. Raises KeyError with what is known."""
        return int(self.cells([country], [industry])[0])

    # Flows and accounts

    @cached_property
    def x(self) -> Array:
        """Gross output by cell, Z1 + F1."""
        return frozen(self.Z.sum(axis=1, dtype=np.float64) + self.F.sum(axis=1, dtype=np.float64))

    @cached_property
    def v(self) -> Array:
        """Value added by cell, x - Z'1, net taxes on products included."""
        return frozen(self.x - self.Z.sum(axis=0, dtype=np.float64))

    @cached_property
    def vc(self) -> Array:
        """Value added per unit of output; 1 in a cell without output, so that vc'L = 1' holds everywhere."""
        return frozen(np.divide(self.v, self.x, out=np.ones(self.n), where=self.x != 0))

    @cached_property
    def final(self) -> Array:
        """Final demand by destination, all uses together, shape (n, N); through the focus where there is one."""
        final = self.F.reshape(self.n, self.n_countries, -1).sum(axis=2, dtype=np.float64)
        return frozen(final if self.focus is None else final * self.focus[:, None])

    @property
    def credit(self) -> str:
        """What has to stand below a figure of this table: its citation, and its cautions one a line."""
        return "\n".join([*([self.citation] if self.citation else []), *self.cautions.values()])

    @property
    def producing(self) -> NDArray[np.bool_]:
        """Which countries make anything, shape (N,): one that only buys is a destination without cells' output."""
        return self.by_country(self.x) > 0

    @cached_property
    def gdp(self) -> Array:
        """Value added by country, shape (N,)."""
        return frozen(self.by_country(self.v))

    @cached_property
    def net_inventories(self) -> Array:
        """Change in inventories of each cell's product, all destinations together; 0 where not kept apart."""
        if self.inventories is None:
            return frozen(np.zeros(self.n))
        position = self.uses.index(self.inventories)
        return frozen(self.F[:, position :: len(self.uses)].sum(axis=1, dtype=np.float64))

    @cached_property
    def bilateral(self) -> Array:
        """Sales of country to country, intermediate and final together, shape (N, N), domestic on the diagonal."""
        intermediate = self.by_country(self.Z).reshape(self.n_countries, self.n_countries, -1).sum(axis=2)
        return frozen(
            intermediate + self.by_country(self.F).reshape(self.n_countries, self.n_countries, -1).sum(axis=2)
        )

    @cached_property
    def exports(self) -> Array:
        """Gross exports by cell, intermediate and final, shape (n,); through the focus where there is one."""
        exports = np.empty(self.n)
        for country in range(self.n_countries):
            own, uses = self.block(country), len(self.uses)
            exports[own] = _sum_outside(self.Z[own], own.start, own.stop)
            exports[own] += _sum_outside(self.F[own], country * uses, (country + 1) * uses)
        return frozen(exports if self.focus is None else exports * self.focus)

    @property
    def sign_checks(self) -> tuple[Check, ...]:
        """Whether flows, value added and output have the sign they should, without a factorisation."""
        return sign_checks(self.labels, self.Z, self.F, value_added=self.v, output=self.x)

    def block(self, country: int) -> slice:
        """The cells of the country with this index."""
        return slice(country * self.n_industries, (country + 1) * self.n_industries)

    def by_country(self, values: Array) -> Array:
        """Sum over the industries of each country along the first axis: (n, ...) becomes (N, ...)."""
        return values.reshape(self.n_countries, self.n_industries, *values.shape[1:]).sum(axis=1, dtype=np.float64)

    # Leontief and Ghosh

    @cached_property
    def A(self) -> Array:  # noqa: N802  the literature's name
        """Input coefficients Z xhat^-1; the column of a cell without output is zero."""
        return frozen(self.Z * inverse(self.x).astype(self.Z.dtype))

    def inputs_for(self, output: Array) -> Array:
        """A `output`: what each cell sells as input for an output of shape (n,), in one pass and without keeping A."""
        return cast(Array, self.Z @ (output * inverse(self.x)))

    def shares_sent(self, output: Array) -> Array:
        """B'`output`: what each cell gets as input when its suppliers pass on an output of shape (n,), without B."""
        return cast(Array, (output * inverse(self.x)) @ self.Z)

    @cached_property
    def B(self) -> Array:  # noqa: N802
        """Allocation coefficients xhat^-1 Z; the row of a cell without output is zero."""
        return frozen(self.Z * inverse(self.x).astype(self.Z.dtype)[:, None])

    @cached_property
    def _factors(self) -> tuple[Array, NDArray[np.int32]]:
        """LU factors of I - A: the only factorisation of a table, made at the first question that needs it."""
        matrix = np.empty((self.n, self.n), dtype=self.Z.dtype, order="F")
        np.multiply(self.Z, -inverse(self.x).astype(self.Z.dtype), out=matrix)
        matrix.flat[:: self.n + 1] += 1
        factors, pivots = scipy.linalg.lu_factor(matrix, overwrite_a=True, check_finite=False)
        return frozen(factors), pivots

    def solve_leontief(self, demand: Array) -> Array:
        """L `demand`, the output that satisfies a final demand of shape (n,) or (n, k), without an inverse."""
        return self._solve(demand, 0)

    def solve_leontief_transposed(self, weights: Array) -> Array:
        """L'`weights`: for each cell what a unit of its final output holds of `weights` per unit of output."""
        return self._solve(weights, 1)

    def _solve(self, right: Array, transposed: Literal[0, 1]) -> Array:
        """Solve in the precision of the flows; another precision of the right side would copy the factors."""
        factors, _ = self._factors
        right = np.asarray(right, dtype=factors.dtype)
        return cast(Array, scipy.linalg.lu_solve(self._factors, right, trans=transposed, check_finite=False))

    @cached_property
    def L(self) -> Array:  # noqa: N802
        """The Leontief inverse (I - A)^-1, at three times the cost of the factorisation: ask only to read it whole."""
        factors, pivots = self._factors
        (getri,) = scipy.linalg.get_lapack_funcs(("getri",), (factors,))
        leontief, _ = getri(factors, pivots, lwork=64 * self.n)
        return frozen(leontief)

    @cached_property
    def G(self) -> Array:  # noqa: N802
        """The Ghosh inverse (I - B)^-1 = xhat^-1 L xhat; the identity in a cell without output."""
        ghosh = self.L * self.x.astype(self.Z.dtype)
        ghosh *= inverse(self.x).astype(self.Z.dtype)[:, None]
        idle = np.flatnonzero(self.x == 0)
        ghosh[idle, idle] = 1
        return frozen(ghosh)

    @cached_property
    def output_by_destination(self) -> Array:
        """L F: output of each cell that ends in each country's final demand, shape (n, N)."""
        return frozen(self.solve_leontief(self.final))

    @cached_property
    def origins(self) -> Array:
        """O = C' diag(vc) L F: value added of the row's country in the final demand of the column's, shape (N, N)."""
        return frozen(self.by_country(self.vc[:, None] * self.output_by_destination))

    @cached_property
    def cell_origins(self) -> Array:
        """C' diag(vc) L: value added of each country in a unit of final output of each cell, shape (N, n)."""
        weights = np.zeros((self.n, self.n_countries))
        weights[np.arange(self.n), self.country_of] = self.vc
        return frozen(self.solve_leontief_transposed(weights).T)

    # Other views of the same table

    def on(self, cells: ArrayLike | None) -> Self:
        """This table seen through the final demand for and the exports of some cells, such as those of a chain.

        Flows, output and the factorisation stay those of the whole table; `final`, `exports` and what follows from
        them (`origins`, the indicators of final demand) count the chosen cells' products only. None lifts the focus.
        """
        if cells is None and self.focus is None:
            return self
        focus = None
        if cells is not None:
            focus = np.zeros(self.n, dtype=bool)
            focus[np.asarray(cells)] = True
        _ = self._factors  # so that every focus shares them
        return self._lent_to(replace(self, focus=focus))

    def with_precision(self, dtype: DTypeLike) -> Self:
        """The table with flows in another floating point type; float32 halves memory and doubles speed."""
        return replace(self, Z=self.Z.astype(dtype), F=self.F.astype(dtype))

    def then(self, sentence: str, **changes: Any) -> Self:
        """The table after a step that `sentence` tells; `previous` leads back to this one."""
        after = replace(self, log=(*self.log, sentence), previous=self, **changes)
        return after if changes.keys() & DETERMINING else self._lent_to(after)

    def _lent_to(self, other: Self) -> Self:
        """The other table of the same flows, with the values that this one has already derived."""
        other.__dict__.update({name: self.__dict__[name] for name in DERIVED if name in self.__dict__})
        return other

    def to_pandas(self) -> "pandas.DataFrame":
        """Z beside F: rows by (country, industry), columns by (flow, buyer, use). Raises MissingPackageError."""
        return export.to_pandas(self)

    def to_polars(self) -> "polars.DataFrame":
        """Every flow as one row: country, industry, flow, buyer, use, value. Raises MissingPackageError."""
        return export.to_polars(self)

    def to_xarray(self) -> "xarray.Dataset":
        """A dataset with Z, F, x and v by country and industry. Raises MissingPackageError."""
        return export.to_xarray(self)

    def aggregate(
        self,
        countries: Mapping[str, str] | None = None,
        industries: Mapping[str, str] | None = None,
        uses: Mapping[str, str] | None = None,
        classification: str = "",
    ) -> Self:
        """The table with countries, industries or uses added together; labels that are not mapped keep their name.

        New labels stand in the order of their first member. All identities hold, as flows are only added. Extensions
        that cannot be added (rates) are left out, and the log says so. `classification` names the new industries.
        Raises KeyError for a mapped label that the table lacks.
        """
        return added_together(self, countries, industries, uses, classification=classification)

    def only(
        self, countries: Iterable[str] | None = None, industries: Iterable[str] | None = None, *, rest: str = "rest"
    ) -> Self:
        """The slice of some countries, some industries or both, with all others added together to one called `rest`.

        The slice is a table of the whole world: what the chosen cells make, add and sell stays as it is and every
        identity holds. Cutting the others away would turn what is bought from them into value added of the buyers, so
        that origins and GDP were wrong. The bare flows are `Z[np.ix_(cells, cells)]`. Labels keep the table's order,
        the rest last; None keeps all. Raises KeyError for an unknown label, ValueError for a chosen one called `rest`.
        """
        others: list[dict[str, str]] = []
        for kind, labels, wanted in (("country", self.countries, countries), ("industry", self.industries, industries)):
            chosen = {labels[position] for position in positions(kind, labels, wanted)}
            if rest in chosen and len(chosen) < len(labels):
                raise ValueError(f"The {kind} '{rest}' is among the chosen; call the rest something else.")
            others.append({label: rest for label in labels if label not in chosen})
        return added_together(self, *others, last=rest)


def _sum_outside(rows: Array, start: int, stop: int) -> Array:
    """Row sums over the columns before `start` and from `stop` on."""
    return rows[:, :start].sum(axis=1, dtype=np.float64) + rows[:, stop:].sum(axis=1, dtype=np.float64)

"""The properties of a supply network, measured: one module per property, one function per indicator.

An indicator is declared with `@indicator` beside its function; `measure` asks all of them and answers in records.
There is no composite rank: the vector of properties is the result. Formulas, sources and check values stand in
docs/method/indicators.md.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps

import numpy as np
from numpy.typing import ArrayLike

from serai.registry import Registry
from serai.world.arrays import Array
from serai.world.table import NotMeasured, WorldTable

PROPERTIES = ("secure", "stable", "smooth", "efficient", "open", "inclusive", "mutual", "green", "digital")
"""The words of the mission, in its order."""

WORLD = "world"
"""The country of a record that holds for the world as a whole."""

LEAST_LIKENESS = 0.4
"""Likeness (difflib) from which a known word is offered in place of an unknown one."""

UNDEFINED = "Undefined: a denominator is zero, or there is no number for it."


class UnknownIndicatorError(ValueError):
    """There is no such indicator or property; the message names the nearest ones."""


@dataclass(frozen=True, eq=False)
class CountryValues:
    """One number per country, shape (N,), with optional bounds over a parameter and the world's number.

    `caution` is a sentence that has to stand beside the numbers.
    """

    countries: tuple[str, ...]
    values: Array
    world: float | None = None
    low: Array | None = None
    high: Array | None = None
    caution: str = ""


@dataclass(frozen=True)
class Indicator:
    """The declaration of an indicator.

    `sense` is +1 where more is better for the property, -1 where less is, 0 where it depends. `needs` names extensions
    of the table, `reads` which of "final_demand" (by destination) and "value_added" its values rest on, so that a
    table's cautions about these stand beside them. `by_product` says whether it can be asked for some cells only;
    `costly` that it solves a model or reads more than the table, so that `measure` gives it only where its symbol is
    asked for. `by_cell` gives the same for each cell, shape (n,), where its definition allows that. `name` is the
    function's name in words, `description` the first sentence of its documentation.
    """

    symbol: str
    name: str
    description: str
    property: str
    unit: str
    range: tuple[float, float]
    sense: int
    source: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    by_product: bool
    costly: bool
    function: Callable[[WorldTable], CountryValues]
    by_cell: Callable[[WorldTable], Array] | None = None


@dataclass(frozen=True)
class Record:
    """One answer. `value` is None where it is not measured, and `reason` says why.

    `caution` says what the table, or the indicator, warns of: final demand that is estimated, for example.
    """

    country: str
    property: str
    symbol: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    reason: str = ""
    caution: str = ""


@dataclass(frozen=True)
class CellRecord:
    """One answer for one cell. `value` is None where it is undefined or not measured, and `reason` says why.

    `caution` is that of `Record`.
    """

    country: str
    industry: str
    property: str
    symbol: str
    value: float | None
    unit: str
    reason: str = ""
    caution: str = ""


INDICATORS: Registry[Indicator] = Registry("indicator")
"""The indicators by symbol."""


def indicator(
    *,
    symbol: str,
    property: str,  # noqa: A002  the field's word
    unit: str,
    range: tuple[float, float],  # noqa: A002
    sense: int,
    source: str,
    needs: tuple[str, ...] = (),
    reads: tuple[str, ...] = ("final_demand", "value_added"),
    by_product: bool = True,
    costly: bool = False,
    by_cell: Callable[[WorldTable], Array] | None = None,
) -> Callable[[Callable[[WorldTable], CountryValues]], Callable[[WorldTable], CountryValues]]:
    """Declare an indicator beside its function; the words are those of `Indicator`."""
    if property not in PROPERTIES:
        raise ValueError(f"'{property}' is none of the properties {', '.join(PROPERTIES)}.")

    def declare(function: Callable[[WorldTable], CountryValues]) -> Callable[[WorldTable], CountryValues]:
        name = function.__name__.replace("_", " ")
        description = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        declared = Indicator(
            symbol,
            name,
            description,
            property,
            unit,
            range,
            sense,
            source,
            needs,
            reads,
            by_product,
            costly,
            function,
            by_cell,
        )
        INDICATORS.add(symbol, declared)
        return function

    return declare


def measure(
    table: WorldTable,
    *,
    properties: Collection[str] = PROPERTIES,
    symbols: Collection[str] | None = None,
    cells: ArrayLike | None = None,
) -> list[Record]:
    """Every indicator of these properties (or only these symbols) for every country and, where it exists, the world.

    Those that take seconds are measured where their symbols are given. `cells` looks through the final demand for and
    the exports of some cells only, such as those of a chain. What cannot be measured gives one record for the world,
    with the reason. Order: property, symbol as declared, country. Raises UnknownIndicatorError, a ValueError.
    """
    seen = table if cells is None else table.on(cells)
    return [record for declared in _chosen(properties, symbols) for record in ask(seen, declared)]


def measure_cells(
    table: WorldTable,
    *,
    properties: Collection[str] = PROPERTIES,
    symbols: Collection[str] | None = None,
    cells: ArrayLike | None = None,
) -> list[CellRecord]:
    """The indicators that have a form by cell, for every cell or for `cells`, in the order of `measure`.

    What cannot be measured gives one record for the world, with the reason. Raises UnknownIndicatorError, a ValueError.
    """
    asked = range(table.n) if cells is None else np.atleast_1d(np.asarray(cells)).tolist()
    records: list[CellRecord] = []
    for declared in _chosen(properties, symbols):
        if declared.by_cell is None:
            continue
        about = declared.property, declared.symbol
        try:
            _check_needs(table, declared)
            values = declared.by_cell(table.on(None))
        except NotMeasured as reason:
            records.append(CellRecord(WORLD, "", *about, None, declared.unit, str(reason)))
            continue
        caution = _caution(table, tuple(key for key in declared.reads if key != "final_demand"))
        for cell in asked:
            defined = bool(np.isfinite(values[cell]))
            value, reason_for_none = (float(values[cell]), "") if defined else (None, UNDEFINED)
            records.append(CellRecord(*table.labels[cell], *about, value, declared.unit, reason_for_none, caution))
    return records


def _chosen(properties: Collection[str], symbols: Collection[str] | None) -> list[Indicator]:
    """The indicators asked for, in the order of the mission. Raises UnknownIndicatorError."""
    _refuse_unknown("property", properties, PROPERTIES)
    _refuse_unknown("indicator", symbols or (), tuple(INDICATORS))
    return [
        declared
        for name in PROPERTIES
        for declared in INDICATORS.values()
        if declared.property == name in properties
        and (not declared.costly if symbols is None else declared.symbol in symbols)
    ]


def _refuse_unknown(kind: str, wanted: Collection[str], names: Collection[str]) -> None:
    """Raises UnknownIndicatorError for a word that is not known, with the nearest ones, or all where none is near."""
    by_folded = {name.casefold(): name for name in names}
    for word in wanted:
        if word in names:
            continue
        near = [by_folded[match] for match in get_close_matches(word.casefold(), by_folded, cutoff=LEAST_LIKENESS)]
        advice = f"the nearest: {', '.join(near)}" if near else f"there are {', '.join(names)}"
        raise UnknownIndicatorError(f"There is no {kind} '{word}'; {advice}.")


def _check_needs(table: WorldTable, declared: Indicator) -> None:
    missing = [name for name in declared.needs if name not in table.extensions]
    if missing:
        raise NotMeasured(f"The table has no extension '{missing[0]}'.")


def ask(table: WorldTable, declared: Indicator) -> list[Record]:
    """The records of one indicator: one a country and one for the world, or the reason why it isn't measured."""

    def record(country: str, value: float, low: float, high: float) -> Record:
        about = (country, declared.property, declared.symbol)
        if np.isfinite(value):
            return Record(*about, float(value), float(low), float(high), declared.unit, caution=caution)
        return Record(*about, None, None, None, declared.unit, UNDEFINED)

    try:
        _check_needs(table, declared)
        if table.focus is not None and not declared.by_product:
            raise NotMeasured("It is a property of a whole economy, not of some of its products.")
        answer = declared.function(table)
    except NotMeasured as reason:
        return [Record(WORLD, declared.property, declared.symbol, None, None, None, declared.unit, str(reason))]
    caution = " ".join(filter(None, (answer.caution, _caution(table, declared.reads))))
    low = answer.values if answer.low is None else answer.low
    high = answer.values if answer.high is None else answer.high
    records = [record(*row) for row in zip(answer.countries, answer.values, low, high, strict=True)]
    if answer.world is not None:
        records.append(record(WORLD, answer.world, answer.world, answer.world))
    return records


def _caution(table: WorldTable, reads: tuple[str, ...]) -> str:
    """What the table warns of in what an indicator reads."""
    return " ".join(table.cautions[key] for key in reads if key in table.cautions)


def kept[Result](function: Callable[[WorldTable], Result]) -> Callable[[WorldTable], Result]:
    """Compute a result once per table and store it there, for several indicators that share it."""
    key = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once(table: WorldTable) -> Result:
        if key not in vars(table):
            vars(table)[key] = function(table)
        result: Result = vars(table)[key]
        return result

    return once


# The indicators declare themselves when imported; they need what stands above, hence the place of this line.
from serai.world.measures import (  # noqa: E402
    digital,  # noqa: F401
    efficient,  # noqa: F401
    green,  # noqa: F401
    inclusive,  # noqa: F401
    manufacturing,  # noqa: F401
    mutual,  # noqa: F401
    openness,  # noqa: F401
    secure,  # noqa: F401
    smooth,  # noqa: F401
    stable,  # noqa: F401
    strategic,  # noqa: F401
)

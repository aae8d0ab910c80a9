"""Published numbers, the same numbers computed by Serai on the same table, and whether they agree.

The printed numbers stand in data/published, one file a publication, with sources in publications.toml; the tests and
`serai world validate` read the same ones.
"""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from serai.registry import Registry
from serai.world.firm_network import FirmNetwork
from serai.world.measures import INDICATORS, ask
from serai.world.readers import TableNotHere, data_file, read
from serai.world.shocks.trade.nafta import Nafta, read_nafta
from serai.world.table import NotMeasured, WorldTable
from serai.world.trade import Exports, file_of_2017, read_exports

EXPORTS = "exports/2017"
NAFTA = "caliendo-parro/1993"
BOARIO = "boario/0.7"
FIVE_FIRMS = "firms/five"

MINERALS = "usgs/2026"
COFFEE = "usda/coffee"
GRAS = "gras/2003"

type Source = "WorldTable | FirmNetwork | Exports | Nafta | makers.Makers | balanced.Example"

OTHER_SOURCES: Mapping[str, Callable[[], Source]] = {
    EXPORTS: lambda: read_exports(file_of_2017()),
    NAFTA: read_nafta,
    BOARIO: lambda: boario.read_boario(),  # noqa: PLW0108  the module is imported below
    MINERALS: lambda: makers.read_minerals(),  # noqa: PLW0108  likewise
    GRAS: lambda: balanced.read_example(),  # noqa: PLW0108  likewise
    COFFEE: lambda: makers.read_coffee(),  # noqa: PLW0108  likewise
    FIVE_FIRMS: lambda: second_computation.five_firms(),  # noqa: PLW0108  likewise
}
"""The names under which printed numbers refer to other data than world tables, and what reads these."""

type Quantity = Callable[[Any], Mapping[str, float]]

QUANTITIES: Registry[Quantity] = Registry("published quantity")
"""What is compared beside the indicators, by name: a function from a table, or from other data, to labelled numbers."""


@dataclass(frozen=True)
class Publication:
    """Where printed numbers stand, and what their tolerance allows for."""

    key: str
    citation: str
    remark: str


@dataclass(frozen=True)
class Printed:
    """One printed number: `of` says of which country, cell or pair; `quantity` is an indicator's symbol or a name."""

    publication: str
    table: str
    quantity: str
    of: str
    value: float
    tolerance: float


@dataclass(frozen=True)
class Comparison:
    """A printed number beside the one found; `found` is None where it could not be computed, and `reason` says why."""

    printed: Printed
    found: float | None
    reason: str = ""

    @property
    def agrees(self) -> bool:
        """Whether what is found lies within the tolerance of what is printed; NaN never does."""
        return self.found is not None and abs(self.found - self.printed.value) <= self.printed.tolerance


def quantity(name: str) -> Callable[[Quantity], Quantity]:
    """Declare a quantity beside the function that computes it."""

    def declare(function: Quantity) -> Quantity:
        QUANTITIES.add(name, function)
        return function

    return declare


@cache
def publications() -> Mapping[str, Publication]:
    """Every publication by its key."""
    text = (files("serai.world") / "data" / "published" / "publications.toml").read_text(encoding="utf-8")
    return {key: Publication(key, **about) for key, about in tomllib.loads(text).items()}


def printed_numbers() -> tuple[Printed, ...]:
    """Every printed number that is at hand: those of the package, and those of files below SERAI_DATA."""
    numbers = [
        Printed(key, row["table"], row["quantity"], row["of"], float(row["printed"]), float(row["tolerance"]))
        for key in publications()
        for row in _rows(key)
    ]
    path = data_file(timmer2015.FILE)
    return (*numbers, *(timmer2015.printed(path) if path else ()))


def compare(numbers: Iterable[Printed]) -> Iterator[Comparison]:
    """Recompute these numbers, table by table; each table is read once and let go before the next."""
    by_table: dict[str, list[Printed]] = {}
    for number in numbers:
        by_table.setdefault(number.table, []).append(number)
    for name, of_table in by_table.items():
        try:
            source: Source = OTHER_SOURCES.get(name, partial(read, name))()
        except TableNotHere as reason:
            yield from (Comparison(number, None, str(reason)) for number in of_table)
        else:
            yield from compare_on(source, of_table)


def compare_on(source: Source, numbers: Iterable[Printed]) -> Iterator[Comparison]:
    """Recompute these numbers on one table or other data."""
    computed: dict[str, Mapping[str, float] | str] = {}
    for number in numbers:
        if number.quantity not in computed:
            computed[number.quantity] = _computed(source, number.quantity)
        answer = computed[number.quantity]
        if isinstance(answer, str):
            yield Comparison(number, None, answer)
        else:
            yield Comparison(number, float(answer[number.of]))


def _computed(source: Source, name: str) -> Mapping[str, float] | str:
    """The numbers of a quantity by label, or the reason why there are none."""
    try:
        if name in QUANTITIES:
            return QUANTITIES[name](source)
    except NotMeasured as reason:
        return str(reason)
    if not isinstance(source, WorldTable):
        return f"{type(source).__name__} has no '{name}'."
    records = ask(source, INDICATORS[name])
    values = {record.country: record.value for record in records if record.value is not None}
    return values or records[0].reason


def _rows(key: str) -> Iterator[dict[str, str]]:
    path = files("serai.world") / "data" / "published" / f"{key}.csv"
    if path.is_file():
        yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


# The quantities declare themselves when imported; they need what stands above, hence the place of this line.
from serai.world.published import (  # noqa: E402
    antras_chor,  # noqa: F401
    balanced,
    boario,
    final_demand,  # noqa: F401
    makers,
    nafta,  # noqa: F401
    quantities,  # noqa: F401
    second_computation,
    timmer2015,
)

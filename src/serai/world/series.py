"""World tables of successive years: a sequence that reads each table when it is asked for and keeps none."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from serai.world.measures import PROPERTIES, Record, measure
from serai.world.progress import Progress, silent
from serai.world.readers import READERS
from serai.world.table import WorldTable


@dataclass(frozen=True, eq=False, repr=False)
class TableSeries:
    """The tables of these years. Iteration gives one after the other, `series[2008]` that of a year.

    `table_of` reads a year's table; only the one that the caller holds is in memory.
    """

    name: str
    years: tuple[int, ...]
    table_of: Callable[[int], WorldTable]

    def __repr__(self) -> str:
        span = f"{self.years[0]} to {self.years[-1]}" if self.years else "no years"
        return f"<TableSeries {self.name}: {len(self.years)} tables, {span}>"

    def __len__(self) -> int:
        return len(self.years)

    def __contains__(self, year: object) -> bool:
        return year in self.years

    def __iter__(self) -> Iterator[WorldTable]:
        return map(self.table_of, self.years)

    def __getitem__(self, year: int) -> WorldTable:
        """The table of a year. Raises KeyError with the years that there are."""
        if year not in self.years:
            raise KeyError(f"{self.name} has no year {year}; it has {', '.join(map(str, self.years)) or 'none'}.")
        return self.table_of(year)

    def between(self, first: int, last: int) -> Self:
        """The years from `first` to `last`, both included."""
        return replace(self, years=tuple(year for year in self.years if first <= year <= last))

    def then(self, step: Callable[[WorldTable], WorldTable]) -> Self:
        """Each table after a step, such as a repair of `serai.world.hygiene` or an aggregation, taken as it is read."""
        table_of = self.table_of
        return replace(self, table_of=lambda year: step(table_of(year)))

    def measure(
        self,
        *,
        properties: Collection[str] | None = None,
        symbols: Collection[str] | None = None,
        progress: Progress = silent,
    ) -> dict[int, list[Record]]:
        """The records of `serai.world.measures.measure` for each year, one table in memory at a time."""
        records = {}
        for done, year in enumerate(self.years):
            progress(f"{self.name}/{year}", done / len(self.years))
            records[year] = measure(self.table_of(year), properties=properties or PROPERTIES, symbols=symbols)
        progress(self.name, 1.0)
        return records


def read_years(key: str, years: Iterable[int] | None = None) -> TableSeries:
    """The tables of a reader ("wiod2013") by year, each read when it is asked for: all years on this machine, or these.

    Raises KeyError for an unknown reader or year, TableNotHere where no year (or not every asked one) is here.
    """
    declared = READERS[key]
    wanted = declared.years if years is None else tuple(years)
    for year in set(wanted) - set(declared.years):
        raise KeyError(f"'{key}' has no year '{year}'; it has {', '.join(map(str, declared.years))}.")
    here = tuple(year for year in wanted if declared.find(year) is not None)
    for year in wanted if years is not None or not here else ():
        declared.path(year)  # raises for the first that is missing
    return TableSeries(key, here, declared.of_year)

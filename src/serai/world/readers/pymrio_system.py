"""A table from pymrio's IOSystem, without importing pymrio: only the object's data frames are read.

pymrio is licensed GPL-3 and is no part of Serai.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from serai.world.readers import UnreadableTable
from serai.world.table import Array, Extension, WorldTable

SEPARATOR = ": "


def from_pymrio(system: Any, *, year: int, unit: str | None = None, classification: str = "") -> WorldTable:
    """The table of an `IOSystem` with flows `Z`, final demand `Y` and, where there are any, extensions.

    Each row of each extension (`F`, and `F_Y` of final demand) becomes an extension by cell called "EXTENSION: ROW".
    `unit` is the system's own where it has a single one. Raises UnreadableTable where labels are not regions and
    sectors in one order for all.
    """
    if getattr(system, "Z", None) is None or getattr(system, "Y", None) is None:
        raise UnreadableTable("The object has no flows Z and final demand Y; load or calculate the system first.")
    cells, buyers = _pairs(system.Z.index), _pairs(system.Z.columns)
    sellers, finals = _pairs(system.Y.index), _pairs(system.Y.columns)
    countries = tuple(dict.fromkeys(country for country, _ in cells))
    industries = tuple(dict.fromkeys(industry for _, industry in cells))
    uses = tuple(dict.fromkeys(use for _, use in finals))
    expected = [(country, industry) for country in countries for industry in industries]
    for what, labels in (("rows of Z", cells), ("columns of Z", buyers), ("rows of Y", sellers)):
        _expect(what, labels, expected)
    _expect("columns of Y", finals, [(country, use) for country in countries for use in uses])
    return WorldTable(
        countries,
        industries,
        uses,
        np.ascontiguousarray(system.Z.to_numpy(dtype=float)),
        np.ascontiguousarray(system.Y.to_numpy(dtype=float)),
        year=year,
        unit=unit or _unit(system),
        name=str(getattr(getattr(system, "meta", None), "name", "") or "pymrio"),
        source="pymrio IOSystem",
        classification=classification,
        extensions=dict(_extensions(system, len(cells), len(countries))),
    )


def _pairs(index: Any) -> list[tuple[str, str]]:
    if index.nlevels != 2:
        raise UnreadableTable(f"The labels {list(index.names)} are not two levels, region and sector.")
    return [(str(region), str(label)) for region, label in index]


def _expect(what: str, labels: Sequence[tuple[str, str]], expected: Sequence[tuple[str, str]]) -> None:
    if list(labels) == list(expected):
        return
    pairs = zip([*labels, ("nothing", "")], [*expected, ("nothing", "")], strict=False)
    place, (here, there) = next((place, pair) for place, pair in enumerate(pairs) if pair[0] != pair[1])
    raise UnreadableTable(
        f"The {what}, number {place + 1}: found '{' '.join(here).strip()}', expected '{' '.join(there).strip()}'; "
        "regions have the same labels in the same order."
    )


def _unit(system: Any) -> str:
    frame = getattr(system, "unit", None)
    units = [] if frame is None else sorted({str(value) for value in frame.iloc[:, 0]})
    if len(units) != 1:
        raise UnreadableTable(f"The system has {len(units)} units ({', '.join(units[:5])}); say which one by `unit`.")
    return units[0]


def _extensions(system: Any, n: int, n_countries: int) -> Iterator[tuple[str, Extension]]:
    """Satellite accounts by cell; one that counts something other than cells is left out."""
    for account in system.get_extensions(data=True) if hasattr(system, "get_extensions") else ():
        counted, title = getattr(account, "F", None), str(getattr(account, "name", "") or "extension")
        if counted is None or counted.shape[1] != n:
            continue
        demanded = getattr(account, "F_Y", None)
        units = getattr(account, "unit", None)
        for row, label in enumerate(counted.index):
            name = " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
            values: Array = counted.iloc[row].to_numpy(dtype=float)
            own = None
            if demanded is not None and demanded.shape[0] > row and demanded.shape[1] % n_countries == 0:
                own = demanded.iloc[row].to_numpy(dtype=float).reshape(n_countries, -1).sum(axis=1)
            unit = "" if units is None else str(units.iloc[row, 0])
            yield f"{title}{SEPARATOR}{name}", Extension(values, unit, f"pymrio extension {title}", own)

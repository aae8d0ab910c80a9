"""An extension of a table from a list: people by country, emissions by cell, each with its number.

The list is CSV or Parquet with the columns `country` and `value`, `industry` too where cells are counted, `households`
where final users emit or use something themselves, and `destination` beside country and industry for what lies on the
links from a cell to a country, such as tariffs. Countries may be the table's labels, codes of ISO 3166-1 or names.
"""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from serai.world.classifications.countries import find
from serai.world.readers import UnreadableTable
from serai.world.table import Array, Extension, WorldTable


def with_extension(
    table: WorldTable,
    name: str,
    path: Path,
    *,
    unit: str,
    source: str = "",
    additive: bool = True,
    rest: str | None = None,
) -> WorldTable:
    """The table with an extension more, such as "population", from a list; the log says so.

    `rest` is the label that takes the sum of all countries that the table does not name, such as "ROW"; without it they
    are left out. Links that the list does not name have the value 0. Raises UnreadableTable with the row and column at
    fault, where a row stands twice, and where a country or cell of the table has none; KeyError where the table lacks
    `rest`; ValueError for a sum of what cannot be added.
    """
    if rest is not None:
        table.cells([rest])
        if not additive:
            raise ValueError(f"'{name}' cannot be added up, so '{rest}' cannot take the sum of the others.")
    frame = _load(path)
    country = _countries(table, frame["country"], rest)
    kept = country >= 0
    if "destination" in frame.columns:
        return _with_links(table, name, path, frame, country, unit=unit, source=source, additive=additive)
    place, labels = country, table.countries
    if "industry" in frame.columns:
        industry = _industries(path, table, frame, kept)
        place, labels = country * table.n_industries + industry, tuple(" ".join(label) for label in table.labels)
    values = _placed(path, frame, "value", np.where(kept, place, -1), labels, rest)
    households = None
    if "households" in frame.columns:
        households = _placed(path, frame, "households", country, table.countries, rest)
    others = int((~kept).sum())
    sentence = (
        f"Extension '{name}' taken from {path.name}{f', {others} rows of other countries left out' if others else ''}."
    )
    extension = Extension(values, unit, source or path.name, households, additive)
    return table.then(sentence, extensions={**table.extensions, name: extension})


def _load(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{path} cannot be read: {str(error).partition('\n')[0]}.") from None
    for column in ("country", "value"):
        if column not in frame.columns:
            raise UnreadableTable(f"{path} has no column '{column}'; it has {', '.join(frame.columns)}.")
    return frame


def _with_links(
    table: WorldTable,
    name: str,
    path: Path,
    frame: pl.DataFrame,
    origin: NDArray[np.intp],
    *,
    unit: str,
    source: str,
    additive: bool,
) -> WorldTable:
    """The extension on links (n, n): a value of the list holds for all cells of its destination."""
    if "industry" not in frame.columns:
        raise UnreadableTable(f"{path} has a column 'destination' and needs one called 'industry' too.")
    destination = _countries(table, frame["destination"], None)
    kept = (origin >= 0) & (destination >= 0)
    cell = origin * table.n_industries + _industries(path, table, frame, kept)
    place = np.where(kept, cell * table.n_countries + destination, -1)
    numbers = _numbers(path, frame, "value", kept)
    counts = np.bincount(place[kept], minlength=table.n * table.n_countries)
    if (counts > 1).any():
        seller, buyer = divmod(int((counts > 1).argmax()), table.n_countries)
        raise UnreadableTable(
            f"{path} counts {' '.join(table.labels[seller])} to {table.countries[buyer]} more than once."
        )
    values = np.bincount(place[kept], numbers[kept], len(counts)).reshape(table.n, table.n_countries)
    links = np.repeat(values.astype(table.Z.dtype), table.n_industries, axis=1)
    return table.then(
        f"Extension '{name}' taken from {path.name}, {int(kept.sum())} links to a country.",
        extensions={**table.extensions, name: Extension(links, unit, source or path.name, None, additive)},
    )


def _countries(table: WorldTable, names: pl.Series, rest: str | None) -> NDArray[np.intp]:
    """The index of each row's country in the table, that of `rest`, or -1."""
    places = {country.alpha2: place for place, label in enumerate(table.countries) if (country := find(label))}
    places |= {label: place for place, label in enumerate(table.countries)}
    other = -1 if rest is None else table.countries.index(rest)

    def place(text: str) -> int:
        country = find(text)
        return places.get(text, places.get(country.alpha2, other) if country else other)

    return np.array([place(str(text)) for text in names], dtype=np.intp)


def _industries(path: Path, table: WorldTable, frame: pl.DataFrame, kept: NDArray[np.bool_]) -> NDArray[np.intp]:
    places = {label: place for place, label in enumerate(table.industries)}
    positions = np.array([places.get(str(label), -1) for label in frame["industry"]], dtype=np.intp)
    if ((positions < 0) & kept).any():
        row = int(((positions < 0) & kept).argmax())
        raise UnreadableTable(f"{path}, row {row + 2}: the table has no industry '{frame['industry'][row]}'.")
    return positions


def _placed(
    path: Path, frame: pl.DataFrame, column: str, place: NDArray[np.intp], labels: tuple[str, ...], rest: str | None
) -> Array:
    """The numbers of a column where they belong; those of the rest are added up."""
    numbers = _numbers(path, frame, column, place >= 0)
    counts = np.bincount(place[place >= 0], minlength=len(labels))
    summed = np.array([rest is not None and (label == rest or label.startswith(f"{rest} ")) for label in labels])
    if ((counts > 1) & ~summed).any():
        raise UnreadableTable(f"{path} counts {labels[int(((counts > 1) & ~summed).argmax())]} more than once.")
    if (counts == 0).any():
        missing = [label for label, count in zip(labels, counts, strict=True) if not count]
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise UnreadableTable(f"{path} has no number for {', '.join(missing[:3])}{more}.")
    return np.bincount(place[place >= 0], numbers[place >= 0], len(labels))


def _numbers(path: Path, frame: pl.DataFrame, column: str, kept: NDArray[np.bool_]) -> NDArray[np.float64]:
    numbers = frame[column].cast(pl.Float64, strict=False)
    wrong = (numbers.is_null() | ~numbers.is_finite().fill_null(False)).to_numpy() & kept
    if wrong.any():
        row = int(wrong.argmax())
        raise UnreadableTable(f"{path}, row {row + 2}, column '{column}': {frame[column][row]!r} is not a number.")
    return numbers.to_numpy()

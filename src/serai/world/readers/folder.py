"""Serai's own layout: a folder with `table.json` and a matrix a file, in Parquet or CSV.

    table.json             format, year, unit, name, source, citation, terms, classification, inventories, cautions,
                           log, extensions
    intermediate.parquet   columns country, industry, then one per buying cell, named "COUNTRY industry"
    final.parquet          columns country, industry, then one per destination and use, named "COUNTRY use"
    cells.parquet          columns country, industry, then one per extension counted by cell
    countries.parquet      column country, then one per extension by country and "NAME households" per extension by cell
    link-NAME.parquet      an extension by link, like intermediate.parquet

Each file may end in .csv instead. Country labels hold no space; all cells stand country by country, with the industries
in the same order for each.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable, reader
from serai.world.table import Array, Extension, WorldTable

if TYPE_CHECKING:
    import polars

FORMAT = "serai-table/1"
TEXTS = ("name", "source", "citation", "terms", "classification")
KINDS: Mapping[str, tuple[type, str]] = {
    "year": (int, "a whole number, such as 2019"),
    **dict.fromkeys(("unit", "inventories", *TEXTS), (str, "a text")),
    "cautions": (dict, 'an object, such as {"final_demand": "It is estimated."}'),
    "log": (list, "a list of sentences"),
    "extensions": (dict, 'an object, such as {"emissions": {"unit": "kt"}}'),
}
KINDS_OF_EXTENSION: Mapping[str, tuple[type, str]] = {
    "unit": (str, "a text"),
    "source": (str, "a text"),
    "additive": (bool, "true or false"),
}


@reader(
    "serai",
    title="a folder with table.json, intermediate.parquet and final.parquet (or .csv)",
    citation="as table.json says",
    terms="as table.json says",
    recognises=lambda path: (path / "table.json").is_file(),
)
def read_folder(path: Path) -> WorldTable:
    """The table of a folder in Serai's layout. Raises UnreadableTable with the row and column at fault."""
    about = _about(path / "table.json")
    cells, columns, Z = _matrix(path, "intermediate")
    if columns != [" ".join(cell) for cell in cells]:
        _refuse_column(path, "intermediate", columns, [" ".join(cell) for cell in cells])
    countries = list(dict.fromkeys(country for country, _ in cells))
    industries = list(dict.fromkeys(industry for _, industry in cells))
    _expect_cells(
        path, "intermediate", cells, [(country, industry) for country in countries for industry in industries]
    )
    sellers, columns, F = _matrix(path, "final")
    _expect_cells(path, "final", sellers, cells)
    uses = list(dict.fromkeys(column.partition(" ")[2] for column in columns))
    expected = [f"{country} {use}" for country in countries for use in uses]
    if columns != expected:
        _refuse_column(path, "final", columns, expected)
    return WorldTable(
        countries=tuple(countries),
        industries=tuple(industries),
        uses=tuple(uses),
        Z=Z,
        F=F,
        year=about["year"],
        unit=about["unit"],
        inventories=about.get("inventories"),
        cautions=about.get("cautions", {}),
        log=tuple(about.get("log", ())),
        extensions=_extensions(path, about.get("extensions", {}), cells, countries),
        **{text: about.get(text, "") for text in TEXTS},
    )


def write_folder(table: WorldTable, path: Path) -> None:
    """Write a table in Serai's layout, as Parquet; `read_folder` gives it back to the last bit."""
    path.mkdir(parents=True, exist_ok=True)
    buyers = [" ".join(label) for label in table.labels]
    _write_matrix(table, path / "intermediate.parquet", buyers, table.Z)
    _write_matrix(table, path / "final.parquet", [" ".join(label) for label in table.final_labels], table.F)
    by_cell: dict[str, Array] = {}
    by_country: dict[str, Array] = {}
    for name, item in table.extensions.items():
        if item.values.ndim == 2:
            _write_matrix(table, path / f"link-{name}.parquet", buyers, item.values)
        else:
            (by_cell if len(item.values) == table.n else by_country)[name] = item.values
        if item.households is not None:
            by_country[f"{name} households"] = item.households
    if by_cell:
        _write_matrix(table, path / "cells.parquet", list(by_cell), np.column_stack(list(by_cell.values())))
    if by_country:
        import polars as pl

        pl.DataFrame({"country": table.countries, **by_country}).write_parquet(path / "countries.parquet")
    about = {
        "format": FORMAT,
        **{text: getattr(table, text) for text in TEXTS},
        "year": table.year,
        "unit": table.unit,
        "inventories": table.inventories,
        **({"cautions": dict(table.cautions)} if table.cautions else {}),
        "log": list(table.log),
        "extensions": {
            name: {"unit": item.unit, "source": item.source, "additive": item.additive}
            for name, item in table.extensions.items()
        },
    }
    (path / "table.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _about(path: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableTable(f"{path} is not JSON: {error}.") from None
    if not isinstance(about, dict):
        raise UnreadableTable(f"{path} is no JSON object.")
    if about.get("format") != FORMAT:
        raise UnreadableTable(f"{path} has format {about.get('format')!r}; this Serai reads {FORMAT!r}.")
    missing = [key for key in ("year", "unit") if key not in about]
    if missing:
        raise UnreadableTable(f"{path} lacks {' and '.join(missing)}.")
    about = {key: value for key, value in about.items() if (key, value) != ("inventories", None)}
    _expect_kinds(str(path), about, KINDS)
    for name, declared in about.get("extensions", {}).items():
        place = f"{path}, extension '{name}'"
        if not isinstance(declared, dict) or "unit" not in declared:
            raise UnreadableTable(f"{place} lacks its unit.")
        _expect_kinds(place, declared, KINDS_OF_EXTENSION)
    return about


def _expect_kinds(place: str, stated: Mapping[str, Any], kinds: Mapping[str, tuple[type, str]]) -> None:
    """Raises UnreadableTable for a value of another kind than its key has."""
    for key, (kind, wanted) in kinds.items():
        value = stated.get(key)
        if key in stated and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise UnreadableTable(f"{place}: '{key}' is {json.dumps(value)[:80]}; it has to be {wanted}.")


def _load(path: Path, name: str) -> tuple[Path, dict[str, NDArray[Any]]] | None:
    """The columns of a file that may be Parquet or CSV, or None where neither is there."""
    import polars as pl  # 20 MB, which other readers do not need

    parquet, csv = path / f"{name}.parquet", path / f"{name}.csv"
    if parquet.is_file():
        try:
            stored = pl.read_parquet(parquet)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise UnreadableTable(f"{parquet} is damaged or no Parquet file: {error}") from None
        return parquet, {column.name: column.to_numpy() for column in stored}
    if csv.is_file():
        try:
            frame = pl.read_csv(csv, infer_schema=False)
        except pl.exceptions.PolarsError as error:
            raise UnreadableTable(f"{csv} is not a CSV file: {error}") from None
        if name != "countries":
            _expect_labels(csv, frame.columns)
        return csv, {column.name: _parsed(csv, column) for column in frame}
    return None


def _expect_labels(path: Path, columns: list[str]) -> None:
    for key in ("country", "industry"):
        if key not in columns:
            raise UnreadableTable(f"{path} has no column '{key}'; its first two are country and industry.")


def _parsed(path: Path, column: "polars.Series") -> NDArray[Any]:
    import polars as pl

    if column.name in {"country", "industry"}:
        return column.to_numpy()
    numbers = column.cast(pl.Float64, strict=False)
    if numbers.null_count():
        row = int(numbers.is_null().arg_max() or 0)
        raise UnreadableTable(f"{path}, row {row + 2}, column '{column.name}': {column[row]!r} is not a number.")
    return numbers.to_numpy()


def _matrix(path: Path, name: str) -> tuple[list[tuple[str, str]], list[str], Array]:
    """The cells of the rows, the labels of the columns and the numbers of one file."""
    loaded = _load(path, name)
    if loaded is None:
        raise UnreadableTable(f"{path} holds neither {name}.parquet nor {name}.csv.")
    file, columns = loaded
    _expect_labels(file, list(columns))
    cells = [(str(c), str(i)) for c, i in zip(columns.pop("country"), columns.pop("industry"), strict=True)]
    dtype = np.result_type(np.float32, *(column.dtype for column in columns.values()))
    if dtype.kind != "f":
        wrong = next(key for key, column in columns.items() if column.dtype.kind not in "fiu")
        raise UnreadableTable(f"{file}, column '{wrong}' holds something other than numbers.")
    values = np.empty((len(columns), len(cells)), dtype=dtype)
    for position, column in enumerate(columns.values()):
        values[position] = column
    return cells, list(columns), values.T


def _expect_cells(path: Path, name: str, labels: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    if labels == expected:
        return
    pairs = zip([*labels, ("nothing", "")], [*expected, ("nothing", "")], strict=False)
    row, (here, there) = next((row, pair) for row, pair in enumerate(pairs) if pair[0] != pair[1])
    raise UnreadableTable(
        f"{path / name}, row {row + 2}: found {' '.join(here).strip()}, expected {' '.join(there).strip()}; "
        "cells stand country by country with the same industries in the same order."
    )


def _refuse_column(path: Path, name: str, found: list[str], expected: list[str]) -> None:
    pairs = zip([*found, "nothing"], [*expected, "nothing"], strict=False)
    column, (here, there) = next((column, pair) for column, pair in enumerate(pairs) if pair[0] != pair[1])
    raise UnreadableTable(f"{path / name}, column {column + 3}: found '{here}', expected '{there}'.")


def _extensions(
    path: Path, declared: dict[str, dict[str, Any]], cells: list[tuple[str, str]], countries: list[str]
) -> dict[str, Extension]:
    by_cell: dict[str, NDArray[Any]] = {}
    if _load(path, "cells") is not None:
        rows, columns, values = _matrix(path, "cells")
        _expect_cells(path, "cells", rows, cells)
        by_cell = dict(zip(columns, values.T, strict=True))
    loaded = _load(path, "countries")
    by_country: dict[str, NDArray[Any]] = {} if loaded is None else loaded[1]
    if by_country and [str(label) for label in by_country["country"]] != countries:
        raise UnreadableTable(f"{path / 'countries'} lists other countries than the table, or in another order.")
    extensions = {}
    for name, about in declared.items():
        counted = by_cell.get(name, by_country.get(name))
        if counted is None:
            rows, _, counted = _matrix(path, f"link-{name}")
            _expect_cells(path, f"link-{name}", rows, cells)
        extensions[name] = Extension(
            counted,
            about["unit"],
            about.get("source", ""),
            by_country.get(f"{name} households"),
            about.get("additive", True),
        )
    return extensions


def _write_matrix(table: WorldTable, path: Path, columns: list[str], values: Array) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    labels = {"country": [c for c, _ in table.labels], "industry": [i for _, i in table.labels]}
    numbers = {name: np.ascontiguousarray(column) for name, column in zip(columns, values.T, strict=True)}
    pq.write_table(
        pa.table({**labels, **numbers}),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["country", "industry"],
        column_encoding=dict.fromkeys(columns, "BYTE_STREAM_SPLIT"),
    )

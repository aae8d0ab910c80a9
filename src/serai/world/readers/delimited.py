"""Shared by the readers of text files: numbers by column, and checks of labels and sums."""

import warnings
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable
from serai.world.table import Array

TOLERANCE = 1e-3
ROUNDING = 2.0
"""Largest gap between the sum of a row or column and the published one: a thousandth of it, or 2 units that
the rounding of some thousand cells explains."""


def read_numbers(path: Path, *, separator: str, header: int, labels: int) -> tuple[list[tuple[str, ...]], Array]:
    """The labels in the first columns of each row, and the numbers of the others, below `header` lines.

    Raises UnreadableTable, with the row and column counted from 1 as in the file, where something is no number.
    """
    import polars as pl  # 20 MB, which a process that reads no list does not need

    width = len(line(path, header).split(separator))
    texts = {f"column_{place + 1}": pl.String for place in range(labels)}
    numbers = {f"column_{place + 1}": pl.Float64 for place in range(labels, width)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # polars warns of malformed rows, which are refused below
            frame = pl.read_csv(
                path,
                separator=separator,
                has_header=False,
                skip_rows=header,
                schema={**texts, **numbers},
                ignore_errors=True,
                quote_char=None if separator == "\t" else '"',
            )
    except pl.exceptions.PolarsError as error:
        raise UnreadableTable(f"{path} is not a table of {width} columns: {str(error).partition('\n')[0]}.") from None
    columns = frame.get_columns()
    values = np.empty((width - labels, frame.height))
    for place, column in enumerate(columns[labels:]):
        if column.null_count() or not column.is_finite().all():
            row = int((column.is_null() | ~column.is_finite().fill_null(False)).arg_max() or 0)
            cells = line(path, header + row).rstrip("\n").split(separator)
            cell = cells[labels + place] if labels + place < len(cells) else ""
            raise UnreadableTable(
                f"{path}, row {header + row + 1}, column {labels + place + 1}: {cell!r} is not a number."
            )
        values[place] = column.to_numpy()
    keys = [tuple(str(label) for label in row) for row in zip(*columns[:labels], strict=True)] if labels else []
    return keys, values.T


def line(path: Path, number: int) -> str:
    """One line of a text file, counted from 0. Raises UnreadableTable where the file is shorter or no text."""
    try:
        with path.open(encoding="utf-8") as file:
            text = next(islice(file, number, None), None)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableTable(f"{path} cannot be read: {error}.") from None
    if text is None:
        raise UnreadableTable(f"{path} ends before line {number + 1}.")
    return text


def expect(path: Path, kind: str, labels: Sequence[object], expected: Sequence[object], first: int = 2) -> None:
    """Refuse labels that are not the expected ones; the first stands in row or column `first` of the file."""
    if list(labels) == list(expected):
        return
    pairs = zip([*labels, "nothing"], [*expected, "nothing"], strict=False)
    place, (here, there) = next((place, pair) for place, pair in enumerate(pairs) if pair[0] != pair[1])
    raise UnreadableTable(f"{path}, {kind} {place + first}: found {_said(here)}, expected {_said(there)}.")


def _said(label: object) -> str:
    return f"'{' '.join(map(str, label))}'" if isinstance(label, tuple) else f"'{label}'"


def agree(
    path: Path, kind: str, cells: Sequence[str], summed: Array, published: Array, what: str, first: int = 2
) -> None:
    """Refuse sums of rows or columns that are not the published ones within `TOLERANCE` and `ROUNDING`.

    The first of them stands in row or column `first` of the file.
    """
    gap = np.abs(summed - published)
    allowed = np.maximum(TOLERANCE * np.abs(published), ROUNDING)
    worst = int(np.argmax(gap - allowed))
    if gap[worst] > allowed[worst]:
        raise UnreadableTable(
            f"{path}, {kind} {worst + first} ({cells[worst]}) adds up to {summed[worst]:.6g}, "
            f"but {what} {published[worst]:.6g}."
        )

"""The start of a list in a grid: titles above it are skipped, a header of two rows becomes one."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from serai.expo.base.workbooks.domain.grid import FileRefusedError, Grid, Merge, Row, address
from serai.expo.site.imports.domain.columns import guessed
from serai.expo.site.imports.domain.subject import Subject

ROWS_SEARCHED = 30
DEEPEST = 3


def header_and_rows(subject: Subject, grid: Grid) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The titles of the columns and the rows of the list.

    Cells merged downwards in the list hold the value of the first. Raises FileRefusedError where there is no list, or
    where the header has merged cells whose meaning is not certain.
    """
    if not grid.rows:
        raise FileRefusedError(_("The file is empty. Fill in the template, or choose another file."))
    start = _start(subject, grid)
    first = grid.rows[start][0]
    depth = _depth(grid, start)
    header = _titles(grid, first, first + depth - 1)
    below = tuple(row for row in grid.rows if row[0] >= first + depth)
    if not below:
        raise FileRefusedError(
            _("The file has a header and no row below it. Fill in the rows, or choose another file or another sheet.")
        )
    return header, _spread_down(below, grid.merges)


def recognised(subject: Subject, grid: Grid) -> Mapping[int, str]:
    """The columns of the likeliest header that are known, with their fields."""
    rows = (guessed(subject, cells) for _number, cells in grid.rows[:ROWS_SEARCHED])
    return max(rows, key=len, default={})


def _start(subject: Subject, grid: Grid) -> int:
    """The index of the header's first row: the first with the most columns known, else the first with two cells."""
    recognised_columns = [len(guessed(subject, cells)) for _number, cells in grid.rows[:ROWS_SEARCHED]]
    if max(recognised_columns) >= 2:
        return recognised_columns.index(max(recognised_columns))
    wide = (index for index, (_number, cells) in enumerate(grid.rows) if sum(map(bool, cells)) >= 2)
    return next(wide, 0)


def _depth(grid: Grid, start: int) -> int:
    """How many rows the header has, by the cells merged in its first row."""
    first, cells = grid.rows[start]
    merges = [merge for merge in grid.merges if merge.first_row == first]
    depth = max((merge.last_row - first + 1 for merge in merges), default=1)
    spread = [merge for merge in merges if merge.last_row == first and merge.last_column > merge.first_column]
    if not spread:
        return _checked_depth(depth, first, merges)
    below = next((cells for number, cells in grid.rows if number == first + 1), ())
    under = {column for merge in spread for column in range(merge.first_column, merge.last_column + 1)}
    named = all(column < len(below) and below[column] for column in under)
    alone = all(column in under or not cell or column >= len(cells) for column, cell in enumerate(below))
    if not (named and alone):
        merge = spread[0]
        raise FileRefusedError(
            _(
                "Cells %(first)s to %(last)s of the header are merged, so it is not certain what each column holds."
                " Unmerge them and give each column a title of its own."
            ),
            first=address(first, merge.first_column),
            last=address(first, merge.last_column),
        )
    return _checked_depth(max(depth, 2), first, merges)


def _checked_depth(depth: int, first: int, merges: Sequence[Merge]) -> int:
    if depth > DEEPEST:
        column = next(merge.first_column for merge in merges if merge.last_row - first >= DEEPEST)
        raise FileRefusedError(
            _("The header cell %(cell)s is merged over %(depth)d rows. Put the titles of the columns into one row."),
            cell=address(first, column),
            depth=depth,
        )
    return depth


def _titles(grid: Grid, first: int, last: int) -> tuple[str, ...]:
    """One title for each column: those of the rows of the header, one after the other."""
    rows = {number: list(cells) for number, cells in grid.rows if first <= number <= last}
    merges = [merge for merge in grid.merges if first <= merge.first_row <= last]
    width = max(*map(len, rows.values()), *(merge.last_column + 1 for merge in merges), 0)
    titles: list[list[str]] = [[] for _column in range(width)]
    for number in range(first, last + 1):
        cells = rows.get(number, [])
        cells += [""] * (width - len(cells))
        for merge in merges:
            if merge.first_row == number:
                for column in range(merge.first_column, merge.last_column + 1):
                    cells[column] = cells[merge.first_column]
        for column, title in enumerate(cells):
            if title and title not in titles[column]:
                titles[column].append(title)
    return tuple(" ".join(" ".join(title).split()) for title in titles)


def _spread_down(rows: tuple[Row, ...], merges: Sequence[Merge]) -> tuple[Row, ...]:
    """The rows with the value of cells that are merged downwards in each of their rows."""
    tall = [merge for merge in merges if merge.last_row > merge.first_row and merge.first_row >= rows[0][0]]
    if not tall:
        return rows
    spread = {number: list(cells) for number, cells in rows}
    for merge in tall:
        top = spread.get(merge.first_row, [])
        column = merge.first_column
        value = top[column] if column < len(top) else ""
        for number in range(merge.first_row + 1, merge.last_row + 1):
            if value and number in spread:
                cells = spread[number]
                cells += [""] * (column + 1 - len(cells))
                cells[column] = value
    return tuple((number, tuple(cells)) for number, cells in spread.items())

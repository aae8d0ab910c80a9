"""The list is found in the sheet, and merged cells are read through only where their meaning is certain."""

import pytest

from serai.expo.base.workbooks.domain.grid import FileRefusedError, Grid, Merge
from serai.expo.site.imports.domain.sheet import header_and_rows
from serai.expo.site.imports.domain.subjects import FIRMS


def grid(*rows: tuple[str, ...], merges: tuple[Merge, ...] = ()) -> Grid:
    return Grid("Firms", tuple(enumerate(rows, start=1)), merges)


def test_titles_above_the_header_are_skipped() -> None:
    header, rows = header_and_rows(
        FIRMS, grid(("List of exhibitors 2026",), ("Status: May",), ("Name", "Country"), ("Tea Ltd", "Kenya"))
    )
    assert header == ("Name", "Country")
    assert rows == ((4, ("Tea Ltd", "Kenya")),)


def test_a_header_that_is_not_known_is_the_first_row_with_two_cells() -> None:
    header, rows = header_and_rows(FIRMS, grid(("Überschrift",), ("Cég", "Ország"), ("Tea Kft", "Kenya")))
    assert header == ("Cég", "Ország")
    assert [number for number, _cells in rows] == [3]


def test_a_header_of_two_rows_is_read_as_one() -> None:
    merges = (Merge(1, 1, 0, 1), Merge(1, 2, 2, 2))
    header, rows = header_and_rows(
        FIRMS, grid(("Name", "", "Country"), ("English", "Chinese"), ("Tea Ltd", "茶业", "Kenya"), merges=merges)
    )
    assert header == ("Name English", "Name Chinese", "Country")
    assert rows == ((3, ("Tea Ltd", "茶业", "Kenya")),)


def test_a_header_merged_over_columns_of_data_is_refused_with_the_cells() -> None:
    with pytest.raises(FileRefusedError, match="Cells A2 to B2 of the header are merged"):
        header_and_rows(
            FIRMS, grid(("List",), ("Name", "", "Country"), ("Tea Ltd", "茶业", "Kenya"), merges=(Merge(2, 2, 0, 1),))
        )


def test_a_title_merged_above_the_header_does_not_matter() -> None:
    header, _rows = header_and_rows(
        FIRMS, grid(("Our exhibitors",), ("Name", "Country"), ("Tea Ltd", "Kenya"), merges=(Merge(1, 1, 0, 7),))
    )
    assert header == ("Name", "Country")


def test_a_header_that_is_too_deep_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="A1 is merged over 5 rows"):
        header_and_rows(FIRMS, grid(("Name", "Country"), *[("x", "y")] * 8, merges=(Merge(1, 5, 0, 0),)))


def test_a_cell_merged_downwards_holds_for_each_of_its_rows() -> None:
    _header, rows = header_and_rows(
        FIRMS, grid(("Name", "Country"), ("Tea", "Kenya"), ("Coffee",), ("Salt", "Mali"), merges=(Merge(2, 3, 1, 1),))
    )
    assert [cells for _number, cells in rows] == [("Tea", "Kenya"), ("Coffee", "Kenya"), ("Salt", "Mali")]


def test_an_empty_grid_and_a_lone_header_are_refused() -> None:
    with pytest.raises(FileRefusedError, match="empty"):
        header_and_rows(FIRMS, grid())
    with pytest.raises(FileRefusedError, match="no row below"):
        header_and_rows(FIRMS, grid(("Name", "Country")))

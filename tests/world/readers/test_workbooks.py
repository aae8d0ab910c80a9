"""Workbooks of WIOD 2013 and of the ADB are read in their publishers' layout, and refused with row and column."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from openpyxl import Workbook

from serai.world.classifications.industries import industries
from serai.world.hygiene import balance_sheet
from serai.world.readers import UnreadableTable, read
from serai.world.readers.synthetic import synthetic_table

SMALL = synthetic_table(2, 35, seed=3)
CODES = [f"c{number}" for number in range(1, 36)]
WIOD_USES, ADB_USES = ["c37", "c38", "c39", "c41", "c42"], ["F1", "F2", "F3", "F4", "F5"]
F = np.repeat(SMALL.F / 5, 5, axis=1)
BELOW = ("r60", "r99", "r61", "r62", "r63", "r64", "r65", "r69")


def write(path: Path, *, title: str, top: int, countries: tuple[str, str], uses: list[str], **cells: object) -> Path:
    """A workbook with the sheet's first labels in row `top`, net taxes a tenth of value added, and some other cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sellers = [(country, code) for country in countries for code in CODES]
    columns = [*sellers, *((country, code) for country in countries for code in uses)]
    for row in range(1, top):
        sheet.append([f"heading {row}"])
    sheet.append([None] * 4 + [country for country, _ in columns] + ["TOT"])
    sheet.append([None] * 4 + [code for _, code in columns] + ["TOT"])
    for (country, code), flows, final, x in zip(sellers, SMALL.Z, F, SMALL.x, strict=True):
        sheet.append([None, f"Industry {code}", country, code, *map(float, flows), *map(float, final), float(x)])
    inputs = SMALL.Z.sum(axis=0)
    values = {"r60": inputs, "r99": 0.1 * SMALL.v, "r64": 0.9 * SMALL.v, "r69": SMALL.x}
    for code in BELOW:
        numbers = [float(value) for value in values.get(code, np.zeros(70))]
        sheet.append([None, "below", "TOT", code, *numbers, *[0.0] * 10, sum(numbers)])
    for place, value in cells.items():
        sheet[place] = value
    book.save(path)
    return path


def write_wiod(folder: Path, **cells: object) -> Path:
    path = folder / "WIOT11_ROW_Sep12.xlsx"
    return write(path, title="WIOT_2011", top=5, countries=("AUS", "RoW"), uses=WIOD_USES, **cells)


def write_adb(folder: Path) -> Path:
    path = folder / "ADB-MRIO72-2021_August 2025.xlsx"
    return write(path, title="ADB MRIO 2021", top=6, countries=("PRC", "RoW"), uses=ADB_USES)


@pytest.mark.parametrize(
    ("write_file", "year", "countries", "name"),
    [(write_wiod, 2011, ("AUS", "RoW"), "WIOD 2013"), (write_adb, 2021, ("CHN", "RoW"), "ADB MRIO")],
)
def test_a_workbook_is_read(
    write_file: Callable[[Path], Path], year: int, countries: tuple[str, str], name: str, tmp_path: Path
) -> None:
    table = read(write_file(tmp_path))
    np.testing.assert_allclose(table.Z, SMALL.Z, rtol=1e-14)  # a workbook holds 16 digits
    np.testing.assert_allclose(table.F, F, rtol=1e-14)
    np.testing.assert_allclose(table.extensions["net_taxes"].values, 0.1 * SMALL.v)
    assert (table.countries, table.industries) == (countries, tuple(CODES))
    assert (table.year, table.name, table.inventories) == (year, name, "inventories")
    assert balance_sheet(table).holds
    assert set(table.industries) == set(industries(table.classification))
    assert table.citation
    assert table.terms


def test_files_are_found_by_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    (tmp_path / "wiod2013").mkdir()
    (tmp_path / "adb").mkdir()
    write_wiod(tmp_path / "wiod2013")
    write_adb(tmp_path / "adb")
    assert read("wiod2013/2011").countries == ("AUS", "RoW")
    shutil.copy(tmp_path / "adb" / "ADB-MRIO72-2021_August 2025.xlsx", tmp_path / "adb" / "ADB-MRIO-2019-Dec-2021.xlsx")
    with pytest.raises(UnreadableTable, match="was found as the file of 2019, but its table is of 2021; rename it"):
        read("adb/2019")
    (tmp_path / "adb" / "ADB-MRIO-2019-Dec-2021.xlsx").unlink()
    assert read("adb/2021").log == ("1 of ADB's codes of economies replaced by those of ISO 3166-1.",)


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ("F9", "n/a", "row 9, column 6: 'n/a' is not a number"),
        ("C9", "AUT", "row 9: found 'AUT c3', expected 'AUS c3'"),
        ("E6", "c9", "none of the first 12 rows has the code c1 in column 5"),
        ("H6", "c99", "rows 5 and 6, column 43: found 'RoW c4', expected 'RoW c99'"),
        ("AN5", "RUS", "rows 5 and 6, column 41: found 'RoW c2', expected 'RUS c2'"),
        ("F7", 1e9, r"row 7 \(AUS c1\) adds up to .*, but the last column says"),
        ("E84", 1.0, r"column 5 \(AUS c1\) adds up to .*, but row r69 says 1"),
        ("D84", "r70", "has no row r69 below the industries"),
    ],
)
def test_a_wrong_workbook_is_refused_with_the_place(tmp_path: Path, cell: str, value: object, message: str) -> None:
    path = write_wiod(tmp_path, **{cell: value})
    with pytest.raises(UnreadableTable, match=message):
        read(path)


def test_a_workbook_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = write_wiod(tmp_path)
    with ZipFile(path) as whole:
        inside = {name: whole.read(name) for name in whole.namelist()}
    sheet = next(name for name in inside if name.endswith("sheet1.xml"))
    with ZipFile(path, "w") as damaged:
        for name, content in inside.items():
            damaged.writestr(name, content[: len(content) // 2] if name == sheet else content)
    with pytest.raises(UnreadableTable, match="is damaged"):
        read(path)


def test_what_is_no_workbook_or_another_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "WIOT11_ROW_Sep12.xlsx"
    path.write_text("nothing")
    with pytest.raises(UnreadableTable, match="is no workbook that can be read"):
        read(path)
    write(path, title="Data", top=5, countries=("AUS", "RoW"), uses=WIOD_USES)
    with pytest.raises(UnreadableTable, match=r"has no sheet 'WIOT ...'; it has Data"):
        read(path)
    write(path, title="WIOT_2011", top=5, countries=("AUS", "RoW"), uses=["c37"])
    with pytest.raises(UnreadableTable, match="AUS has 36 columns, but 35 industries and 5 final uses are expected"):
        read(path)

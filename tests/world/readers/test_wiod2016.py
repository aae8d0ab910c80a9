"""The Stata files of WIOD 2016 are read as published, and refused with row and column."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.hygiene import balance_sheet
from serai.world.readers import UnreadableTable, read
from serai.world.readers.stata import read_stata
from serai.world.readers.synthetic import synthetic_table
from serai.world.readers.wiod2013 import USES

pandas = pytest.importorskip("pandas")  # its writer of Stata files is another's than the reader here

SMALL = synthetic_table(2, 3, seed=3)
COUNTRIES, INDUSTRIES = ("AUS", "ROW"), ("A01", "C10-C12", "U")
F = np.repeat(SMALL.F / 5, 5, axis=1)
BELOW = ("II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "GO")


def frame() -> "pandas.DataFrame":
    cells = [(country, industry, number) for country in COUNTRIES for number, industry in enumerate(INDUSTRIES, 1)]
    sums = {"II_fob": SMALL.Z.sum(axis=0), "TXSP": 0.1 * SMALL.v, "VA": 0.9 * SMALL.v, "GO": SMALL.x}
    labels = [*cells, *(("TOT", code, 64 + place) for place, code in enumerate(BELOW, 1))]
    buyers = [f"v{country}{number}" for country in COUNTRIES for number in (1, 2, 3)]
    finals = [f"v{country}{number}" for country in COUNTRIES for number in range(4, 9)]
    below = [np.append(sums.get(code, np.zeros(6)), np.zeros(10)) for code in BELOW]
    values = np.vstack([np.column_stack([SMALL.Z, F]), below])
    return pandas.DataFrame(
        {
            "IndustryCode": [code for _, code, _ in labels],
            "IndustryDescription": ["Crops, “animals”" for _ in labels],
            "Country": [country for country, _, _ in labels],
            "RNr": np.array([number for _, _, number in labels], dtype=np.int8),
            "Year": np.full(len(labels), 2014, dtype=np.int16),
            **dict(zip([*buyers, *finals], values.T, strict=True)),
            "TOT": values.sum(axis=1),
        }
    )


def write(folder: Path, data: "pandas.DataFrame", version: int = 118) -> Path:
    path = folder / "WIOT2014_October16_ROW.dta"
    data.to_stata(path, write_index=False, version=version)
    return path


def test_a_year_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    (tmp_path / "wiod2016").mkdir()
    write(tmp_path / "wiod2016", frame())
    table = read("wiod2016/2014")
    assert (table.countries, table.industries, table.uses) == (COUNTRIES, INDUSTRIES, USES)
    np.testing.assert_array_equal(table.Z, SMALL.Z)
    np.testing.assert_array_equal(table.F, F)
    np.testing.assert_allclose(table.extensions["net_taxes"].values, 0.1 * SMALL.v)
    assert (table.year, table.inventories, table.classification) == (2014, "inventories", "wiod2016")
    assert balance_sheet(table).holds


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_both_releases_and_byte_orders_of_stata_are_read(tmp_path: Path, byteorder: str) -> None:
    data = frame()
    path = tmp_path / "file.dta"
    data["IndustryDescription"] = "plain"
    data.to_stata(path, write_index=False, version=117, byteorder=byteorder)
    columns = read_stata(path)
    assert list(columns) == list(data.columns)
    np.testing.assert_array_equal(columns["TOT"], data["TOT"])
    assert columns["Country"][0] == b"AUS"
    assert columns["Year"].tolist() == [2014] * 14


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (1, "vROW2", np.nan, r"row 2, column 10 \(vROW2\): no number is there"),
        (2, "Country", "AUT", "row 3: found 'AUT U', expected 'AUS U'"),
        (4, "IndustryCode", "C10", "row [1-6]: found"),
        (0, "TOT", 1.0, r"row 1 \(AUS A01\) adds up to .*, but TOT says 1"),
        (13, "vAUS1", 1.0, r"column 6 \(AUS A01\) adds up to .*, but GO says 1"),
        (13, "IndustryCode", "OUT", "has no row GO below the industries"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(
    tmp_path: Path, row: int, column: str, value: object, message: str
) -> None:
    data = frame()
    data.loc[row, column] = value
    with pytest.raises(UnreadableTable, match=message):
        read(write(tmp_path, data))


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="column 7: found 'vAUS9', expected 'vAUS2'"):
        read(write(tmp_path, frame().rename(columns={"vAUS2": "vAUS9"})))
    with pytest.raises(UnreadableTable, match="column 3: found 'Land', expected 'Country'"):
        read(write(tmp_path, frame().rename(columns={"Country": "Land"})))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, frame())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableTable, match="is damaged or no Stata file of release 117 or 118"):
        read(path)
    start = whole.index(b"<N>") + len(b"<N>")
    path.write_bytes(whole[:start] + b"\xff" * 7 + whole[start + 7 :])
    with pytest.raises(UnreadableTable, match=r"it ends after 14 of .* rows"):
        read(path)
    path.write_text("nothing")
    with pytest.raises(UnreadableTable, match="is damaged or no Stata file"):
        read(path)

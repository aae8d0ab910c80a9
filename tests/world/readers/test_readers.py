"""Tables are read by name or path; a wrong file is refused with the row and column at fault."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from serai.world.hygiene import balance_sheet
from serai.world.readers import UnreadableTable, names, read
from serai.world.readers.folder import read_folder, write_folder
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Extension, WorldTable

LEATHER = read("leather")
MANUFACTURING = "C"


def same(left: WorldTable, right: WorldTable) -> bool:
    texts = ("countries", "industries", "uses", "year", "unit", "name", "source", "citation", "terms", "log")
    return (
        all(getattr(left, text) == getattr(right, text) for text in texts)
        and (left.Z == right.Z).all()
        and (left.F == right.F).all()
    )


def test_the_table_in_the_package_is_the_worlds_g20() -> None:
    table = read()
    assert (table.year, table.n_countries, table.n_industries) == (2019, 20, 20)
    assert table.unit == "current US$ million"
    assert "http://oe.cd/icio" in table.citation
    assert "should not be reported as representing the official views of the OECD" in table.terms
    assert balance_sheet(table).holds
    assert table.x.sum() == pytest.approx(170.74e6, rel=1e-4)


def test_china_makes_a_third_of_the_worlds_manufactures() -> None:
    table = read()
    cells = table.cells(industries=[MANUFACTURING])
    china = table.cell("CHN", MANUFACTURING)
    value_added = table.v - table.extensions["net_taxes"].values
    assert table.x[china] / table.x[cells].sum() == pytest.approx(0.332, abs=0.0006)
    assert table.v[china] / table.v[cells].sum() == pytest.approx(0.273, abs=0.0006)
    assert value_added[china] / value_added[cells].sum() == pytest.approx(0.266, abs=0.0006)
    assert value_added.sum() == pytest.approx(81.59e6, rel=1e-4)


def test_cells_without_activity_are_empty() -> None:
    table = read()
    assert [table.labels[cell] for cell in np.flatnonzero(table.x == 0)] == [("AUS", "T"), ("CHN", "T"), ("JPN", "T")]


def test_a_folder_gives_back_what_was_written(tmp_path: Path) -> None:
    table = replace(
        synthetic_table(3, 2, seed=1),
        log=("One step.",),
        extensions={
            "co2": Extension(np.arange(6.0), "t", "a source", households=np.array([1.0, 2.0, 3.0])),
            "people": Extension(np.array([1.0, 2.0, 3.0]), "persons"),
            "tariff": Extension(np.full((6, 6), 0.1), "1", additive=False),
        },
    )
    write_folder(table, tmp_path / "table")
    again = read(tmp_path / "table")
    assert same(table, again)
    assert set(again.extensions) == {"co2", "people", "tariff"}
    for name, item in table.extensions.items():
        other = again.extensions[name]
        assert (other.values == item.values).all()
        assert (other.unit, other.source, other.additive) == (item.unit, item.source, item.additive)
    households = again.extensions["co2"].households
    assert households is not None
    assert households.tolist() == [1, 2, 3]


def as_csv(path: Path) -> Path:
    """The leather example as a folder of CSV files."""
    write_folder(LEATHER, path)
    for name in ("intermediate", "final"):
        pl.read_parquet(path / f"{name}.parquet").write_csv(path / f"{name}.csv")
        (path / f"{name}.parquet").unlink()
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_csv_is_as_good_as_parquet(tmp_path: Path) -> None:
    assert same(read(as_csv(tmp_path)), LEATHER)


def test_a_word_among_the_numbers_is_named_by_row_and_column(tmp_path: Path) -> None:
    folder = as_csv(tmp_path)
    edit(folder / "intermediate.csv", "TUR,agriculture,1.1,1.9", "TUR,agriculture,1.1,n/a")
    with pytest.raises(UnreadableTable, match=r"row 5, column 'ARG textile-leather': 'n/a' is not a number"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("intermediate.csv", "TUR,textile-leather,", "TUR,leather,", "row 6|column 7"),
        ("intermediate.csv", "TUR textile-leather", "TUR leather", "column 7: found 'TUR leather', expected 'TUR text"),
        ("final.csv", "DEU,agriculture,", "FRA,agriculture,", "row 8: found FRA agriculture, expected DEU agricultu"),
        ("final.csv", "TUR final", "TUR other", "column 4: found 'TUR final', expected 'ARG other'|column"),
        ("intermediate.csv", "country,", "land,", "no column 'country'"),
        ("table.json", "serai-table/1", "serai-table/9", "has format 'serai-table/9'"),
        ("table.json", '"year"', '"jahr"', "lacks year"),
        ("table.json", "{", "", "is not JSON"),
    ],
)
def test_a_wrong_folder_is_refused_with_the_place(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = as_csv(tmp_path)
    edit(folder / file, old, new)
    with pytest.raises(UnreadableTable, match=message):
        read_folder(folder)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ('"year": null', "'year' is null; it has to be a whole number"),
        ('"year": 1e999', "'year' is Infinity; it has to be a whole number"),
        ('"year": true', "'year' is true; it has to be a whole number"),
        ('"unit": 7', "'unit' is 7; it has to be a text"),
        ('"log": "once"', "'log' is .* it has to be a list"),
        ('"extensions": ["co2"]', r"'extensions' is \[\"co2\"\]; it has to be an object"),
        ('"extensions": {"co2": {}}', "extension 'co2' lacks its unit"),
        ('"extensions": {"co2": {"unit": "t", "additive": "yes"}}', "extension 'co2': 'additive' is .* true or false"),
    ],
)
def test_what_table_json_states_of_the_wrong_kind_is_named(tmp_path: Path, stated: str, message: str) -> None:
    folder = as_csv(tmp_path)
    edit(folder / "table.json", "\n}", f",\n{stated}\n}}")  # the last of two of one name counts
    with pytest.raises(UnreadableTable, match=message):
        read_folder(folder)


@pytest.mark.parametrize("name", ["intermediate", "final"])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = as_csv(tmp_path)
    (folder / f"{name}.csv").write_bytes(b"")
    with pytest.raises(UnreadableTable, match=rf"{name}\.csv is not a CSV file"):
        read(folder)
    (folder / f"{name}.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UnreadableTable, match=rf"{name}\.parquet is damaged or no Parquet file"):
        read(folder)


def test_a_folder_without_flows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.json").write_text(json.dumps({"format": "serai-table/1", "year": 2000, "unit": "$"}))
    with pytest.raises(UnreadableTable, match=r"neither intermediate.parquet nor intermediate.csv"):
        read(tmp_path)


def test_an_unknown_table_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"neither a table nor a file 'atlantis'; known tables are: oecd2023-g20/2019"):
        read("atlantis")
    with pytest.raises(KeyError, match="'wiod2013' has no year '2012'"):
        read("wiod2013/2012")
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(UnreadableTable, match="has the layout of no reader"):
        read(tmp_path / "notes.txt")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(UnreadableTable, match=r"empty\.csv is empty"):
        read(tmp_path / "empty.csv")
    assert "wiod2013/2011" in names()


def test_another_table_takes_the_place_of_the_packaged_one_by_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_TABLE", "leather")
    assert read().name == "leather"


def test_a_table_that_is_not_here_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(
        FileNotFoundError, match=r"wiod2013/wiod11.npz is in none of .* Put it there, set SERAI_DATA, or"
    ):
        read("wiod2013/2011")


def wiod_file(path: Path, **changes: np.ndarray) -> Path:
    """A file in the layout of WIOD 2013 with 2 countries x 2 industries."""
    table = synthetic_table(2, 2, seed=5)
    arrays = {
        "Z": table.Z.astype(np.float32),
        "F": np.repeat(table.F / 5, 5, axis=1).astype(np.float32),
        "x": table.x,
        "countries": np.array(table.countries),
        "industries": np.array(table.industries),
    }
    np.savez(path, **{name: value for name, value in {**arrays, **changes}.items() if value.size})
    return path


def test_a_wiod_file_is_read_and_checked(tmp_path: Path) -> None:
    table = read(wiod_file(tmp_path / "wiod03.npz"))
    assert table.year == 2003
    assert table.inventories == "inventories"
    assert read(wiod_file(tmp_path / "wiod95.npz")).year == 1995
    with pytest.raises(UnreadableTable, match=r"row 0 \(C1 i1\) adds up to .*, but column x says"):
        read(wiod_file(tmp_path / "wiod04.npz", x=table.x + np.eye(4)[0] * 1000))
    with pytest.raises(UnreadableTable, match="lacks an array"):
        read(wiod_file(tmp_path / "wiod05.npz", x=np.zeros(0)))
    with pytest.raises(UnreadableTable, match=r"Z has shape \(3, 4\)"):
        read(wiod_file(tmp_path / "wiod06.npz", Z=np.zeros((3, 4))))
    (tmp_path / "wiod07.npz").write_text("not an archive")
    with pytest.raises(UnreadableTable, match="not an npz file"):
        read(tmp_path / "wiod07.npz")


@pytest.mark.data
def test_the_real_wiod_is_read_by_name(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    table = read("wiod2013/2011")
    assert (table.year, table.n_countries, table.n_industries) == (2011, 41, 35)

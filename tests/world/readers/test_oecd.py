"""OECD's CSV files are read by their labels, and refused with the row or column at fault."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from serai.world.classifications.industries import industries
from serai.world.readers import UnreadableTable, read
from serai.world.readers.oecd import USES, read_oecd2023
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import WorldTable

SMALL = synthetic_table(2, 2, seed=3)
COUNTRIES, INDUSTRIES = ("ARG", "CHN"), ("A01_02", "C26")


def write(
    path: Path,
    table: WorldTable = SMALL,
    countries: tuple[str, ...] = COUNTRIES,
    industries: tuple[str, ...] = INDUSTRIES,
    demanding: tuple[str, ...] = COUNTRIES,
) -> Path:
    """A file in the OECD's layout with the flows of a table; a tenth of value added is taxes."""
    nodes = [f"{country}_{industry}" for country in countries for industry in industries]
    finals = [f"{country}_{use}" for country in demanding for use in USES]
    F = np.repeat(table.F[:, [countries.index(country) for country in demanding]] / 6, 6, axis=1)
    rows = [",".join(["V1", *nodes, *finals, "OUT"])]
    for node, flows, final, output in zip(nodes, table.Z, F, table.x, strict=True):
        rows.append(",".join([node, *(repr(float(value)) for value in [*flows, *final, output])]))
    blank = ["0"] * (len(finals) + 1)
    for label, values in (("TLS", 0.1 * table.v), ("VA", 0.9 * table.v), ("OUT", table.x)):
        rows.append(",".join([label, *(repr(float(value)) for value in values), *blank]))
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(rows) + "\n")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_year_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    write(tmp_path / "oecd2023" / "2019_SML.csv")
    table = read("oecd2023/2019")
    assert (table.countries, table.industries, table.uses) == (COUNTRIES, INDUSTRIES, USES)
    np.testing.assert_array_equal(table.Z, SMALL.Z)
    np.testing.assert_allclose(table.final, SMALL.F)
    np.testing.assert_allclose(table.extensions["net_taxes"].values, 0.1 * SMALL.v)
    assert (table.year, table.inventories, table.classification) == (2019, "INVNT", "oecd2023")


def test_a_path_is_recognised_and_the_newer_edition_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    assert read(write(tmp_path / "2020_SML.csv")).name == "OECD ICIO 2023"
    newer = ("C24A", "C302T309")
    path = write(tmp_path / "oecd2025" / "2022_SML.csv", industries=newer)
    assert read("oecd2025/2022").name == read(path).name == "OECD ICIO 2025"
    assert set(read(path).industries) <= set(industries("oecd2025"))


def test_china_and_mexico_split_have_no_final_uses_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    table = synthetic_table(3, 2, seed=4)
    F = table.F.copy()
    F[:, 2] = 0
    table = replace(table, F=F)
    countries = ("ARG", "CHN", "CN1")
    write(tmp_path / "oecd2023" / "2019_EXT.csv", table, countries, demanding=countries[:2])
    found = read("oecd2023/2019")
    assert found.countries == countries
    np.testing.assert_allclose(found.final, table.F)
    assert found.log == ("CN1 have no final uses of their own.",)
    whole = found.aggregate({"CN1": "CHN"})
    assert whole.countries == COUNTRIES
    assert whole.final.sum() == pytest.approx(table.F.sum())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("CHN_A01_02,CHN_C26", "CHN_C26,CHN_A01_02", "column 4: found 'CHN_C26', expected 'CHN_A01_02'"),
        ("\nCHN_C26", "\nCHN_C27", "row 2|row 4: found"),
        ("\nTLS,", "\nTAX,", "row"),
        ("\nVA,", "\nVA,x", r"row 7, column 2: 'x.*' is not a number"),
        ("\nOUT,", "\nOUT,9", r"column 2 \(ARG_A01_02\) adds up to .*, but OUT says 9"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path / "2019_SML.csv")
    edit(path, old, new)
    with pytest.raises(UnreadableTable, match=message):
        read(path)


def test_something_else_is_not_a_table(tmp_path: Path) -> None:
    path = tmp_path / "2019_SML.csv"
    path.write_text("")
    with pytest.raises(UnreadableTable, match="is empty: it has no byte"):
        read(path)
    path.write_text("V1,ARG_HFCE\n")
    with pytest.raises(UnreadableTable, match="ends before line 2"):
        read(path)
    with pytest.raises(UnreadableTable, match=r"is not named like 2019_SML\.csv"):
        read_oecd2023(tmp_path / "table.csv")

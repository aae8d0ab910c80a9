"""GLORIA's supply and use tables become one table industry by industry, and wrong files are refused with the place."""

from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from serai.world.hygiene import balance_sheet
from serai.world.readers import UnreadableTable, read
from serai.world.readers.gloria import INVENTORIES

REGIONS, SECTORS = ("AFG", "CHN", "XAM"), ("Growing wheat", "Mining, of coal")
USES = ("Household final consumption P.3h", INVENTORIES)
N, S = 3, 2


def flows(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Supply by region (N, S, S), use (N*S, N*S), final demand (N*S, N*2) that balance; both industries make both."""
    random = np.random.default_rng(seed)
    use, final = random.random((N * S, N * S)) * 10, random.random((N * S, N * len(USES))) * 30
    sold = (use.sum(axis=1) + final.sum(axis=1)).reshape(N, S)
    shares = np.array([[0.9, 0.2], [0.1, 0.8]])
    return shares[None] * sold[:, None, :], use, final


def write(folder: Path, *, supply: np.ndarray, use: np.ndarray, final: np.ndarray) -> Path:
    T, Y = np.zeros((N, 2, S, N, 2, S)), np.zeros((N, 2, S, N * len(USES)))
    for region in range(N):
        T[region, 0, :, region, 1] = supply[region]
    T[:, 1, :, :, 0] = use.reshape(N, S, N, S)
    Y[:, 1] = final.reshape(N, S, -1)
    paths = {}
    for date, name, values in (
        (20230315, "T", T.reshape(2 * N * S, 2 * N * S)),
        (20230314, "Y", Y.reshape(2 * N * S, -1)),
    ):
        paths[name] = folder / f"{date}_120secMother_AllCountries_002_{name}-Results_2015_057_Markup001(full).csv"
        lines = (",".join("0" if value == 0 else repr(float(value)) for value in row) for row in values)
        paths[name].write_text("\n".join(lines) + "\n")
    book = Workbook()
    for title, columns in (
        ("Regions", {"Lfd_Nr": (1, 2, 3), "Region_acronyms": REGIONS, "Region_names": REGIONS}),
        ("Sectors", {"Lfd_Nr": (1, 2), "Sector_names": SECTORS}),
        ("Value added and final demand", {"Value_added_names": ("Wages",), "Final_demand_names": USES}),
    ):
        sheet = book.create_sheet(title)
        for place, (header, values) in enumerate(columns.items(), start=1):
            for row, value in enumerate((header, *values), start=1):
                sheet.cell(row, place, value)
    book.save(folder / "GLORIA_ReadMe_057.xlsx")
    return paths["T"]


def test_a_year_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    (tmp_path / "gloria").mkdir()
    supply, use, final = flows()
    write(tmp_path / "gloria", supply=supply, use=use, final=final)
    table = read("gloria/2015")
    assert (table.countries, table.industries, table.uses) == (REGIONS, SECTORS, USES)
    assert (table.year, table.inventories, table.Z.dtype) == (2015, INVENTORIES, np.float32)
    assert balance_sheet(table).holds
    np.testing.assert_allclose(table.x, supply.sum(axis=2).ravel(), rtol=1e-6)
    for region in range(N):  # by hand: who made a product sells the share of it that it made
        for industry in range(S):
            made = supply[region, industry] / supply[region].sum(axis=0)
            expected = sum(made[product] * use[region * S + product] for product in range(S))
            np.testing.assert_allclose(table.Z[region * S + industry], expected, rtol=1e-6)


def test_products_of_their_own_industry_only_keep_the_use_table_as_it_is(tmp_path: Path) -> None:
    supply, use, final = flows()
    supply = supply.sum(axis=1)[:, :, None] * np.eye(S)
    table = read(write(tmp_path, supply=supply, use=use, final=final))
    np.testing.assert_array_equal(table.Z, use.astype(np.float32))
    np.testing.assert_array_equal(table.F, final.astype(np.float32))


def test_a_product_without_a_maker_is_its_own_industrys(tmp_path: Path) -> None:
    supply, use, final = flows()
    supply[1], use[2:4], final[2:4] = 0, 0, 0
    table = read(write(tmp_path, supply=supply, use=use, final=final))
    assert table.x[2:4].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("T", "\n0,0,", "\n0,oops,", "row 2, column 2: 'oops' is not a number"),
        ("T", "\n0,0,", "\n0,inf,", "row 2, column 2: 'inf' is not a number"),
        ("T", "\n0,0,", "\n0,,", "row 2, column 2: '' is not a number"),
        ("T", "\n0,0,", "\n0,0,0,", "row 2 has 13 columns; the labels tell of 12"),
        ("Y", "\n0,0,", "\n0,", "row 2 has 5 columns; the labels tell of 6"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    supply, use, final = flows()
    path = write(tmp_path, supply=supply, use=use, final=final)
    wrong = next(tmp_path.glob(f"*_{file}-Results_*"))
    text = wrong.read_text()
    assert old in text
    wrong.write_text(text.replace(old, new, 1))
    with pytest.raises(UnreadableTable, match=message):
        read(path)


def test_rows_too_many_or_too_few_and_missing_files_are_refused(tmp_path: Path) -> None:
    supply, use, final = flows()
    path = write(tmp_path, supply=supply, use=use, final=final)
    whole = path.read_text()
    path.write_text(whole + whole)
    with pytest.raises(UnreadableTable, match="has more than the 12 rows"):
        read(path)
    path.write_text(whole[: whole[:-1].rindex("\n") + 1])
    with pytest.raises(UnreadableTable, match="row 12 has 0 columns"):
        read(path)
    path.write_text(whole)
    (tmp_path / "GLORIA_ReadMe_057.xlsx").unlink()
    with pytest.raises(UnreadableTable, match=r"needs GLORIA_ReadMe_\*57.xlsx in its folder"):
        read(path)


def test_an_industry_that_sells_more_than_it_supplies_is_refused(tmp_path: Path) -> None:
    supply, use, final = flows()
    with pytest.raises(UnreadableTable, match=r"industry 1 \(AFG Growing wheat\) adds up to .*, but it supplies"):
        read(write(tmp_path, supply=supply * np.array([2, 1, 1])[:, None, None], use=use, final=final))

"""FIGARO, EXIOBASE 3 and Eora26 are read in their publishers' layouts, and refused with the row or column at fault."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.classifications.industries import industries
from serai.world.hygiene import balance_sheet
from serai.world.readers import UnreadableTable, exiobase, figaro, read
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import WorldTable

SMALL = synthetic_table(2, 2, seed=3)


def numbers(values: np.ndarray) -> list[str]:
    return [repr(float(value)) for value in values]


def spread(uses: int) -> np.ndarray:
    return np.repeat(SMALL.F / uses, uses, axis=1)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def write_figaro(folder: Path) -> Path:
    nodes = [f"{country}_{industry}" for country in ("AR", "FIGW1") for industry in ("A01", "C31_32")]
    finals = [f"{country}_{use}" for country in ("AR", "FIGW1") for use in figaro.USES]
    rows = [",".join(["rowLabels", *nodes, *finals])]
    rows += [",".join([node, *numbers(np.append(Z, F))]) for node, Z, F in zip(nodes, SMALL.Z, spread(5), strict=True)]
    shares = {"W2_D21X31": 0.1, "W2_D1": 0.5, "W2_D29X39": 0.1, "W2_B2A3G": 0.3}
    for label in figaro.BELOW:
        rows.append(",".join([label, *numbers(shares.get(label, 0) * SMALL.v), *["0"] * len(finals)]))
    path = folder / "matrix_eu-ic-io_ind-by-ind_25ed_2021.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def write_exiobase(folder: Path) -> Path:
    path = folder / "IOT_2011_ixi"
    path.mkdir()
    cells = [(country, industry) for country in ("AT", "WA") for industry in ('Wheat, "durum"', "Post")]
    finals = [(country, use) for country in ("AT", "WA") for use in ("Households", "Changes in inventories")]
    for name, values, columns, second in (("Z", SMALL.Z, cells, "sector"), ("Y", spread(2), finals, "category")):
        lines = [
            "\t".join(["region", "", *(country for country, _ in columns)]),
            "\t".join([second, "", *(label for _, label in columns)]),
            "\t".join(["region", "sector", *[""] * len(columns)]),
            *("\t".join([*cell, *numbers(row)]) for cell, row in zip(cells, values, strict=True)),
        ]
        (path / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return path


def write_eora(folder: Path) -> Path:
    cells = [("Aland", "ALA", "Industries", sector) for sector in ("Fishing", "Trade")]
    cells += [("Beland", "BEL", "Industries", sector) for sector in ("Fishing", "Trade")]
    cells.append(("Statistical Discrepancies", "ROW", "TOTAL", "TOTAL"))
    uses = ("Household final consumption", "Changes in inventories")
    finals = [(*land, "Final demand", use) for land in (cells[0][:2], cells[2][:2], cells[4][:2]) for use in uses]
    Z, F = np.full((5, 5), 0.01), np.full((5, 6), 0.02)
    Z[:4, :4], F[:4, :4] = SMALL.Z, spread(2)
    for name, rows in (("labels_T", cells), ("labels_FD", finals)):
        (folder / f"{name}.txt").write_text("".join("\t".join(row) + "\t\n" for row in rows))
    for name, values in (("T", Z), ("FD", F)):
        (folder / f"Eora26_2015_bp_{name}.txt").write_text("".join("\t".join(numbers(row)) + "\n" for row in values))
    return folder / "Eora26_2015_bp_T.txt"


def same_flows(table: WorldTable) -> None:
    np.testing.assert_array_equal(table.Z, SMALL.Z)
    np.testing.assert_allclose(table.final, SMALL.F)
    assert balance_sheet(table).holds
    assert table.unit
    assert table.citation
    assert table.terms


def test_figaro_is_read(tmp_path: Path) -> None:
    table = read(write_figaro(tmp_path))
    same_flows(table)
    assert (table.countries, table.industries, table.uses) == (("AR", "FIGW1"), ("A01", "C31_32"), figaro.USES)
    assert (table.year, table.inventories, table.classification) == (2021, "P5M", "figaro")
    np.testing.assert_allclose(table.extensions["net_taxes"].values, 0.1 * SMALL.v)


def test_all_industries_of_figaro_are_known() -> None:
    assert len(industries("figaro")) == 64


def test_exiobase_is_read(tmp_path: Path) -> None:
    table = read(write_exiobase(tmp_path))
    same_flows(table)
    assert (table.countries, table.industries) == (("AT", "WA"), ('Wheat, "durum"', "Post"))
    assert (table.year, table.inventories) == (2011, "Changes in inventories")


def write_accounts(path: Path, folder: str, accounts: dict[str, tuple[str, np.ndarray, np.ndarray]]) -> None:
    (path / folder).mkdir()
    columns = {name: (path / f"{name}.txt").read_text().splitlines() for name in ("Z", "Y")}
    for name, source, place in (("F", "Z", 1), ("F_Y", "Y", 2)):
        regions, labels = (line.split("\t")[2:] for line in columns[source][:2])
        lines = ["\t".join(["region", *regions]), "\t".join(["sector", *labels]), "stressor"]
        lines += ["\t".join([account, *numbers(row[place])]) for account, row in accounts.items()]
        (path / folder / f"{name}.txt").write_text("\n".join(lines) + "\n")
    units = "".join(f"{account}\t{row[0]}\n" for account, row in accounts.items())
    (path / folder / "unit.txt").write_text("\tunit\n" + units)


def test_accounts_of_exiobase_become_extensions_where_they_are_there(tmp_path: Path) -> None:
    path = write_exiobase(tmp_path)
    assert dict(read(path).extensions) == {}
    cells, finals = np.arange(4.0), np.array([1.0, 2.0, 30.0, 40.0])
    greenhouse = exiobase.ACCOUNTS["emissions"][1]
    write_accounts(
        path,
        "impacts",
        {"Employment": ("1000 p", cells, 0 * finals), greenhouse: ("kg CO2 eq.", 2 * cells, finals)},
    )
    write_accounts(path, "satellite", {"Energy Carrier Net LOSS": ("TJ", cells, finals)})
    found = read(path).extensions
    assert set(found) == {"emissions", "employment"}
    assert found["emissions"].values.tolist() == [0, 2, 4, 6]
    assert found["emissions"].unit == "kg CO2 eq."
    households = found["emissions"].households
    assert households is not None
    assert households.tolist() == [3, 70]
    assert found["employment"].values.tolist() == [0, 1, 2, 3]
    edit(path / "impacts" / "F.txt", "Employment\t0.0", "Employment\tmany")
    with pytest.raises(UnreadableTable, match=r"F\.txt, row 4, column 2: 'many' is not a number"):
        read(path)
    edit(path / "impacts" / "F.txt", "Post", "Mail")
    with pytest.raises(UnreadableTable, match=r"F\.txt, column 3: found 'AT Mail', expected 'AT Post'"):
        read(path)


def test_eora_is_read_without_its_discrepancies(tmp_path: Path) -> None:
    table = read(write_eora(tmp_path))
    same_flows(table)
    assert (table.countries, table.industries) == (("ALA", "BEL"), ("Fishing", "Trade"))
    assert (table.year, table.inventories) == (2015, "Changes in inventories")
    left = 9 * 0.01 + (6 + 8) * 0.02
    share = left / (SMALL.Z.sum() + SMALL.F.sum() + left)
    assert table.log == (f"Left out the statistical discrepancies (ROW), {share:.3%} of all flows.",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("AR_A01,AR_C31_32", "AR_C31_32,AR_A01", "column 2: found 'AR_C31_32', expected 'AR_A01'"),
        ("\nFIGW1_C31_32", "\nFIGW1_C30", "row 4: found 'FIGW1_A01', expected 'AR_C30'"),
        ("\nW2_OP_RES,", "\nW2_XX,", "row"),
        ("\nW2_D1,", "\nW2_D1,x", r"row 9, column 2: 'x[\d.]+' is not a number"),
        ("\nW2_D1,", "\nW2_D1,9", r"row 2 \(AR_A01\) adds up to .*, but its column pays for inputs"),
        ("\nW2_D1,", "\nW2_D1,1,1,1,1,1,1,", "is not a table of 15 columns"),
    ],
)
def test_a_wrong_figaro_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write_figaro(tmp_path)
    edit(path, old, new)
    with pytest.raises(UnreadableTable, match=message):
        read(path)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("Z.txt", "region\tsector", "land\tsector", "column 1: found 'land', expected 'region'"),
        ("Z.txt", "\nWA\tPost", "\nWA\tPost office", "row [5-7]: found"),
        ("Z.txt", "AT\tWA", "WA\tAT", "column 4: found"),
        ("Y.txt", "\nWA\tPost\t", "\nWA\tPost\tn/a", r"row 7, column 3: 'n/a[\d.]+' is not a number"),
        ("Y.txt", "\nAT\tPost", "\nAT\tMail", "Y.txt, row 5: found 'AT Mail', expected 'AT Post'"),
        ("Y.txt", "Changes in inventories\tHouseholds", "Stocks\tHouseholds", "Y.txt, column"),
    ],
)
def test_a_wrong_exiobase_folder_is_refused_with_the_place(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    path = write_exiobase(tmp_path)
    edit(path / file, old, new)
    with pytest.raises(UnreadableTable, match=message):
        read(path)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("labels_T.txt", "Beland\tBEL\tIndustries\tFishing", "Beland\tBEL\tIndustries\tFish", "labels_T.txt, row [35]"),
        ("labels_T.txt", "Beland\tBEL\tIndustries", "Beland", "row 3: .* has no country, code, kind and sector"),
        ("labels_FD.txt", "Household", "Person", "labels_FD.txt, row"),
        ("Eora26_2015_bp_T.txt", "0.01\t0.01\n", "0.01\tx\n", r"row 5, column 5: 'x' is not a number"),
        ("Eora26_2015_bp_FD.txt", "\t0.02\n0", "\t\n0", r"_FD.txt, row 1, column 6: '' is not a number"),
        (
            "labels_T.txt",
            "Statistical",
            "One\tONE\tIndustries\tmore\nStatistical",
            "has 5 rows and 5 columns; the labels",
        ),
    ],
)
def test_wrong_files_of_eora_are_refused_with_the_place(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    path = write_eora(tmp_path)
    edit(tmp_path / file, old, new)
    with pytest.raises(UnreadableTable, match=message):
        read(path)


@pytest.mark.parametrize("write", [write_figaro, write_eora])
def test_an_empty_file_is_refused(tmp_path: Path, write: object) -> None:
    path = write(tmp_path)  # type: ignore[operator]
    path.write_text("")
    with pytest.raises(UnreadableTable, match="is empty: it has no byte"):
        read(path)

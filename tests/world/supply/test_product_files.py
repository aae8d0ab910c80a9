"""Files of USGS and CEPII in the publishers' layout are read, a damaged one says what is wrong, newer ones win."""

from pathlib import Path

import pytest

from serai.world.measures import measure
from serai.world.measures.digital import _exports_at_hand
from serai.world.published import OTHER_SOURCES
from serai.world.readers import TableNotHere, UnreadableTable, read
from serai.world.readers.product_files import BACI, USGS
from serai.world.supply import Grade, shipped_shares
from serai.world.supply.readers.usgs import read_usgs
from serai.world.supply.shares import best
from serai.world.trade import read_exports

HEADER = (
    "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,Other notes,"
    "Is critical mineral 2025"
)
COPPER = "COPPER,World Mine and Refinery Production,Copper,{},Production,{},thousand metric tons,{},{},,,Yes"
MINE = "Mine production"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def write_usgs(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "usgs" / "MCS2026_Commodities_Data.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("\r\n".join([header, *lines, ""]).encode("cp1252"))
    return path


def test_the_release_of_usgs_is_read_by_its_last_year_that_is_no_estimate(data: Path) -> None:
    path = write_usgs(
        data,
        COPPER.format("Chile", MINE, 2026, '"6,000"'),
        COPPER.format("Chile", MINE, 2027, '"9,000"'),
        COPPER.format("Congo (Kinshasa)", MINE, 2026, '"3,000"'),
        COPPER.format("C\u00f4te d\u2019Ivoire", MINE, 2026, "W"),
        COPPER.format("Other countries", MINE, 2026, '"1,000"'),
        COPPER.format("World total", f"{MINE}: rounded", 2026, '"10,000"'),
    )
    shares = best([row for row in read_usgs(path) if row.node == "minerals-and-metals/copper-mining"])
    assert shares is not None
    assert (shares.grade, shares.year) == (Grade.STATED, 2026)
    assert shares.named == {"CHL": 0.6, "COD": 0.3}
    assert "CIV" in shares.withheld
    assert USGS.latest() == (2026, path)


def test_a_newer_release_takes_the_place_of_the_shipped_shares(data: Path) -> None:
    write_usgs(data, COPPER.format("Peru", MINE, 2026, "70"), COPPER.format("Peru", MINE, 2027, "80"))
    rows = [row for row in shipped_shares() if row.node == "minerals-and-metals/copper-mining"]
    shares = best(rows)
    assert shares is not None
    assert (shares.year, dict(shares.named)) == (2026, {"PER": 1.0})


def test_a_release_without_a_column_says_which(data: Path) -> None:
    path = write_usgs(data, header=HEADER.replace("Statistics_detail", "Detail"))
    with pytest.raises(UnreadableTable, match="no column 'Statistics_detail'"):
        read_usgs(path)


def write_baci(folder: Path, *, codes: bool = True) -> Path:
    path = folder / "baci" / "BACI_HS22_Y2023_V202601.csv"
    path.parent.mkdir()
    lines = ("2023,156,276,850760,3000000.5,1", "2023,156,276,850710,1000000,1", "2023,276,156,010121,2000000,NA")
    path.write_text("\n".join(["t,i,j,k,v,q", *lines, ""]))
    if codes:
        names = "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n276,Germany,DE,DEU\n"
        path.with_name("country_codes_V202601.csv").write_text(names)
    return path


def test_a_year_of_baci_is_exports_by_heading_in_us_dollars(data: Path) -> None:
    write_baci(data)
    exports = read_exports()
    assert (exports.year, exports.countries, exports.products) == (2023, ("CHN", "DEU"), ("0101", "8507"))
    assert exports.values.tolist() == [[0.0, 4_000_000_500.0], [2_000_000_000.0, 0.0]]
    assert BACI.latest() is not None


def test_complexity_is_of_baci_where_it_is_at_hand(data: Path) -> None:
    table = read("oecd2023-g20/2019")
    (record,) = measure(table, symbols=["D4"])
    assert "no exports by product are mounted" in record.reason
    path = write_baci(data)
    lines = [f"2023,{buyer},156,{heading}01,2000000,1" for buyer in (36, 276, 392) for heading in (1001, 8507, 2601)]
    lines += ["2023,36,156,260111,90000000,1", "2023,392,156,850711,70000000,1", "2023,392,156,100111,9000000,1"]
    path.write_text(path.read_text() + "\n".join([*lines, ""]))
    codes = path.with_name("country_codes_V202601.csv")
    codes.write_text(codes.read_text() + "36,Australia,AU,AUS\n392,Japan,JP,JPN\n")
    _exports_at_hand.cache_clear()
    records = measure(table, symbols=["D4"])
    assert {record.country for record in records if record.value is not None} == {"AUS", "CHN", "DEU", "JPN"}
    assert all("of 2023" in record.caution for record in records if record.value is not None)


def test_numbers_printed_of_2017_are_never_compared_with_baci(data: Path) -> None:
    write_baci(data)
    with pytest.raises(TableNotHere, match="hs4_exports_2017"):
        OTHER_SOURCES["exports/2017"]()


def test_baci_without_its_country_codes_says_what_is_missing(data: Path) -> None:
    write_baci(data, codes=False)
    with pytest.raises(UnreadableTable, match=r"needs country_codes_V202601\.csv beside it"):
        read_exports()

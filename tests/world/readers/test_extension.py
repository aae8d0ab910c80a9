"""A list of numbers by country or cell becomes an extension of a table, whatever the list calls the countries."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from serai.world.readers import UnreadableTable, read
from serai.world.readers.extension import with_extension

LEATHER = read("leather")
WORLD = replace(LEATHER, countries=("ARG", "DEU", "ROW"))


def written(folder: Path, text: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_people_by_country_in_any_order_and_by_any_name(tmp_path: Path) -> None:
    path = written(tmp_path, "country,value\nGermany,80\nTR,70\nFRA,60\n阿根廷,40\n")
    table = with_extension(LEATHER, "population", path, unit="million", source="invented")
    found = table.extensions["population"]
    assert found.values.tolist() == [40, 70, 80]
    assert (found.unit, found.source, found.additive, found.households) == ("million", "invented", True, None)
    assert table.log == ("Extension 'population' taken from people.csv, 1 rows of other countries left out.",)
    assert table.previous is LEATHER


def test_the_rest_takes_all_that_the_table_does_not_name(tmp_path: Path) -> None:
    path = written(tmp_path, "country,value\nDEU,80\nTUR,70\nFRA,60\nARG,40\nElsewhere,1\n")
    assert with_extension(WORLD, "population", path, unit="m", rest="ROW").extensions["population"].values.tolist() == [
        40,
        80,
        131,
    ]
    with pytest.raises(ValueError, match="'tariff' cannot be added up"):
        with_extension(WORLD, "tariff", path, unit="1", rest="ROW", additive=False)
    with pytest.raises(KeyError, match="no country 'XXX'"):
        with_extension(WORLD, "population", path, unit="m", rest="XXX")


def test_emissions_by_cell_with_what_final_users_emit(tmp_path: Path) -> None:
    rows = [(country, industry, place) for place, (country, industry) in enumerate(LEATHER.labels)][::-1]
    path = tmp_path / "emissions.parquet"
    pl.DataFrame(rows, schema=["country", "industry", "value"], orient="row").write_parquet(path)
    table = with_extension(LEATHER, "emissions", path, unit="t")
    assert table.extensions["emissions"].values.tolist() == list(range(9))
    by_country = written(tmp_path, "country,value,households\nARG,1,4\nTUR,2,5\nDEU,3,6\n")
    households = with_extension(LEATHER, "emissions", by_country, unit="t").extensions["emissions"].households
    assert households is not None
    assert households.tolist() == [4, 5, 6]


def test_tariffs_lie_on_the_links_from_a_cell_to_all_of_a_country(tmp_path: Path) -> None:
    path = written(
        tmp_path, "country,industry,destination,value\nARG,agriculture,DEU,0.1\nTUR,textile-leather,Argentina,0.2\n"
    )
    found = with_extension(LEATHER, "tariff", path, unit="1", additive=False).extensions["tariff"].values
    expected = np.zeros((9, 9))
    expected[0, 6:] = 0.1
    expected[4, :3] = 0.2
    assert (found == expected).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("country,value\nARG,1\nTUR,many\nDEU,3\n", "row 3, column 'value': 'many' is not a number"),
        ("country,value\nARG,1\nTUR,\nDEU,3\n", "row 3, column 'value': None is not a number"),
        ("country,value\nARG,1\nArgentina,2\nTUR,2\nDEU,3\n", "counts ARG more than once"),
        ("country,value\nARG,1\n", "has no number for TUR, DEU"),
        ("land,value\nARG,1\n", "has no column 'country'; it has land, value"),
        ("country,destination,value\nARG,DEU,1\n", "has a column 'destination' and needs one called 'industry' too"),
        (
            "country,industry,destination,value\nARG,agriculture,DEU,1\nAR,agriculture,DE,2\n",
            "counts ARG agriculture to DEU more than once",
        ),
        ("country,industry,value\nARG,mining,1\n", "row 2: the table has no industry 'mining'"),
        ("country,industry,value\nARG,agriculture,1\n", r"has no number for ARG textile-leather, .* and 5 more"),
    ],
)
def test_a_wrong_list_is_refused_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        with_extension(LEATHER, "population", written(tmp_path, text), unit="m")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="cannot be read"):
        with_extension(LEATHER, "population", tmp_path / "nothing.csv", unit="m")

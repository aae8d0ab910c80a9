"""What others print is what Serai finds on the same table; the numbers stand in serai/world/data/published."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from serai.world.measures import INDICATORS
from serai.world.measures.efficient import gains_from_trade_one_sector
from serai.world.published import (
    OTHER_SOURCES,
    QUANTITIES,
    Comparison,
    compare,
    compare_on,
    printed_numbers,
    publications,
    timmer2015,
)
from serai.world.readers import READERS, names, read
from serai.world.table import WorldTable

PACKAGED = {f"{reader.key}/{year}" for reader in READERS.values() if reader.packaged for year in reader.years}


def wrong(compared: list[Comparison]) -> list[Comparison]:
    return [each for each in compared if not each.agrees]


def test_the_tables_in_the_package_give_what_is_printed() -> None:
    compared = list(compare(number for number in printed_numbers() if number.table in PACKAGED))
    assert wrong(compared) == []
    assert {each.printed.publication for each in compared} == {
        "baldwin_2024",
        "decompr_2015",
        "estimated_final_demand",
        "global_carbon_budget_2020",
        "second_computation",
    }


@pytest.mark.data
@pytest.mark.parametrize("publication", publications())
def test_real_tables_give_what_is_printed(publication: str, real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    numbers = [number for number in printed_numbers() if number.publication == publication]
    assert numbers
    assert wrong(list(compare(numbers))) == []


def test_every_printed_number_names_a_table_and_a_quantity_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERAI_DATA", raising=False)
    known = {*names(), *OTHER_SOURCES}
    asked = set()
    for number in printed_numbers():
        asked.add(number.quantity)
        assert number.table in known
        assert number.quantity in QUANTITIES or number.quantity in INDICATORS
        assert number.tolerance <= max(0.01, 0.25 * abs(number.value)) or number.publication in LOOSE
    assert set(QUANTITIES) - asked == {*timmer2015.TABLES.values(), timmer2015.PLACES, timmer2015.CHANGES}


LOOSE = {
    "baldwin_2024",
    "costinot_rodriguez_clare_2014",
    "growth_lab_2018",
    "estimated_final_demand",
    "global_carbon_budget_2020",
}  # other years or vintages of the data, as the remarks say


def test_a_number_that_is_off_is_found_out() -> None:
    number = next(each for each in printed_numbers() if each.quantity == "R1" and each.table == "leather/2015")
    off = replace(number, value=number.value + 2 * number.tolerance)
    nothing = replace(number, tolerance=float("nan"))
    agree = [each.agrees for each in compare_on(read("leather"), [number, off, nothing])]
    assert agree == [True, False, False]


def test_what_is_not_at_hand_is_not_compared_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    number = next(each for each in printed_numbers() if each.publication == "antras_chor_2018")
    (compared,) = compare([number])
    assert compared.found is None
    assert "is not on this machine" in compared.reason
    agreement = replace(number, table="leather/2015", quantity="agreement with the data set", of="correlation")
    (compared,) = compare([agreement])
    assert compared.reason == "The data set wiod2013/antras_chor_gvc.parquet is in no data folder; set SERAI_DATA."
    (compared,) = compare([replace(number, table="leather/2015", quantity="D1", of="ARG")])
    assert compared.reason.startswith("Nothing is known of the industry 'agriculture'")


def test_the_united_states_of_the_introduction() -> None:
    """Arkolakis, Costinot and Rodríguez-Clare (2012): a domestic share of .93 is worth 1.4 % (.7 to 1.4 %)."""
    flows = np.array([[93.0, 7.0], [7.0, 93.0]])
    table = WorldTable(("USA", "RoW"), ("all",), ("final",), np.zeros((2, 2)), flows, 2000, "$")
    found = gains_from_trade_one_sector(table)
    assert found.values[0] == pytest.approx(0.0144, abs=5e-5)

"""A series of tables reads each year when it is asked for, keeps none, and measures all."""

import weakref
from pathlib import Path

import numpy as np
import pytest

from serai.world.hygiene import without_negative_demand
from serai.world.measures import measure
from serai.world.readers import TableNotHere, read
from serai.world.readers.synthetic import synthetic_table
from serai.world.series import TableSeries, read_years
from serai.world.table import WorldTable

INVENTED = TableSeries("invented", (2001, 2002, 2003), lambda year: synthetic_table(2, 2, seed=year))


def test_tables_come_in_the_order_of_the_years() -> None:
    assert len(INVENTED) == 3
    assert [table.source for table in INVENTED] == [f"Invented numbers, seed {year}" for year in INVENTED.years]
    np.testing.assert_array_equal(INVENTED[2002].Z, synthetic_table(2, 2, seed=2002).Z)
    assert 2003 in INVENTED
    assert INVENTED.between(2002, 2010).years == (2002, 2003)
    assert repr(INVENTED) == "<TableSeries invented: 3 tables, 2001 to 2003>"
    with pytest.raises(KeyError, match="invented has no year 1999; it has 2001, 2002, 2003"):
        INVENTED[1999]


def test_no_table_is_kept() -> None:
    read: list[weakref.ref[WorldTable]] = []

    def table_of(year: int) -> WorldTable:
        table = synthetic_table(2, 2, seed=year)
        read.append(weakref.ref(table))
        return table

    for _table in TableSeries("invented", tuple(range(10)), table_of):
        assert sum(table() is not None for table in read) <= 2  # this one and the next that is being read


def test_a_step_is_taken_by_each_table() -> None:
    merged = INVENTED.then(lambda table: table.aggregate({"C1": "all", "C2": "all"})).then(without_negative_demand)
    assert {table.countries for table in merged} == {("all",)}
    assert merged.years == INVENTED.years


def test_all_years_are_measured_and_progress_is_told() -> None:
    told: list[tuple[str, float]] = []
    found = INVENTED.measure(symbols=["S1", "O1"], progress=lambda what, share: told.append((what, share)))
    assert found == {year: measure(INVENTED[year], symbols=["S1", "O1"]) for year in INVENTED.years}
    assert told == [("invented/2001", 0), ("invented/2002", 1 / 3), ("invented/2003", 2 / 3), ("invented", 1)]


def test_the_years_of_a_reader_are_those_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert [table.name for table in read_years("leather")] == ["leather"]
    with pytest.raises(TableNotHere, match="wiod95"):
        read_years("wiod2013")
    with pytest.raises(KeyError, match="'wiod2013' has no year '2012'"):
        read_years("wiod2013", [2012])
    with pytest.raises(KeyError, match="no reader called 'atlantis'"):
        read_years("atlantis")


@pytest.mark.data
def test_the_real_years_of_wiod_are_read(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    series = read_years("wiod2013")
    assert series.years == tuple(range(1995, 2012))
    assert (series[2011].Z == read("wiod2013/2011").Z).all()

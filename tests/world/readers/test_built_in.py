"""The tables in the package, the series by country, and what is estimated in them."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.industries import members
from serai.world.measures import WORLD, measure
from serai.world.readers import FINAL_DEMAND, MAKERS, UnreadableTable, default_table, read
from serai.world.readers.country_series import FARTHEST_YEAR, country_series, series_names, with_country_series
from serai.world.readers.icio2022 import read_icio2022
from serai.world.readers.packed import pack, unpack
from serai.world.shocks import Scenario, run
from serai.world.table import WorldTable


@pytest.fixture(scope="module")
def icio() -> WorldTable:
    return read("icio/2022")


def test_the_finer_table_has_eighty_economies_and_all_goods_industries(icio: WorldTable) -> None:
    assert (icio.n_countries, icio.n_industries) == (81, 45)
    assert sum(label[0] in "ABC" for label in icio.industries) == 27
    assert not icio.producing[icio.countries.index("ROW")]
    assert (icio.v[icio.x > 0] > 0).all()


def test_chinas_share_of_the_worlds_makers_is_that_of_the_source(icio: WorldTable) -> None:
    """Figures of the unrounded source: 36.0 % of manufactures' output, 30.3 % of the residual, 44.0 % of C26."""
    made, china = members(icio, "manufacturing"), icio.cells(["CHN"])
    of_china = np.isin(np.arange(icio.n), china)
    assert icio.x[made & of_china].sum() / icio.x[made].sum() == pytest.approx(0.360, abs=5e-4)
    assert icio.v[made & of_china].sum() / icio.v[made].sum() == pytest.approx(0.303, abs=1e-3)
    for industry, share in (("C26", 0.440), ("C27", 0.493), ("C29", 0.269), ("C21", 0.269)):
        cells = icio.cells(None, [industry])
        assert icio.x[icio.cell("CHN", industry)] / icio.x[cells].sum() == pytest.approx(share, abs=1e-3)
    c26 = icio.x[icio.cells(None, ["C26"])]
    assert ((c26 / c26.sum()) ** 2).sum() == pytest.approx(0.22, abs=5e-3)


def test_what_rests_on_the_estimate_says_so(icio: WorldTable) -> None:
    (record, *_) = measure(icio, symbols=["O1"])
    assert "estimated" in record.caution
    assert "residual" in record.caution
    (territorial, *_) = measure(icio, symbols=["G1.production"])
    assert territorial.caution == ""


def test_the_default_tables_are_declared_as_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERAI_TABLE", raising=False)
    assert default_table(FINAL_DEMAND) == "oecd2023-g20/2019"
    assert default_table(MAKERS) == "icio/2022"
    monkeypatch.setenv("SERAI_TABLE", "leather")
    assert default_table(MAKERS) == "leather"


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.json").write_text('{"countries": ["CHN"], "industries": ["A01"]}', encoding="utf-8")
    (tmp_path / "flows.npz").write_bytes(b"no archive")
    with pytest.raises(UnreadableTable, match="damaged"):
        read_icio2022(tmp_path)


def test_packed_flows_come_back_within_a_step() -> None:
    flows = np.array([[0, 1e-3, 0.5], [99.9, 100, 1e6]])
    stored, planes = pack(flows, "Z")
    assert np.array_equal(stored, unpack(planes, "Z", (2, 3)))
    assert stored == pytest.approx(flows, rel=0.0101)
    assert stored[1, 1:] == pytest.approx(flows[1, 1:], rel=0.00101)
    with pytest.raises(ValueError, match="negative"):
        pack(-flows, "Z")


def test_every_series_says_what_it_is_and_where_from() -> None:
    for name in series_names():
        series = country_series(name)
        assert series.title
        assert series.unit
        assert series.source
        assert series.terms == "CC BY 4.0"


def test_a_number_is_of_the_nearest_year() -> None:
    logistics = country_series("logistics_performance")
    assert logistics.nearest("SGP", 2023) == (2023, pytest.approx(4.3))
    year, _ = logistics.nearest("SGP", 2021) or (0, 0)
    assert abs(year - 2021) <= FARTHEST_YEAR
    assert logistics.nearest("SGP", 1980) is None


def test_the_rest_of_the_world_takes_the_sum_of_the_others() -> None:
    table = with_country_series(read("oecd2023-g20/2019"), ["population", "logistics_performance"])
    people = table.extensions["population"].values
    assert people.sum() == pytest.approx(7.7e9, rel=0.02)
    assert np.isnan(table.extensions["logistics_performance"].values[table.countries.index("ROW")])


def test_emissions_of_a_country_are_edgars() -> None:
    table = read("oecd2023-g20/2019")
    emissions = table.extensions["emissions"]
    assert emissions.households is not None
    made = table.by_country(emissions.values) + emissions.households
    sectors = [country_series(name) for name in series_names() if name.startswith("emissions_")]
    for place, country in enumerate(table.countries):
        if country != "ROW":
            assert made[place] == pytest.approx(sum(sector.values[country][2019] for sector in sectors), rel=1e-5)


def test_no_property_of_the_built_in_table_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERAI_DATA", raising=False)
    measured = {record.property for record in measure(read()) if record.value is not None and record.country != WORLD}
    assert measured >= {"secure", "stable", "smooth", "efficient", "open", "inclusive", "mutual", "green", "digital"}


def test_a_figure_of_the_estimate_says_so_below(icio: WorldTable) -> None:
    from serai.world import charts

    picture = charts.dependence_map(icio)
    assert "OECD (2025)" in picture.source
    assert "estimated" in picture.source
    assert "residual" in picture.source


def test_models_of_trade_say_that_a_mere_destination_has_no_income(icio: WorldTable) -> None:
    records = measure(icio, symbols=["R4", "E2.costs", "B1.worst"])
    assert {record.value for record in records} == {None}
    assert all("ROW makes nothing in this table" in record.reason for record in records)
    with pytest.raises(ValueError, match="models of trade need the table of 2019"):
        run(icio, Scenario("tariff", {"added": 0.1}))

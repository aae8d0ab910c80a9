"""Each decomposition adds up to gross exports, agrees with what must agree, and gives what others print."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.measures.borin_mancini import TERMS as BORIN_MANCINI_TERMS
from serai.world.measures.borin_mancini import BorinMancini, sink_based, source_based
from serai.world.measures.decomposition import NINE_TERMS, TERMS, koopman_wang_wei, wang_wei_zhu
from serai.world.measures.exports import bilateral_exports
from serai.world.measures.gvc import export_content
from serai.world.measures.miroudot_ye import miroudot_ye, one_border
from serai.world.measures.tiva import INDICATORS, tiva
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import Array, WorldTable
from tests.world.measures import exvatools

tables = st.builds(
    synthetic_table,
    st.integers(2, 4),
    st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
).filter(lambda table: (table.gdp > 0).all())
facts = settings(deadline=None, max_examples=25)
VIEWS = {"source": source_based, "sink": sink_based}


def exports_by_loops(table: WorldTable) -> Array:
    exports = table.Z.reshape(table.n, table.n_countries, -1).sum(axis=2) + table.final
    exports[np.arange(table.n), table.country_of] = 0
    return exports


@given(tables)
@facts
def test_the_terms_add_up_to_bilateral_exports_and_none_is_negative(table: WorldTable) -> None:
    exports, scale = exports_by_loops(table), table.x.max()
    np.testing.assert_allclose(bilateral_exports(table), exports, atol=1e-11 * scale)
    every = [wang_wei_zhu(table), *(view(table) for view in VIEWS.values())]
    every += [miroudot_ye(table, "exporter"), miroudot_ye(table, "flow"), miroudot_ye(table, "world")]
    for found in every:
        np.testing.assert_allclose(found.exports, exports, atol=1e-11 * scale)
        assert all((term >= -1e-10 * scale).all() for term in found.terms.values())
    assert list(every[0].terms) == list(TERMS)
    assert list(every[1].terms) == list(every[2].terms) == list(BORIN_MANCINI_TERMS)


@given(tables)
@facts
def test_a_countrys_exports_are_the_same_from_every_view(table: WorldTable) -> None:
    source, sink = source_based(table).by_country(), sink_based(table).by_country()
    scale = table.x.max()
    for name, values in source.items():
        np.testing.assert_allclose(values, sink[name], atol=1e-10 * scale)
    four, content = miroudot_ye(table).by_country(), export_content(table)
    domestic = table.by_country(content.domestic)
    np.testing.assert_allclose(four["DVA"], domestic, atol=1e-10 * scale)
    np.testing.assert_allclose(source["VAX"] + source["REF"], domestic, atol=1e-10 * scale)
    np.testing.assert_allclose(four["FVA"], source["FVA"], atol=1e-10 * scale)
    absorbed = table.origins.sum(axis=1) - np.diag(table.origins)
    np.testing.assert_allclose(source["VAX"], absorbed, atol=1e-10 * scale)  # Johnson and Noguera's
    terms = wang_wei_zhu(table).by_country()
    found = sum(values for name, values in terms.items() if name.startswith(("DVA", "RDV")))
    np.testing.assert_allclose(found, domestic, atol=1e-10 * scale)


@given(tables)
@facts
def test_the_directly_absorbed_is_that_of_the_exporters_view(table: WorldTable) -> None:
    for view in VIEWS.values():
        found, content = view(table), export_content(table)
        scale = table.x.max()
        np.testing.assert_allclose(found.absorbed_directly.sum(axis=1), content.absorbed_directly, atol=1e-10 * scale)
        np.testing.assert_allclose(found.backward + found.domestic, found.exports)


@given(tables)
@facts
def test_first_and_last_crossing_are_those_of_a_table_without_the_exporters_sales_abroad(table: WorldTable) -> None:
    """B^s is the inverse of a table without the exports of s; in the flow's view one flow alone is left out."""
    source, sink, flow = source_based(table), sink_based(table), miroudot_ye(table, "flow")
    exports = bilateral_exports(table)
    scale = table.x.max()
    for exporter in range(table.n_countries):
        own = table.block(exporter)
        others = np.delete(np.arange(table.n), np.arange(own.start, own.stop))
        cut = table.A.copy()
        cut[own, others] = 0
        without = np.linalg.inv(np.eye(table.n) - cut)
        entering = table.vc[others] @ without[np.ix_(others, np.arange(own.start, own.stop))]
        np.testing.assert_allclose(source.terms["FVA"][own], entering[:, None] * exports[own], atol=1e-10 * scale)
        made_abroad = without[:, own] @ exports[own].sum(axis=1)  # before it leaves the exporter again
        content = table.vc[own] @ table.L[own, own]
        for importer in np.delete(np.arange(table.n_countries), exporter):
            partner = table.block(importer)
            again = content * (table.A[own, partner] @ made_abroad[partner])
            np.testing.assert_allclose(sink.terms["DDC"][own, importer], again, atol=1e-10 * scale)
            for_home = content * (table.A[own, partner] @ (without @ table.final[:, exporter])[partner])
            np.testing.assert_allclose(sink.terms["REF"][own, importer], for_home, atol=1e-10 * scale)
            cut = table.A.copy()
            cut[own, partner] = 0
            domestic = (table.vc[own] @ np.linalg.inv(np.eye(table.n) - cut)[own, own]) * exports[own, importer]
            np.testing.assert_allclose(flow.terms["DVA"][own, importer], domestic, atol=1e-10 * scale)


@given(tables)
@facts
def test_the_nine_terms_gather_the_sixteen(table: WorldTable) -> None:
    assert sorted(name for parts in NINE_TERMS.values() for name in parts) == sorted(TERMS)
    nine = koopman_wang_wei(table)
    np.testing.assert_allclose(sum(nine.values()), table.by_country(table.exports), atol=1e-10 * table.x.max())
    foreign = sum(nine[name] for name in nine if name.startswith("FVA")) + nine["pure double counting of FVA"]
    domestic = table.by_country(table.cell_origins[table.country_of, np.arange(table.n)] * table.exports)
    np.testing.assert_allclose(foreign, table.by_country(table.exports) - domestic, atol=1e-10 * table.x.max())


@given(tables)
@facts
def test_the_oecds_indicators_add_up(table: WorldTable) -> None:
    found, scale = tiva(table), table.x.max()
    assert list(found) == list(INDICATORS)

    def equal(total: Array, *parts: str) -> None:
        np.testing.assert_allclose(sum(found[part] for part in parts), total, atol=1e-10 * scale)

    equal(found["EXGR"], "EXGR_FNL", "EXGR_INT")
    equal(found["EXGR"], "EXGR_DVA", "EXGR_FVA")
    equal(found["EXGR_DVA"], "EXGR_DDC", "EXGR_IDC", "EXGR_RIM")
    equal(found["VALU"], "DXD_DVA", "FFD_DVA")
    equal(found["BALGR"], "BALVAFD")
    equal(table.final.sum(axis=0), "DXD_DVA", "DFD_FVA")
    np.testing.assert_allclose(found["IMGR"].sum(), found["EXGR"].sum())
    np.testing.assert_allclose(found["FEXDVAP"].sum(), found["EXGR_FVA"].sum(), atol=1e-10 * scale)


TABLE = exvatools.exvatools_table()
GROUPED = {"NAFTA": exvatools.exvatools_table({"MEX": "NAFTA", "USA": "NAFTA"})}
EU = exvatools.exvatools_table({"ESP": "EU", "FRA": "EU"})


def of(name: str, value: Callable[[WorldTable], Array]) -> float:
    """The sum of a quantity by cell (n, ...) over a country, two countries, or a group that counts as one."""
    table = GROUPED.get(name, TABLE)
    return float(value(table)[table.cells(name.split(" and "))].sum())


@pytest.mark.parametrize("name", exvatools.BORIN_MANCINI)
@pytest.mark.parametrize("view", VIEWS)
def test_borin_and_mancini_are_those_of_exvatools(name: str, view: str) -> None:
    def parts(found: BorinMancini) -> dict[str, Array]:
        return {**found.terms, "EXGR": found.exports, "DVA": found.domestic}

    for term, printed in exvatools.BORIN_MANCINI[name].items():
        assert of(name, lambda t: parts(VIEWS[view](t))[term]) == pytest.approx(printed, abs=exvatools.ATOL)  # noqa: B023
    for side, printed in exvatools.PARTICIPATION[name].items():
        assert of(name, lambda t: getattr(VIEWS[view](t), side)) == pytest.approx(printed, abs=exvatools.ATOL)  # noqa: B023


def test_an_industry_and_a_partner_are_those_of_exvatools() -> None:
    found = source_based(TABLE)
    cell, partner = TABLE.cells(["ESP"])[exvatools.SERVICES], TABLE.countries.index("USA")
    parts = {**found.terms, "EXGR": found.exports, "DVA": found.domestic}
    parts |= {"backward": found.backward, "forward": found.forward}
    for name, printed in exvatools.SPANISH_SERVICES_TO_THE_USA.items():
        assert parts[name][cell, partner] == pytest.approx(printed, abs=exvatools.ATOL), name
    terms = wang_wei_zhu(TABLE).terms
    cell, partner = TABLE.cells(["USA"])[exvatools.MANUFACTURING], TABLE.countries.index("CHN")
    for name, printed in exvatools.AMERICAN_MANUFACTURES_TO_CHINA.items():
        assert terms[name][cell, partner] == pytest.approx(printed, abs=exvatools.ATOL), name


@pytest.mark.parametrize("name", exvatools.WANG_WEI_ZHU)
def test_wang_wei_and_zhu_are_those_of_exvatools(name: str) -> None:
    gathered = {"VAX": ("DVA",), "REF": ("RDV",), "DDC": ("DDC",), "FVA": ("MVA", "OVA"), "FDC": ("MDC", "ODC")}
    terms = wang_wei_zhu(GROUPED.get(name, TABLE)).terms
    for term, printed in exvatools.WANG_WEI_ZHU[name].items():
        parts = [values for key, values in terms.items() if key.startswith(gathered[term])]
        assert of(name, lambda _: sum(parts)) == pytest.approx(printed, abs=exvatools.ATOL)  # type: ignore[arg-type,return-value]  # noqa: B023


@pytest.mark.parametrize("name", exvatools.BORIN_MANCINI)
def test_miroudot_and_ye_are_those_of_exvatools(name: str) -> None:
    for term in ("DVA", "DDC", "FVA", "FDC"):
        printed = exvatools.BORIN_MANCINI[name][term]
        assert of(name, lambda t: miroudot_ye(t).terms[term]) == pytest.approx(printed, abs=exvatools.ATOL)  # noqa: B023


def test_the_worlds_view_tells_how_many_borders_lie_behind() -> None:
    for table, country, printed in (
        (TABLE, "ESP", exvatools.SPAIN_FROM_THE_WORLDS_VIEW),
        (EU, "EU", exvatools.EU_FROM_THE_WORLDS_VIEW),
    ):
        position, terms = table.countries.index(country), miroudot_ye(table, "world").by_country()
        behind = table.by_country(one_border(table))[position]
        found = {name: values[position] for name, values in terms.items()}
        found |= {"one border": behind, "more": terms["FDC"][position] - behind}
        assert found["FVA"] == 0
        for name, value in printed.items():
            assert found[name] == pytest.approx(value, abs=exvatools.ATOL)


@pytest.mark.parametrize("name", exvatools.FORWARD_TIVA)
def test_the_oecds_indicators_are_those_of_exvatools(name: str) -> None:
    table = GROUPED.get(name, TABLE)
    found = tiva(table)
    places = [table.countries.index(country) for country in name.split(" and ")]
    assert found["FEXDVAP"][places].sum() == pytest.approx(exvatools.FORWARD_TIVA[name], abs=exvatools.ATOL)
    if name == "ESP":
        for indicator, printed in exvatools.SPANISH_TIVA.items():
            assert found[indicator][places[0]] == pytest.approx(printed, abs=exvatools.ATOL), indicator

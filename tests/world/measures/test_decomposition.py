"""The sixteen terms add up to gross exports, the nine to the totals that other ways of counting give."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.measures.decomposition import NINE_TERMS, TERMS, wang_wei_zhu
from serai.world.measures.gvc import export_content
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import WorldTable

tables = st.builds(
    synthetic_table,
    st.integers(2, 5),
    st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
).filter(lambda table: (table.gdp > 0).all())


@given(tables)
@settings(deadline=None)
def test_the_terms_add_up_to_bilateral_exports(table: WorldTable) -> None:
    found = wang_wei_zhu(table)
    exports = table.Z.reshape(table.n, table.n_countries, -1).sum(axis=2) + table.final
    exports[np.arange(table.n), table.country_of] = 0
    scale = table.x.max()
    np.testing.assert_allclose(found.exports, exports, atol=1e-11 * scale)
    assert list(found.terms) == list(TERMS)
    assert all((term >= -1e-11 * scale).all() for term in found.terms.values())


@given(tables)
@settings(deadline=None)
def test_domestic_value_added_is_that_of_the_exporters_view(table: WorldTable) -> None:
    terms = wang_wei_zhu(table).terms
    domestic = sum(term for name, term in terms.items() if name.startswith(("DVA", "RDV")))
    by_exporter = table.by_country(np.asarray(domestic)).sum(axis=1)
    expected = table.by_country(export_content(table).domestic)
    np.testing.assert_allclose(by_exporter, expected, atol=1e-10 * table.x.max())


@given(tables)
@settings(deadline=None)
def test_the_nine_terms_gather_the_sixteen(table: WorldTable) -> None:
    assert sorted(name for parts in NINE_TERMS.values() for name in parts) == sorted(TERMS)
    nine = wang_wei_zhu(table).by_country()
    np.testing.assert_allclose(sum(nine.values()), table.by_country(table.exports), atol=1e-10 * table.x.max())
    foreign = sum(nine[name] for name in nine if name.startswith("FVA")) + nine["pure double counting of FVA"]
    domestic = table.by_country(table.cell_origins[table.country_of, np.arange(table.n)] * table.exports)
    np.testing.assert_allclose(foreign, table.by_country(table.exports) - domestic, atol=1e-10 * table.x.max())

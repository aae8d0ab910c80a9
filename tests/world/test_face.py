"""What `from serai import world` gives: the names of an analyst, loaded when used, and tables for other libraries."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import polars as pl
import pytest

from serai import world
from serai.world.table import WorldTable

LEATHER = world.read("leather")


def test_every_name_is_there_and_completion_shows_no_other() -> None:
    assert sorted(world.__all__) == dir(world)
    assert not [name for name in world.__all__ if getattr(world, name, None) is None]
    assert isinstance(LEATHER, world.WorldTable)
    with pytest.raises(AttributeError, match="no attribute 'mesure'; it has"):
        world.mesure  # type: ignore[attr-defined]  # noqa: B018


def test_type_checkers_are_told_the_same_names_from_the_same_places() -> None:
    stub = ast.parse(Path(world.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    told = {
        alias.name: f"{node.module}.{alias.name}"
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == {name: home.replace(":", ".") for name, home in world._HOMES.items()}  # type: ignore[attr-defined]
    (listed,) = [ast.literal_eval(node.value) for node in stub.body if isinstance(node, ast.Assign)]
    assert sorted(listed) == dir(world)


def test_the_face_loads_what_is_used_and_nothing_else() -> None:
    numpy = "print('numpy' in sys.modules)"
    code = f"import sys; from serai import world; {numpy}; world.PROPERTIES; {numpy}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"symbols": ["S9"]}, "There is no indicator 'S9'; the nearest: S6, S5, S4."),
        ({"symbols": ["s1"]}, "There is no indicator 's1'; the nearest: S1, "),
        ({"symbols": ["ZZ"]}, "There is no indicator 'ZZ'; there are D1, "),
        ({"properties": ["secur"]}, "There is no property 'secur'; the nearest: secure."),
    ],
)
def test_an_unknown_indicator_or_property_is_refused_with_the_nearest(wanted: dict[str, Any], sentence: str) -> None:
    for measure in (world.measure, world.measure_cells):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            measure(LEATHER, **wanted)


def test_a_result_shows_itself_in_a_notebook_and_escapes_every_text() -> None:
    result = world.run(LEATHER, world.Scenario("extraction", {"countries": ["DEU"]}, name="<b>Without</b> Germany"))
    page = ElementTree.fromstring(result._repr_html_())
    facts = {row.findtext("th"): row.findtext("td") for row in page.iter("tr")}
    assert page.findtext(".//caption") == "<b>Without</b> Germany"
    assert facts["shock"] == "extraction"
    assert str(facts["most affected"]).startswith(f"DEU {result.share_of_gdp[2]:.2%}, ")
    assert facts["value added lost in the world"] == f"{result.total:,.6g} {LEATHER.unit}"
    assert str(facts["limits"]).startswith(result.limits[0])


def test_pandas_gets_z_beside_f_under_their_labels() -> None:
    frame = LEATHER.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame.shape == (LEATHER.n, LEATHER.n + LEATHER.n_countries * len(LEATHER.uses))
    assert frame.loc[("TUR", "agriculture"), ("Z", "DEU", "textile-leather")] == LEATHER.Z[3, 7]
    np.testing.assert_array_equal(frame["F"].to_numpy(), LEATHER.F)
    np.testing.assert_allclose(frame.sum(axis=1).to_numpy(), LEATHER.x)


def test_polars_gets_a_row_a_flow() -> None:
    frame = LEATHER.to_polars()
    assert frame.columns == ["country", "industry", "flow", "buyer", "use", "value"]
    assert len(frame) == LEATHER.n * (LEATHER.n + LEATHER.n_countries * len(LEATHER.uses))
    row = frame.row(
        by_predicate=(pl.col("country") == "TUR")
        & (pl.col("industry") == "agriculture")
        & (pl.col("flow") == "F")
        & (pl.col("buyer") == "DEU"),
        named=True,
    )
    assert row["value"] == LEATHER.F[3, 2]
    np.testing.assert_allclose(frame.filter(flow="Z")["value"].to_numpy(), LEATHER.Z.ravel())


def test_xarray_gets_arrays_by_country_and_industry(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = ModuleType("xarray")
    stand_in.Dataset = lambda data, coords, attrs: SimpleNamespace(data=data, coords=coords, attrs=attrs)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xarray", stand_in)
    dataset: Any = LEATHER.to_xarray()
    for dimensions, values in dataset.data.values():
        assert values.shape == tuple(len(dataset.coords[dimension]) for dimension in dimensions)
    assert dataset.data["Z"][1][1, 0, 2, 1] == LEATHER.Z[3, 7]
    assert dataset.data["F"][1][1, 0, 2, 0] == LEATHER.F[3, 2]
    assert dataset.attrs["year"] == LEATHER.year


@pytest.mark.parametrize("package", ["pandas", "polars", "xarray"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ImportError, match=f"needs the package {package}, which is not installed: pip install {package}"
    ):
        getattr(WorldTable, f"to_{package}")(LEATHER)

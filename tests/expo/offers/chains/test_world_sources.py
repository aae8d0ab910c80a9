"""A chain and its links in the world: what the tables say, and what they cannot."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from serai.expo.offers.chains.domain import world_sources as world
from serai.world.readers import MAKERS, read

EXPORTS = [
    ("CHN", "8507", 6e9),
    ("CHN", "8703", 1e9),
    ("KOR", "8507", 3e9),
    ("KOR", "8703", 4e9),
    ("DEU", "8507", 1e9),
    ("DEU", "8703", 9e9),
]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What a process keeps of its tables is forgotten before and after, as each test has tables of its own."""
    kept = (world._origins, world._sourcing, world._exports)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    schema = {"reporter_iso": pl.String, "product_code": pl.String, "export_value_usd": pl.Float64}
    pl.DataFrame(EXPORTS, schema=schema, orient="row").write_parquet(folder / "hs4_exports_2017.parquet")
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))


@pytest.fixture
def no_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.usefixtures("exports")
def test_they_supply_it_whose_share_is_above_their_share_in_all() -> None:
    """Of 24 billion in all, 10 are batteries: China holds 60 % of these and 29 % of all, Korea 30 and 29 %."""
    [battery] = world.sourcing(["8507"]) or []
    assert [(source.country, round(source.share, 2)) for source in battery.supplying] == [("CN", 0.6), ("KR", 0.3)]
    assert battery.effective_number == pytest.approx(1 / (0.6**2 + 0.3**2 + 0.1**2))


@pytest.mark.usefixtures("exports")
def test_a_heading_that_was_not_traded_is_left_out() -> None:
    assert world.sourcing(["0101"]) == []


@pytest.mark.usefixtures("no_exports")
def test_without_a_table_of_exports_nothing_is_said_of_suppliers() -> None:
    assert world.sourcing(["8507"]) is None


def test_the_origins_of_an_industry_are_those_of_the_table() -> None:
    found = world.origins(["2720", "2910"])
    assert found is not None
    table = read(question=MAKERS)
    cells = table.cells(industries=["C27", "C29"])
    content = table.cell_origins[:, cells] @ table.final.sum(axis=1)[cells]
    assert found.largest[0].share == pytest.approx(content.max() / content.sum(), rel=1e-4)
    assert [source.country for source in found.largest[:2]] == ["CN", "US"]
    assert found.coarse == ()
    assert found.residual


def test_an_industry_of_which_little_was_asked_for_is_coarse() -> None:
    found = world.origins(["1101"])
    assert found is not None
    assert [name.partition(";")[0] for name in found.coarse] == ["Manufacture of food products"]


def test_an_industry_that_is_meant_as_a_whole_is_not_coarse() -> None:
    found = world.origins([f"{division:02d}" for division in range(10, 34)])
    assert found is not None
    assert found.coarse == ()


def test_shares_are_never_more_than_the_whole() -> None:
    found = world.origins(["2720"])
    assert found is not None
    assert 0 < sum(source.share for source in found.largest) <= 1 + 1e-12
    assert np.isfinite(found.effective_number)

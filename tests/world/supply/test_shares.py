"""Shares and concentration: published numbers, bounds for what is not known, and which statement wins."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.world.supply import Grade, Provider, ShareRow, concentration
from serai.world.supply.records import OTHERS, UNATTRIBUTED, place_of
from serai.world.supply.shares import NodeShares, best, closest, mixed, of_providers, of_rows

USGS = Path(os.environ.get("SERAI_DATA") or "/nowhere") / "supply" / "usgs_mcs2026_world.csv"


def row(country: str, share: float | None, **more: object) -> ShareRow:
    return ShareRow("cells", country, share, Grade.STATED, 2024, "USGS", "t", **more)  # type: ignore[arg-type]


def bounds(shares: NodeShares) -> tuple[float, float]:
    named = np.array([list(shares.named.values())])
    concentrated = concentration(named, np.array([shares.others]), np.array([shares.unattributed]))
    return float(concentrated.low[0]), float(concentrated.high[0])


def test_amounts_are_shares_of_the_sum_of_their_rows() -> None:
    shares = of_rows([row("CHN", 60, is_amount=True), row("CHL", 30, is_amount=True), row(OTHERS, 10, is_amount=True)])
    assert shares.named == {"CHN": 0.6, "CHL": 0.3}
    assert (shares.others, shares.unattributed, shares.total) == (0.1, 0.0, 100.0)


def test_others_are_one_country_at_most_and_the_unattributed_may_be_the_largest() -> None:
    assert bounds(of_rows([row("CHN", 0.6), row("CHL", 0.3), row(OTHERS, 0.1)])) == pytest.approx((0.45, 0.46))
    assert bounds(of_rows([row("CHN", 0.6), row("CHL", 0.3)])) == pytest.approx((0.45, 0.7**2 + 0.3**2))


def test_a_withheld_number_is_in_the_unattributed_remainder_and_its_country_is_told() -> None:
    shares = of_rows([row("CHN", 0.6), row("USA", None), row(UNATTRIBUTED, 0.4)])
    assert shares.withheld == ("USA",)
    assert shares.named == {"CHN": 0.6}
    assert shares.unattributed == pytest.approx(0.4)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=12), st.floats(0, 1), st.floats(0, 1))
def test_the_bounds_of_concentration_are_in_order(named: list[float], others: float, unattributed: float) -> None:
    whole = sum(named) + others + unattributed
    concentrated = concentration(
        np.array([named]) / whole, np.array([others / whole]), np.array([unattributed / whole])
    )
    assert 0 < concentrated.low[0] <= concentrated.high[0] <= 1 + 1e-12
    assert concentrated.first[0] <= concentrated.first_three[0] <= 1 + 1e-12


def test_the_closest_grade_wins_and_then_the_latest_year() -> None:
    old = ShareRow("cells", "CHN", 0.9, Grade.STATED, 2020, "old")
    new = ShareRow("cells", "CHN", 0.8, Grade.STATED, 2024, "new")
    near = ShareRow("cells", "CHN", 0.1, Grade.HEADING, 2025, "exports")
    shares = best([near, old, new])
    assert shares is not None
    assert (shares.source, shares.named) == ("new", {"CHN": 0.8})
    assert closest(best([near]), shares) is shares
    assert best([]) is None


def test_countries_that_state_a_share_come_before_their_firms_and_various_is_nobodys() -> None:
    firm = Provider("cells", "CATL", "CHN", 0.4)
    assert of_providers([firm, Provider("cells", "LG", "KOR", 0.2)]) == of_rows(
        [ShareRow("cells", "CHN", 0.4, Grade.STATED, None, ""), ShareRow("cells", "KOR", 0.2, Grade.STATED, None, "")]
    )
    country = Provider("cells", "China", "CHN", 0.7, is_firm=False)
    shares = of_providers([firm, country, Provider("cells", "various", UNATTRIBUTED, 0.3, is_firm=False)])
    assert shares is not None
    assert (shares.named, shares.unattributed) == ({"CHN": 0.7}, 0.3)


def test_providers_without_a_share_are_equal_and_that_is_assumed() -> None:
    shares = of_providers([Provider("cells", "A", "CHN"), Provider("cells", "B", "KOR"), Provider("cells", "C", "KOR")])
    assert shares is not None
    assert (shares.named, shares.grade) == ({"CHN": 0.5, "KOR": 0.5}, Grade.ASSUMED)


def test_a_node_of_several_kinds_has_the_mean_of_their_makers() -> None:
    shares = mixed(
        [(1, NodeShares({"NLD": 1.0}, 0, 0, Grade.STATED)), (1, NodeShares({"JPN": 0.5}, 0, 0.5, Grade.STATED))]
    )
    assert (shares.named, shares.unattributed, shares.grade) == ({"NLD": 0.5, "JPN": 0.25}, 0.25, Grade.INDUSTRY)


@pytest.mark.parametrize(
    ("text", "place"),
    [("China", "CHN"), ("ke", "KEN"), ("Other countries", OTHERS), ("various", UNATTRIBUTED), ("Atlantis", None)],
)
def test_a_text_names_a_country_or_a_remainder(text: str, place: str | None) -> None:
    assert place_of(text) == place


@pytest.mark.skipif(not USGS.is_file(), reason="needs the data that SERAI_DATA names")
@pytest.mark.parametrize(
    ("chapter", "detail", "country", "first", "high"),
    [
        ("COBALT", "Mine production", "COD", 0.749, 0.577),
        ("GRAPHITE (NATURAL)", "Mine production", "CHN", 0.819, 0.676),
        ("RARE EARTHS", "Mine production", "CHN", 0.703, 0.519),
        ("NICKEL", "Mine production", "IDN", 0.623, 0.412),
        ("LITHIUM", "Mine production", "AUS", 0.371, 0.235),
        ("GALLIUM", "primary", "CHN", 0.989, 0.979),
    ],
)
def test_mine_production_of_2024_by_usgs(chapter: str, detail: str, country: str, first: float, high: float) -> None:
    frame = pl.read_csv(USGS, infer_schema=False).filter(
        (pl.col("chapter") == chapter)
        & (pl.col("statistic").str.contains("(?i)production"))
        & (pl.col("detail").str.contains(f"(?i){detail}"))
        & (pl.col("year") == "2024")
        & ~pl.col("country").str.contains("(?i)world total")
    )
    rows = [
        row(iso3 or place_of(name) or OTHERS, float(value) if value else None, is_amount=True)
        for iso3, name, value in frame.select("iso3", "country", "value").iter_rows()
    ]
    shares = of_rows(rows)
    assert round(shares.named[country], 3) == first
    assert round(bounds(shares)[1], 3) == high

"""The world as a grid of tiles: every country as large as any other, and no border drawn.

The grid is computed by scripts/tile_grid.py from the coordinates of the tz database.
"""

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import altair as alt
import polars as pl

from serai.world.charts.names import country_name, listed
from serai.world.charts.picture import SCALE, Picture, drawing, layered
from serai.world.classifications.countries import countries, find

SIZE = 27
"""Pixels of a tile's side."""
EMPTY = "#f4f1ea"
DARK = 0.62
"""Where on the scale of colours letters turn white: both have at least 4.5 to 1 there."""


@cache
def tile_grid() -> Mapping[str, tuple[int, int]]:
    """Column and row of each country's tile by alpha-2 code, from the upper left."""
    text = (files("serai.world") / "data" / "charts" / "tile_grid.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["alpha2"]: (int(row["column"]), int(row["row"])) for row in rows})


def tile_map(
    values: Mapping[str, float],
    title: str,
    measure: str,
    *,
    diverging: bool = False,
    language: str = "en",
    subtitle: str = "",
    source: str = "",
) -> Picture:
    """Values by country (labels, codes or names) on the grid; `measure` says what they are, with the unit.

    `diverging` colours losses and gains apart, with the middle at zero. A label that is no country, such as the rest of
    the world, has no tile; the alternative text gives its value.
    """
    country_of = {label: find(label) for label in values}
    placed = {
        country.alpha2: values[label]
        for label, country in country_of.items()
        if country and math.isfinite(values[label])
    }
    elsewhere = {label: values[label] for label, country in country_of.items() if country is None}
    data = pl.DataFrame(
        [
            {"country": code, "name": country_name(code, language), "value": placed.get(code)}
            | dict(zip(("column", "row"), tile_grid()[code], strict=True))
            for code in countries()
        ],
        schema={"country": pl.String, "name": pl.String, "value": pl.Float64, "column": pl.Int64, "row": pl.Int64},
    )
    low, high = min(0.0, *placed.values(), 0.0), max(0.0, *placed.values(), 0.0)
    bound = max(-low, high) or 1.0
    drawn = [
        row | {"dark": row["value"] is not None and _depth(row["value"], low, high, diverging) > DARK}
        for row in data.to_dicts()
    ]
    columns, rows = (max(tile[axis] for tile in tile_grid().values()) + 1 for axis in (0, 1))
    position = {
        "x": alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        "y": alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
    }
    base = drawing(drawn, alt.Title(title, subtitle=subtitle), SIZE * columns, SIZE * rows)
    scale = (
        alt.Scale(scheme="brownbluegreen", domain=[-bound, bound], reverse=True)
        if diverging
        else alt.Scale(range=list(SCALE), domain=[low, high], type="sqrt" if low == 0 else "linear")
    )
    has_value, unknown = alt.datum.value != None, alt.datum.value == None  # noqa: E711  Altair compares in the chart
    tiles = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("value:Q", scale=scale, title=measure, legend=alt.Legend(orient="bottom", gradientLength=260)),
        **position,
    )
    codes = base.mark_text(fontSize=10).encode(
        text="country:N",
        color=alt.condition(alt.datum.dark, alt.value("#ffffff"), alt.value("#1b2430")),
        **position,
    )
    empty = base.mark_rect(cornerRadius=3, color=EMPTY).encode(**position)
    faint = base.mark_text(fontSize=9, color="#a99f8c").encode(text="country:N", **position)
    ranked = sorted(placed.items(), key=lambda pair: -abs(pair[1]))[:5]
    largest_in_words = listed(f"{country_name(code, language)} {value:.3g}" for code, value in ranked)
    rest = (
        f" Not on the grid: {listed(f'{label} {value:.3g}' for label, value in elsewhere.items())}."
        if elsewhere
        else ""
    )
    return Picture(
        title,
        f"{measure} in {len(placed)} countries and regions; the largest: {largest_in_words}.{rest}",
        data.drop_nulls("value"),
        layered(
            empty.transform_filter(unknown),
            faint.transform_filter(unknown),
            tiles.transform_filter(has_value),
            codes.transform_filter(has_value),
        ),
        source,
        language,
    )


def _depth(value: float, low: float, high: float, diverging: bool) -> float:
    """How far along the scale of colours a value stands, 0 to 1."""
    if diverging:
        return abs(value) / (max(-low, high) or 1.0)
    share = (value - low) / (high - low or 1.0)
    return math.sqrt(share) if low == 0 else share

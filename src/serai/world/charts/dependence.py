"""Who depends on whom: a heat map of all pairs, and the largest partners of one country in ranked bars."""

from typing import Any

import altair as alt
import numpy as np
import polars as pl

from serai.world.charts.names import country_name, listed, percent
from serai.world.charts.picture import INK, QUIET, SCALE, SERIES, Picture, drawing, layered
from serai.world.measures.secure import largest_partners, origin_shares
from serai.world.table import WorldTable

SHARE_OF = "share of value added in final demand"


def dependence_map(table: WorldTable, most: int = 20, language: str = "en") -> Picture:
    """Heat map of look-through origins: each column's final demand, by the country (row) whose value added is in it.

    The `most` largest economies by final demand; the own share is left out, as it would hide all others.
    """
    shares = origin_shares(table)
    largest = np.argsort(-table.on(None).final.sum(axis=0), kind="stable")[:most]
    labels = [table.countries[place] for place in largest]
    records = [
        {
            "origin": table.countries[row],
            "destination": table.countries[column],
            "share": None if row == column else float(shares[row, column]),
        }
        for row in largest
        for column in largest
    ]
    data = pl.DataFrame(records, schema={"origin": pl.String, "destination": pl.String, "share": pl.Float64})
    top = data.drop_nulls().sort("share", descending=True).head(3)
    strongest = listed(
        f"{country_name(destination, language)} on {country_name(origin, language)} ({percent(share)})"
        for origin, destination, share in top.rows()
    )
    shown = drawing(
        data.drop_nulls().with_columns(percentage=pl.col("share") * 100).to_dicts(),
        title=alt.Title(
            f"Who depends on whom, {table.year}", subtitle="Foreign value added in final demand, every tier counted"
        ),
        width=26 * len(labels),
        height=22 * len(labels),
    )
    position = {
        "x": alt.X("destination:N", sort=labels, title="final demand of", axis=alt.Axis(orient="top", labelAngle=-90)),
        "y": alt.Y("origin:N", sort=labels, title="value added of"),
    }
    tiles = shown.mark_rect().encode(
        color=alt.Color(
            "percentage:Q",
            scale=alt.Scale(type="sqrt", range=list(SCALE)),
            title="% of final demand",
        ),
        **position,
    )
    return Picture(
        f"Who depends on whom, {table.year}",
        f"The strongest dependences among the {len(labels)} largest economies are those of {strongest}.",
        data,
        tiles,
        table.credit,
        language,
    )


def dependence_bars(table: WorldTable, country: str, most: int = 10, language: str = "en") -> Picture:
    """Ranked bars: on whom a country depends, and who depends on it. `country` is a label of the table.

    Raises KeyError for a country that the table lacks.
    """
    records: list[dict[str, Any]] = [
        {"relation": relation, "partner": partner, "share": share}
        for relation, partner, share in largest_partners(table, country, most)
    ]
    data = pl.DataFrame(records)
    called = country_name(country, language)
    panels = []
    for relation, color in zip(("depends on", "is needed by"), SERIES[:2], strict=True):
        rows = [
            {"partner": country_name(row["partner"], language), "percentage": row["share"] * 100}
            for row in records
            if row["relation"] == relation
        ]
        base = drawing(rows, title=alt.Title(f"{called} {relation}", fontSize=13), width=260, height=22 * most)
        places = alt.Y("partner:N", sort=[row["partner"] for row in rows], title=None)
        bars = base.mark_bar(color=color).encode(y=places, x=alt.X("percentage:Q", title=f"% ({SHARE_OF})"))
        numbers = base.mark_text(align="left", dx=4, color=INK).encode(
            y=places, x="percentage:Q", text=alt.Text("percentage:Q", format=".3g")
        )
        panels.append(layered(bars, numbers))
    sentences = {
        relation: listed(
            f"{country_name(row['partner'], language)} ({percent(row['share'])})"
            for row in records
            if row["relation"] == relation
        )
        for relation in ("depends on", "is needed by")
    }
    title = alt.Title(
        f"{called}, {table.year}",
        subtitle="Value added in final demand, every tier counted",
        color=INK,
        subtitleColor=QUIET,
    )
    return Picture(
        f"{called}: who depends on whom, {table.year}",
        f"{called} depends most on {sentences['depends on']}. It is needed most by {sentences['is needed by']}.",
        data,
        alt.hconcat(*panels, title=title),
        table.credit,
        language,
    )

"""Where a chain's value comes from: the look-through origins of what its industries deliver to final use."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from serai.world.charts.names import country_name, listed, percent
from serai.world.charts.picture import QUIET, SERIES, Picture, drawing
from serai.world.classifications.industries import industries
from serai.world.table import WorldTable

OTHERS = "others"


def chain_origins(
    table: WorldTable,
    cells: ArrayLike,
    title: str,
    destinations: Sequence[str] | None = None,
    most: int = 7,
    language: str = "en",
) -> Picture:
    """Stacked bars, one an industry of the chain: the countries whose value added is in its final goods and services.

    `cells` are those of the chain (`industries.cells_making`), `destinations` the countries of final use, all when left
    out. The last bar is the chain as a whole. Origins beyond the `most` largest stand together as others.
    """
    chosen = np.asarray(cells)
    buyers = np.unique(table.country_of[table.cells(destinations)])
    demand = table.on(None).final[:, buyers].sum(axis=1)
    content = table.cell_origins[:, chosen] * demand[chosen]
    total = content.sum(axis=1)
    largest = np.argsort(-total, kind="stable")[:most]
    named = [table.countries[place] for place in largest]
    industry = table.industry_of[chosen]
    names_of_industries = industries(table.classification)
    rows = [("whole chain", total)] + [
        (names_of_industries.get(label, {}).get("name", label), content[:, industry == place].sum(axis=1))
        for place, label in ((place, table.industries[place]) for place in np.unique(industry))
    ]
    records = []
    for label, values in rows:
        whole = float(values.sum())
        if whole <= 0:
            continue
        shares = [float(values[place]) / whole for place in largest]
        parts = zip([*named, OTHERS], [*shares, 1 - sum(shares)], strict=True)
        records += [{"industry": label, "origin": origin, "share": share} for origin, share in parts]
    data = pl.DataFrame(records, schema={"industry": pl.String, "origin": pl.String, "share": pl.Float64})
    names = [*(country_name(label, language) for label in named), OTHERS]
    drawn = [
        {
            "industry": row["industry"],
            "origin": OTHERS if row["origin"] == OTHERS else country_name(row["origin"], language),
        }
        | {
            "percentage": row["share"] * 100,
            "place": names.index(OTHERS if row["origin"] == OTHERS else country_name(row["origin"], language)),
        }
        for row in records
    ]
    order = list(dict.fromkeys(row["industry"] for row in drawn))
    chart = (
        drawing(
            drawn,
            title=alt.Title(title, subtitle=f"Origin of the value added in final goods and services, {table.year}"),
            width=520,
            height=24 * len(order),
        )
        .mark_bar()
        .encode(
            y=alt.Y("industry:N", sort=order, title=None),
            x=alt.X("percentage:Q", title="% of value", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color(
                "origin:N", sort=names, scale=alt.Scale(domain=names, range=[*SERIES[: len(named)], QUIET]), title=None
            ),
            order="place:Q",
        )
    )
    whole_chain = data.filter(pl.col("industry") == "whole chain")
    largest_in_words = listed(
        f"{OTHERS if origin == OTHERS else country_name(origin, language)} {percent(share)}"
        for _industry, origin, share in whole_chain.rows()
    )
    return Picture(
        title,
        f"Of the value of the whole chain's final goods and services come from {largest_in_words}.",
        data,
        chart,
        table.credit,
        language,
    )

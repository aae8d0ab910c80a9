"""What a shock does: losses by country and over time, what held each cell back, and welfare against risk."""

from collections import Counter
from collections.abc import Mapping

import altair as alt
import numpy as np
import polars as pl

from serai.world.charts.names import country_name, listed, percent
from serai.world.charts.picture import INK, SERIES, Picture, drawing, layered
from serai.world.charts.tiles import tile_map
from serai.world.shocks import Result
from serai.world.table import WorldTable

LOSS = "% of value added lost"
NOTHING, SOMETHING_ELSE = "nothing", "something else"


def losses_bars(result: Result, most: int = 15, language: str = "en") -> Picture:
    """Ranked bars: the countries that lose the largest share of their value added; gains are negative."""
    shares = result.share_of_gdp
    ranked = np.argsort(-np.abs(shares), kind="stable")[:most]
    records = [
        {
            "country": result.table.countries[place],
            "share": float(shares[place]),
            "loss": float(result.loss_by_country[place]),
        }
        for place in ranked
    ]
    data = pl.DataFrame(records).sort("share", descending=True)
    drawn = [
        {"name": country_name(row["country"], language), "percentage": row["share"] * 100} for row in data.to_dicts()
    ]
    base = drawing(
        drawn,
        title=alt.Title(_title(result), subtitle=f"Horizon: {result.horizon}"),
        width=420,
        height=22 * len(drawn),
    )
    places = alt.Y("name:N", sort=[row["name"] for row in drawn], title=None)
    bars = base.mark_bar().encode(
        y=places,
        x=alt.X("percentage:Q", title=LOSS),
        color=alt.condition(alt.datum.percentage >= 0, alt.value(SERIES[1]), alt.value(SERIES[0])),
    )
    numbers = base.mark_text(align="left", dx=4, color=INK).encode(
        y=places, x=alt.X("percentage:Q"), text=alt.Text("percentage:Q", format=".2g")
    )
    shares_in_words = listed(
        f"{country_name(row['country'], language)} {percent(row['share'])}" for row in data.head(5).to_dicts()
    )
    return Picture(
        _title(result),
        f"Of their value added lose {shares_in_words}. The world loses {result.total:,.4g} {result.table.unit}.",
        data,
        layered(bars, numbers),
        result.credit,
        language,
    )


def losses_map(result: Result, language: str = "en") -> Picture:
    """Losses relative to each country's value added, on the grid of tiles."""
    values = dict(zip(result.table.countries, (result.share_of_gdp * 100).tolist(), strict=True))
    return tile_map(
        values,
        _title(result),
        LOSS,
        diverging=min(values.values()) < 0,
        language=language,
        subtitle=f"Horizon: {result.horizon}",
        source=result.credit,
    )


def losses_over_time(result: Result, most: int = 6, language: str = "en") -> Picture:
    """Lines: value added lost in each step by the countries that lose most in all.

    Raises ValueError for a result of a model without time.
    """
    if result.over_time is None:
        raise ValueError(f"The shock '{result.scenario.kind}' has no time; its losses are those of one period.")
    ranked = np.argsort(-np.abs(result.over_time.sum(axis=0)), kind="stable")[:most]
    data = pl.DataFrame(
        [
            {"step": step, "country": result.table.countries[place], "loss": float(result.over_time[step, place])}
            for place in ranked
            for step in range(len(result.over_time))
        ]
    )
    names = [country_name(result.table.countries[place], language) for place in ranked]
    drawn = [row | {"name": country_name(row["country"], language)} for row in data.to_dicts()]
    chart = (
        drawing(
            drawn,
            title=alt.Title(_title(result), subtitle=f"Horizon: {result.horizon}"),
            width=620,
            height=300,
        )
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="day"),
            y=alt.Y("loss:Q", title=f"value added lost a day, {result.table.unit}"),
            color=alt.Color(
                "name:N", sort=names, scale=alt.Scale(domain=names, range=list(SERIES[: len(names)])), title=None
            ),
        )
    )
    world = result.over_time.sum(axis=1)
    worst = int(np.argmax(np.abs(world)))
    sentence = (
        f"The world's loss is largest on day {worst} with {world[worst]:,.4g} {result.table.unit} "
        f"and {world[-1]:,.4g} on the last of {len(world)} days."
    )
    return Picture(_title(result), f"{sentence} Most is lost by {listed(names)}.", data, chart, result.credit, language)


def what_bound(result: Result) -> Picture:
    """A tile a cell: what held it back, by country and industry.

    Raises ValueError for a result of a model in which nothing binds, or of firms.
    """
    if result.bound is None:
        raise ValueError(f"The shock '{result.scenario.kind}' does not say what bound.")
    table = result.table
    if not isinstance(table, WorldTable):
        raise ValueError("What bound is drawn by country and industry; a network has neither.")
    frequent = [word for word, _count in Counter(filter(None, result.bound)).most_common(len(SERIES) - 1)]
    words = [NOTHING, *frequent, SOMETHING_ELSE]
    data = pl.DataFrame(
        [
            {
                "country": country,
                "industry": industry,
                "bound": NOTHING if not bound else bound if bound in frequent else SOMETHING_ELSE,
            }
            for (country, industry), bound in zip(table.labels, result.bound, strict=True)
        ]
    )
    counts = Counter(data["bound"].to_list())
    shown = [word for word in words if counts[word]]
    colors = dict(zip(words, ["#efe9dc", *SERIES[: len(frequent)], SERIES[-1]], strict=True))
    chart = (
        drawing(
            data.to_dicts(),
            title=alt.Title(_title(result), subtitle="What held each cell back"),
            width=16 * table.n_industries,
            height=14 * table.n_countries,
        )
        .mark_rect(stroke="#ffffff")
        .encode(
            x=alt.X("industry:N", sort=list(table.industries), title=None, axis=alt.Axis(labelAngle=-90, orient="top")),
            y=alt.Y("country:N", sort=list(table.countries), title=None),
            color=alt.Color(
                "bound:N", sort=shown, scale=alt.Scale(domain=shown, range=[colors[word] for word in shown]), title=None
            ),
        )
    )
    counts_in_words = listed(f"{word} in {counts[word]:,} cells" for word in shown)
    return Picture(_title(result), f"Production is held back by {counts_in_words}.", data, chart, result.credit)


def welfare_against_risk(points: Mapping[str, tuple[float, float]], title: str = "Welfare against risk") -> Picture:
    """A point an action: what it does to real income (%) and to the expected loss in a disruption (points of %)."""
    data = pl.DataFrame(
        [{"action": action, "welfare": welfare, "risk": risk} for action, (welfare, risk) in points.items()],
        schema={"action": pl.String, "welfare": pl.Float64, "risk": pl.Float64},
    )
    base = drawing(data.to_dicts(), title=alt.Title(title), width=480, height=360)
    room = alt.Scale(padding=48)
    position = {
        "x": alt.X("risk:Q", title="change of the expected loss in a disruption, points of %", scale=room),
        "y": alt.Y("welfare:Q", title="change of real income, %", scale=room),
    }
    dots = base.mark_circle(size=90, color=SERIES[0]).encode(**position)
    names = base.mark_text(align="left", dx=8, color=INK).encode(text="action:N", **position)
    both = [action for action, (welfare, risk) in points.items() if welfare >= 0 and risk <= 0]
    points_in_words = listed(
        f"{action} {welfare:+.3g} % income, {risk:+.3g} points of risk" for action, (welfare, risk) in points.items()
    )
    better = f" Neither income nor safety loses by {listed(both)}." if both else ""
    return Picture(title, f"{points_in_words}.{better}", data, layered(dots, names))


def _title(result: Result) -> str:
    return result.scenario.name or f"Shock: {result.scenario.kind}"

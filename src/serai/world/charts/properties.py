"""A country's nine properties over time, with the interval in which each is known."""

from collections.abc import Iterable, Sequence

import altair as alt
import polars as pl

from serai.world.charts.names import country_name, listed
from serai.world.charts.picture import QUIET, SERIES, Picture, drawing, layered
from serai.world.measures import INDICATORS, Indicator, measure
from serai.world.scorecards import ONE_A_PROPERTY
from serai.world.table import WorldTable

SENSES = {1: "more is better", -1: "less is better", 0: "it depends"}
ACROSS = 3
WIDTH, HEIGHT = 230, 140

SCHEMA = {
    "year": pl.Int64,
    "country": pl.String,
    "property": pl.String,
    "symbol": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "reason": pl.String,
}


def properties_over_time(
    tables: Iterable[WorldTable],
    countries: Sequence[str],
    symbols: Sequence[str] = ONE_A_PROPERTY,
    language: str = "en",
) -> Picture:
    """A panel an indicator, a line a country; the band is the interval over the indicator's own parameter.

    `tables` are read one at a time, so that a lazy sequence of years needs the memory of one. A country that a table
    lacks has no point there, and an indicator that no table gives has a panel that says why.
    """
    records: list[dict[str, object]] = []
    sources: dict[str, None] = {}
    for table in tables:
        sources.setdefault(table.credit)
        for record in measure(table, symbols=symbols):
            if record.country in countries or record.value is None:
                fields = {name: getattr(record, name) for name in SCHEMA if name != "year"}
                records.append({"year": table.year, **fields})
    data = pl.DataFrame(records, schema=SCHEMA)
    years = data["year"].unique().sort().to_list()
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}" if years else "no year"
    panels = [_panel(data, INDICATORS[symbol], countries, language) for symbol in symbols]
    names = listed(country_name(label, language) for label in countries)
    return Picture(
        f"Properties of {names}, {span}",
        " ".join(_in_words(data, INDICATORS[symbol], countries, language) for symbol in symbols),
        data,
        alt.concat(
            *panels,
            columns=ACROSS,
            spacing=28,
            title=alt.Title(f"{names}, {span}", subtitle="Band: the interval over the indicator's own parameter"),
        ),
        "; ".join(source for source in sources if source),
        language,
    )


def _panel(
    data: pl.DataFrame, indicator: Indicator, countries: Sequence[str], language: str
) -> alt.Chart | alt.LayerChart:
    title = alt.Title(
        f"{indicator.property}: {indicator.symbol} {indicator.name}",
        subtitle=SENSES[indicator.sense],
        fontSize=12,
        subtitleFontSize=11,
        offset=6,
    )
    of_indicator = data.filter(pl.col("symbol") == indicator.symbol)
    measured = of_indicator.drop_nulls("value")
    if measured.is_empty():
        reason = of_indicator["reason"].to_list()[0] if of_indicator.height else "No table was given."
        words = drawing([{"text": ["not measured", reason]}], title=title, width=WIDTH, height=HEIGHT)
        marked: alt.Chart = words.mark_text(color=QUIET, lineBreak="\n", fontSize=11, limit=WIDTH).encode(text="text:N")
        return marked
    rows = measured.with_columns(
        name=pl.col("country").map_elements(lambda label: country_name(label, language), return_dtype=pl.String)
    ).to_dicts()
    names = [country_name(label, language) for label in countries]
    color = alt.Color(
        "name:N",
        sort=names,
        scale=alt.Scale(domain=names, range=list(SERIES[: len(names)])),
        title=None,
        legend=alt.Legend(orient="bottom", symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3),
    )
    base = drawing(rows, title=title, width=WIDTH, height=HEIGHT)
    when = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=5), scale=alt.Scale(zero=False, nice=False))
    scale = alt.Scale(zero=False)
    unit = "share" if indicator.unit == "1" else indicator.unit
    band = base.mark_area(opacity=0.16).encode(
        x=when, y=alt.Y("low:Q", scale=scale, title=unit), y2="high:Q", color=color
    )
    line = base.mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=18)).encode(
        x=when, y=alt.Y("value:Q", scale=scale, title=unit), color=color
    )
    return layered(band, line)


def _in_words(data: pl.DataFrame, indicator: Indicator, countries: Sequence[str], language: str) -> str:
    """From the first to the last year of each country, in a sentence."""
    of_indicator = data.filter(pl.col("symbol") == indicator.symbol).sort("year")
    measured = of_indicator.drop_nulls("value")
    head = f"{indicator.property.capitalize()} ({indicator.symbol}, {indicator.name}, {SENSES[indicator.sense]})"
    if measured.is_empty():
        return f"{head}: not measured."
    parts = []
    for label in countries:
        values = measured.filter(pl.col("country") == label)["value"].to_list()
        if values:
            path = f"{values[0]:.3g}" if len(values) == 1 else f"{values[0]:.3g} to {values[-1]:.3g}"
            parts.append(f"{country_name(label, language)} {path}")
    return f"{head}: {listed(parts)}."

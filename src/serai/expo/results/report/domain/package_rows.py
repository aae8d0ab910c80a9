"""Rows of the data package for chains, themes, properties and charts, in the order of their columns."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from serai.expo.base.text import in_language
from serai.world.measures import WORLD

type Content = dict[str, Any]
type Rows = Iterator[list[object]]


def _items(content: Content, kind: str) -> Iterator[Content]:
    return (item for part in content["parts"] for item in part.get(kind, ()))


def _nodes(content: Content, language: str) -> Rows:
    for chain in _items(content, "maps"):
        for row in chain.get("rows", ()):
            names = [chain["slug"], row["code"], *(in_language(row[key], language).text for key in ("stage", "title"))]
            about = [row["single_source"], row["grade"], row["year"], row["source"]]
            yield from ([*names, country, share, *about] for country, share in row["leaders"])


def _losses(content: Content, language: str) -> Rows:
    for chain in _items(content, "maps"):
        for end in chain.get("ends", ()):
            title = in_language(end["title"], language).text
            yield from ([chain["slug"], end["code"], title, *loss] for loss in end["losses"])


def _theme_numbers(content: Content, _language: str) -> Rows:
    for theme in _items(content, "themes"):
        told = [(WORLD, row) for row in theme["numbers"]] + list(theme["countries"].items())
        for country, row in told:
            values = [row[name] for name in ("year", "value", "low", "high")]
            yield [theme["theme"], country, theme["base"], *values, row["relatives"]]


def _theme_values(content: Content, language: str) -> Rows:
    for theme in _items(content, "themes"):
        for row in theme["indicators"]:
            about = [theme["theme"], row["key"], in_language(row["title"], language).text]
            matrix = row["matrix"]
            for country, values in matrix["values"].items():
                low, high = (matrix.get(end, {}).get(country) for end in ("low", "high"))
                for place, (year, value) in enumerate(zip(matrix["years"], values, strict=True)):
                    if value is not None:
                        ends = [low[place] if low else None, high[place] if high else None]
                        yield [*about, country, year, value, *ends, row["unit"], row["source"]]
            if row["value"] is not None:
                yield [*about, WORLD, row["year"], row["value"], None, None, row["unit"], row["source"]]


def _properties(content: Content, language: str) -> Rows:
    for properties in _items(content, "properties"):
        for row in properties["indicators"]:
            about = [properties["name"], properties["year"], row["property"], row["symbol"]]
            title = in_language(row["title"], language).text
            for country, values in row["values"].items():
                yield [*about, title, country, *values, row["unit"]]


def _charts(content: Content, language: str) -> Rows:
    for chart in _items(content, "charts"):
        title = in_language(chart["title"], language).text
        yield from ([chart["code"], title, label, value] for label, value in chart["rows"][language])


FURTHER_ROWS: Mapping[str, Callable[[Content, str], Rows]] = {
    "nodes": _nodes,
    "losses": _losses,
    "theme_numbers": _theme_numbers,
    "theme_values": _theme_values,
    "properties": _properties,
    "charts": _charts,
}
"""By the name of the table."""

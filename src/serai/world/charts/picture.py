"""A picture: a chart, the numbers in it, and what it shows in words."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast

import altair
import polars as pl
import vl_convert

type Chart = altair.Chart | altair.LayerChart | altair.HConcatChart | altair.ConcatChart

INK, QUIET, LINE, GROUND = "#1b2430", "#4f5a68", "#ded5c4", "#ffffff"
SERIES = ("#0c5460", "#9a4a06", "#653aa6", "#38701d", "#a82c57", "#23549f", "#6b5f00", "#5a4636")
"""Colours of lines and bars: contrast of at least 4.5 to 1 against white, neighbours distinct to colour-blind readers.
"""
SCALE = ("#f1ece1", "#c9dcd8", "#8fbfbf", "#4f959b", "#0c5460", "#062f37")
"""A scale from light (little) to dark (much), readable in print without colours."""

FORMATS = ("svg", "png", "html", "json", "csv", "parquet")
"""What a picture can be saved as; the last three hold its chart's specification and its data."""

FONTS = {"zh": "Noto Sans CJK SC", "ar": "Noto Sans Arabic"}
"""The font asked first for a language. If it stood second, the renderer could take its letters from another font."""

STYLE: dict[str, Any] = {
    "background": GROUND,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "fontSize": 16,
        "color": INK,
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "offset": 12,
    },
    "axis": {
        "labelColor": INK,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelLimit": 260,
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "titleFontWeight": "normal", "labelLimit": 260},
    "range": {"category": list(SERIES), "heatmap": list(SCALE), "ramp": list(SCALE)},
}


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A chart with its `data` and an `alternative`: the sentences that say what it shows. `source` is the citation.

    `language` is that of the names in it, and decides the font.
    """

    title: str
    alternative: str
    data: pl.DataFrame
    chart: Chart
    source: str = ""
    language: str = "en"

    def __repr__(self) -> str:
        return f"<Picture {self.title}: {self.alternative}>"

    def specification(self) -> dict[str, Any]:
        """The chart in Vega-Lite, with Serai's style and the alternative as its description."""
        specification: dict[str, Any] = self.chart.to_dict()
        config = specification.get("config", {}) | STYLE | {"font": ", ".join(fonts_for(self.language))}
        return specification | {"config": config, "description": self.alternative}

    def svg(self) -> str:
        """The picture as SVG. A screen reader says the title and the alternative."""
        drawn = str(vl_convert.vegalite_to_svg(self.specification()))
        head, rest = drawn.split(">", 1)
        words = f"<title>{escape(self.title)}</title><desc>{escape(self.alternative)}</desc>"
        return f'{head} role="img">{words}{rest}'

    def png(self, scale: float = 2) -> bytes:
        """The picture as PNG, with `scale` dots a pixel each way."""
        return bytes(vl_convert.vegalite_to_png(self.specification(), scale=scale))

    def html(self) -> str:
        """A page fragment without scripts: the picture, what it shows in words, and its data as a table."""
        source = f"<p><small>{escape(self.source)}</small></p>" if self.source else ""
        return (
            f"<figure>{self.svg()}<figcaption><p>{escape(self.alternative)}</p>{source}</figcaption>"
            f"<details><summary>{escape(self.title)}: {self.data.height}</summary>"
            f"{data_table(self.data)}</details></figure>"
        )

    def save(self, path: Path | str) -> None:
        """Write the picture or its data in the format that the file's name ends with.

        Raises ValueError for an ending that is none of `FORMATS`.
        """
        texts = {
            "svg": self.svg,
            "html": self.html,
            "json": lambda: json.dumps(self.specification(), ensure_ascii=False),
        }
        write_picture(Path(path), self.data, self.png, texts)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002  IPython's
        return {"image/svg+xml": self.svg(), "text/plain": f"{self.title}\n{self.alternative}"}


def drawing(rows: Iterable[Mapping[str, Any]], title: altair.Title, width: int, height: int) -> altair.Chart:
    """A chart of these rows without marks yet, of a size in pixels."""
    data = altair.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]  # Altair leaves it untyped
    return altair.Chart(data, title=title, width=width, height=height)


def layered(*charts: altair.Chart) -> altair.LayerChart:
    """Charts drawn over each other, the first at the bottom."""
    return cast(altair.LayerChart, altair.layer(*charts))


def fonts_for(language: str) -> tuple[str, ...]:
    """The fonts in which names in a language are drawn, the first that is there."""
    return tuple(dict.fromkeys([FONTS.get(language[:2], "Noto Sans"), "Noto Sans", *FONTS.values(), "sans-serif"]))


def data_table(data: pl.DataFrame) -> str:
    """The data of a picture as an HTML table."""
    header = "".join(f'<th scope="col">{escape(name)}</th>' for name in data.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(_said(value))}</td>' for value in row)}</tr>" for row in data.rows())
    return f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"


def write_picture(
    path: Path, data: pl.DataFrame, png: Callable[[], bytes], texts: Mapping[str, Callable[[], str]]
) -> None:
    """Write a picture or its data in the format that the file's name ends with; `texts` makes the others by format.

    Raises ValueError for an ending that is none of `FORMATS`.
    """
    kind = path.suffix.removeprefix(".").lower()
    if kind == "png":
        path.write_bytes(png())
    elif kind == "csv":
        data.write_csv(path)
    elif kind == "parquet":
        data.write_parquet(path)
    elif kind in texts:
        path.write_text(texts[kind](), encoding="utf-8")
    else:
        raise ValueError(f"{path} ends with none of the formats {', '.join(FORMATS)}.")


def _said(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)

"""The world as a grid of tiles: every country as large as any other, and no border drawn."""

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from serai.expo.insight.pictures.domain.svg import GAINS, QUIET, SCALE, mark, picture, text

SIZE, GAP = 27.0, 2.0
LEGEND = 46.0
EMPTY = "#f4f1ea"
STEPS = len(SCALE)
ENTRY = 62.0
"""Width of an entry of the legend."""


@cache
def grid() -> Mapping[str, tuple[int, int]]:
    """Column and row of each country's tile by alpha-2 code, from the upper left."""
    text_of_file = (files("serai.world") / "data" / "charts" / "tile_grid.csv").read_text(encoding="utf-8")
    return {row["alpha2"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(text_of_file.splitlines())}


def tile_map(values: Mapping[str, float], title: str, description: str, *, legend: str, unit: str = "%") -> str:
    """Values by alpha-2 code as SVG: losses in one scale of colours, gains, which are negative, in another.

    A tile names its country by its code, and the depth of its colour goes with the square root of its value.
    """
    columns, rows = (max(place[axis] for place in grid().values()) + 1 for axis in (0, 1))
    width, height = columns * SIZE, rows * SIZE
    most = max((abs(value) for value in values.values() if math.isfinite(value)), default=0.0)
    marks = [
        _tile(code, column * SIZE, row * SIZE, _step(values.get(code), most), values.get(code), unit)
        for code, (column, row) in grid().items()
    ]
    marks.append(_legend(height, most, legend, unit, gains=any(value < 0 for value in values.values())))
    return picture(marks, width, height + LEGEND, title, description)


def _step(value: float | None, most: float) -> int | None:
    if value is None or not math.isfinite(value) or most == 0:
        return None
    return min(STEPS - 1, int(math.sqrt(abs(value) / most) * (STEPS - 1) + 0.5))


def _tile(code: str, x: float, y: float, step: int | None, value: float | None, unit: str) -> str:
    if step is None or value is None:
        kind, fill, letters = "tile tile-empty", EMPTY, "quiet"
    elif value < 0:
        kind, fill, letters = f"tile gain-{step}", GAINS[step], "on-dark" if step > 2 else "on-light"
    else:
        kind, fill, letters = f"tile loss-{step}", SCALE[step], "on-dark" if step > 2 else "on-light"
    colour = {"quiet": QUIET, "on-dark": "#ffffff", "on-light": "#1b2430"}[letters]
    side = SIZE - GAP
    words = text(code, x + side / 2, y + side / 2 + 4, kind=letters, size=11, anchor="middle", fill=colour)
    told = mark("title", content=f"{code} {value:.3g} {unit}") if value is not None and step is not None else ""
    return mark("g", content=told + mark("rect", kind, x=x, y=y, width=side, height=side, rx=3, fill=fill) + words)


def _legend(y: float, most: float, words: str, unit: str, *, gains: bool) -> str:
    """The scale: the value of each colour, gains first."""
    bounds = [(step / (STEPS - 1)) ** 2 * most for step in range(STEPS)]
    entries = (
        [(f"gain-{step}", GAINS[step], f"\u2212{bounds[step]:.2g}") for step in range(STEPS - 1, 0, -1)]
        if gains
        else []
    )
    entries += [(f"loss-{step}", SCALE[step], f"{bounds[step]:.2g}") for step in range(STEPS)]
    marks = [text(f"{words} ({unit})", 2, y + 16, kind="quiet", size=12)]
    for place, (kind, fill, value) in enumerate(entries):
        x = 2 + place * ENTRY
        marks.append(mark("rect", f"tile {kind}", x=x, y=y + 24, width=14, height=14, fill=fill))
        marks.append(text(value, x + 18, y + 36, kind="quiet", size=11))
    return "".join(marks)

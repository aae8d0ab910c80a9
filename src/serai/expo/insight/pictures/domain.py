"""Pictures as SVG and PNG: a line chart over years, a value with its interval on a scale, the world as a grid of tiles.

Each mark has a class, by which a page colours it, and a colour of its own for when the picture stands alone. Typst sets
the PNG with the fonts that come with Serai, so that every script is complete everywhere.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from unicodedata import east_asian_width

import typst

from serai.expo.base.numbers import in_percent
from serai.expo.base.typesetting import font_folders

INK, QUIET, LINE, GROUND = "#1b2430", "#4f5a68", "#ded5c4", "#ffffff"
SERIES = ("#0c5460", "#9a4a06", "#653aa6", "#38701d", "#a82c57", "#23549f")
"""Colours of lines: at least 4.5 to 1 against white, neighbours distinct to colour-blind readers."""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 3", "4 2")
"""So that lines are told apart without colours too."""
SCALE = ("#f1ece1", "#c9dcd8", "#8fbfbf", "#4f959b", "#0c5460", "#062f37")
"""From little to much, readable in print without colours."""
GAINS = ("#f1ece1", "#f4dfc2", "#e9b97a", "#c47d2c", "#8a4b00", "#5a3000")
"""The same for what is gained where others lose."""
FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, Noto Sans CJK TC, sans-serif"
"""Of all pictures: each script finds the font in which it is complete."""


def family(words: str) -> str:
    """The font in which a text is complete, where that is not the usual one: a PNG takes no letter of a second font."""
    if any("\u0600" <= letter <= "\u06ff" for letter in words):
        return "Noto Sans Arabic"
    return "Noto Sans CJK TC" if any(letter >= "\u2e80" for letter in words) else ""


def number(value: float) -> str:
    """A coordinate, without digits that nobody sees."""
    return f"{value:.1f}".removesuffix(".0")


def mark(name: str, kind: str = "", content: str = "", **attributes: object) -> str:
    """An element with its class. An underscore in a name of an attribute stands for a hyphen."""
    given: dict[str, object] = {"class": kind} if kind else {}
    given |= {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value != ""}
    words = "".join(
        f' {key}="{escape(number(value) if isinstance(value, float) else str(value))}"' for key, value in given.items()
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def text(
    words: str, x: float, y: float, *, kind: str = "ink", size: int = 12, anchor: str = "start", **more: object
) -> str:
    """A line of text; ``kind`` is ink, quiet, or another class whose colour is given as ``fill``."""
    fill = {"fill": QUIET if kind == "quiet" else INK, "font_family": family(words)} | more
    return mark("text", kind, escape(words), x=float(x), y=float(y), font_size=size, text_anchor=anchor, **fill)


def picture(marks: Iterable[str], width: float, height: float, title: str, description: str) -> str:
    """The whole SVG: a screen reader says its title and what it shows. Left is left in every language."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" direction="ltr" font-family="{FONTS}">'
    )
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    ground = mark("rect", "ground", width=float(width), height=float(height), fill=GROUND)
    return f"{head}{words}{ground}{''.join(marks)}</svg>"


def wrapped(words: str, columns: int) -> list[str]:
    """A text in lines of at most ``columns`` half-widths, broken between words, or between ideographs."""
    lines: list[str] = []
    for word in words.split():
        wide = any(east_asian_width(letter) in "WF" for letter in word)
        for place, unit in enumerate(word if wide else [word]):
            joined = f"{lines[-1]}{' ' if place == 0 else ''}{unit}" if lines else unit
            if lines and half_widths(joined) <= columns:
                lines[-1] = joined
            else:
                lines.append(unit)
    return lines or [""]


def half_widths(words: str) -> int:
    """The width of a text in halves of an ideograph."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 14.0, 14.0, 28.0
STEPS = 4
ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Point:
    """A value of a year, with its interval where one is known."""

    year: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """The values of one subject. Years of different sources are lines of their own, and are not joined."""

    name: str
    points: tuple[Point, ...]
    place: int = 0
    """Of its colour and dashes."""


def line_chart(lines: Sequence[Line], title: str, description: str, *, percent: bool = False) -> str:
    """The lines as SVG. The axis ends at round numbers and need not begin at zero, as the values are levels."""
    points = [point for line in lines for point in line.points]
    first, last = min(point.year for point in points), max(point.year for point in points)
    ticks = round_steps(min(point.low for point in points), max(point.high for point in points))
    low, high = ticks[0], ticks[-1]

    def across(year: int) -> float:
        if first == last:
            return (LEFT + WIDTH - RIGHT) / 2
        return LEFT + (year - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    marks = [_grid(up(tick), short(tick, percent=percent)) for tick in ticks]
    years = {first, last, (first + last) // 2 if last - first > 5 else last}
    marks += [text(str(year), across(year), HEIGHT - 8, kind="quiet", anchor="middle") for year in sorted(years)]
    for line in lines:
        marks += _line(
            line, [(across(point.year), up(point.low), up(point.value), up(point.high)) for point in line.points]
        )
    return picture(marks, WIDTH, HEIGHT, title, description)


def _grid(y: float, words: str) -> str:
    rule = mark("line", "rule", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke=LINE)
    return rule + text(words, LEFT - 6, y + 4, kind="quiet", anchor="end")


def _line(line: Line, places: Sequence[tuple[float, float, float, float]]) -> list[str]:
    colour, kind = SERIES[line.place % len(SERIES)], f"series-{line.place % len(SERIES)}"
    marks: list[str] = []
    if len(places) > 1:
        upper = [f"{number(x)},{number(high)}" for x, _low, _middle, high in places]
        lower = [f"{number(x)},{number(low)}" for x, low, _middle, _high in reversed(places)]
        marks.append(mark("polygon", f"band {kind}", points=" ".join([*upper, *lower]), fill=colour, fill_opacity=0.16))
        middle = " ".join(f"{number(x)},{number(y)}" for x, _low, y, _high in places)
        dash = DASHES[line.place % len(DASHES)]
        marks.append(
            mark(
                "polyline",
                f"line {kind}",
                points=middle,
                fill="none",
                stroke=colour,
                stroke_width=2,
                stroke_dasharray=dash,
            )
        )
    for x, low, y, high in places:
        if len(places) == 1 and low != high:
            marks.append(mark("line", f"line {kind}", x1=x, x2=x, y1=low, y2=high, stroke=colour, stroke_width=2))
        marks.append(mark("circle", f"dot {kind}", cx=x, cy=y, r=2.5 if len(places) > 8 else 3.5, fill=colour))
    return marks


def round_steps(low: float, high: float) -> list[float]:
    """Some round numbers in even steps from below ``low`` to above ``high``."""
    if high - low < 1e-12 * max(1.0, abs(high)):
        spread = abs(high) * 0.1 or 1.0
        low, high = low - spread, high + spread
    rough = (high - low) / STEPS
    power = 10.0 ** (len(f"{int(rough)}") - 1) if rough >= 1 else 10.0 ** -_zeros(rough)
    step = next(factor * power for factor in ROUND if factor * power >= rough * 0.999)
    start = step * (low // step)
    count = 1
    while start + count * step < high - step * 1e-9:
        count += 1
    return [start + place * step for place in range(count + 1)]


def _zeros(value: float) -> int:
    """How many places after the point the first digit of a number below 1 stands."""
    places = 0
    while value < 1 and places < 300:
        value, places = value * 10, places + 1
    return places


def short(value: float, *, percent: bool = False) -> str:
    """A number for an axis or a label: three digits that matter; thousands, millions and the like by powers of ten."""
    if percent:
        return in_percent(f"{value * 100:.3g}")
    size = abs(value)
    for power, unit in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        if size >= 10.0**power:
            return f"{value / 10.0**power:.3g} {unit}"
    return f"{value:.3g}"


RANGE_WIDTH, RANGE_HEIGHT = 340.0, 64.0
SIDE = 24.0
AXIS = 40.0
BAND = "#d9d2c3"


@dataclass(frozen=True)
class Marked:
    """A value with its interval; ``place`` is that of its colour, and of its form."""

    value: float
    low: float
    high: float
    place: int = 0


def range_marks(
    values: Sequence[Marked], middle: tuple[float, float] | None, x: float, y: float, width: float, *, percent: bool
) -> list[str]:
    """The marks of a scale with its upper left corner at x, y; it is AXIS high with the numbers below it."""
    ends = [end for value in values for end in (value.low, value.high, value.value)] + list(middle or ())
    ticks = round_steps(min(ends), max(ends))
    low, high = ticks[0], ticks[-1]

    def across(value: float) -> float:
        return x + (value - low) / (high - low) * width

    marks = [mark("line", "rule", x1=x, x2=x + width, y1=y + 16, y2=y + 16, stroke=LINE)]
    if middle:
        marks.append(
            mark(
                "rect",
                "middle",
                x=across(middle[0]),
                y=y + 8,
                width=max(1.0, across(middle[1]) - across(middle[0])),
                height=16,
                fill=BAND,
                rx=3,
            )
        )
    for value in values:
        colour, kind, at = SERIES[value.place], f"series-{value.place}", y + 16
        if value.low != value.high:
            marks.append(
                mark(
                    "line",
                    f"line {kind}",
                    x1=across(value.low),
                    x2=across(value.high),
                    y1=at,
                    y2=at,
                    stroke=colour,
                    stroke_width=3,
                )
            )
        if value.place == 0:
            marks.append(mark("circle", f"dot {kind}", cx=across(value.value), cy=at, r=6.0, fill=colour))
        else:
            marks.append(
                mark("rect", f"dot {kind}", x=across(value.value) - 5, y=at - 5, width=10, height=10, fill=colour)
            )
    for tick, anchor in ((low, "start"), (high, "end")):
        marks.append(text(short(tick, percent=percent), across(tick), y + AXIS, kind="quiet", anchor=anchor, size=12))
    return marks


def range_chart(
    values: Sequence[Marked], middle: tuple[float, float] | None, title: str, description: str, *, percent: bool
) -> str:
    """The scale as an SVG of its own."""
    marks = range_marks(values, middle, SIDE, 4, RANGE_WIDTH - 2 * SIDE, percent=percent)
    return picture(marks, RANGE_WIDTH, RANGE_HEIGHT, title, description)


SIZE, GAP = 27.0, 2.0
LEGEND = 46.0
EMPTY = "#f4f1ea"
TILE_STEPS = len(SCALE)
ENTRY = 62.0
"""Width of an entry of the legend."""


@cache
def grid() -> Mapping[str, tuple[int, int]]:
    """Column and row of each country's tile by alpha-2 code, from the upper left."""
    text_of_file = (files("serai.world") / "data" / "charts" / "tile_grid.csv").read_text(encoding="utf-8")
    return {row["alpha2"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(text_of_file.splitlines())}


def tile_map(values: Mapping[str, float], title: str, description: str, *, legend: str) -> str:
    """Values by alpha-2 code as SVG: losses in one scale of colours, gains, which are negative, in another.

    A tile names its country by its code, and the depth of its colour goes with the square root of its value.
    """
    columns, rows = (max(place[axis] for place in grid().values()) + 1 for axis in (0, 1))
    width, height = columns * SIZE, rows * SIZE
    most = max((abs(value) for value in values.values() if math.isfinite(value)), default=0.0)
    marks = [
        _tile(code, column * SIZE, row * SIZE, _step(values.get(code), most), values.get(code))
        for code, (column, row) in grid().items()
    ]
    marks.append(_legend(height, most, legend, gains=any(value < 0 for value in values.values())))
    return picture(marks, width, height + LEGEND, title, description)


def _step(value: float | None, most: float) -> int | None:
    if value is None or not math.isfinite(value) or most == 0:
        return None
    return min(TILE_STEPS - 1, int(math.sqrt(abs(value) / most) * (TILE_STEPS - 1) + 0.5))


def _tile(code: str, x: float, y: float, step: int | None, value: float | None) -> str:
    if step is None or value is None:
        kind, fill, letters = "tile tile-empty", EMPTY, "quiet"
    elif value < 0:
        kind, fill, letters = f"tile gain-{step}", GAINS[step], "on-dark" if step > 2 else "on-light"
    else:
        kind, fill, letters = f"tile loss-{step}", SCALE[step], "on-dark" if step > 2 else "on-light"
    colour = {"quiet": QUIET, "on-dark": "#ffffff", "on-light": "#1b2430"}[letters]
    side = SIZE - GAP
    words = text(code, x + side / 2, y + side / 2 + 4, kind=letters, size=11, anchor="middle", fill=colour)
    told = mark("title", content=f"{code} {value:.3g} %") if value is not None and step is not None else ""
    return mark("g", content=told + mark("rect", kind, x=x, y=y, width=side, height=side, rx=3, fill=fill) + words)


def _legend(y: float, most: float, words: str, *, gains: bool) -> str:
    """The scale: the value of each colour, gains first."""
    bounds = [(step / (TILE_STEPS - 1)) ** 2 * most for step in range(TILE_STEPS)]
    entries = (
        [(f"gain-{step}", GAINS[step], f"\u2212{bounds[step]:.2g}") for step in range(TILE_STEPS - 1, 0, -1)]
        if gains
        else []
    )
    entries += [(f"loss-{step}", SCALE[step], f"{bounds[step]:.2g}") for step in range(TILE_STEPS)]
    marks = [text(f"{words} (%)", 2, y + 16, kind="quiet", size=12)]
    for place, (kind, fill, value) in enumerate(entries):
        x = 2 + place * ENTRY
        marks.append(mark("rect", f"tile {kind}", x=x, y=y + 24, width=14, height=14, fill=fill))
        marks.append(text(value, x + 18, y + 36, kind="quiet", size=11))
    return "".join(marks)


DOTS_AN_INCH = 144.0
PAGE = """
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def png(svg: str) -> bytes:
    """The picture with two dots a pixel."""
    made: Any = typst.compile(  # type: ignore[call-overload]  # its own types do not know a document in memory
        PAGE.encode(),
        font_paths=font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=DOTS_AN_INCH,
    )
    return bytes(made)

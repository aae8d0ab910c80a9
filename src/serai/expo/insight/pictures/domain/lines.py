"""A line chart over years, with a band for the interval of each value."""

from collections.abc import Sequence
from dataclasses import dataclass

from serai.expo.base.numbers import in_percent
from serai.expo.insight.pictures.domain.svg import DASHES, LINE, SERIES, mark, number, picture, text

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

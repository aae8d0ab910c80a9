"""A value with its interval on a scale, beside the middle half of all countries."""

from collections.abc import Sequence
from dataclasses import dataclass

from serai.expo.insight.pictures.domain.lines import round_steps, short
from serai.expo.insight.pictures.domain.svg import LINE, SERIES, mark, picture, text

WIDTH, HEIGHT = 340.0, 64.0
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
    marks = range_marks(values, middle, SIDE, 4, WIDTH - 2 * SIDE, percent=percent)
    return picture(marks, WIDTH, HEIGHT, title, description)

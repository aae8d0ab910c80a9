"""The chain map as a drawing: boxes in columns of stages, curves from supplier to user. Pure geometry, in pixels."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BOX_WIDTH = 150
LINE_HEIGHT = 16
BOX_PADDING = 10
GAP_X = 44
GAP_Y = 14
HEAD = 44
MARGIN = 16
CHARACTERS_A_LINE = 20


@dataclass(frozen=True)
class Box:
    """A node: its corner, size, and title in lines that fit."""

    code: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def label_lines(self) -> list[tuple[float, str]]:
        """Each line of the title with the height of its baseline."""
        return [(self.y + BOX_PADDING + LINE_HEIGHT * (n + 0.75), line) for n, line in enumerate(self.lines)]

    @property
    def count_y(self) -> float:
        return self.y + BOX_PADDING + LINE_HEIGHT * (len(self.lines) + 0.75)


@dataclass(frozen=True)
class Drawing:
    """A chain map: stages as columns (centre, title), nodes as boxes, edges as paths."""

    width: float
    height: float
    columns: tuple[tuple[float, str], ...]
    boxes: Mapping[str, Box]
    edges: tuple[str, ...]


def draw(
    stages: Sequence[tuple[str, str]],
    nodes: Sequence[tuple[str, str, str]],
    edges: Iterable[tuple[str, str]],
    *,
    right_to_left: bool = False,
) -> Drawing:
    """Draw ``stages`` (code, title), ``nodes`` (code, stage, title) and ``edges`` (supplier, user).

    Nodes keep to the column of their stage; within it they stand near the average height of what they are joined to
    (barycentre heuristic, Sugiyama et al. 1981), which keeps the curves from crossing more than they must.
    """
    edges = list(edges)
    order = _ordered([code for code, _title in stages], nodes, edges)
    lines = {code: wrapped(title) for code, _stage, title in nodes}
    heights = {code: 2 * BOX_PADDING + LINE_HEIGHT * (len(lines[code]) + 1) for code in lines}
    tall = max((sum(heights[code] + GAP_Y for code in column) for column in order.values()), default=0)
    width = 2 * MARGIN + len(stages) * BOX_WIDTH + max(len(stages) - 1, 0) * GAP_X
    boxes: dict[str, Box] = {}
    columns: list[tuple[float, str]] = []
    for number, (stage, title) in enumerate(stages):
        x = MARGIN + number * (BOX_WIDTH + GAP_X)
        x = width - x - BOX_WIDTH if right_to_left else x
        columns.append((x + BOX_WIDTH / 2, title))
        y = HEAD + (tall - sum(heights[code] + GAP_Y for code in order[stage])) / 2
        for code in order[stage]:
            boxes[code] = Box(code, x, y, BOX_WIDTH, heights[code], lines[code])
            y += heights[code] + GAP_Y
    paths = tuple(_curve(boxes[supplier], boxes[user], right_to_left) for supplier, user in edges)
    return Drawing(width, HEAD + tall + MARGIN, tuple(columns), boxes, paths)


def _ordered(
    stages: Sequence[str], nodes: Sequence[tuple[str, str, str]], edges: Sequence[tuple[str, str]]
) -> dict[str, list[str]]:
    """The nodes of each column from top to bottom."""
    order = {stage: [code for code, at, _title in nodes if at == stage] for stage in stages}
    joined: dict[str, list[str]] = {code: [] for code, _stage, _title in nodes}
    for supplier, user in edges:
        joined[supplier].append(user)
        joined[user].append(supplier)
    for sweep in range(8):
        for stage in stages if sweep % 2 == 0 else reversed(stages):
            place = {code: (n + 0.5) / len(column) for column in order.values() for n, code in enumerate(column)}
            order[stage].sort(
                key=lambda code: (
                    sum(place[other] for other in joined[code]) / len(joined[code]) if joined[code] else place[code]
                )
            )
    return order


def _curve(supplier: Box, user: Box, right_to_left: bool) -> str:
    """A curve from the supplier's trailing side to the user's leading side; within a column it swings outside."""
    way = -1 if right_to_left else 1
    start_x = supplier.centre + way * supplier.width / 2
    start_y = supplier.y + supplier.height / 2
    end_y = user.y + user.height / 2
    if supplier.x == user.x:
        swing, fall = way * 34, end_y - start_y
        return f"M{start_x:.0f} {start_y:.0f}c{swing:.0f} 0 {swing:.0f} {fall:.0f} 0 {fall:.0f}"
    end_x = user.centre - way * user.width / 2
    bend = way * max(abs(end_x - start_x) / 2, 28)
    points = (start_x + bend, start_y, end_x - bend, end_y, end_x, end_y)
    return f"M{start_x:.0f} {start_y:.0f}C" + " ".join(f"{point:.0f}" for point in points)


def text_width(text: str) -> int:
    """The width of a text in columns of half an ideograph."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, columns: int = CHARACTERS_A_LINE) -> tuple[str, ...]:
    """The text in lines of at most ``columns`` half-widths, broken between words, or between ideographs."""
    units: list[str] = []
    for word in text.split():
        if text_width(word) > len(word):
            units += [*word[:1], *word[1:]]
            units[-len(word)] = " " + word[0] if len(units) > len(word) else word[0]
        else:
            units.append(" " + word if units else word)
    lines: list[str] = []
    for unit in units:
        if lines and text_width(lines[-1] + unit) <= columns:
            lines[-1] += unit
        else:
            lines.append(unit.strip())
    return tuple(lines) or ("",)

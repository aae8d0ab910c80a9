"""The map of a chain as a screen shows it: a column for each stage, and one number in each box.

It is the map of the chain's page (``insight/supply``), in the same order and colours. Its titles would be too small to
read from ten metres. So its boxes stand evenly and hold the number of exhibitors alone; the slide
tells the rest in words.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from serai.expo.insight.supply.domain.chain_map import Box, ChainMap

CAPITAL = 0.72
"""Height of a digit, as a part of the size of its letters."""
BOX_HEIGHT = 0.82
"""Part of a row's height that a box takes at most."""
TALLEST = 2.2
"""Height of a box, at most, in the size of its letters."""


@dataclass(frozen=True)
class Place:
    """Where a map is shown: its width and height and the size of its letters in points of the screen, and the part of a
    column's width that a box takes."""

    key: str
    width: float
    height: float
    letters: float
    box: float


WIDE = Place("wide", 1180, 720, letters=37, box=0.66)
"""Beside the words, on a screen of 1920 x 1080."""
TALL = Place("tall", 984, 860, letters=64, box=0.82)
"""Above the words, on a screen of 1080 x 1920."""
PLACES = (WIDE, TALL)


@dataclass(frozen=True)
class StageBox:
    """A node: its corner and size, and its number with the middle of its baseline."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    baseline: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def words(self) -> str:
        """How many exhibitors offer it; a dash where nobody does."""
        return str(self.box.place.exhibitors or "–")


@dataclass(frozen=True)
class StageMap:
    """A map to be drawn in its place, in the reader's direction."""

    place: Place
    boxes: Sequence[StageBox]
    edges: Sequence[str]


def stage_map(drawn: ChainMap, place: Place) -> StageMap:
    """The map with its columns and the boxes of each column at even distances."""
    columns: dict[float, list[Box]] = defaultdict(list)
    for box in drawn.boxes:
        columns[box.x].append(box)
    most = max(map(len, columns.values()), default=1)
    across, down = place.width / max(len(columns), 1), place.height / most
    height = min(down * BOX_HEIGHT, place.letters * TALLEST)
    boxes = []
    for number, x in enumerate(sorted(columns)):
        column = sorted(columns[x], key=lambda box: box.y)
        for row, box in enumerate(column):
            centre = place.height / 2 + down * (row - (len(column) - 1) / 2)
            boxes.append(
                StageBox(
                    box=box,
                    x=across * (number + (1 - place.box) / 2),
                    y=centre - height / 2,
                    width=across * place.box,
                    height=height,
                    baseline=centre + place.letters * CAPITAL / 2,
                )
            )
    by_code = {box.box.code: box for box in boxes}
    ends = ((by_code.get(edge.supplier), by_code.get(edge.user)) for edge in drawn.edges)
    return StageMap(place, boxes, [_path(supplier, user) for supplier, user in ends if supplier and user])


def _path(supplier: StageBox, user: StageBox) -> str:
    """From the side of the supplier that faces the user; within a column, around it."""
    if supplier.x == user.x:
        side, swing = supplier.x + supplier.width, supplier.x + supplier.width * 1.25
        return _curve(side, supplier.centre, swing, side, user.centre)
    forwards = supplier.x < user.x
    start = supplier.x + (supplier.width if forwards else 0)
    end = user.x + (0 if forwards else user.width)
    return _curve(start, supplier.centre, (start + end) / 2, end, user.centre)


def _curve(start: float, top: float, bend: float, end: float, bottom: float) -> str:
    return f"M{start:.0f} {top:.0f}C{bend:.0f} {top:.0f} {bend:.0f} {bottom:.0f} {end:.0f} {bottom:.0f}"

"""The map of a chain as a screen shows it: stretched to fill its place, with one number in each box.

It is the map of the chain's page (``insight/supply``). Its titles would be too small to read from ten metres, so that a
box has the number of exhibitors alone, and the slide tells the rest in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from serai.expo.insight.supply.domain.chain_map import Box, ChainMap

MARGIN = 12.0
"""Room around the boxes, in the units of the map."""


CAPITAL = 0.72
"""Height of a digit, as a part of the size of its letters."""


@dataclass(frozen=True)
class Place:
    """Where a map is shown: its width and height, and the size of its letters, in points of a screen of 1080 lines."""

    key: str
    width: float
    height: float
    letters: float


WIDE = Place("wide", 1180, 690, 37)
"""Beside the words, on a screen of 1920 x 1080."""
TALL = Place("tall", 984, 800, 58)
"""Above the words, on a screen of 1080 x 1920, half of whose boxes are as narrow as two digits."""
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
    def words(self) -> str:
        """How many exhibitors offer it; a dash where nobody does."""
        return str(self.box.place.exhibitors or "–")


@dataclass(frozen=True)
class StageMap:
    """A map to be drawn in its place. The edges are in the units of the chain's map, and moved by ``transform``."""

    place: Place
    boxes: Sequence[StageBox]
    edges: Sequence[str]
    transform: str


def stage_map(drawn: ChainMap, place: Place, *, mirrored: bool = False) -> StageMap:
    """The map, stretched over its place from the top of its boxes to their end."""
    top = min((box.y for box in drawn.boxes), default=0.0) - MARGIN
    across = place.width / drawn.width
    down = place.height / max(drawn.height - top, 1.0)
    turned = f"translate({place.width:.1f} 0) scale(-1 1) " if mirrored else ""
    return StageMap(
        place=place,
        boxes=[
            StageBox(
                box=box,
                x=box.x * across,
                y=(box.y - top) * down,
                width=box.width * across,
                height=box.height * down,
                baseline=(box.y - top + box.height / 2) * down + place.letters * CAPITAL / 2,
            )
            for box in drawn.boxes
        ],
        edges=[edge.path for edge in drawn.edges],
        transform=f"{turned}scale({across:.4f} {down:.4f}) translate(0 {-top:.1f})",
    )

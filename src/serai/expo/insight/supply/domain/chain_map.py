"""The map of a chain as a page draws it: the stored layout, in the reader's language, with one layer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serai.expo.base.text import in_language
from serai.expo.insight.supply.domain.layouts import HEAD_PAD, LINE_HEIGHT
from serai.expo.insight.supply.domain.map_layers import ChainFacts, Layer
from serai.expo.offers.chains.domain.chain_maps import NodeStanding
from serai.expo.offers.chains.models import Stage
from serai.world import chains


@dataclass(frozen=True)
class Box:
    """A node on the map: its corner and size, its lines with their baselines, and what its layer tells."""

    place: NodeStanding
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]
    figure: str
    figure_y: float
    step: int
    is_single_source: bool
    is_chosen: bool
    is_near: bool

    @property
    def code(self) -> str:
        return self.place.node.code

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Line:
    """An edge of the map: who supplies whom, its path, and whether it leads to or from the chosen node."""

    supplier: str
    user: str
    path: str
    is_near: bool


@dataclass(frozen=True)
class Column:
    """The heading of a stage: its middle and its lines with their baselines."""

    x: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class ChainMap:
    """A map to be drawn. From right to left, edges and marks are mirrored by the page, all else is already."""

    width: float
    height: float
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Line, ...]
    marks: tuple[tuple[float, float], ...]


def chain_map(
    layout: Mapping[str, Any],
    stages: Iterable[Stage | chains.Stage],
    facts: ChainFacts,
    layer: Layer,
    *,
    chosen: str = "",
    right_to_left: bool = False,
) -> ChainMap:
    """The map with a layer. What the layout does not know, as it is of a moment ago, is left out.

    A layout that an earlier version has stored names no height of a line; until it is made anew, its lines are as they
    were.
    """
    width, lines_of, line_height = layout["width"], layout["lines"], layout.get("line", LINE_HEIGHT)

    def x(left: float, size: float = 0.0) -> float:
        return width - left - size if right_to_left else left

    edges = [(supplier, user, path) for supplier, user, path in layout["edges"]]
    near = {end for supplier, user, _path in edges if chosen in (supplier, user) for end in (supplier, user)}
    boxes = []
    for code, (left, top, wide, high) in layout["boxes"].items():
        if code not in facts.places:
            continue
        place = facts.places[code]
        label = layer.tell(facts, code)
        lines = _lines(str(in_language(place.node.title)), lines_of)
        first = top + (high - line_height * (len(lines) + 1)) / 2 + line_height * 0.75
        boxes.append(
            Box(
                place=place,
                x=x(left, wide),
                y=top,
                width=wide,
                height=high,
                lines=tuple((first + line_height * number, line) for number, line in enumerate(lines)),
                figure=label.words,
                figure_y=first + line_height * len(lines),
                step=label.step,
                is_single_source=bool(facts.world.get(code, {}).get("single_source")),
                is_chosen=code == chosen,
                is_near=code in near,
            )
        )
    titles = {stage.code: str(in_language(stage.title)) for stage in stages}
    columns = tuple(
        Column(x(middle), tuple((HEAD_PAD + line_height * (n + 0.75), text) for n, text in enumerate(lines)))
        for stage, middle in layout["columns"]
        for lines in [_lines(titles.get(stage, ""), lines_of)]
    )
    return ChainMap(
        width=width,
        height=layout["height"],
        columns=columns,
        boxes=tuple(boxes),
        edges=tuple(Line(supplier, user, path, chosen in (supplier, user)) for supplier, user, path in edges),
        marks=tuple((left, top) for left, top in layout["marks"]),
    )


def _lines(text: str, lines_of: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return lines_of.get(text) or [text]

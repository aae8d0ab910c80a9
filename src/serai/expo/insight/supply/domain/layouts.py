"""Where the nodes of a chain stand on its map: a column for each stage, and the order with the fewest crossings.

The layered layout is the world's (`serai.world.charts.layered`). On a screen it holds for every language: a box has the
height of the longest of its titles. On paper it is of one language, as its letters are the larger the smaller the map.
Lengths are in pixels of a map at its natural size, from left to right.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from django.conf import settings

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.networks import document_of, fingerprint_of_chain
from serai.expo.insight.supply.domain.stored_results import result
from serai.world import chains as world
from serai.world.progress import Progress

KIND = "chain-layout"
"""World-wide, by the slug of a chain."""
PAPER = "chain-layout-paper"
"""World-wide, by the slug of a chain: its layout on paper by language."""

TEXT, LINE_HEIGHT = 14.0, 19.0
"""Size of the text, which is never smaller on a map, and what a line takes."""
BOX, PAD = 178.0, 9.0
"""Width of a box, and the room around its text."""
FIGURES = 1
"""Lines of a box below its title."""
COLUMN_GAP, GAP, LANE = 66.0, 13.0, 7.0
PAPER_BOXES = (145.0, 155.0, 170.0, 185.0, 200.0, 220.0, 240.0)
"""Widths of a box on paper, of which the one with the largest letters is taken."""
SHEETS = ((277.0, 165.0), (190.0, 248.0))
"""Room of a map on a sheet of A4 that is turned, and of one that is not: width and height in mm."""
MARGIN, HEAD_PAD = 18.0, 16.0
SWING = 30.0
"""How far an edge between two nodes of one column swings out."""
MARK = 6.0
"""Radius of the mark of inputs of which any one serves."""


@result(KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key), version=2)
def chain_layout(_edition: Edition | None, slug: str, progress: Progress) -> dict[str, Any]:
    """What a page draws: ``width`` and ``height``; ``columns`` (stage, middle); ``boxes`` (x, y, width, height) by
    code, column by column from top to bottom; ``edges`` (supplier, user, path); ``marks`` (x, y) where any one of
    several inputs serves; the ``lines`` in which each title fits, and what a ``line`` takes."""
    progress("", 0.1)
    return layout_of(document_of(slug))


def layout_of(chain: world.Chain) -> dict[str, Any]:
    """The same of a chain at hand."""
    return _Drawing(chain, Room(), lambda title: title.values()).drawn()


@result(PAPER, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def paper_layouts(_edition: Edition | None, slug: str, progress: Progress) -> dict[str, dict[str, Any]]:
    """The same for a sheet of A4, by language."""
    chain, layouts = document_of(slug), {}
    for number, (language, _name) in enumerate(settings.LANGUAGES):
        progress("", number / len(settings.LANGUAGES))
        layouts[language] = paper_layout_of(chain, language)
    return layouts


def paper_layout_of(chain: world.Chain, language: str) -> dict[str, Any]:
    """The same of a chain at hand: of the layouts with wider and with narrower boxes that with the largest letters."""
    from serai.world.charts.text_lines import text_width, unbreakable

    said = partial(_said, language)
    words = [word for node in chain.nodes for text in said(node.title) for word in unbreakable(text)]
    least = max((text_width(word, TEXT) for word in words), default=0.0) + 2 * CLOSE.pad
    wide = [max(PAPER_BOXES[0], least), *(box for box in PAPER_BOXES[1:] if box > least)]
    return max((_Drawing(chain, replace(CLOSE, box=box), said).drawn() for box in wide), key=letters_on_paper)


def letters_on_paper(layout: Mapping[str, Any]) -> float:
    """How high the letters of a map are in mm where it fills a sheet of A4."""
    map_width, map_height = float(layout["width"]), float(layout["height"])
    return TEXT * max(min(width / map_width, height / map_height) for width, height in SHEETS)


def _said(language: str, title: Mapping[str, str]) -> Iterable[str]:
    return [str(in_language(title, language))]


@dataclass(frozen=True)
class Room:
    """How wide boxes are, the room around their text, what a line and a lane take, the room between two columns and two
    boxes, that around the map, and how far an edge within a column swings out."""

    box: float = BOX
    pad: float = PAD
    line: float = LINE_HEIGHT
    lane: float = LANE
    column_gap: float = COLUMN_GAP
    gap: float = GAP
    margin: float = MARGIN
    swing: float = SWING


CLOSE = Room(pad=4.0, line=16.0, lane=2.0, column_gap=20.0, gap=4.0, margin=4.0, swing=14.0)
"""On paper: everything else is close, so that letters are large."""


class _Drawing:
    """A chain while its map is drawn, with the texts that may stand for a title."""

    def __init__(self, chain: world.Chain, room: Room, texts: Callable[[Mapping[str, str]], Iterable[str]]) -> None:
        from serai.world.charts.layered import layout  # with it come the libraries of all charts, which no page needs
        from serai.world.charts.text_lines import wrapped

        self.chain, self.room, self.texts = chain, room, texts
        used = [stage for stage in chain.stages if any(node.stage == stage.code for node in chain.nodes)]
        self.stages = used
        number = {stage.code: place for place, stage in enumerate(used)}
        self.column = [number[node.stage] for node in chain.nodes]
        self.place = {node.code: place for place, node in enumerate(chain.nodes)}
        titles = [*(stage.title for stage in used), *(node.title for node in chain.nodes)]
        self.lines = {text: wrapped(text, room.box - 2 * room.pad, TEXT) for title in titles for text in texts(title)}
        heights = [room.line * (self._most_lines(node.title) + FIGURES) + 2 * room.pad for node in chain.nodes]
        edges = [(self.place[supplier], self.place[user]) for supplier, user in chain.edges]
        self.forward = [edge for edge in edges if self.column[edge[0]] < self.column[edge[1]]]
        self.others = [edge for edge in edges if self.column[edge[0]] >= self.column[edge[1]]]
        self.layout = layout(len(heights), self.forward, heights, gap=room.gap, lane=room.lane, layer=self.column)
        self.head = HEAD_PAD + room.line * max((self._most_lines(stage.title) for stage in used), default=1) + HEAD_PAD

    def _most_lines(self, title: Mapping[str, str]) -> int:
        return max((len(self.lines[text]) for text in self.texts(title)), default=1)

    def x(self, column: int) -> float:
        """The left side of a column."""
        return self.room.margin + column * (self.room.box + self.room.column_gap)

    def y(self, vertex: int) -> float:
        return self.head + float(self.layout.y[vertex])

    def drawn(self) -> dict[str, Any]:
        bottom = float((self.layout.y + self.layout.height / 2).max(initial=0))
        swings = (
            self.room.swing
            if any(self.column[a] == self.column[b] == len(self.stages) - 1 for a, b in self.others)
            else 0
        )
        ports, marks = self._ports()
        boxes = {}
        for vertices in self.layout.order:
            for vertex in vertices:
                if not self.layout.vertices[vertex].is_lane:
                    height = float(self.layout.height[vertex])
                    corner = (round(self.x(self.column[vertex]), 1), round(self.y(vertex) - height / 2, 1))
                    boxes[self.chain.nodes[vertex].code] = (*corner, self.room.box, height)
        return {
            "width": round(self.x(len(self.stages) - 1) + self.room.box + swings + self.room.margin),
            "height": round(self.head + bottom + self.room.margin),
            "columns": [(stage.code, self.x(place) + self.room.box / 2) for place, stage in enumerate(self.stages)],
            "boxes": boxes,
            "edges": [
                (self.chain.nodes[supplier].code, self.chain.nodes[user].code, self._path(supplier, user, ports))
                for supplier, user in (*self.forward, *self.others)
            ],
            "marks": [(round(x, 1), round(y, 1)) for x, y in marks],
            "lines": self.lines,
            "line": self.room.line,
        }

    def _ports(self) -> tuple[Mapping[tuple[int, int], float], Sequence[tuple[float, float]]]:
        """By (supplier, user) the height at which an edge reaches its user, and the marks of groups.

        Inputs of which any one serves reach their user at one point, which is marked.
        """
        by_user: dict[int, list[list[int]]] = defaultdict(list)
        for requirement in self.chain.groups:
            user = self.place[requirement.user]
            members = [self.place[member] for member in requirement.members]
            if forward := [member for member in members if self.column[member] < self.column[user]]:
                by_user[user].append(forward)
        ports: dict[tuple[int, int], float] = {}
        marks = []
        for user, groups in by_user.items():
            ranked = sorted(groups, key=lambda group: sum(self._before(m, user) for m in group) / len(group))
            height = float(self.layout.height[user])
            for number, group in enumerate(ranked):
                at = self.y(user) - height / 2 + height * (number + 1) / (len(ranked) + 1)
                ports.update(((member, user), at) for member in group)
                if len(group) > 1:
                    marks.append((self.x(self.column[user]) - MARK - 3, at))
        return ports, marks

    def _before(self, supplier: int, user: int) -> float:
        """The height from which an edge comes to its user."""
        return self.y(self.layout.path[supplier, user][-2])

    def _path(self, supplier: int, user: int, ports: Mapping[tuple[int, int], float]) -> str:
        """An edge: curves in the gaps between columns, straight lines in lanes that are free of boxes."""
        if self.column[supplier] >= self.column[user]:
            return self._swing(supplier, user)
        way = self.layout.path[supplier, user]
        x, y = self.x(self.column[supplier]) + self.room.box, self.y(supplier)
        path = f"M{x:.0f} {y:.1f}"
        for _before, vertex in pairwise(way):
            to_x = self.x(self.layout.vertices[vertex].layer)
            to_y = ports[supplier, user] if vertex == user else self.y(vertex)
            middle = (x + to_x) / 2
            path += f"C{middle:.0f} {y:.1f} {middle:.0f} {to_y:.1f} {to_x:.0f} {to_y:.1f}"
            x, y = to_x, to_y
            if vertex != user:
                path += f"h{self.room.box:.0f}"
                x += self.room.box
        return path

    def _swing(self, supplier: int, user: int) -> str:
        """An edge within a column, or to an earlier one: out of the supplier's far side, and back to the user's."""
        start_x, end_x = (self.x(self.column[vertex]) + self.room.box for vertex in (supplier, user))
        out = max(start_x, end_x) + self.room.swing
        return (
            f"M{start_x:.0f} {self.y(supplier):.1f}C{out:.0f} {self.y(supplier):.1f} {out:.0f} {self.y(user):.1f} "
            f"{end_x:.0f} {self.y(user):.1f}"
        )

"""A map of a supply network: every node with its largest maker, who supplies whom, groups of which any member serves.

Text is never cut and never lies on anything: boxes are as high as their lines, and edges run in the gaps between the
columns or in lanes that are kept free.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import vl_convert

from serai.world.arrays import Array
from serai.world.charts.layered import Layout, layout
from serai.world.charts.names import country_name
from serai.world.charts.picture import GROUND, INK, LINE, QUIET, SCALE, SERIES, data_table, fonts_for, write_picture
from serai.world.charts.text_lines import text_width, unbreakable, wrapped
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.stoppage import Stoppage

HEADLINE, TEXT, SMALL = 17, 13.0, 12.0
"""Sizes of text in px: of the whole, titles, and all else. Nothing is smaller."""

LINE_HEIGHT = 16.0
BOX, PAD = 172.0, 8.0
"""Width of a box and room around its text."""

COLUMN_GAP, GAP, LANE = 76.0, 12.0, 7.0
MARGIN, HEAD = 20.0, 74.0
GROUP = 9.0
"""Radius of the mark of a group."""

STEPS = (0.15, 0.3, 0.5, 0.7)
"""Where the colours of a share change."""


@dataclass(frozen=True)
class Readability:
    """By what a map is said to be readable: see docs/method/supply.md."""

    nodes: int
    edges: int
    crossings: int
    crossings_at_first: int
    overlaps: int
    edges_over_boxes: int
    smallest_text: float
    cut_texts: int
    width: float
    height: float


@dataclass(frozen=True, eq=False, repr=False)
class ChainMap:
    """A drawn map with its `data`, one row a node, and what it shows in words."""

    title: str
    alternative: str
    data: pl.DataFrame
    drawing: str
    readability: Readability

    def __repr__(self) -> str:
        return f"<ChainMap {self.title}: {self.alternative}>"

    def svg(self) -> str:
        """The map as SVG."""
        return self.drawing

    def png(self, scale: float = 1) -> bytes:
        """The map as PNG, with `scale` dots a pixel each way."""
        return bytes(vl_convert.svg_to_png(self.drawing, scale=scale))

    def html(self) -> str:
        """A page fragment without scripts: the map, and its data as a table."""
        return (
            f"<figure>{self.drawing}<figcaption>{escape(self.alternative)}</figcaption>"
            f"<details><summary>{escape(self.title)}</summary>{data_table(self.data)}</details></figure>"
        )

    def save(self, path: Path | str) -> None:
        """Write the map or its data in the format that the file's name ends with. Raises ValueError for another."""
        texts = {
            "svg": self.svg,
            "html": self.html,
            "json": lambda: json.dumps(self.data.to_dicts(), ensure_ascii=False),
        }
        write_picture(Path(path), self.data, self.png, texts)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002  IPython's
        return {"image/svg+xml": self.drawing, "text/plain": f"{self.title}\n{self.alternative}"}


def chain_map(network: SupplyNetwork, stoppage: Stoppage | None = None, *, language: str = "en") -> ChainMap:
    """The map of a chain: colour is the share of the largest maker, or what a stoppage takes of the node.

    Raises LookupError for an unknown language.
    """
    return _Map(network, stoppage, language).drawn()


class _Map:
    """One map while it is drawn."""

    def __init__(self, network: SupplyNetwork, stoppage: Stoppage | None, language: str) -> None:
        self.network, self.stoppage, self.language = network, stoppage, language
        self.right_to_left = language.startswith("ar")
        place = {code: number for number, code in enumerate(network.nodes)}
        self.edges = [(place[supplier], place[user]) for supplier, user in network.chain.edges]
        words = [word for node in range(network.n) for word in unbreakable(self._title(node))]
        self.width = max([BOX, *(text_width(word, TEXT) + 2 * PAD for word in words)])
        self.lines = [self._lines(node) for node in range(network.n)]
        heights = [LINE_HEIGHT * len(lines) + 2 * PAD for lines in self.lines]
        self.layout: Layout = layout(network.n, self.edges, heights, gap=GAP, lane=LANE)

    def _title(self, node: int) -> str:
        title = self.network.chain.nodes[node].title
        return title.get(self.language) or title.get("en") or next(iter(title.values()), self.network.nodes[node])

    @cached_property
    def values(self) -> Array:
        """What colours each node, (n,)."""
        return self.network.concentration.first if self.stoppage is None else self.stoppage.lost[1]

    def _lines(self, node: int) -> list[tuple[str, float]]:
        """The lines of a box with their sizes: its title, then its figure."""
        room = self.width - 2 * PAD
        title = [(line, TEXT) for line in wrapped(self._title(node), room, TEXT)]
        return title + [(line, SMALL) for line in wrapped(self._figure(node), room, SMALL)]

    def _figure(self, node: int) -> str:
        if self.stoppage is not None:
            low, high = self.stoppage.lost[:, node]
            told = f"{low:.0%}" if round(low, 2) == round(high, 2) else f"{low:.0%} to {high:.0%}"
            return f"{told} missing" if high > 0 else "goes on"
        grade = self.network.grades[node].value
        largest = int(self.network.concentration.largest[node])
        if largest < 0:
            return "makers not known"
        name = country_name(self.network.countries[largest], self.language)
        return f"{name} {self.network.concentration.first[node]:.0%} ({grade})"

    # Places

    def x(self, layer: int) -> float:
        """The left side of a column."""
        return MARGIN + layer * (self.width + COLUMN_GAP)

    def y(self, vertex: int) -> float:
        return HEAD + float(self.layout.y[vertex])

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole, the title and the legend above the columns included."""
        bottom = float((self.layout.y + self.layout.height / 2).max())
        columns = self.x(self.layout.layers - 1) + self.width
        title = MARGIN + text_width(self.words[0], HEADLINE)
        return max(columns, title, self.legend[1]) + MARGIN, HEAD + bottom + MARGIN

    @cached_property
    def ports(self) -> Mapping[tuple[int, int], tuple[float, float, bool]]:
        """By (user, group): where the edges of the group reach its user, and whether any of several serves."""
        groups, ports = self.network.groups, {}
        for user in range(self.network.n):
            ranked = sorted(
                self.network.groups_of[user].tolist(),
                key=lambda group: float(
                    np.mean([self.y(self._before(int(m), user)) for m in groups.member[groups.members(group)]])
                ),
            )
            height = float(self.layout.height[user])
            for number, group in enumerate(ranked):
                at = self.y(user) - height / 2 + height * (number + 1) / (len(ranked) + 1)
                several = int(groups.start[group + 1] - groups.start[group]) > 1
                ports[user, int(group)] = (self.x(self.layout.vertices[user].layer), at, several)
        return ports

    def _before(self, member: int, user: int) -> int:
        return self.layout.path[member, user][-2]

    # Drawing

    def drawn(self) -> ChainMap:
        width, height = self.size
        family = ", ".join(f"'{font}'" if " " in font else font for font in fonts_for(self.language))
        title, alternative = self.words
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img" font-family="{escape(family)}" fill="{INK}">'
        )
        parts = [
            head,
            f"<title>{escape(title)}</title><desc>{escape(alternative)}</desc>",
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="{GROUND}"/>',
            f'<text x="{MARGIN}" y="28" font-size="{HEADLINE}" font-weight="600">{escape(title)}</text>',
            self.legend[0],
            *self._edges(),
            *self._marks(),
            *(self._box(node) for node in range(self.network.n)),
            "</svg>",
        ]
        return ChainMap(title, alternative, self._data(), "".join(parts), self._readability())

    @cached_property
    def words(self) -> tuple[str, str]:
        """The title, and what the map shows in words."""
        network = self.network
        name = network.chain.title.get(self.language) or network.chain.title.get("en", network.chain.slug)
        if self.stoppage is not None:
            ends = ", ".join(
                f"{self._title(node)} {self.stoppage.lost[1, node]:.0%}"
                for node in network.ends
                if self.stoppage.lost[1, node] > 0
            )
            return f"{name}: {self.stoppage.name} stops", f"Missing of the end nodes: {ends or 'nothing'}."
        single = [self._title(node) for node in np.flatnonzero(network.single_sources).tolist()]
        told = f"One country makes 70 % or more of {', '.join(single)}." if single else "No single source is known."
        return name, f"{network.n} nodes and {len(self.edges)} edges. {told}"

    @cached_property
    def legend(self) -> tuple[str, float]:
        """The drawing of the legend, and where it ends."""
        words = "share of the largest maker" if self.stoppage is None else "missing of the world's supply, high end"
        bounds = ["0", *(f"{step:.0%}" for step in STEPS), ""]
        parts = [f'<text x="{MARGIN}" y="52" font-size="{SMALL}" fill="{QUIET}">{words}</text>']
        x = MARGIN + text_width(words, SMALL) + 16
        for number in range(len(STEPS) + 1):
            label = f"{bounds[number]} to {bounds[number + 1]}" if bounds[number + 1] else f"{bounds[number]} or more"
            parts.append(f'<rect x="{x:.1f}" y="41" width="14" height="14" fill="{SCALE[number]}" stroke="{QUIET}"/>')
            parts.append(f'<text x="{x + 19:.1f}" y="52" font-size="{SMALL}">{label}</text>')
            x += 19 + text_width(label, SMALL) + 18
        label = "any of these serves"
        parts.append(self._mark(x + GROUP, 48))
        parts.append(f'<text x="{x + 2 * GROUP + 6:.1f}" y="52" font-size="{SMALL}">{label}</text>')
        x += 2 * GROUP + 6 + text_width(label, SMALL) + 18
        parts.append(
            f'<rect x="{x:.1f}" y="41" width="14" height="14" fill="none" stroke="{SERIES[1]}" stroke-width="3"/>'
        )
        label = "single source"
        parts.append(f'<text x="{x + 20:.1f}" y="52" font-size="{SMALL}">{label}</text>')
        return "".join(parts), x + 20 + text_width(label, SMALL)

    def _edges(self) -> list[str]:
        """The edges: curves in the gaps, straight lines in the lanes; a shared lane is drawn once."""
        groups = self.network.groups
        drawn: dict[str, None] = {}
        for place, member in enumerate(groups.member.tolist()):
            group = int(groups.group_of_member[place])
            user = int(groups.user[group])
            way = self.layout.path[member, user]
            for left, right in pairwise(way):
                start = self.x(self.layout.vertices[left].layer) + self.width, self.y(left)
                if right == user:
                    x, y, several = self.ports[user, group]
                    end = (x - 2 * GROUP - 6 if several else x), y
                else:
                    end = self.x(self.layout.vertices[right].layer), self.y(right)
                dashed = ' stroke-dasharray="5 4"' if not groups.critical[group] else ""
                drawn[f'<path d="{_curve(start, end)}"{dashed}/>'] = None
                if right != user:
                    x = self.x(self.layout.vertices[right].layer)
                    drawn[f'<path d="M{x:.1f} {self.y(right):.1f}h{self.width:.1f}"/>'] = None
        return [f'<g fill="none" stroke="{QUIET}" stroke-opacity=".55" stroke-width="1.4">', *drawn, "</g>"]

    def _marks(self) -> list[str]:
        marks = []
        for x, y, several in self.ports.values():
            if several:
                marks.append(self._mark(x - GROUP - 6, y))
                marks.append(f'<path d="M{x - 6:.1f} {y:.1f}h6" stroke="{QUIET}" stroke-width="1.4"/>')
        return marks

    def _mark(self, x: float, y: float) -> str:
        """The mark of a group of which any member serves."""
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{GROUP}" fill="{GROUND}" stroke="{SERIES[0]}" stroke-width="1.6"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}" font-size="{SMALL}" text-anchor="middle" fill="{SERIES[0]}">or</text>'
        )

    def _box(self, node: int) -> str:
        vertex = self.layout.vertices[node]
        x, height = self.x(vertex.layer), float(self.layout.height[node])
        top = self.y(node) - height / 2
        step = int(np.searchsorted(STEPS, self.values[node], side="right"))
        ink = GROUND if step >= 3 else INK
        single = bool(self.network.single_sources[node])
        line = f'stroke="{SERIES[1]}" stroke-width="3"' if single else f'stroke="{LINE if step < 3 else SCALE[step]}"'
        # Renderers differ on which side right-to-left text starts; its middle is the same for all.
        anchor, at = ("middle", x + self.width / 2) if self.right_to_left else ("start", x + PAD)
        direction = ' direction="rtl"' if self.right_to_left else ""
        texts = "".join(
            f'<text x="{at:.1f}" y="{top + PAD + LINE_HEIGHT * (number + 0.75):.1f}" font-size="{size}" fill="{ink}" '
            f'text-anchor="{anchor}"{direction}{" font-weight='600'" if size == TEXT else ""}>{escape(line_)}</text>'
            for number, (line_, size) in enumerate(self.lines[node])
        )
        whole = escape(f"{self._title(node)}: {self._figure(node)}")
        return (
            f'<g><title>{whole}</title><rect x="{x:.1f}" y="{top:.1f}" width="{self.width:.1f}" height="{height:.1f}" '
            f'rx="5" fill="{SCALE[step]}" {line}/>{texts}</g>'
        )

    # Data and measures

    def _data(self) -> pl.DataFrame:
        if self.stoppage is not None:
            return pl.DataFrame(self.stoppage.records(), infer_schema_length=None)
        return pl.DataFrame(self.network.node_records(), infer_schema_length=None)

    def _readability(self) -> Readability:
        width, height = self.size
        cut = sum(text_width(line, size) > self.width - 2 * PAD + 0.5 for lines in self.lines for line, size in lines)
        return Readability(
            nodes=self.network.n,
            edges=len(self.edges),
            crossings=self.layout.crossings,
            crossings_at_first=self.layout.crossings_at_first,
            overlaps=self.layout.overlaps,
            edges_over_boxes=self._over_boxes(),
            smallest_text=min([SMALL, *(size for lines in self.lines for _, size in lines)]),
            cut_texts=cut,
            width=width,
            height=height,
        )

    def _over_boxes(self) -> int:
        """Lanes that run through a box of their column: edges lie in the gaps elsewhere."""
        count = 0
        for layer in self.layout.order:
            boxes = [v for v in layer if not self.layout.vertices[v].is_lane]
            lanes = [v for v in layer if self.layout.vertices[v].is_lane]
            for lane in lanes:
                y = self.layout.y[lane]
                count += sum(bool(abs(self.layout.y[box] - y) < self.layout.height[box] / 2) for box in boxes)
        return count


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    middle = (start[0] + end[0]) / 2
    return (
        f"M{start[0]:.1f} {start[1]:.1f}C{middle:.1f} {start[1]:.1f} {middle:.1f} {end[1]:.1f} "
        f"{end[0]:.1f} {end[1]:.1f}"
    )

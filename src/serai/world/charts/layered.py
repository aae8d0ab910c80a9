"""A layered drawing of a graph without loops: layers, order, places; and how readable it is.

Sugiyama, Tagawa and Toda (1981), IEEE Transactions on Systems, Man and Cybernetics 11(2). Layers by longest paths, each
node as near to its users as it can be. Edges that skip layers go through lanes, which keep room free in each layer;
the edges of one node to several later layers share a lane as far as they go together. Crossings: sweeps that order a
layer by the mean of its neighbours, then swaps of neighbours as long as one helps; the best of several starts. Places:
each vertex as near to its neighbours as the order and the room between them allow, by isotonic regression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from graphlib import TopologicalSorter
from itertools import pairwise

import numpy as np

from serai.world.arrays import Array, Indices

STARTS = 6
"""Orders from which the sweeps begin."""

SWEEPS = 12
PLACINGS = 24
LANE_WEIGHT = 4.0
"""How much straighter a lane is wished than an edge between neighbours."""


@dataclass(frozen=True)
class Vertex:
    """A node in its layer, or a lane through one; equal ones have one order (`_ordered`)."""

    layer: int
    is_lane: bool


@dataclass(frozen=True, eq=False)
class Layout:
    """Vertices, n nodes first and then lanes, with `y` (vertices,), and the segments between neighbouring layers.

    `height` (vertices,) is the room that each takes. `segments` are (left vertex, right vertex). `path` leads by edge
    (supplier, user) through the vertices from one to the other. `crossings_at_first` is their number before any sweep.
    """

    vertices: tuple[Vertex, ...]
    order: tuple[tuple[int, ...], ...]
    segments: tuple[tuple[int, int], ...]
    path: Mapping[tuple[int, int], tuple[int, ...]]
    height: Array
    y: Array
    crossings_at_first: int

    @property
    def layers(self) -> int:
        """Number of layers."""
        return len(self.order)

    @cached_property
    def crossings(self) -> int:
        """How many pairs of segments cross, shared lanes counted once."""
        return _crossings(self.order, self.segments, len(self.vertices))

    @cached_property
    def overlaps(self) -> int:
        """How many neighbours in a layer lie on each other."""
        count = 0
        for layer in self.order:
            places = np.array(layer, dtype=np.intp)
            top, bottom = self.y[places] - self.height[places] / 2, self.y[places] + self.height[places] / 2
            count += int((top[1:] < bottom[:-1] - 1e-6).sum())
        return count


def layout(
    nodes: int,
    edges: Sequence[tuple[int, int]],
    heights: Sequence[float],
    *,
    gap: float,
    lane: float,
    layer: Sequence[int] | None = None,
    seed: int = 0,
) -> Layout:
    """Places for `nodes` boxes of these `heights`, `gap` apart, and lanes of the height `lane`.

    `layer` (nodes,) is the layer of each node where that is given, such as its stage; layers count from 0, each has a
    node, and every edge leads to a later one. The same graph has the same layout each time.
    """
    layer = layers_of(nodes, edges) if layer is None else layer
    vertices = [Vertex(layer[node], is_lane=False) for node in range(nodes)]
    lanes: dict[tuple[int, int], int] = {}
    segments: dict[tuple[int, int], None] = {}
    path: dict[tuple[int, int], tuple[int, ...]] = {}
    for supplier, user in edges:
        way = [supplier]
        for between in range(layer[supplier] + 1, layer[user]):
            key = supplier, between
            if key not in lanes:
                lanes[key] = len(vertices)
                vertices.append(Vertex(between, is_lane=True))
            way.append(lanes[key])
        way.append(user)
        path[supplier, user] = tuple(way)
        segments.update(dict.fromkeys(pairwise(way)))
    count = len(vertices)
    height = np.array([*heights, *[lane] * (count - nodes)])
    neighbours = _neighbours(count, list(segments))
    at_first, best = _ordered(tuple(vertices), tuple(segments), seed)
    y = _placed(best, neighbours, height, vertices, gap)
    return Layout(tuple(vertices), best, tuple(segments), path, height, y, at_first)


def layers_of(nodes: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each node: after its suppliers, and as near to its first user as that allows.

    Raises graphlib.CycleError for a graph with a loop.
    """
    suppliers: list[list[int]] = [[] for _ in range(nodes)]
    users: list[list[int]] = [[] for _ in range(nodes)]
    for supplier, user in edges:
        suppliers[user].append(supplier)
        users[supplier].append(user)
    order = tuple(TopologicalSorter(dict(enumerate(suppliers))).static_order())
    layer = [0] * nodes
    for node in order:
        layer[node] = max((layer[supplier] + 1 for supplier in suppliers[node]), default=0)
    for node in reversed(order):  # a supplier moves next to its users where that shortens more edges than it lengthens
        if users[node] and len(users[node]) >= len(suppliers[node]):
            layer[node] = min(layer[user] for user in users[node]) - 1
    used = {number: place for place, number in enumerate(sorted(set(layer)))}
    return [used[number] for number in layer]


type Neighbours = tuple[list[Indices], list[Indices]]
"""By vertex, its neighbours in the layer before, and in the layer after."""


def _neighbours(count: int, segments: Sequence[tuple[int, int]]) -> Neighbours:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for left, right in segments:
        before[right].append(left)
        after[left].append(right)
    return [np.array(left, np.intp) for left in before], [np.array(right, np.intp) for right in after]


@lru_cache(4)
def _ordered(
    vertices: tuple[Vertex, ...], segments: tuple[tuple[int, int], ...], seed: int
) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """Crossings of the first order, and the best order that was found; the same whatever the sizes of the boxes."""
    neighbours = _neighbours(len(vertices), segments)
    layers = 1 + max((vertex.layer for vertex in vertices), default=0)
    random = np.random.default_rng(seed)
    start: list[list[int]] = [[] for _ in range(layers)]
    for place, vertex in enumerate(vertices):
        start[vertex.layer].append(place)
    at_first = fewest = _crossings(start, segments, len(vertices))
    best = [list(layer) for layer in start]
    for number in range(STARTS):
        order = [list(layer) if number == 0 else random.permutation(layer).tolist() for layer in start]
        position = _positions(order, len(vertices))
        for sweep in range(SWEEPS):
            _sweep(order, position, neighbours, forward=sweep % 2 == 0)
            _transpose(order, position, neighbours)
            crossings = _crossings(order, segments, len(vertices))
            if crossings < fewest:
                fewest, best = crossings, [list(layer) for layer in order]
    return at_first, tuple(map(tuple, best))


def _positions(order: Sequence[Sequence[int]], count: int) -> Array:
    position = np.zeros(count)
    for layer in order:
        position[np.array(layer, dtype=np.intp)] = np.arange(len(layer))
    return position


def _sweep(order: list[list[int]], position: Array, neighbours: Neighbours, *, forward: bool) -> None:
    """Order each layer by the mean place of the neighbours in the layer before, or after, it."""
    sides = neighbours[0] if forward else neighbours[1]
    for number in range(len(order)) if forward else range(len(order) - 1, -1, -1):
        layer = order[number]
        wish = {v: float(position[sides[v]].mean()) if len(sides[v]) else float(position[v]) for v in layer}
        layer.sort(key=lambda v: wish[v])
        position[np.array(layer, dtype=np.intp)] = np.arange(len(layer))


def _transpose(order: list[list[int]], position: Array, neighbours: Neighbours) -> None:
    """Swap neighbours in a layer as long as that takes crossings away."""
    for layer in order:
        gain = _Gains(layer, position, neighbours)
        moved = True
        rounds = 0
        while moved and rounds < len(layer):
            moved = False
            rounds += 1
            for place in range(len(layer) - 1):
                first, second = layer[place], layer[place + 1]
                if gain(first, second) > gain(second, first):
                    layer[place], layer[place + 1] = second, first
                    moved = True
        position[np.array(layer, dtype=np.intp)] = np.arange(len(layer))


class _Gains:
    """Crossings between the edges of two vertices of a layer, the first above the second."""

    def __init__(self, layer: Sequence[int], position: Array, neighbours: Neighbours) -> None:
        self.sides = {v: (np.sort(position[neighbours[0][v]]), np.sort(position[neighbours[1][v]])) for v in layer}
        self.counted: dict[tuple[int, int], int] = {}

    def __call__(self, first: int, second: int) -> int:
        key = first, second
        if key not in self.counted:
            self.counted[key] = sum(
                int(np.searchsorted(below, above, side="left").sum())
                for above, below in zip(self.sides[first], self.sides[second], strict=True)
            )
        return self.counted[key]


def _crossings(order: Sequence[Sequence[int]], segments: Sequence[tuple[int, int]], count: int) -> int:
    """Pairs of segments that cross: inversions of the right ends when the left ends are in order."""
    if not segments:
        return 0
    position = _positions(order, count)
    layer = np.zeros(count, dtype=np.intp)
    for number, vertices in enumerate(order):
        layer[np.array(vertices, dtype=np.intp)] = number
    left, right = np.array(segments, dtype=np.intp).T
    total = 0
    for number in range(len(order)):
        at = layer[left] == number
        a, b = position[left[at]], position[right[at]]
        total += int(((a[:, None] < a) & (b[:, None] > b)).sum())
    return total


def _placed(
    order: Sequence[Sequence[int]], neighbours: Neighbours, height: Array, vertices: Sequence[Vertex], gap: float
) -> Array:
    """The middle of each vertex: near to its neighbours, in the order, with room between."""
    y = np.zeros(len(vertices))
    lane = np.array([vertex.is_lane for vertex in vertices])
    rooms = []
    for layer in order:
        places = np.array(layer, dtype=np.intp)
        apart = (height[places[1:]] + height[places[:-1]]) / 2 + np.where(lane[places[1:]] & lane[places[:-1]], 0, gap)
        room = np.concatenate([[0.0], np.cumsum(apart)])
        rooms.append((places, room))
        y[places] = room - room.mean()
    beside = [np.concatenate(sides) for sides in zip(*neighbours, strict=True)]
    for number in range(PLACINGS):
        for places, room in rooms if number % 2 == 0 else rooms[::-1]:
            wish, weight = y[places].copy(), np.full(len(places), 0.05)
            for at, vertex in enumerate(places.tolist()):
                near = beside[vertex]
                if len(near):
                    pull = np.where(lane[near] & lane[vertex], LANE_WEIGHT, 1.0)
                    wish[at] = float((y[near] * pull).sum() / pull.sum())
                    weight[at] = float(pull.sum())
            y[places] = _isotonic(wish - room, weight) + room
    return y - (y - height / 2).min()


def _isotonic(wish: Array, weight: Array) -> Array:
    """The rising values nearest to `wish` by weighted squares: neighbours that would fall are pooled."""
    pools: list[list[float]] = []  # value, weight, count
    for value, heavy in zip(wish.tolist(), weight.tolist(), strict=True):
        pools.append([value, heavy, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last, before = pools.pop(), pools.pop()
            whole = last[1] + before[1]
            pools.append([(last[0] * last[1] + before[0] * before[1]) / whole, whole, last[2] + before[2]])
    return np.repeat([pool[0] for pool in pools], [int(pool[2]) for pool in pools])

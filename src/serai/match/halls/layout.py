"""Layout of a hall: exhibitors on booths, such that related ones are near each other and wishes are met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from serai.match.halls.assignment import Floats, assign, objective_of

type Booleans = NDArray[np.bool_]


LEAVING = 0.01
"""Weighted metres that an exhibitor has to save by leaving its present booth."""


class LayoutError(ValueError):
    """An impossible layout; the sentence names the exhibitors and the booths that are too few for them.

    `exhibitors` and `booths` are their names, for a caller with other sentences.
    """

    def __init__(self, sentence: str, exhibitors: tuple[str, ...] = (), booths: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.exhibitors, self.booths = exhibitors, booths


@dataclass(frozen=True, kw_only=True)
class Booth:
    """A booth: a rectangle on the plan, in metres, with its equipment."""

    name: str
    hall: str
    x: float
    y: float
    width: float
    depth: float
    kind: str = ""
    """In the words of the organiser: row, corner, island."""
    power: float = 0.0
    """Kilowatts available."""
    height: float = inf
    """Largest height of a construction in metres."""
    load: float = inf
    """Largest load of the floor in kilograms a square metre."""
    equipment: frozenset[str] = frozenset()
    """Supplies in the words of the organiser: water, compressed air."""
    pavilion: str = ""
    """Only members of this pavilion can stand there, "" for anyone."""

    @property
    def area(self) -> float:
        return self.width * self.depth


@dataclass(frozen=True, kw_only=True)
class Exhibitor:
    """The requirements and wishes of a firm for its booth."""

    name: str
    area: float = 0.0
    """Square metres at least."""
    kind: str = ""
    """The kind of booth, "" for any."""
    power: float = 0.0
    """Kilowatts at least."""
    height: float = 0.0
    """Height of its construction in metres."""
    load: float = 0.0
    """Kilograms a square metre of its heaviest exhibit."""
    equipment: frozenset[str] = frozenset()
    """Supplies needed."""
    hall: str = ""
    """The hall to which it is limited, "" for any."""
    pavilion: str = ""
    """Members of one pavilion stand together."""
    wishes: tuple[str, ...] = ()
    """Booths by name, the most wished first."""
    points: float = 0.0
    """Priority: the additional weight of its wishes; 0 for a wish of weight 1."""
    hold: str = ""
    """The booth that is kept for it, "" for none."""


class Against(StrEnum):
    """Kind of reason why an exhibitor does not get a booth that it wished for."""

    HELD = "held"
    HELD_ELSEWHERE = "held_elsewhere"
    AREA = "area"
    KIND = "kind"
    POWER = "power"
    HEIGHT = "height"
    LOAD = "load"
    EQUIPMENT = "equipment"
    PAVILION = "pavilion"
    HALL = "hall"
    OCCUPANT = "occupant"
    PRICE = "price"


SENTENCES: Mapping[Against, str] = {
    Against.HELD: "the booth is held for another",
    Against.HELD_ELSEWHERE: "another booth is held for it",
    Against.AREA: "it has {0:g} m² and {1:g} m² are needed",
    Against.KIND: "it is of the kind '{0}' and not '{1}'",
    Against.POWER: "it has {0:g} kW and {1:g} kW are needed",
    Against.HEIGHT: "one may build {0:g} m high and {1:g} m are needed",
    Against.LOAD: "its floor bears {0:g} kg/m² and {1:g} kg/m² are needed",
    Against.EQUIPMENT: "it lacks {0}",
    Against.PAVILION: "it is for members of pavilion {0}",
    Against.HALL: "it is in hall {0} and not in hall {1}",
    Against.OCCUPANT: "'{0}' stands there and cannot stand at '{1}'",
    Against.PRICE: "an exchange would cost more than it brings",
}


@dataclass(frozen=True)
class Why:
    """The reason as data, for a caller with other sentences; `str` gives the sentence."""

    against: Against
    values: tuple[str | float, ...] = ()
    """Values of the sentence: that of the booth, then the value needed; for an occupant its name and the booth."""

    def __str__(self) -> str:
        return SENTENCES[self.against].format(*self.values)


@dataclass(frozen=True)
class Deviation:
    """A wish that was not met, and the price of meeting it."""

    exhibitor: str
    wished: str
    given: str
    price: float
    """Loss of the objective if the two booths were exchanged; infinite if they cannot be."""
    why: Why


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The booth of each exhibitor, the cost, and the price of each deviation from a wish."""

    booth: tuple[int, ...]
    """The booth row of each exhibitor."""
    objective: float
    """Metres walked between neighbours, weighted by affinity, and the weight of the wishes not met."""
    walking: float
    """The weighted metres in the objective."""
    deviations: tuple[Deviation, ...]
    before: float | None = None
    """The weighted metres of the present layout, if one was given."""


def lay_out(
    booths: Sequence[Booth],
    exhibitors: Sequence[Exhibitor],
    affinity: ArrayLike,
    distance: ArrayLike,
    *,
    wish_weight: float = 10.0,
    pavilion_weight: float = 1.0,
    seconds: float = 10.0,
    seed: int = 0,
    most_steps: int = 10**12,
    present: Sequence[int] | None = None,
) -> Layout:
    """The best layout found in `seconds` or `most_steps`.

    `affinity` (n_exhibitors, n_exhibitors): how much the two should be near, such as the strength of their links along
    the chain; `distance` (n_booths, n_booths) in metres, as ``ways.distances`` gives them. A wish not met costs
    `wish_weight` metres for each place that the booth given is behind the first wish, times 1 + points; two members of
    a pavilion have `pavilion_weight` more affinity. `present` is the booth row of each exhibitor as they stand now, -1
    for one without a booth: of layouts that are as good, one in which few leave it, and what they walk now is told
    beside what they would walk. Raises LayoutError where the exhibitors cannot all be placed.
    """
    _check_names(booths, exhibitors)
    number, size = len(exhibitors), len(booths)
    metres = _matrix("distance", distance, size)
    near = _matrix("affinity", affinity, number)
    near = (near + near.T) / 2
    pavilion = np.array([exhibitor.pavilion for exhibitor in exhibitors], dtype=object)
    together = (pavilion[:, None] == pavilion) & (pavilion != "")
    near = np.where(np.eye(number, dtype=np.bool_), 0.0, near + pavilion_weight * together)
    if (metres < 0).any() or (near < 0).any():
        raise LayoutError("Distances and affinities are never below 0.")
    possible = fits(booths, exhibitors)
    wishes = wish_weight * _wish_costs(booths, exhibitors)
    # Larger than all savings of walking and wishes together, so that it is chosen only if it cannot be avoided.
    forbidden = 1.0 + near.sum() * metres.max(initial=0.0) + wishes.sum() + LEAVING * number
    cost = np.zeros((size, size))
    cost[:number] = np.where(possible, wishes, forbidden)
    with_leaving = cost + _leaving(present, number, size)
    start = _start(with_leaving, possible, booths, exhibitors)
    flow = np.zeros((size, size))
    flow[:number, :number] = near
    permutation = assign(
        flow, metres, with_leaving, seconds=seconds, seed=seed, start=start, most_steps=most_steps
    ).permutation
    booth = tuple(permutation[:number].tolist())
    assert possible[np.arange(number), list(booth)].all(), "the start was possible and the search never gave it up"
    return Layout(
        booth=booth,
        objective=objective_of(flow, metres, cost, permutation),
        walking=float((near * metres[np.ix_(booth, booth)]).sum()),
        deviations=_deviations(booths, exhibitors, permutation, possible, (flow, metres, cost)),
        before=None if present is None else walking(near, metres, present),
    )


def _leaving(present: Sequence[int] | None, number: int, size: int) -> Floats:
    """(n_booths, n_booths) cost for each exhibitor of leaving its present booth for another."""
    answer = np.zeros((size, size))
    for row, booth in enumerate(present or [-1] * number):
        if booth >= 0:
            answer[row] = LEAVING
            answer[row, booth] = 0.0
    return answer


def walking(near: Floats, metres: Floats, booth: Sequence[int]) -> float:
    """Weighted metres between exhibitors; pairs without two booths count the mean distance of all booths."""
    rows = np.asarray(booth, np.int64)
    between = metres[np.ix_(np.maximum(rows, 0), np.maximum(rows, 0))]
    nowhere = rows < 0
    between[nowhere[:, None] | nowhere] = float(metres.mean()) if metres.size else 0.0
    return float((near * between).sum())


def fits(booths: Sequence[Booth], exhibitors: Sequence[Exhibitor]) -> Booleans:
    """(n_exhibitors, n_booths) whether the exhibitor can stand there: size, kind, equipment, hall, and the holds."""
    held = {exhibitor.hold: row for row, exhibitor in enumerate(exhibitors) if exhibitor.hold}
    return np.array(
        [[not _why_not(booth, exhibitor, row, held) for booth in booths] for row, exhibitor in enumerate(exhibitors)],
        np.bool_,
    ).reshape(len(exhibitors), len(booths))


def _why_not(booth: Booth, exhibitor: Exhibitor, row: int, held: dict[str, int]) -> Why | None:
    """The reason why the exhibitor cannot stand there, None if it can."""
    if held.get(booth.name, row) != row:
        return Why(Against.HELD)
    if exhibitor.hold:
        return None if exhibitor.hold == booth.name else Why(Against.HELD_ELSEWHERE)
    lacking = sorted(exhibitor.equipment - booth.equipment)
    for wrong, against, values in (
        (booth.area < exhibitor.area - 1e-9, Against.AREA, (booth.area, exhibitor.area)),
        (exhibitor.kind not in ("", booth.kind), Against.KIND, (booth.kind, exhibitor.kind)),
        (booth.power < exhibitor.power, Against.POWER, (booth.power, exhibitor.power)),
        (booth.height < exhibitor.height, Against.HEIGHT, (booth.height, exhibitor.height)),
        (booth.load < exhibitor.load, Against.LOAD, (booth.load, exhibitor.load)),
        (bool(lacking), Against.EQUIPMENT, tuple(lacking[:1])),
        (booth.pavilion not in ("", exhibitor.pavilion), Against.PAVILION, (booth.pavilion,)),
        (exhibitor.hall not in ("", booth.hall), Against.HALL, (booth.hall, exhibitor.hall)),
    ):
        if wrong:
            return Why(against, values)
    return None


def _wish_costs(booths: Sequence[Booth], exhibitors: Sequence[Exhibitor]) -> Floats:
    """(n_exhibitors, n_booths) rank of the booth among the wishes, from 0, times 1 + points; the last rank for
    others."""
    column = {booth.name: position for position, booth in enumerate(booths)}
    answer = np.zeros((len(exhibitors), len(booths)))
    for row, exhibitor in enumerate(exhibitors):
        answer[row] = len(exhibitor.wishes)
        for rank, name in enumerate(exhibitor.wishes):
            if name not in column:
                raise LayoutError(f"'{exhibitor.name}' wishes for booth '{name}', which there is not.")
            answer[row, column[name]] = min(rank, answer[row, column[name]])
        answer[row] *= 1 + exhibitor.points
    return answer


def _check_names(booths: Sequence[Booth], exhibitors: Sequence[Exhibitor]) -> None:
    names = [booth.name for booth in booths]
    for listed in (names, [exhibitor.name for exhibitor in exhibitors]):
        if len(set(listed)) < len(listed):
            raise LayoutError("Two booths or two exhibitors have one name; names are unique.")
    for exhibitor in exhibitors:
        if exhibitor.hold and exhibitor.hold not in names:
            raise LayoutError(f"'{exhibitor.hold}' is held for '{exhibitor.name}', and there is no such booth.")
    if len(exhibitors) > len(booths):
        raise LayoutError(
            f"There are {len(exhibitors)} exhibitors and {len(booths)} booths.",
            tuple(exhibitor.name for exhibitor in exhibitors),
            tuple(names),
        )


def _start(cost: Floats, possible: Booleans, booths: Sequence[Booth], exhibitors: Sequence[Exhibitor]) -> list[int]:
    """The layout that meets most wishes, without regard to distances. Raises LayoutError."""
    from scipy.optimize import linear_sum_assignment  # loads all of scipy.optimize

    start: NDArray[np.int64] = linear_sum_assignment(cost)[1].astype(np.int64)
    rows = np.arange(len(exhibitors))
    homeless: list[int] = np.flatnonzero(~possible[rows, start[rows]]).tolist()
    if homeless:
        raise _too_few(homeless[0], start, possible, booths, exhibitors)
    return [int(booth) for booth in start]


def _too_few(
    row: int, start: NDArray[np.int64], possible: Booleans, booths: Sequence[Booth], exhibitors: Sequence[Exhibitor]
) -> LayoutError:
    """An error with the exhibitors that compete with the homeless one, and the booths that fit them (Hall 1935)."""
    holder = {int(booth): who for who, booth in enumerate(start[: len(exhibitors)]) if possible[who, booth]}
    rivals, seen, queue = {row}, set[int](), [row]
    while queue:
        for booth in np.flatnonzero(possible[queue.pop()]).tolist():
            seen.add(booth)
            if (rival := holder.get(booth)) is not None and rival not in rivals:
                rivals.add(rival)
                queue.append(rival)
    who = tuple(exhibitors[index].name for index in sorted(rivals))
    where = tuple(booths[index].name for index in sorted(seen))
    named = ", ".join(f"'{name}'" for name in where) or "none"
    return LayoutError(
        f"{', '.join(f"'{name}'" for name in who)} need {len(who)} booths, and only {len(where)} fit: {named}.",
        who,
        where,
    )


def _deviations(
    booths: Sequence[Booth],
    exhibitors: Sequence[Exhibitor],
    permutation: NDArray[np.int64],
    possible: Booleans,
    matrices: tuple[Floats, Floats, Floats],
) -> tuple[Deviation, ...]:
    """Each booth that was preferred to the one given, with the price of an exchange."""
    column = {booth.name: position for position, booth in enumerate(booths)}
    held = {exhibitor.hold: row for row, exhibitor in enumerate(exhibitors) if exhibitor.hold}
    occupant = np.argsort(permutation)
    before = objective_of(*matrices, permutation)
    answer = []
    for row, exhibitor in enumerate(exhibitors):
        given = booths[permutation[row]].name
        better = exhibitor.wishes[: exhibitor.wishes.index(given)] if given in exhibitor.wishes else exhibitor.wishes
        for wished in better:
            other = int(occupant[column[wished]])
            changed = permutation.copy()
            changed[[row, other]] = changed[[other, row]]
            price, why = objective_of(*matrices, changed) - before, Why(Against.PRICE)
            if reason := _why_not(booths[column[wished]], exhibitor, row, held):
                price, why = np.inf, reason
            elif other < len(exhibitors) and not possible[other, permutation[row]]:
                price, why = np.inf, Why(Against.OCCUPANT, (exhibitors[other].name, given))
            answer.append(Deviation(exhibitor.name, wished, given, float(price), why))
    return tuple(answer)


def _matrix(name: str, values: ArrayLike, size: int) -> Floats:
    matrix: Floats = np.array(values, np.float64)
    if matrix.shape != (size, size) or not np.isfinite(matrix).all():
        raise LayoutError(f"'{name}' has shape {matrix.shape}; finite numbers of shape {(size, size)} are needed.")
    return matrix

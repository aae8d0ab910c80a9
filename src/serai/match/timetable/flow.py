"""Choice of meetings between two kinds of parties as a flow of least cost, for events too large for HiGHS.

Exhibitors on one side, buyers on the other: each meeting stands in one row of either kind, so that the matrix of the
linear programme of ``choice`` is that of a network, which is totally unimodular: with whole limits its optimum is whole
(Hoffman and Kruskal 1956), and the flow of least cost has the same value and is the same bound. A network solver takes
seconds for half a million wishes, HiGHS many minutes. One row doesn't fit into a network, that of all tables together:
it gets a price (Lagrange); if it binds, the bound holds and the choice may be a little below it.
"""

import math

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components

from serai.match.timetable.problem import FREE, Booleans, Floats, Integers, TimetableProblem

HALVINGS = 24
"""Of the interval in which the price of a table lies."""


def two_kinds(problem: TimetableProblem) -> Booleans | None:
    """(n_parties,) the kind of each party, such that each meeting joins both kinds; None if there are no such kinds."""
    parties = len(problem.parties)
    first, second = problem.pairs.T
    graph = sparse.csr_array((np.ones(len(first)), (first, second)), shape=(parties, parties))
    part = connected_components(graph, directed=False)[1]
    depth = np.zeros(parties, np.int64)
    for root in np.unique(part, return_index=True)[1].tolist():
        order, before = breadth_first_order(graph, root, directed=False)
        for party in order[1:].tolist():
            depth[party] = depth[before[party]] + 1
    kind: Booleans = depth % 2 == 0
    return None if (kind[first] == kind[second]).any() else kind


def slot_by_slot(problem: TimetableProblem, kind: Booleans, meetings: Integers, open_to: Booleans) -> Integers:
    """(n_meetings,) a slot for some of `meetings`: in each slot the most valuable that can be held beside each other.

    `kind` (n_parties,) is as ``two_kinds`` gives it, `open_to` (n_meetings, n_slots) where each may be. A flow a slot,
    which is to say one colour of an edge colouring after the other; slots with the fewest people come first. Of tables
    the most valuable meetings take what there are; pools, order and ways are for who places what this answers.
    """
    answer = problem.fixed_slot.copy()
    people = problem.available.sum(axis=0)
    left = np.zeros(len(problem.value), np.bool_)
    left[meetings] = True
    room = np.maximum(problem.maximum - problem.load(problem.fixed), 0)
    for slot in np.argsort(people, kind="stable").tolist():
        rows = np.flatnonzero(left & open_to[:, slot])
        if not len(rows):
            continue
        busy = np.zeros(len(room), np.int64)
        at = np.flatnonzero(answer != FREE)
        at = at[np.isin(answer[at], problem.over[slot])]
        np.add.at(busy, problem.pairs[at].ravel(), problem.heads[at].ravel())
        most = np.minimum(np.maximum(problem.at_once - busy, 0), room)
        held = _matched(problem.value, problem.pairs, rows, most, kind)
        tables = int(problem.places[slot] - problem.at_table[at][answer[at] == slot].sum())
        seated = held[problem.at_table[held]]
        dear = seated[np.argsort(-problem.value[seated], kind="stable")][: max(tables, 0)]
        held = np.concatenate([held[~problem.at_table[held]], dear])
        answer[held], left[held] = slot, False
        np.subtract.at(room, problem.pairs[held].ravel(), 1)
    return np.where(problem.fixed, FREE, answer)


def _matched(value: Floats, pairs: Integers, rows: Integers, most: Integers, kind: Booleans) -> Integers:
    """The most valuable set of the meetings `rows` in which each party has at most `most` (n_parties,) meetings."""
    from ortools.graph.python import min_cost_flow

    parties = len(most)
    scale = math.ldexp(1.0, 40 - math.frexp(float(value[rows].max()))[1])
    swapped = ~kind[pairs[rows, 0]]
    tail, head = np.where(swapped, pairs[rows, 1], pairs[rows, 0]), np.where(swapped, pairs[rows, 0], pairs[rows, 1])
    own = np.unique(pairs[rows])
    source, sink = parties, parties + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    total = int(most[own[kind[own]]].sum())
    arcs = (
        (tail, head, np.ones(len(rows)), -np.rint(value[rows] * scale)),
        (np.where(kind[own], source, own), np.where(kind[own], own, sink), most[own], np.zeros(len(own))),
        (np.array([source]), np.array([sink]), np.array([total]), np.zeros(1)),
    )
    for tails, heads, capacity, cost in arcs:
        flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)
        )
    flow.set_nodes_supplies(np.array([source, sink], np.int32), np.array([total, -total], np.int64))
    status = flow.solve()
    assert status == flow.OPTIMAL, f"a flow that can always be sent ended with status {status}"
    held: Integers = rows[flow.flows(np.arange(len(rows), dtype=np.int32)) > 0]
    return held


def transport(
    problem: TimetableProblem, possible: Booleans, ceiling: Integers, kind: Booleans
) -> tuple[Booleans, float]:
    """The choice of highest objective under floors, ceilings and all places together, and a bound of it.

    `possible` (n_meetings,), `ceiling` (n_parties,) and `kind` (n_parties,), as ``two_kinds`` gives it. Where tables
    are too few, a meeting at one is charged a price, found by halving, at which they suffice: the optimum less what is
    charged for them bounds every choice (Lagrange), and the choice may be a little below it.
    """
    places = int(problem.places.sum())
    chosen, bound = _priced(problem, possible, ceiling, kind, 0.0)
    if problem.at_table[chosen].sum() <= places:
        return chosen, bound
    low, high = 0.0, float(problem.value.max()) + 2 * problem.penalty
    chosen = problem.fixed
    for _halving in range(HALVINGS):
        price = (low + high) / 2
        tried, limit = _priced(problem, possible, ceiling, kind, price)
        bound = min(bound, limit)
        if problem.at_table[tried].sum() > places:
            low = price
            continue
        high = price
        if problem.objective(tried) > problem.objective(chosen):
            chosen = tried
    return chosen, bound


def _priced(
    problem: TimetableProblem, possible: Booleans, ceiling: Integers, kind: Booleans, price: float
) -> tuple[Booleans, float]:
    """The best choice if a table costs `price`, and the bound of all choices that follows."""
    from ortools.graph.python import min_cost_flow

    parties = len(problem.parties)
    rows = np.flatnonzero(possible & ~problem.fixed)
    fixed = problem.load(problem.fixed)
    floor, room = np.maximum(problem.minimum - fixed, 0), np.maximum(ceiling - fixed, 0)
    floor = np.minimum(floor, room)
    # Costs are whole: as fine as 63 bits allow, the solver multiplying them by the number of nodes.
    scale = math.ldexp(1.0, 42 - math.frexp(max(problem.penalty, float(problem.value.max(initial=1.0))))[1])
    pairs = problem.pairs[rows]
    swapped = ~kind[pairs[:, 0]]
    tail, head = np.where(swapped, pairs[:, 1], pairs[:, 0]), np.where(swapped, pairs[:, 0], pairs[:, 1])
    source, sink = parties, parties + 1
    own = np.arange(parties)
    begins, ends = np.where(kind, source, own), np.where(kind, own, sink)
    most = int(room[kind].sum())
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tails: Integers, heads: Integers, capacity: Integers, cost: Integers) -> None:
        flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)
        )

    add(
        tail,
        head,
        np.ones(len(rows), np.int64),
        -np.rint((problem.value[rows] - price * problem.at_table[rows]) * scale).astype(np.int64),
    )
    # A meeting that helps a floor is worth the penalty more; the solver fills the cheaper of two parallel arcs first.
    add(begins, ends, floor, np.full(parties, -round(problem.penalty * scale)))
    add(begins, ends, room - floor, np.zeros(parties, np.int64))
    add(np.array([source]), np.array([sink]), np.array([most]), np.array([0]))  # what is not worth a meeting
    flow.set_nodes_supplies(np.array([source, sink], np.int32), np.array([most, -most], np.int64))
    status = flow.solve()
    assert status == flow.OPTIMAL, f"a flow that can always be sent ended with status {status}"
    chosen = problem.fixed.copy()
    chosen[rows[flow.flows(np.arange(len(rows), dtype=np.int32)) > 0]] = True
    # Each rounding is at most half a unit, of the optimum's meetings and floors and of those chosen.
    slack = (len(rows) + int(floor.sum())) / scale
    spare = int(problem.places.sum()) - int(problem.at_table[chosen].sum())
    return chosen, problem.objective(chosen) + slack + price * spare

"""The optimum of a small event, proved: one whole variable for each meeting in each slot that both could attend."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from serai.match.timetable.choice import cost_scale, incidence, minimise, units, upper_bound
from serai.match.timetable.explain import breaks
from serai.match.timetable.problem import FREE, Floats, Integers, TimetableProblem


def solve_exactly(problem: TimetableProblem, *, seconds: float) -> tuple[Integers | None, float]:
    """The slot of each meeting, or None where `seconds` gave no timetable at all, and the bound that HiGHS proved.

    maximise  Σ value x[m, t] - penalty Σ s - gap weight Σ gaps   with each meeting at most once, each party at most as
    often a slot as it has people, at most `places` meetings at tables a slot, the pools, the order, the ways of parties
    of one person, and the maxima and floors of ``choice.choose``. Gaps and ways of parties of several people are left
    out: the bound holds, and the timetable may not.
    """
    slots, parties = len(problem.slots), len(problem.parties)
    allowed = problem.common() & ~problem.vetoed[:, None]
    allowed[problem.fixed] = False
    allowed[problem.fixed, problem.fixed_slot[problem.fixed]] = True
    meeting, slot = np.nonzero(allowed)
    variables = len(meeting)
    begins = _Gaps.of(problem) if problem.gap_weight else None
    extra = begins.width if begins else 0
    width = variables + parties + extra

    def wide(rows: sparse.csr_array) -> sparse.csr_array:
        return sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], width))

    def of(row: Integers, weight: Floats, height: int) -> sparse.csr_array:
        """Rows over the variables: each variable in one row."""
        return sparse.csr_array((weight, (row, np.arange(variables))), shape=(height, width))

    heads = problem.heads[meeting].astype(np.float64)
    first, second = problem.pairs[meeting].T
    busy = of(first * slots + slot, heads[:, 0], parties * slots) + of(
        second * slots + slot, heads[:, 1], parties * slots
    )
    party = wide(incidence(first, second, parties))
    short = sparse.csr_array((np.ones(parties), (np.arange(parties), variables + np.arange(parties))), (parties, width))
    taken = units(problem, problem.fixed)
    blocks: list[tuple[sparse.csr_array, Integers | Floats]] = [
        (of(meeting, np.ones(variables), len(allowed)), np.ones(len(allowed))),
        (busy, np.repeat(problem.at_once, slots)),
        (of(slot, problem.at_table[meeting].astype(float), slots), problem.places),
        (party, problem.maximum),
        (-party - short, -problem.minimum),
    ]
    if len(problem.pools):
        blocks.append((_pools(problem, meeting, slot, width), np.maximum(problem.pools, taken).ravel()))
    clashes = [*_order(problem, meeting, slot, width), *_ways(problem, meeting, slot, width)]
    blocks += [(rows, np.ones(rows.shape[0])) for rows in clashes]
    if begins:
        blocks += begins.rows(busy, variables + parties, width)
    lower = np.concatenate([problem.fixed[meeting], np.zeros(parties + extra)])
    upper = np.concatenate([np.ones(variables), problem.minimum, np.ones(extra)])
    scale = cost_scale(problem)
    idle = begins.cost() * problem.gap_weight if begins else np.zeros(0)
    cost = np.concatenate([-problem.value[meeting], np.full(parties, problem.penalty), idle]) * scale

    rows = sparse.vstack([rows for rows, _limit in blocks], format="csr")
    limits = np.concatenate([limit for _rows, limit in blocks])
    proof = minimise(cost, rows, limits, lower, upper, whole=variables, seconds=seconds)
    bound = upper_bound(proof) / scale
    if proof.x is None:
        return None, bound
    held = proof.x[:variables] > 0.5
    answer = np.full(len(allowed), FREE)
    answer[meeting[held]] = slot[held]
    if proof.status != 0:
        return answer, bound
    gaps = int(breaks_of_one(problem, answer).sum()) if begins else 0
    return answer, problem.objective(answer != FREE, gaps)


def breaks_of_one(problem: TimetableProblem, slot: Integers) -> Integers:
    """(n_parties,) idle gaps of the parties of one person, 0 for the others."""
    answer: Integers = np.where(problem.at_once == 1, breaks(problem, slot, np.zeros((len(slot), 2), np.int64)), 0)
    return answer


@dataclass(frozen=True, eq=False)
class _Gaps:
    """Variables that count idle gaps: a block begins (party, slot), and a day has meetings (party, day)."""

    party: Integers
    day_of: Integers
    """(n_slots,)"""

    @classmethod
    def of(cls, problem: TimetableProblem) -> "_Gaps":
        return cls(np.flatnonzero(problem.at_once == 1), np.unique(problem.day, return_inverse=True)[1])

    @property
    def days(self) -> int:
        return int(self.day_of.max(initial=-1)) + 1

    @property
    def width(self) -> int:
        return len(self.party) * (len(self.day_of) + self.days)

    def cost(self) -> Floats:
        """Blocks less days with meetings."""
        return np.repeat([1.0, -1.0], [len(self.party) * len(self.day_of), len(self.party) * self.days])

    def rows(self, busy: sparse.csr_array, begin: int, width: int) -> list[tuple[sparse.csr_array, Floats]]:
        """A block begins where a party is busy and was not the slot before; a day counts only where it has meetings."""
        slots, number = len(self.day_of), len(self.party)
        own = sparse.csr_array(busy[(self.party[:, None] * slots + np.arange(slots)).ravel()])
        size = number * slots
        before = np.arange(size) - 1
        same = np.flatnonzero((np.arange(size) % slots > 0) & (np.tile(np.diff(self.day_of, prepend=-1), number) == 0))
        shift = sparse.csr_array((np.ones(len(same)), (same, before[same])), shape=(size, size))
        block = sparse.csr_array((np.ones(size), (np.arange(size), begin + np.arange(size))), shape=(size, width))
        in_day = np.repeat(np.arange(number), slots) * self.days + np.tile(self.day_of, number)
        gather = sparse.csr_array((np.ones(size), (in_day, np.arange(size))), shape=(number * self.days, size))
        total = number * self.days
        days = sparse.csr_array((np.ones(total), (np.arange(total), begin + size + np.arange(total))), (total, width))
        return [(own - shift @ own - block, np.zeros(size)), (days - gather @ own, np.zeros(total))]


def _pools(problem: TimetableProblem, meeting: Integers, slot: Integers, width: int) -> sparse.csr_array:
    slots = len(problem.slots)
    variable, column = np.nonzero(problem.uses[meeting] >= 0)
    row = problem.uses[meeting[variable], column] * slots + slot[variable]
    return sparse.csr_array((np.ones(len(row)), (row, variable)), shape=(len(problem.pools) * slots, width))


def _order(problem: TimetableProblem, meeting: Integers, slot: Integers, width: int) -> Iterator[sparse.csr_array]:
    """The later one by slot t, or the earlier one at t or after: not both."""
    slots = np.arange(len(problem.slots))[:, None]
    # Two told meetings stand whatever their order.
    for earlier, later in problem.before[~problem.fixed[problem.before].all(axis=1)].tolist():
        clash = ((meeting == earlier) & (slot >= slots)) | ((meeting == later) & (slot <= slots))
        rows = sparse.csr_array(clash.astype(float))
        yield sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(len(slots), width))


def _ways(problem: TimetableProblem, meeting: Integers, slot: Integers, width: int) -> Iterator[sparse.csr_array]:
    """Of one person: a meeting at a site in a slot, or one too far from it so many slots later: not both."""
    reach = int(problem.walk.max(initial=0))
    if not reach:
        return
    site = problem.site[meeting]
    for party in np.flatnonzero(problem.at_once == 1).tolist():
        takes_part = (problem.pairs[meeting] == party).any(axis=1)
        own, told = takes_part & ~problem.fixed[meeting], takes_part & problem.fixed[meeting]
        for step in range(1, reach + 1):
            for here in np.unique(site[own | told]).tolist():
                far = problem.walk[here, site] >= step
                for at in range(len(problem.slots)):
                    then = at + step
                    if then >= len(problem.slots) or problem.day[then] != problem.day[at]:
                        continue
                    one = (site == here) & (slot == at)
                    other = far & (slot == then)
                    # Two told meetings stand whatever the way.
                    for mine, theirs in (((own | told) & one, own & other), (own & one, told & other)):
                        clash = mine | theirs
                        if mine.any() and theirs.any():
                            row = sparse.csr_array(clash[None, :].astype(float))
                            yield sparse.csr_array((row.data, row.indices, row.indptr), shape=(1, width))

"""The optimum of a small event, proved: one whole variable for each meeting in each slot that both could attend."""

import numpy as np
from scipy import sparse

from serai.match.timetable.choice import cost_scale, incidence, minimise, upper_bound
from serai.match.timetable.problem import FREE, Integers, TimetableProblem


def solve_exactly(problem: TimetableProblem, *, seconds: float) -> tuple[Integers | None, float]:
    """The slot of each meeting, or None where `seconds` gave no timetable at all, and the bound that HiGHS proved.

    maximise  Σ value x[m, t] - penalty Σ s   with each meeting at most once, each party at most once a slot, at most
    `places` meetings at tables a slot, and the maxima and floors of ``choice.choose``.
    """
    slots = len(problem.slots)
    allowed = problem.common() & ~problem.vetoed[:, None]
    allowed[problem.fixed] = False
    allowed[problem.fixed, problem.fixed_slot[problem.fixed]] = True
    meeting, slot = np.nonzero(allowed)
    parties, variables = len(problem.parties), len(meeting)
    first, second = problem.pairs[meeting].T
    once = sparse.csr_array((np.ones(variables), (meeting, np.arange(variables))), shape=(len(allowed), variables))
    party = incidence(first, second, parties)
    party_slot = incidence(first * slots + slot, second * slots + slot, parties * slots)
    at_table = problem.at_table[meeting]
    tables = sparse.csr_array((at_table.astype(float), (slot, np.arange(variables))), shape=(slots, variables))
    rows = sparse.block_array(
        [
            [once, sparse.csr_array((len(allowed), parties))],
            [party_slot, None],
            [tables, None],
            [party, None],
            [-party, -sparse.eye_array(parties)],
        ],
        format="csr",
    )
    limits = np.concatenate(
        [np.ones(len(allowed) + parties * slots), problem.places, problem.maximum, -problem.minimum]
    )
    lower = np.concatenate([problem.fixed[meeting], np.zeros(parties)])
    upper = np.concatenate([np.ones(variables), problem.minimum])
    scale = cost_scale(problem)
    cost = np.concatenate([-problem.value[meeting], np.full(parties, problem.penalty)]) * scale

    proof = minimise(cost, rows, limits, lower, upper, whole=variables, seconds=seconds)
    bound = upper_bound(proof) / scale
    if proof.x is None:
        return None, bound
    held = proof.x[:variables] > 0.5
    answer = np.full(len(allowed), FREE)
    answer[meeting[held]] = slot[held]
    return answer, problem.objective(answer != FREE) if proof.status == 0 else bound

"""Two ways to prove the least cost of a formula: core-guided MaxSAT, and CP-SAT. Each runs in a process of its own."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from serai.match.b2b.encoding import Cardinality, Formula


@dataclass(frozen=True)
class Found:
    """A report of a prover during its search."""

    true: frozenset[int] | None
    """The true variables of a new model, if there is one."""
    bound: float
    """Proved: no model costs less; infinite if there is no model."""


type Report = Callable[[Found], None]
type Prover = Callable[[Formula, float, Report], None]


def core_guided(formula: Formula, _seconds: float, report: Report) -> None:
    """RC2 over CaDiCaL (Ignatiev, Morgado, Marques-Silva 2019), cardinalities as cardinality networks (Asín 2011)."""
    from pysat.examples.rc2 import RC2, RC2Stratified
    from pysat.formula import WCNF

    weighted = WCNF()
    weighted.extend(formula.clauses)
    weighted.nv = formula.variables
    for cardinality in formula.cardinalities:
        weighted.extend(_network(cardinality, weighted.nv))
    for literal, cost in formula.costs:
        weighted.append([-literal], weight=cost)
    # If costs differ, the largest first.
    search_by = RC2Stratified if len({cost for _literal, cost in formula.costs}) > 1 else RC2

    class ReportingSearch(search_by):  # type: ignore[misc, valid-type]  # python-sat has no types
        def process_core(self) -> None:
            super().process_core()
            report(Found(None, self.cost))

    with ReportingSearch(weighted, solver="cadical153", adapt=True, exhaust=True, minz=True) as search:
        model = search.compute()
        report(Found(None, math.inf) if model is None else Found(_variables(formula, model), search.cost))


def _network(cardinality: Cardinality, top: int) -> Iterable[list[int]]:
    """Clauses that state the cardinality; new variables are counted from `top`."""
    from pysat.card import CardEnc, EncType

    literals, least, most = list(cardinality.literals), cardinality.least, cardinality.most
    if least == 0 and most == 1 and len(literals) <= 6:
        return [[-first, -second] for k, first in enumerate(literals) for second in literals[:k]]
    network: dict[str, Any] = {"lits": literals, "encoding": EncType.cardnetwrk}
    if least == most:
        return list(CardEnc.equals(bound=most, top_id=top, **network).clauses)
    clauses: list[list[int]] = []
    if least > 0:
        at_least = CardEnc.atleast(bound=least, top_id=top, **network)
        clauses, top = list(at_least.clauses), max(top, at_least.nv)
    if most < len(literals):
        clauses += CardEnc.atmost(bound=most, top_id=top, **network).clauses
    return clauses


def constraint_programming(formula: Formula, seconds: float, report: Report, *, repeatable: bool = False) -> None:
    """CP-SAT with the two of its searches that need no linear programme: core-guided, and quick restarts.

    If `repeatable`, the two take turns in one thread, so that the same formula has the same answer.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in range(formula.variables)]

    def literal(number: int) -> Any:
        return variables[number - 1] if number > 0 else ~variables[-number - 1]

    for clause in formula.clauses:
        model.add_bool_or([literal(number) for number in clause])
    for cardinality in formula.cardinalities:
        literals = [literal(number) for number in cardinality.literals]
        if (cardinality.least, cardinality.most) == (0, 1):
            model.add_at_most_one(literals)
        else:
            model.add_linear_constraint(sum(literals), cardinality.least, cardinality.most)
    model.minimize(sum(cost * literal(number) for number, cost in formula.costs))
    if formula.hint:
        for variable in formula.at.values():
            model.add_hint(variables[variable - 1], variable in formula.hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.0)
    solver.parameters.num_workers = 2
    solver.parameters.interleave_search = repeatable
    solver.parameters.subsolvers.extend(["core", "quick_restart_no_lp"])

    class SolutionReport(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            true = frozenset(k + 1 for k, variable in enumerate(variables) if self.value(variable))
            report(Found(true, 0))

    status = solver.solve(model, SolutionReport())
    report(Found(None, math.inf if status == cp_model.INFEASIBLE else solver.best_objective_bound))


def _variables(formula: Formula, model: Iterable[int]) -> frozenset[int]:
    return frozenset(literal for literal in model if 0 < literal <= formula.variables)


PROVERS: Mapping[str, Prover] = {"RC2": core_guided, "CP-SAT": constraint_programming}

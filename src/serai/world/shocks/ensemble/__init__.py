"""Ensembles: many scenarios with probabilities, run together, and the risk that follows from them."""

from serai.world.shocks.ensemble.cluster import SchedulerLostError
from serai.world.shocks.ensemble.draws import Choice, Draws, Ensemble, Span, parse_ensemble, read_ensemble
from serai.world.shocks.ensemble.execution import (
    PART,
    OtherEnsembleError,
    processes,
    run_ensemble,
)
from serai.world.shocks.ensemble.needs import Needs, TooLargeError, needs
from serai.world.shocks.ensemble.outcome import Outcome, read_outcome
from serai.world.shocks.ensemble.risk import FEWEST_IN_THE_TAIL, Estimate, Risk, risk

__all__ = [
    "FEWEST_IN_THE_TAIL",
    "PART",
    "Choice",
    "Draws",
    "Ensemble",
    "Estimate",
    "Needs",
    "OtherEnsembleError",
    "Outcome",
    "Risk",
    "SchedulerLostError",
    "Span",
    "TooLargeError",
    "needs",
    "parse_ensemble",
    "processes",
    "read_ensemble",
    "read_outcome",
    "risk",
    "run_ensemble",
]

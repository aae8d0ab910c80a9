"""Ensembles: many scenarios with probabilities, run together, and what they say of risk."""

from serai.world.shocks.ensemble.drawing import Choice, Ensemble, Span, parse_ensemble, read_ensemble
from serai.world.shocks.ensemble.risk import Estimate, Risk, risk
from serai.world.shocks.ensemble.running import (
    OtherEnsembleError,
    Outcome,
    memory_a_worker,
    read_outcome,
    run_ensemble,
)

__all__ = [
    "Choice",
    "Ensemble",
    "Estimate",
    "OtherEnsembleError",
    "Outcome",
    "Risk",
    "Span",
    "memory_a_worker",
    "parse_ensemble",
    "read_ensemble",
    "read_outcome",
    "risk",
    "run_ensemble",
]

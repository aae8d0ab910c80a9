"""Outcomes: what came of the meetings, in one ledger that both sides confirm."""

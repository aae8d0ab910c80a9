"""Outcomes: one ledger that both sides confirm."""

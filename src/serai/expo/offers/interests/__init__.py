"""Expressions of interest in an offer or a need."""

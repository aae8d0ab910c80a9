"""Stored results, and what they are computed from."""

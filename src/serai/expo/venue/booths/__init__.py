"""Booth assignment: one by one, or all by an allocation."""

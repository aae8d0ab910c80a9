"""Editions: one fair at one time, its sections, and who takes part in it."""

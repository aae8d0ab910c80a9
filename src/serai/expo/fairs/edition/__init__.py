"""Editions: one fair at one time, its sections, phases and rights."""

"""Scenarios in their canonical form, how one is run, and how its result is shown and taken away."""

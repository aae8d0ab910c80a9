"""Packages of participation, and their limits."""

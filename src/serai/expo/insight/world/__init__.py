"""Indicators of the world's supply network for programs."""

"""Insight: what the world model says of the fair."""

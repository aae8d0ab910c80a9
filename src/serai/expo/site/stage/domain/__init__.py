"""Screens of the stage, their slides, and the map of a chain as a screen shows it."""

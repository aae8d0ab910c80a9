"""Scorecards of countries, groups of countries, industries and chains, from the tables of the world at hand."""

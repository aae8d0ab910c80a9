"""Matchmaking: partners with reasons, sources of a need, suggestions."""

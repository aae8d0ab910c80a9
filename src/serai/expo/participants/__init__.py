"""Participants: who takes part in a fair, and as what."""

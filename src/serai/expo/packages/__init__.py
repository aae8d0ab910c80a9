"""Packages of participation that an organiser sells: how many meetings, seats, badges, offers, events and launches."""

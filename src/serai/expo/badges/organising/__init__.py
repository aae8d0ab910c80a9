"""Badges on the organiser's desk: decided on, printed by kind, made for speakers and staff, read at the door."""

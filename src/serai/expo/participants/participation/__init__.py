"""Participations: applications, decisions, changes, withdrawal."""

"""Databases that let nobody wait for ever: Django's own, with an end to each wait."""

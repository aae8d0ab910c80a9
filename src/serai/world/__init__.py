"""The world knows: classifications, chains, tables, firm networks, the properties, shocks, the value of a link.

A pure library: arrays and frozen dataclasses in, arrays and frozen dataclasses out. No Django, no database.
"""

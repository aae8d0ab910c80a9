"""The matcher decides: placing, search, ranking, fairness, timetable, hall layout.

A pure library over ``serai.world``: arrays and frozen dataclasses in, arrays and frozen dataclasses out.
"""

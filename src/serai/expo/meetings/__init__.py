"""Meetings: wishes, matchmaking, requests, the timetable, the day, leads and outcomes.

The rooms, each of which imports only rooms before it: meeting (wishes, the rules of who may ask whom, and the states
of a meeting), outcomes, leads, contacts, matchmaking, timetable, day, requests, agenda.
"""

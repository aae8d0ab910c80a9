"""Meetings: wishes, requests, the timetable, the day, leads and outcomes."""

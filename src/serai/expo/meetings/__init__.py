"""Meetings: wishes, meetings, and the timetable that seats them."""

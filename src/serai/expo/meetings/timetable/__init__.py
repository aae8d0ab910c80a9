"""The timetable: its problem, drafts, arrangements and announcement."""

"""The timetable: the problem and its solution, drafts, publication, arrangements and announcement."""

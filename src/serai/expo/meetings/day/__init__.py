"""The day of the fair: attendance, no-shows, walk-ins, arranged meetings, and changes of the timetable."""

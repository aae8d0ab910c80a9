"""The ground plan as the organiser makes it: halls and booths by form, in rows, or from a workbook."""

"""The floor plan as the organiser edits it: by form, in rows, or from a workbook."""

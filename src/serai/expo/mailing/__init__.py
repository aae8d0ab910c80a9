"""Segments of those who take part, and the mail that the organiser writes to them, each in the own language."""

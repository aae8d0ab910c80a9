"""Requests to meet and exchanges of times, and the pages on which a participant arranges its meetings."""

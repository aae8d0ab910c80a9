"""The desk of a participant: its pages, and what it has to do today."""

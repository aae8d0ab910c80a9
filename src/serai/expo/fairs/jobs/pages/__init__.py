"""Pages that follow jobs."""

"""Staff sessions: a superuser opens the rights of staff for a time, with a reason, and every request is recorded."""

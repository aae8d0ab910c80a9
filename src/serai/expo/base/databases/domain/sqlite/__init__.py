"""SQLite, whose lock of writing may be held by another program."""

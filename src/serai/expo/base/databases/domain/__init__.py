"""How long is waited for a database, and the two databases that keep to it."""

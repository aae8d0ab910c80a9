"""People: users, organisations, and the roles that join them."""

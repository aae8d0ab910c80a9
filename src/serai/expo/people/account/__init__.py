"""Users, organisations, the roles that join them, sign-in, consents and a person's own data."""

"""Impersonation: an organiser acts as a person of a firm for a time, and closes accounts; both are recorded."""

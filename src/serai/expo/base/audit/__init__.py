"""Audit: every change has an entry with both states."""

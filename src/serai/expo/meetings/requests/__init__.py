"""Wishes, requests and the life of a meeting."""

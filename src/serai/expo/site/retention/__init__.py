"""Retention: how long personal data are kept after a fair."""

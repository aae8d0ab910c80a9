"""What time it is in the tests of the fair."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
"""Noon in Beijing on the first day of the fair of conftest.py."""

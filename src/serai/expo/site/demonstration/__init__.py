"""The demonstration fair."""

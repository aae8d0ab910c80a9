"""Exports: every table of a fair as a file, and all of it as one archive."""

"""Contracts of booths, and the terms that they stand under."""

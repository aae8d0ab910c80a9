"""Firms: one record over all fairs, its identity, and who vouches for it."""

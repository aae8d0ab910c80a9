"""Drawings without a browser: one file a kind of picture, and their form as PNG."""

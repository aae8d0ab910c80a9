"""Colours, pictures, words and pages of a fair."""

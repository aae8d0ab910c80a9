"""Pages of initiatives: for the public, for who signs, and for organisers."""

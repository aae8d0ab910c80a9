"""Which records are one firm: lookup, likeness, merges and splits."""

"""What every operation of the interface shares: keys, callers, pages of answers, problems, files."""

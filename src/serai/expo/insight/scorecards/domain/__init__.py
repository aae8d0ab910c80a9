"""Which subjects have a scorecard, how one is computed, and what it shows in words, pictures and files."""

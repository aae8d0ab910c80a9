"""What is found, kind by kind, as far as the reader may see it."""

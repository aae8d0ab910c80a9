"""Who speaks for a firm, and who has verified it."""

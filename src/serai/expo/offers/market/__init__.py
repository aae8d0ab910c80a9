"""The market: what participants offer and need."""

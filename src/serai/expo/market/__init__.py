"""The market: what firms offer and what they need."""

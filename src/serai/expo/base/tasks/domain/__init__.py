"""What is due, who takes it, and what becomes of it."""

"""What is done with the desk of a participant."""

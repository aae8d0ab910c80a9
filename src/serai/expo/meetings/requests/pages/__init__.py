"""The pages on which a participant sees and arranges its own meetings."""

"""The venue: halls, booths, their assignment and contracts."""

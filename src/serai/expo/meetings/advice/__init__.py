"""The organiser's pages about single meetings: an adviser's, a walk-in, and who did not come."""

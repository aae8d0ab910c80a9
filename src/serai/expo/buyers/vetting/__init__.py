"""The organiser's pages about buyers."""

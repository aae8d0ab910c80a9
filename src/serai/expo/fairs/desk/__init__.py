"""The registries of the organiser's desk: checks, queues and cards that rooms declare."""

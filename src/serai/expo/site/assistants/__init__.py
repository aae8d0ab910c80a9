"""Assistants: the reading operations of the interface as tools of the Model Context Protocol."""

"""Firms: who lives across editions, with an identifier of its own."""

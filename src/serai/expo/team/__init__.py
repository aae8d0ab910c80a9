"""The team of a firm: who may do what for it, and how people are asked to join."""

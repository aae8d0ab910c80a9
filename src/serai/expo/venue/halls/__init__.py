"""Halls and booths on a ground plan in metres, as visitors see them."""

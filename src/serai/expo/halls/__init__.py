"""Halls: the ground plan and its booths."""

"""Initiatives and statements launched at the forums: their text, who signed, and what became of what was promised."""

"""People: accounts, and acting for others."""

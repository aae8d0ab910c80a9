"""Invitations of contact persons to the desk of their firm: letters with a link, and what became of each."""

"""The team of a firm: seats, roles and invitations."""

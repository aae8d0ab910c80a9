"""Badges of everybody at the fair, their codes, and letters of invitation for visas."""

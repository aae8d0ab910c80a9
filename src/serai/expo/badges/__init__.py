"""Badges: who stands at a booth, printed in every script, with a code that a phone can read."""

"""Fairs: editions with their phases, organisers and their rights, country groups, mailing."""

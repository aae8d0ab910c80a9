"""Buyers: registration, vetting, hosted-buyer terms."""

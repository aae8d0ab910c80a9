"""Quotations in answer to an offer or a need."""

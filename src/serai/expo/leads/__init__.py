"""Leads: whom a firm met at its booth, what was asked, and what is to follow."""

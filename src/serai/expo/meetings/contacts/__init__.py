"""Contacts kept from badges and from pages of firms."""

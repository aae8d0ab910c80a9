"""The assistance desk: help for exhibitors from least developed countries."""

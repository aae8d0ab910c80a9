"""Exhibitors: applications, co-exhibitors, tasks that the organiser sets."""

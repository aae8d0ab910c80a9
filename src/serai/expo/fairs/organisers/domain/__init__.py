"""Kinds of jobs, and how one is started, done, followed and cancelled."""

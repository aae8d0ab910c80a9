"""The exhibitor's desk: what to do next, applying, the profile, co-exhibitors, the wish for a booth."""

"""The day of the fair: presence, no-shows, walk-ins, meetings that an adviser arranges."""

"""The fair: people, firms, editions, meetings, outcomes, report, pages."""

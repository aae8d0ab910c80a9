"""A person's agenda: sessions and meetings, with clashes."""

"""Mail: letters, templates, segments and the outbox."""

"""Contact persons: whom to write to at a firm for a fair, as the organiser or the firm itself says."""

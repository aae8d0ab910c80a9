"""The interface as a whole: its description, its pages, webhooks."""

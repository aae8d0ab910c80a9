"""The report: the figures of an edition, each with its definition."""

"""The report: figures of an edition, each with its definition."""

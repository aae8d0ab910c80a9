"""The audit trail of an edition, for its organisers."""

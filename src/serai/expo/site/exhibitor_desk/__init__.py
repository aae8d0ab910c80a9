"""The exhibitor's desk: pages that bring all wings together."""

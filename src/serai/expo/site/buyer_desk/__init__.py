"""The buyer's desk: pages that bring all wings together."""

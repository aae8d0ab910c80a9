"""What a firm buys, from where, what stops when a source stops, and who here could supply it: for its own eyes."""

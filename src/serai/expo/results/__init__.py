"""Results: the report, exports, assistance."""

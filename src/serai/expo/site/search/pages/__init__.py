"""The page of results, and the list that opens while the reader types."""

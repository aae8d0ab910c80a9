"""The exhibitor directory: found by words, narrowed by facets."""

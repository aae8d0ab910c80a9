"""The site: pages that span wings, the interface as a whole, imports, set-up, retention, operation."""

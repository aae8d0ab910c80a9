"""The registry of the report's figures."""

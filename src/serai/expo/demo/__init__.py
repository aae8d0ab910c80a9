"""The demonstration edition: a fictional fair with the headline numbers of a real one."""

"""The operation of an instance: server, doctor, backup, and the command line's door to it."""

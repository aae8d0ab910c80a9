"""The operation of an instance: server, doctor, backup, and and the editions of the command line."""

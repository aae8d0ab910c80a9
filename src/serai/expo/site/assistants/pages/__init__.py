"""The server that an assistant talks to, and the interface of this instance as what answers it."""

"""The organiser's own questions at registration, and the answers."""

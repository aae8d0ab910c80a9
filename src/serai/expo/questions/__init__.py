"""Questions of the organiser's own at registration, and what participants answer."""

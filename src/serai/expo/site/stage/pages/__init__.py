"""The full-screen page, and the screens on the desk of organisers."""

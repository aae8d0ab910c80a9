"""The programme: forums and their sessions."""

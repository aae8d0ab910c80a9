"""The programme: sessions, proposals, badges."""

"""Search: firms, offers and needs of an edition, by words and by meaning."""

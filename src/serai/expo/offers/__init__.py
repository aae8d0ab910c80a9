"""Offers and needs: chains of the edition, the market, search."""

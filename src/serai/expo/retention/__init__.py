"""How long what is personal is kept after a fair: said to everyone, ended by itself."""

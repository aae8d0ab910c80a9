"""Pages of what the world says of chains."""

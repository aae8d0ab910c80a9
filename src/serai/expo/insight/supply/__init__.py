"""What the supply network of the world says of chains and of the fair: computed by tasks, and stored."""

"""What one more source is worth to buyers of the fair, by averages: computed here, kept where the rank reads it."""

"""A fair on a telephone: on its home screen, and in halls without a network."""

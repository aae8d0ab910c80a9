"""How numbers are written per language, where Django does not say it as the fair needs it."""

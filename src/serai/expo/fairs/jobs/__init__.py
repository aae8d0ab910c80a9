"""Jobs: long work that an organiser asks for, done in the background with progress, and cancelled where wanted."""

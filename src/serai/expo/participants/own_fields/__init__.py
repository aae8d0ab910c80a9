"""Fields of the organiser's own: what its lists say of participants beside what every fair keeps."""

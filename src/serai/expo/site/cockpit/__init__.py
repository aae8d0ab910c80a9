"""The first page of the organiser: what waits, figures with trends, from wish to outcome, what is wrong in the data."""

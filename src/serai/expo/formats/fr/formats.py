"""Between the date and the hour the word that Django leaves out for French."""

DATETIME_FORMAT = "j F Y à H:i"

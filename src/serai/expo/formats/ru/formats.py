"""A day of a month in the case that Russian puts the month in, which Django leaves out where there is no year."""

MONTH_DAY_FORMAT = "j E"

"""Numbers in groups of three, which Django leaves out for Chinese."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3

"""Numbers in groups of three, which Django leaves out for Arabic."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3

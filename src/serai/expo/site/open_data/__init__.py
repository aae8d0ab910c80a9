"""Open data: the numbers of each page as files, what search engines read of them, and the catalogue of a fair."""

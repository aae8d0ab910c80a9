"""Groups of countries as this instance knows them: the packaged tables, and what its organisers corrected."""

"""Groups of countries as this instance knows them: the packaged tables, and corrections of its organisers."""

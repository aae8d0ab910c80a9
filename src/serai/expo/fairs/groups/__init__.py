"""Groups of countries: the packaged tables, and the corrections of this instance's organisers."""

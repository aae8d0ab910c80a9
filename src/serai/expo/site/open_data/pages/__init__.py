"""Files of datasets, the catalogue, and the links on pages."""
